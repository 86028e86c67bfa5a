// Our ends of a child's pipes, as descriptors that do not block.

import type { ChildInput, ChildOutput } from "./child.ts";
import type { ChildSignals } from "./child_signals.ts";
import type { Libc } from "./libc.ts";

/** The octets that a pipe of Linux holds. */
const PIPE_SIZE = 65_536;

/** Reads in a row before the rest of the server has a turn. */
const STREAK = 16;

/** Shared by all: what is in it leaves it before anybody waits. */
const buffer = new Uint8Array(PIPE_SIZE);

/** What both ends have in common. */
class PipeEnd {
  protected readonly libc: Libc;
  protected readonly descriptor: number;
  protected isOpen = true;
  readonly #signals: ChildSignals;
  #raisesSignal = false;

  /** Takes the descriptor over. */
  constructor(libc: Libc, signals: ChildSignals, descriptor: number) {
    this.libc = libc;
    this.descriptor = descriptor;
    this.#signals = signals;
    libc.makeNonBlocking(descriptor);
  }

  /** Lets go of the pipe. */
  protected release(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.libc.close(this.descriptor);
    this.#signals.wake();
  }

  /** Resolves when it is worth another try. */
  protected ready(): Promise<void> {
    if (this.#raisesSignal) return this.#signals.next();
    // Most pipes are ready at the first try, and never need a signal. This one
    // may have become ready since, without one.
    this.#raisesSignal = true;
    this.libc.signalWhenReady(this.descriptor);
    return Promise.resolve();
  }
}

/** The end of a pipe to read from. */
export class PipeReader extends PipeEnd implements ChildOutput {
  #streak = 0;

  /** Resolves to the next octets, `null` at the end or once it is closed. */
  async read(): Promise<Uint8Array | null> {
    while (this.isOpen) {
      if (this.#streak === STREAK) await this.#pause();
      const count = this.libc.read(this.descriptor, buffer);
      if (count > 0) {
        this.#streak++;
        return buffer.slice(0, count);
      }
      this.#streak = 0;
      if (count === 0) this.release();
      else await this.ready();
    }
    return null;
  }

  /** Lets go of the pipe. */
  close(): Promise<void> {
    this.release();
    return Promise.resolve();
  }

  /** A program that writes without a pause must not keep others waiting. */
  #pause(): Promise<void> {
    this.#streak = 0;
    return new Promise((resolve) => setTimeout(resolve, 0));
  }
}

/** The end of a pipe to write to. */
export class PipeWriter extends PipeEnd implements ChildInput {
  /** Resolves when the pipe has taken the octets. */
  async write(octets: Uint8Array): Promise<void> {
    for (let at = 0; at < octets.length;) {
      if (!this.isOpen) throw new Deno.errors.BrokenPipe("The pipe is closed");
      const part = octets.subarray(at, at + PIPE_SIZE);
      buffer.set(part);
      const count = this.libc.write(
        this.descriptor,
        buffer.subarray(0, part.length),
      );
      if (count >= 0) at += count;
      else if (this.libc.isBroken(this.descriptor)) this.release();
      else await this.ready();
    }
  }

  /** Closes the pipe. */
  end(): Promise<void> {
    this.release();
    return Promise.resolve();
  }

  /** Closes the pipe; a write that has not ended rejects. */
  abandon(): void {
    this.release();
  }
}
