// Where a head ends, and what is wrong with one that has not ended yet: neither
// a client of another protocol nor an endless line is waited for. In: the bytes
// so far, and again when there are more. Each is looked at once, however slowly
// they come.

import { HttpError } from "../facts/errors.ts";
import type { Limits } from "../facts/limits.ts";
import { decodeHead, headTooLong } from "./request_head.ts";
import { checkMethod, lineTooLong, parseRequestLine } from "./request_line.ts";

const CR = 0x0d;
const LF = 0x0a;
const SP = 0x20;

/** Checks the bytes of one head as they come. */
export class PartialHead {
  readonly #limits: Limits;
  /** How many bytes were checked; of the method all but a CR at their end. */
  #checked = 0;
  /** The size of the method once the space behind it was seen, else 0. */
  #methodSize = 0;
  /** The size of the request line with its end once that was seen, else 0. */
  #lineSize = 0;

  /**
   * Makes a check of a head that has not begun.
   *
   * @param limits The limits of heads.
   */
  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Begins with the next head. */
  start(): void {
    this.#checked = this.#methodSize = this.#lineSize = 0;
  }

  /**
   * Checks what has come since the last time.
   *
   * @param bytes All bytes of the head so far.
   * @throws {HttpError} 400 if this cannot become a request, 414 or 431 if it
   * is too long.
   */
  check(bytes: Uint8Array): void {
    // A lone CR may be the first half of an empty line before the request line.
    if (bytes.length === 1 && bytes[0] === CR) return;
    if (this.#lineSize === 0) this.#checkLine(bytes);
    // The first half of the empty line may be among the fields.
    const fields = bytes.length - this.#lineSize - 1;
    if (this.#lineSize > 0 && fields > this.#limits.headBytes) {
      throw headTooLong();
    }
  }

  #checkLine(bytes: Uint8Array): void {
    this.#lineSize = bytes.indexOf(LF, this.#checked) + 1;
    if (this.#lineSize > 0) {
      const line = bytes.subarray(0, this.#lineSize - 2);
      parseRequestLine(decodeHead(line), this.#limits);
      return;
    }
    if (this.#methodSize === 0) this.#checkMethod(bytes);
    else this.#checked = bytes.length;
    if (bytes.length > this.#limits.requestLineBytes + 1) {
      throw lineTooLong(this.#methodSize > 0);
    }
  }

  #checkMethod(bytes: Uint8Array): void {
    const space = bytes.indexOf(SP, this.#checked);
    // Without a space all may be the method, but for the CR of a line's end.
    const end = space >= 0
      ? space
      : bytes.length - (bytes.at(-1) === CR ? 1 : 0);
    if (end === 0 || end > this.#checked) {
      checkMethod(decodeHead(bytes.subarray(this.#checked, end)));
    }
    this.#checked = end;
    this.#methodSize = Math.max(0, space);
  }
}

/**
 * Looks for the end of a head that starts at `start`.
 *
 * @param buffer The octets.
 * @param start Where the request line starts.
 * @param from Where to look from: what lies before was looked at.
 * @param end Where the octets read so far end.
 * @param limits The limits of the line and the fields.
 * @returns The index after the empty line, or -1 if it is not there yet.
 * @throws {HttpError} 400 at a LF without CR: a reader that takes it for a line
 * end sees other fields than one that does not (RFC 9112 section 2.2). What is
 * wrong with the octets before it counts first, as if they had come alone.
 */
export function findHeadEnd(
  buffer: Uint8Array,
  start: number,
  from: number,
  end: number,
  limits: Limits,
): number {
  for (let i = from; i < end; i++) {
    if (buffer[i] !== LF) continue;
    if (i === start || buffer[i - 1] !== CR) {
      new PartialHead(limits).check(buffer.subarray(start, i));
      throw new HttpError(400, "A line ends with LF alone");
    }
    if (i >= start + 3 && buffer[i - 2] === LF) return i + 1;
  }
  return -1;
}
