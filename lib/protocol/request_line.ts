// The request line (RFC 9112 section 3), checked as it comes. In: the bytes so
// far, and again when there are more. Out: where the method and the target end,
// with exactly one space between the parts, and the version.

import { latin1Octets, latin1Text } from "../bytes/octets.ts";
import { TOKEN_BYTES } from "../facts/byte_classes.ts";
import { HttpError } from "../facts/errors.ts";
import { isHost, isOriginForm, splitAbsoluteForm } from "../facts/grammar.ts";
import { loneLineFeed } from "./field_scanner.ts";

const LF = 0x0a;
const CR = 0x0d;
const SP = 0x20;
const ZERO = 0x30;
const HTTP_1 = latin1Octets("HTTP/1.");

/** The versions that are told apart; `HTTP/1.x` with x > 1 counts as 1.1. */
export type HttpVersion = "HTTP/1.0" | "HTTP/1.1";

/** Checks one request line after the other. */
export class RequestLineScanner {
  /** Where the method ends, from the start of the line; 0 before that was seen. */
  methodEnd = 0;
  /** Where the target ends; 0 before that was seen. */
  targetEnd = 0;
  /** Where the line ends, without its CRLF; 0 before that was seen. */
  lineEnd = 0;
  /** The version, once the line has ended. */
  version: HttpVersion = "HTTP/1.1";

  readonly #maxBytes: number;
  #looked = 0;

  /**
   * Makes a scanner.
   *
   * @param maxBytes The most bytes of a line, without its end.
   */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Begins with the next line. */
  begin(): void {
    this.methodEnd =
      this.targetEnd =
      this.lineEnd =
      this.#looked =
        0;
  }

  /**
   * Looks at what has come since the last time: neither a client of another
   * protocol nor an endless line is waited for.
   *
   * @param bytes A buffer.
   * @param start Where the line starts in it.
   * @param end Where the bytes so far end in it.
   * @returns Where the line ends, behind its CRLF, from its start; -1 if more
   * has to come.
   * @throws {HttpError} 400, 414 or 505.
   */
  scan(bytes: Uint8Array, start: number, end: number): number {
    let at = this.#scanMethod(bytes, start, end);
    if (this.methodEnd > 0) {
      // Whatever stands in the target is judged as a whole.
      while (at < end && bytes[at] !== LF) {
        if (bytes[at] === SP && this.targetEnd === 0) {
          this.targetEnd = at - start;
        }
        at++;
      }
    }
    this.#looked = at - start;
    if (at < end && bytes[at] === LF) {
      this.#endLine(bytes, start, at);
      return at + 1 - start;
    }
    this.#checkSize(at - start - 1);
    return -1;
  }

  #scanMethod(bytes: Uint8Array, start: number, end: number): number {
    let at = start + this.#looked;
    if (this.methodEnd > 0) return at;
    while (at < end && TOKEN_BYTES[bytes[at]!] === 1) at++;
    if (at === end) return at;
    const isEmpty = at === start;
    if (bytes[at] === SP && !isEmpty) {
      this.methodEnd = at - start;
      return at + 1;
    }
    // A line may end here, which is told then.
    if (bytes[at] === LF && !isEmpty) return at;
    if (bytes[at] === CR && !isEmpty) {
      if (at + 1 === end) return at;
      if (bytes[at + 1] === LF) return at + 1;
    }
    throw new HttpError(400, "The method is not a token");
  }

  #endLine(bytes: Uint8Array, start: number, lf: number): void {
    const lineEnd = lf - 1 - start;
    this.#checkSize(lineEnd);
    if (bytes[lf - 1] !== CR) throw loneLineFeed();
    if (this.targetEnd === 0) throw malformedLine();
    this.version = parseVersion(
      bytes.subarray(start + this.targetEnd + 1, lf - 1),
    );
    this.lineEnd = lineEnd;
  }

  #checkSize(size: number): void {
    if (size <= this.#maxBytes) return;
    throw this.methodEnd > 0
      ? new HttpError(414)
      : new HttpError(400, "The method is too long");
  }
}

/** `HTTP-version = "HTTP/" DIGIT "." DIGIT` (RFC 9112 section 2.3). */
function parseVersion(bytes: Uint8Array): HttpVersion {
  const minor = bytes.length === 8 ? bytes[7]! - ZERO : -1;
  const isHttp1 = minor >= 0 && minor <= 9 &&
    HTTP_1.every((byte, i) => bytes[i] === byte);
  if (!isHttp1) throw badVersion(latin1Text(bytes));
  return minor === 0 ? "HTTP/1.0" : "HTTP/1.1";
}

function badVersion(text: string): HttpError {
  if (text.includes(" ")) return malformedLine();
  return /^HTTP\/\d\.\d$/.test(text)
    ? new HttpError(505, "The HTTP version is not 1.0 or 1.1")
    : new HttpError(400, "The HTTP version is malformed");
}

function malformedLine(): HttpError {
  return new HttpError(
    400,
    "The request line is not a method, a target and a version with one space between",
  );
}

/**
 * Reduces the other three forms of a target (RFC 9112 section 3.2).
 *
 * @returns The target in origin-form, or `*`, or the authority of a CONNECT;
 * with absolute-form also its authority.
 * @throws {HttpError} 400 if it is none of them.
 */
export function toOriginForm(
  method: string,
  target: string,
): { path: string; authority?: string } {
  if (target === "*" && method === "OPTIONS") return { path: target };
  // authority-form is for proxies, which this server is not; dispatch refuses.
  const isConnect = method === "CONNECT";
  if (isConnect && isHost(target) && /:\d+$/.test(target)) {
    return { path: target };
  }
  const absolute = splitAbsoluteForm(target);
  if (
    isConnect || absolute === undefined || !isHost(absolute.authority) ||
    !isOriginForm(absolute.originForm)
  ) {
    throw new HttpError(400, "The request target is malformed");
  }
  return { path: absolute.originForm, authority: absolute.authority };
}
