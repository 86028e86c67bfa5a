// Field lines (RFC 9112 section 5), checked as they come. In: the bytes so far,
// and again when there are more; each is looked at once, however slowly they
// come. Out: where the names and values lie, and which lines frame or route.

import { TOKEN_BYTES, VALUE_BYTES } from "../facts/byte_classes.ts";
import { HttpError } from "../facts/errors.ts";

const HT = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SP = 0x20;
const COLON = 0x3a;

/** What a section is called and how large it may be. */
export interface SectionLimits {
  /** Where its fields stand. */
  readonly kind: "header" | "trailer";
  /** The most bytes of all lines, their line ends among them. */
  readonly bytes: number;
  /** The most lines. */
  readonly lines: number;
}

/** The fields that frame or route a request, each at the index of its length. */
const MARKED: (Uint8Array | undefined)[] = [];
for (
  const name of [
    "te",
    "host",
    "expect",
    "connection",
    "content-length",
    "transfer-encoding",
  ]
) MARKED[name.length] = new TextEncoder().encode(name);

/** Checks one section of field lines after the other. */
export class FieldScanner {
  /**
   * The start and end of the name and of the value of each line, from the start
   * of the head; a new array for each section.
   */
  offsets: number[] = [];
  /** The lines that frame or route, by their index; a new array as well. */
  marked: number[] = [];

  readonly #limits: SectionLimits;
  #start = 0;
  // Where the line that is looked at starts, where its name ends, 0 before that
  // was seen, and up to where every byte was looked at.
  #lineStart = 0;
  #nameEnd = 0;
  #looked = 0;

  /**
   * Makes a scanner.
   *
   * @param limits The limits of a section.
   */
  constructor(limits: SectionLimits) {
    this.#limits = limits;
  }

  /**
   * Begins with the next section.
   *
   * @param at Where it starts, from the start of the head.
   */
  begin(at: number): void {
    this.offsets = [];
    this.marked = [];
    this.#start = this.#lineStart = this.#looked = at;
    this.#nameEnd = 0;
  }

  /**
   * Looks at what has come since the last time.
   *
   * @param bytes A buffer.
   * @param base Where the head starts in it.
   * @param end Where the bytes so far end in it.
   * @returns Where the section ends, behind its empty line, from the start of
   * the head; -1 if more has to come.
   * @throws {HttpError} 400 for what is no field line, 431 past a limit.
   */
  scan(bytes: Uint8Array, base: number, end: number): number {
    let at = base + this.#looked;
    for (;;) {
      if (this.#nameEnd === 0) {
        while (at < end && TOKEN_BYTES[bytes[at]!] === 1) at++;
        if (isCut(bytes, at, end)) break;
        if (at === base + this.#lineStart && isLineEnd(bytes, at)) {
          return at + 2 - base;
        }
        this.#endName(bytes, base, at++);
      }
      while (at < end && VALUE_BYTES[bytes[at]!] === 1) at++;
      if (isCut(bytes, at, end)) break;
      if (!isLineEnd(bytes, at)) throw this.#badValue(bytes[at]!, at - base);
      this.#endLine(bytes, base, at);
      at += 2;
    }
    this.#looked = at - base;
    // The first half of the empty line is not counted.
    this.#checkSize(end - base - 1);
    return -1;
  }

  #endName(bytes: Uint8Array, base: number, at: number): void {
    if (bytes[at] !== COLON || at === base + this.#lineStart) {
      throw this.#badName(bytes, at, at - base);
    }
    const { lines, kind } = this.#limits;
    if (this.offsets.length === 4 * lines) {
      throw new HttpError(431, `Too many ${kind} fields`, {
        explain: `At most ${lines} ${kind} fields are taken`,
      });
    }
    this.#nameEnd = at - base;
  }

  #endLine(bytes: Uint8Array, base: number, end: number): void {
    this.#checkSize(end + 2 - base);
    const start = this.#lineStart;
    const nameEnd = this.#nameEnd;
    let valueStart = base + nameEnd + 1;
    while (isOws(bytes[valueStart]!)) valueStart++;
    let valueEnd = end;
    while (valueEnd > valueStart && isOws(bytes[valueEnd - 1]!)) valueEnd--;
    const { offsets } = this;
    if (isMarked(bytes, base + start, base + nameEnd)) {
      this.marked.push(offsets.length / 4);
    }
    offsets.push(start, nameEnd, valueStart - base, valueEnd - base);
    this.#lineStart = end + 2 - base;
    this.#nameEnd = 0;
  }

  #checkSize(at: number): void {
    const { bytes, kind } = this.#limits;
    if (at - this.#start <= bytes) return;
    throw new HttpError(431, `The ${kind} fields are too long`);
  }

  /** A CR is a fault only when the byte behind it is here, and counts by then. */
  #checkBefore(fault: number, offset: number): void {
    this.#checkSize(fault === CR ? offset : offset - 1);
  }

  /**
   * Not a token either: a folded line, which starts with a space, and a name
   * with a space before its colon. Both have hidden Transfer-Encoding before.
   */
  #badName(bytes: Uint8Array, at: number, offset: number): HttpError {
    this.#checkBefore(bytes[at]!, offset);
    if (bytes[at] === LF) return loneLineFeed();
    const { kind } = this.#limits;
    return isLineEnd(bytes, at)
      ? new HttpError(400, `A ${kind} line has no colon`)
      : new HttpError(400, `A ${kind} name is not a token`);
  }

  #badValue(byte: number, offset: number): HttpError {
    this.#checkBefore(byte, offset);
    if (byte === LF) return loneLineFeed();
    const { kind } = this.#limits;
    return new HttpError(400, `A ${kind} value holds a control character`);
  }
}

/** Whether nothing can be said of this byte before the next one is here. */
function isCut(bytes: Uint8Array, at: number, end: number): boolean {
  return at >= end || at + 1 === end && bytes[at] === CR;
}

function isLineEnd(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === CR && bytes[at + 1] === LF;
}

/**
 * A reader that takes it for a line end sees other fields than one that does
 * not (RFC 9112 section 2.2).
 */
export function loneLineFeed(): HttpError {
  return new HttpError(400, "A line ends with LF alone");
}

/** Names compare without case (RFC 9110 section 5.1). */
function isMarked(bytes: Uint8Array, start: number, end: number): boolean {
  const name = MARKED[end - start];
  if (name === undefined) return false;
  for (let i = 0; i < name.length; i++) {
    // Of the bytes of tokens only letters and `-` become these by this bit.
    if ((bytes[start + i]! | 0x20) !== name[i]) return false;
  }
  return true;
}

function isOws(byte: number): boolean {
  return byte === SP || byte === HT;
}
