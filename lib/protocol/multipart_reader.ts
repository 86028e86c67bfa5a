// The parts of a multipart form (RFC 2046 section 5.1, RFC 7578), read as they
// arrive. In: the body of a request. Out: one part after the other, each a head
// and content that is pulled, so nothing is read ahead of whoever reads it, and
// nothing is left behind when they stop.
//
//   *preamble* CRLF --B CRLF head CRLF CRLF content CRLF --B-- CRLF *epilogue*
//
// A part counts as read only when the delimiter behind it was seen whole: what
// breaks off is never taken for a shorter part.

import type { Reader } from "../bytes/stream.ts";
import { HttpError } from "../facts/errors.ts";
import type { Limits } from "../facts/limits.ts";
import { parsePartHead, type PartHead } from "./multipart_head.ts";

const EMPTY_LINE: Uint8Array = Uint8Array.of(0x0d, 0x0a, 0x0d, 0x0a);
const HTAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SP = 0x20;
const DASH = 0x2d;

const BUFFER_SIZE = 65_536;

/** Content is handed on in runs of at least this many bytes, but for the last. */
const RUN_SIZE = BUFFER_SIZE / 2;

/** The least that is asked of the body at once. */
const MIN_ROOM = BUFFER_SIZE / 4;

/** The most whitespace between a delimiter and its line end. */
const MAX_PADDING = 64;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The limits of a form. */
export type FormLimits = Pick<Limits, "formFields" | "partHeadBytes">;

/** One part of a form. */
export interface Part extends PartHead {
  /**
   * Reads some of the content, which then belongs to the caller.
   *
   * @returns At least one byte; null at the end of the part, and when the next
   * one was asked for.
   * @throws {HttpError} 400 if the form breaks off, or what the body throws.
   */
  read(): Promise<Uint8Array<ArrayBuffer> | null>;
}

/** Reads the parts of one form. */
export class MultipartReader {
  #body: Pick<Reader, "read">;
  #limits: FormLimits;
  #delimiter: Uint8Array;
  #parts = 0;
  /** The part that may be read. */
  #current: Part | undefined;
  /** Whether content comes next, that of a part or what stands before the first. */
  #isInContent = true;
  /** Whether the last delimiter was read. */
  #isLast = false;
  #failure: unknown;

  // The first delimiter has no line before it that could end: here it has.
  #buffer: Uint8Array<ArrayBuffer> = new Uint8Array(BUFFER_SIZE);
  #start = 0;
  #end = 2;
  /** Where the search for a delimiter goes on. */
  #searched = 0;

  /**
   * Makes a reader.
   *
   * @param body The body.
   * @param boundary The boundary of its parts.
   * @param limits The limits of the form.
   */
  constructor(
    body: Pick<Reader, "read">,
    boundary: string,
    limits: FormLimits,
  ) {
    this.#body = body;
    this.#limits = limits;
    this.#delimiter = new TextEncoder().encode(`\r\n--${boundary}`);
    this.#buffer[0] = CR;
    this.#buffer[1] = LF;
  }

  /**
   * Goes to the next part, past what is left of the current one.
   *
   * @returns The part; null at the end of the body.
   * @throws {HttpError} 400 if the form is malformed or breaks off, 413 past a
   * limit, 415 if a part is encoded, or what the body throws. What was thrown
   * once is thrown again.
   */
  next(): Promise<Part | null> {
    return this.#sticky(() => this.#next());
  }

  async #next(): Promise<Part | null> {
    this.#current = undefined;
    if (this.#isInContent) {
      for (let size; (size = await this.#awaitContent()) > 0;) {
        this.#start += size;
      }
      await this.#endDelimiter();
    }
    if (this.#isLast) return await this.#dropEpilogue();
    if (++this.#parts > this.#limits.formFields) {
      throw new HttpError(413, "The form has too many fields");
    }
    const head = await this.#readHead();
    const part: Part = {
      ...head,
      read: () => this.#sticky(() => this.#readContent(part)),
    };
    return this.#current = part;
  }

  async #readContent(part: Part): Promise<Uint8Array<ArrayBuffer> | null> {
    if (part !== this.#current) return null;
    const size = await this.#awaitContent();
    if (size === 0) {
      await this.#endDelimiter();
      this.#current = undefined;
      return null;
    }
    const content = this.#buffer.slice(this.#start, this.#start + size);
    this.#start += size;
    return content;
  }

  /**
   * Waits for content of the current part, or for the delimiter behind it.
   *
   * @returns How many bytes stand in the buffer; 0 before a delimiter.
   */
  async #awaitContent(): Promise<number> {
    for (;;) {
      this.#search();
      const size = this.#searched - this.#start;
      const isFound = this.#end - this.#searched >= this.#delimiter.length;
      if (isFound || size >= RUN_SIZE) return size;
      if (!await this.#fill()) throw brokenOff();
    }
  }

  /** Moves `#searched` to the next delimiter, or to what may be its beginning. */
  #search(): void {
    let at = Math.max(this.#searched, this.#start);
    while (!this.#matches(this.#delimiter, at)) at++;
    this.#searched = at;
  }

  /** Whether the buffer holds `pattern` at an index, as far as it is filled. */
  #matches(pattern: Uint8Array, at: number): boolean {
    const buffer = this.#buffer;
    const size = Math.min(pattern.length, this.#end - at);
    for (let i = 0; i < size; i++) {
      if (buffer[at + i] !== pattern[i]) return false;
    }
    return true;
  }

  /**
   * Reads a delimiter to the end of its line. A line that only begins like one
   * is an error: no content may hold it, and readers differ on what it is.
   */
  async #endDelimiter(): Promise<void> {
    this.#start += this.#delimiter.length;
    this.#isInContent = false;
    if (await this.#skip(DASH)) {
      if (!await this.#skip(DASH)) throw malformed();
      this.#isLast = true;
    }
    for (let padding = 0; padding < MAX_PADDING; padding++) {
      if (!await this.#skip(SP) && !await this.#skip(HTAB)) break;
    }
    const isEnd = await this.#skip(CR) && await this.#skip(LF);
    // Behind the last delimiter the line may end with the body.
    if (!isEnd && !(this.#isLast && await this.#isAtEnd())) throw malformed();
  }

  async #readHead(): Promise<PartHead> {
    const size = await this.#awaitHead();
    const end = this.#start + size;
    const head = parsePartHead(decode(this.#buffer.subarray(this.#start, end)));
    this.#start += size + EMPTY_LINE.length / 2;
    // The empty line may be the one before a delimiter: a part without content.
    if (!await this.#isAtDelimiter()) this.#start += EMPTY_LINE.length / 2;
    this.#isInContent = true;
    return head;
  }

  /** Waits for the empty line behind a head; the result is the size before it. */
  async #awaitHead(): Promise<number> {
    for (let size = 0;; size++) {
      if (size > this.#limits.partHeadBytes) {
        throw new HttpError(413, "The head of a part is too long");
      }
      const needed = size + EMPTY_LINE.length;
      if (this.#end - this.#start < needed) await this.#require(needed);
      if (this.#matches(EMPTY_LINE, this.#start + size)) return size;
    }
  }

  async #isAtDelimiter(): Promise<boolean> {
    for (let size = 1; size <= this.#delimiter.length; size++) {
      await this.#require(size);
      if (!this.#matches(this.#delimiter, this.#start)) return false;
    }
    return true;
  }

  /** Waits until so many bytes stand in the buffer. */
  async #require(size: number): Promise<void> {
    while (this.#end - this.#start < size) {
      if (!await this.#fill()) throw brokenOff();
    }
  }

  /** Goes past the next byte if it is this one. */
  async #skip(byte: number): Promise<boolean> {
    if (await this.#isAtEnd() || this.#buffer[this.#start] !== byte) {
      return false;
    }
    this.#start++;
    return true;
  }

  async #isAtEnd(): Promise<boolean> {
    return this.#start === this.#end && !await this.#fill();
  }

  /** What follows the last delimiter means nothing, but the body has to be whole. */
  async #dropEpilogue(): Promise<null> {
    this.#start = this.#end;
    while (await this.#body.read() !== null);
    return null;
  }

  /** Reads on; false at the end of the body. */
  async #fill(): Promise<boolean> {
    this.#makeRoom();
    const chunk = await this.#body.read(this.#buffer.length - this.#end);
    if (chunk === null) return false;
    this.#buffer.set(chunk, this.#end);
    this.#end += chunk.length;
    return true;
  }

  #makeRoom(): void {
    const isShort = this.#buffer.length - this.#end < MIN_ROOM;
    if (!isShort && this.#start < this.#end) return;
    this.#buffer.copyWithin(0, this.#start, this.#end);
    this.#end -= this.#start;
    this.#searched = Math.max(0, this.#searched - this.#start);
    this.#start = 0;
    if (this.#buffer.length - this.#end >= MIN_ROOM) return;
    // Only the head of a part is ever kept whole.
    const larger = new Uint8Array(this.#buffer.length * 2);
    larger.set(this.#buffer);
    this.#buffer = larger;
  }

  /** The rest of a form that is malformed means nothing: it stays an error. */
  async #sticky<T>(read: () => Promise<T>): Promise<T> {
    if (this.#failure !== undefined) throw this.#failure;
    try {
      return await read();
    } catch (error) {
      this.#failure = error;
      throw error;
    }
  }
}

function decode(head: Uint8Array): string {
  try {
    return utf8.decode(head);
  } catch (cause) {
    throw new HttpError(400, "The head of a part is not UTF-8", { cause });
  }
}

function malformed(): HttpError {
  return new HttpError(400, "The form is malformed");
}

function brokenOff(): HttpError {
  return new HttpError(400, "The form breaks off");
}
