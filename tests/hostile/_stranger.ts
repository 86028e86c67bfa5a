// The attacker: connections of raw bytes, each ended in the way that the
// attack wants. What was received is kept, so that the runner can look for
// what no stranger may get.

import { Buffer } from "node:buffer";
import { connect, type Socket } from "node:net";
import type { Target } from "./_target.ts";

const encoder = new TextEncoder();

/** Milliseconds until what a stranger waits for must have come. */
const DEADLINE = 30_000;

/** Bytes of a connection that are looked at. */
const MOST_TEXT = 1_000_000;

/** Text, of which each character is a byte, or bytes. */
export type Bytes = string | Uint8Array;

/** A raw connection. */
export class Line {
  readonly #conn: Deno.Conn;
  readonly #heard: (text: string) => void;
  #isClosed = false;

  /** Takes over a connection; `heard` is told all that comes. */
  constructor(conn: Deno.Conn, heard: (text: string) => void) {
    this.#conn = conn;
    this.#heard = heard;
  }

  /** Sends everything; false if the other end is gone. */
  async send(bytes: Bytes): Promise<boolean> {
    let left = toBytes(bytes);
    try {
      while (left.length > 0) {
        left = left.subarray(await this.#conn.write(left));
      }
      return true;
    } catch {
      return false;
    }
  }

  /** Sends a byte at a time, each in a packet of its own. */
  async drip(bytes: Bytes): Promise<void> {
    for (const byte of toBytes(bytes)) {
      if (!await this.send(Uint8Array.of(byte))) return;
    }
  }

  /** Says that nothing more will be sent. */
  async half(): Promise<void> {
    await this.#conn.closeWrite().catch(() => {});
  }

  /** Reads once, at most so many bytes; undefined at the end. */
  async readSome(atMost = 65_536): Promise<string | undefined> {
    const bytes = await this.#read(new Uint8Array(atMost));
    if (bytes === undefined) return undefined;
    const text = fromBytes(bytes);
    this.#heard(text);
    return text;
  }

  /**
   * Reads up to the end of the connection, or until `end` is seen; gives the
   * first million bytes, since bystanders wait while more is looked at.
   */
  async readTo(end?: string | RegExp): Promise<string> {
    let text = "";
    while (end === undefined || !includes(text, end)) {
      if (text.length > MOST_TEXT) return await this.#drain(text);
      const piece = await this.readSome();
      if (piece === undefined) break;
      text += piece;
    }
    return text;
  }

  async #drain(text: string): Promise<string> {
    const buffer = new Uint8Array(65_536);
    while (await this.#read(buffer) !== undefined);
    return text;
  }

  async #read(buffer: Uint8Array): Promise<Uint8Array | undefined> {
    try {
      const count = await bounded(this.#conn.read(buffer), "bytes");
      return count === null ? undefined : buffer.subarray(0, count);
    } catch (error) {
      if (error instanceof DeadlineError) throw error;
      return undefined;
    }
  }

  /** Leaves: FIN, or RST where something that came was not read. */
  leave(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#conn.close();
  }
}

/** Who attacks: makes connections, and lets go of all of them in the end. */
export class Stranger implements Disposable {
  /** What is attacked. */
  readonly target: Target;
  /** Settles when bystanders were answered so many times more. */
  readonly bystanders: (times: number) => Promise<void>;
  readonly #lines = new Set<Line>();
  #heard = "";

  /** Makes one. */
  constructor(target: Target, bystanders: (times: number) => Promise<void>) {
    this.target = target;
    this.bystanders = bystanders;
  }

  /** What was received, up to a million characters. */
  get heard(): string {
    return this.#heard;
  }

  /** Opens a connection. */
  async connect(): Promise<Line> {
    const conn = await bounded(this.target.connect(), "a connection");
    const line = new Line(conn, (text) => this.#hear(text));
    this.#lines.add(line);
    return line;
  }

  /** Sends, and reads up to the end of the connection. */
  async ask(bytes: Bytes, end?: string | RegExp): Promise<string> {
    const line = await this.connect();
    void line.send(bytes);
    const text = await line.readTo(end);
    this.#drop(line);
    return text;
  }

  /** Sends, half-closes, and reads up to the end of the connection. */
  async askAndEnd(bytes: Bytes): Promise<string> {
    const line = await this.connect();
    void line.send(bytes).then(() => line.half());
    const text = await line.readTo();
    this.#drop(line);
    return text;
  }

  /** Sends, and leaves without having read. */
  async leave(bytes: Bytes): Promise<void> {
    const line = await this.connect();
    await line.send(bytes);
    this.#drop(line);
  }

  /** Sends, and resets the connection (TCP only). */
  async reset(bytes: Bytes): Promise<void> {
    const socket = connect({ host: "127.0.0.1", port: this.target.port });
    // A server that has gone first is no failure of the attack.
    socket.on("error", () => {});
    await bounded(event(socket, "connect"), "a connection");
    if (bytes.length > 0) {
      await bounded(
        new Promise<void>((done) =>
          socket.write(Buffer.from(toBytes(bytes)), () => done())
        ),
        "room for bytes",
      );
    }
    const closed = event(socket, "close");
    socket.resetAndDestroy();
    await closed;
  }

  /** Sends, and stays, without reading, until bystanders were answered. */
  async hold(bytes: Bytes): Promise<void> {
    const line = await this.connect();
    // The server may stop reading: then this waits until the end.
    void line.send(bytes);
    await this.bystanders(3);
  }

  /** Leaves on all connections. */
  [Symbol.dispose](): void {
    for (const line of this.#lines) line.leave();
  }

  #drop(line: Line): void {
    line.leave();
    this.#lines.delete(line);
  }

  #hear(text: string): void {
    if (this.#heard.length < MOST_TEXT) this.#heard += text;
  }
}

/** Waits, but not for ever. */
export async function bounded<T>(wait: Promise<T>, what: string): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new DeadlineError(`waited ${DEADLINE} ms for ${what}`)),
    DEADLINE,
  );
  try {
    return await Promise.race([wait, promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** What a stranger waited for has not come. */
export class DeadlineError extends Error {
  override name = "DeadlineError";
}

/** Whether a text holds another, or matches. */
export function includes(text: string, wanted: string | RegExp): boolean {
  return typeof wanted === "string" ? text.includes(wanted) : wanted.test(text);
}

function event(socket: Socket, name: string): Promise<void> {
  return new Promise((done) => socket.once(name, () => done()));
}

/** Bytes of text of which each character is a byte. */
export function toBytes(bytes: Bytes): Uint8Array {
  if (typeof bytes !== "string") return bytes;
  // deno-lint-ignore no-control-regex -- what is one byte in UTF-8
  if (/^[\x00-\x7f]*$/.test(bytes)) return encoder.encode(bytes);
  return Uint8Array.from(bytes, (character) => character.charCodeAt(0));
}

function fromBytes(bytes: Uint8Array): string {
  // "latin1" is windows-1252 to the platform, which changes 27 of the bytes.
  let text = "";
  for (let at = 0; at < bytes.length; at += 4096) {
    text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  }
  return text;
}
