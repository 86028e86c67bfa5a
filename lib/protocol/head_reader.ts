// The heads of requests, one after the other. In: the connection's reader. Out:
// the next head, or that more has to come, or that none will. Pipelined heads
// are there already and cost no wait. RFC 9112 section 2.2.

import type { ByteReader } from "../bytes/byte_reader.ts";
import { latin1Octets } from "../bytes/octets.ts";
import { HttpError } from "../facts/errors.ts";
import type { Limits } from "../facts/limits.ts";
import { HeadScanner, type RequestHead } from "./request_head.ts";

const CR = 0x0d;
const LF = 0x0a;

/** The method whose responses have no body, with the space behind it. */
const HEAD = latin1Octets("HEAD ");

/** Reads one head after the other. */
export class HeadReader {
  readonly #reader: ByteReader;
  readonly #limits: Limits;
  readonly #scanner: HeadScanner;
  /**
   * By when the first byte of the head must have come, and from then on the
   * whole of it; 0 while it is not waited for.
   */
  #idleUntil = 0;
  #headUntil = 0;
  /** Whether the head was not whole when it was looked for last. */
  #isPartial = false;

  /**
   * Makes a reader of heads.
   *
   * @param reader The connection's reader.
   * @param limits The limits of heads and bodies.
   */
  constructor(reader: ByteReader, limits: Limits) {
    this.#reader = reader;
    this.#limits = limits;
    this.#scanner = new HeadScanner(limits);
  }

  /** Whether a part of a head is here. */
  get isPartial(): boolean {
    return this.#isPartial;
  }

  /**
   * The request line as received, with its line end; what there is of it, where
   * it is not whole.
   */
  get rawLine(): Uint8Array {
    const { buffer, start, end } = this.#reader;
    const size = this.#scanner.lineSize;
    return buffer.slice(start, size > 0 ? start + size + 2 : end);
  }

  /** Whether the request line is here and in order. */
  get hasLine(): boolean {
    return this.#scanner.lineSize > 0;
  }

  /** Whether what stands here begins as a HEAD request, however it goes on. */
  get beginsAsHead(): boolean {
    const { buffer, start, end } = this.#reader;
    return end - start >= HEAD.length &&
      HEAD.every((byte, i) => buffer[start + i] === byte);
  }

  /**
   * Takes the next head out of what is here.
   *
   * @throws {HttpError} 400, 413, 414, 417, 431, 501 or 505 for what cannot
   * become a request; it stays where it is.
   */
  next(): RequestHead | "more" | "end" {
    const reader = this.#reader;
    if (!this.#isPartial) {
      this.#idleUntil = this.#headUntil = 0;
      this.#scanner.begin();
      this.#isPartial = true;
    }
    if (!this.hasLine) this.#skipEmptyLines();
    const { buffer, start, end } = reader;
    // A CR alone may be the first half of an empty line.
    const hasBegun = end - start > 1 || end > start && buffer[start] !== CR;
    const size = hasBegun ? this.#scanner.scan(buffer, start, end) : -1;
    if (size < 0) return reader.atEnd ? this.#end() : "more";
    const head = this.#scanner.parse(buffer.subarray(start, start + size - 2));
    reader.start = start + size;
    this.#isPartial = false;
    return head;
  }

  /**
   * Waits for more of the next head.
   *
   * @returns False if the client has gone, or was idle for too long; the
   * promise is rejected with an `HttpError` 408 past the deadline of a head.
   */
  fill(): Promise<boolean> {
    const reader = this.#reader;
    this.#idleUntil ||= Date.now() + this.#limits.idleTimeout;
    if (reader.available === 0) return reader.fill(this.#idleUntil);
    this.#headUntil ||= Date.now() + this.#limits.headTimeout;
    return reader.fill(this.#headUntil, late);
  }

  #end(): "end" {
    this.#isPartial = false;
    if (this.#reader.available === 0) return "end";
    throw new HttpError(400, "The request head ends too early");
  }

  /** Skips empty lines before a request line (RFC 9112 section 2.2). */
  #skipEmptyLines(): void {
    const { buffer, start, end } = this.#reader;
    let at = start;
    while (at + 1 < end && buffer[at] === CR && buffer[at + 1] === LF) at += 2;
    this.#reader.start = at;
  }
}

function late(): HttpError {
  return new HttpError(408, "The request head took too long to arrive");
}
