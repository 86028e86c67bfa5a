// Waits for the heads of requests. In: the connection's reader. Out: where in
// its buffer the next head starts and ends. Pipelined heads are there already
// and cost no wait. RFC 9112 section 2.2.

import type { ByteReader } from "../bytes/byte_reader.ts";
import { HttpError } from "../facts/errors.ts";
import type { Limits } from "../facts/limits.ts";
import { PartialHead } from "./partial_head.ts";
import type { RepeatedHead } from "./repeated_head.ts";

const CR = 0x0d;
const LF = 0x0a;

/** The method whose answers have no body, with the space behind it. */
const HEAD = [0x48, 0x45, 0x41, 0x44, 0x20];

/** Finds one head after the other. */
export class HeadReader {
  #reader: ByteReader;
  #limits: Limits;
  #repeated: RepeatedHead;
  #partial: PartialHead;
  /**
   * Where the head starts and ends in the buffer. Its octets stay there until
   * the reader is filled again, which is after they were parsed.
   */
  #start = 0;
  #end = 0;
  /**
   * By when the first octet of the head must have come, and from then on the
   * whole of it; 0 while it is not waited for.
   */
  #idleUntil = 0;
  #headUntil = 0;
  /** How many octets were looked at without finding the end. */
  #looked = 0;

  /**
   * Makes a reader of heads.
   *
   * @param reader The connection's reader.
   * @param limits The limits of heads.
   * @param repeated Knows the end of the last head.
   */
  constructor(reader: ByteReader, limits: Limits, repeated: RepeatedHead) {
    this.#reader = reader;
    this.#limits = limits;
    this.#repeated = repeated;
    this.#partial = new PartialHead(limits);
  }

  /** The octets of the head that was found, without its empty line. */
  get octets(): Uint8Array {
    return this.#reader.buffer.subarray(this.#start, this.#end - 2);
  }

  /** Whether what stands here begins as a HEAD request, however it goes on. */
  get beginsAsHead(): boolean {
    const { buffer, end } = this.#reader;
    // What was not found whole may have been moved since.
    const start = this.#end > this.#start ? this.#start : this.#reader.start;
    if (end - start < HEAD.length) return false;
    for (let i = 0; i < HEAD.length; i++) {
      if (buffer[start + i] !== HEAD[i]) return false;
    }
    return true;
  }

  /** Begins with the next head. */
  start(): void {
    this.#idleUntil = this.#headUntil = this.#looked = 0;
    this.#partial.start();
  }

  /**
   * Looks for the head in what is here.
   *
   * @returns Whether it is whole.
   * @throws {HttpError} 400, 414, 431 or 505.
   */
  find(): boolean {
    const looked = this.#looked - this.#skipEmptyLines();
    if (this.#look(looked)) return true;
    this.#looked = this.#reader.available;
    return false;
  }

  /**
   * Waits for more of the next head.
   *
   * @returns False if the client has gone, or was idle for too long.
   * @throws {HttpError} 400, 414, 431 or 505 for what is here already; the
   * promise is rejected with 408 past the deadline.
   */
  fill(): Promise<boolean> {
    const reader = this.#reader;
    this.#idleUntil ||= Date.now() + this.#limits.idleTimeout;
    if (reader.available === 0) return reader.fill(this.#idleUntil);
    this.#partial.check(reader.buffer.subarray(reader.start, reader.end));
    this.#headUntil ||= Date.now() + this.#limits.headTimeout;
    return reader.fill(this.#headUntil, late);
  }

  /** Looks behind the first `looked` octets, which hold no end of a head. */
  #look(looked: number): boolean {
    const { buffer, start, end } = this.#reader;
    this.#start = this.#end = start;
    const from = start + Math.max(0, looked);
    const headEnd = this.#repeated.findEnd(buffer, start, from, end);
    if (headEnd < 0) return false;
    this.#end = headEnd;
    this.#reader.start = headEnd;
    return true;
  }

  /**
   * Skips empty lines before a request line (RFC 9112 section 2.2).
   *
   * @returns How many octets were skipped.
   */
  #skipEmptyLines(): number {
    const { buffer, start, end } = this.#reader;
    let at = start;
    while (at + 1 < end && buffer[at] === CR && buffer[at + 1] === LF) at += 2;
    this.#reader.start = at;
    return at - start;
  }
}

function late(): HttpError {
  return new HttpError(408, "The request head took too long to arrive");
}
