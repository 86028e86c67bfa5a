// Our ends of a child's pipes, given as descriptors. Most programs end before
// their output would be waited for, and take their input at once: they are read
// from and written to directly. Those that take longer get a socket of
// `node:net`, which waits for a descriptor without a thread of its own.

import { Socket } from "node:net";
import type { ChildInput, ChildOutput } from "./child.ts";
import type { ChildSignals } from "./child_signals.ts";
import type { Libc } from "./libc.ts";

/** The octets that a pipe of Linux holds. */
const PIPE_SIZE = 65_536;

/** Milliseconds after which a program counts as one that takes longer. */
const PATIENCE = 20;

/** Shared by all: what is in it leaves it before anybody waits. */
const buffer = new Uint8Array(PIPE_SIZE);

/** The end of a pipe to read from. */
export class PipeReader implements ChildOutput {
  readonly #libc: Libc;
  readonly #signals: ChildSignals;
  readonly #descriptor: number;
  readonly #begun = performance.now();
  #isOpen = true;
  #socket: SocketReader | undefined;

  /** Takes the descriptor over. */
  constructor(libc: Libc, signals: ChildSignals, descriptor: number) {
    this.#libc = libc;
    this.#signals = signals;
    this.#descriptor = descriptor;
    libc.makeNonBlocking(descriptor);
  }

  /** Resolves to the next octets, `null` at the end or once it is closed. */
  async read(): Promise<Uint8Array | null> {
    while (this.#isOpen && this.#socket === undefined) {
      const count = this.#libc.read(this.#descriptor, buffer);
      const isLong = count < 0 || count === PIPE_SIZE;
      if (count === 0) await this.close();
      else if (isLong && performance.now() - this.#begun > PATIENCE) {
        this.#socket = new SocketReader(this.#descriptor);
      } else if (count < 0) await this.#signals.soon();
      if (count > 0) return buffer.slice(0, count);
    }
    return await this.#socket?.read() ?? null;
  }

  /** Lets go of the pipe. */
  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    if (this.#socket !== undefined) return await this.#socket.close();
    this.#libc.close(this.#descriptor);
    this.#signals.wake();
  }
}

/** The same for a pipe that has to be waited for. */
class SocketReader {
  readonly #socket: Socket;
  #wake: (() => void) | undefined;
  #ended = false;

  constructor(fd: number) {
    this.#socket = new Socket({ fd, readable: true, writable: false });
    const end = () => {
      this.#ended = true;
      this.#wake?.();
    };
    this.#socket.on("readable", () => this.#wake?.());
    // `close` follows.
    this.#socket.on("error", ignore).on("end", end).on("close", end);
  }

  async read(): Promise<Uint8Array | null> {
    for (;;) {
      const chunk: Uint8Array | null = this.#socket.read();
      if (chunk !== null) {
        // A `Buffer` behaves in other ways.
        return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length);
      }
      if (this.#ended) return null;
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }

  close(): Promise<void> {
    return closed(this.#socket);
  }
}

/** The end of a pipe to write to. */
export class PipeWriter implements ChildInput {
  readonly #libc: Libc;
  readonly #descriptor: number;
  #isOpen = true;
  #socket: Socket | undefined;

  /** Takes the descriptor over. */
  constructor(libc: Libc, descriptor: number) {
    this.#libc = libc;
    this.#descriptor = descriptor;
    libc.makeNonBlocking(descriptor);
  }

  /** Resolves when the pipe has taken the octets. */
  write(octets: Uint8Array): Promise<void> {
    if (!this.#isOpen) {
      return Promise.reject(new Deno.errors.BrokenPipe("The pipe is closed"));
    }
    const taken = this.#socket === undefined ? this.#writeNow(octets) : 0;
    if (taken === octets.length) return Promise.resolve();
    // Also if the other end is closed: the socket then says so.
    const socket = this.#socket ??= this.#open();
    return new Promise((resolve, reject) => {
      socket.write(
        octets.subarray(taken),
        (error) => error ? reject(error) : resolve(),
      );
    });
  }

  /** Closes the pipe. */
  async end(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    if (this.#socket === undefined) this.#libc.close(this.#descriptor);
    else await closed(this.#socket);
  }

  /** Closes the pipe; a write that has not ended rejects. */
  abandon(): void {
    this.end().catch(ignore);
  }

  /** How many octets there was room for. */
  #writeNow(octets: Uint8Array): number {
    const part = octets.subarray(0, PIPE_SIZE);
    buffer.set(part);
    const { length } = part;
    return Math.max(
      0,
      this.#libc.write(this.#descriptor, buffer.subarray(0, length)),
    );
  }

  #open(): Socket {
    const fd = this.#descriptor;
    return new Socket({ fd, readable: false, writable: true })
      .on("error", ignore);
  }
}

/** Resolves when the descriptor is closed. */
function closed(socket: Socket): Promise<void> {
  if (socket.closed) return Promise.resolve();
  return new Promise((resolve) => {
    socket.once("close", () => resolve());
    socket.destroy();
  });
}

/** What fails here is told by the read or write that it fails. */
function ignore(): void {}
