// The body of one request (RFC 9112 sections 6 and 7). In: its framing and the
// connection's reader, which stands right after the head. Out: the content,
// octet for octet, and never one octet of what follows it.

import type { ByteReader } from "../bytes/byte_reader.ts";
import { collectLine, lineSpan } from "../bytes/octets.ts";
import { DONE, readableFrom, type Reader } from "../bytes/stream.ts";
import { HttpError } from "../facts/errors.ts";
import type { Limits } from "../facts/limits.ts";
import { parseChunkLine, parseTrailers } from "./chunk_line.ts";
import { FieldList } from "./field_list.ts";
import type { BodyFraming } from "./framing.ts";
import { decodeHead } from "./request_head.ts";

const CR = 0x0d;
const LF = 0x0a;

/** The most octets of one read for a caller who sets no maximum. */
const READ_SIZE = 65_536;

/** From this many missing octets on, reading goes past the head's buffer. */
const DIRECT_SIZE = 16_384;

/** Where the decoder stands: what the next octets belong to. */
type Position = "size" | "data" | "data end" | "trailers" | "done";

const NO_TRAILERS = new FieldList();

/** The body of one request as it comes over a connection. */
export class RequestBody implements Reader {
  /** Called once before the first wait for the client: it may wait for `100`. */
  beforeFirstWait: () => Promise<void> | void = () => {};

  #reader: ByteReader;
  #limits: Limits;
  #chunked = false;
  #position: Position = "done";
  /** Octets missing of the body, or of the current chunk. */
  #missing = 0;
  #received = 0;
  #extensions = 0;
  #waited = 0;
  #waits = 0;
  #failure: unknown;
  #trailers: FieldList = NO_TRAILERS;
  #readable: ReadableStream<Uint8Array> | undefined;
  #finished: PromiseWithResolvers<void> | undefined;

  /**
   * Makes a body without content; `begin` gives it one.
   *
   * @param reader The connection's reader.
   * @param limits The limits of the body.
   */
  constructor(reader: ByteReader, limits: Limits) {
    this.#reader = reader;
    this.#limits = limits;
  }

  /** Starts the body of the next request. */
  begin(framing: BodyFraming): void {
    this.#chunked = framing.kind === "chunked";
    this.#missing = framing.kind === "length" ? framing.length : 0;
    this.#position = this.#chunked
      ? "size"
      : this.#missing > 0
      ? "data"
      : "done";
    this.#received = 0;
    this.#extensions = 0;
    this.#waited = 0;
    this.#waits = 0;
    this.#failure = undefined;
    this.#trailers = NO_TRAILERS;
    this.#readable = undefined;
    this.#finished = undefined;
  }

  /** Whether all of the body was read. */
  get isDone(): boolean {
    return this.#position === "done";
  }

  /** Whether the body broke off or was malformed: what follows is unknown. */
  get hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  /** Whether some of the body was asked for. */
  get isBegun(): boolean {
    return this.#waits > 0 || this.#received > 0;
  }

  /** Settles when the body was read to its end; rejects if it broke off. */
  get finished(): Promise<void> {
    if (this.isDone) return DONE;
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    this.#finished ??= Promise.withResolvers();
    return this.#finished.promise;
  }

  /** Whether the client had to be waited for. */
  get hasWaited(): boolean {
    return this.#waits > 0;
  }

  /**
   * The octets still to come where they are known: the rest of a
   * `Content-Length`; `Infinity` within a chunked body.
   */
  get remaining(): number {
    if (this.#position === "done") return 0;
    return this.#chunked ? Infinity : this.#missing;
  }

  /** The trailer fields; empty until the body was read to its end. */
  get trailers(): FieldList {
    return this.#trailers;
  }

  /** The content as a web stream. */
  get readable(): ReadableStream<Uint8Array> {
    return this.#readable ??= readableFrom(this);
  }

  /**
   * The whole content, if it has a `Content-Length` and has arrived with the
   * head: what needs no wait needs no promise.
   */
  takeWhole(): Uint8Array | undefined {
    if (this.#chunked || this.#received > 0) return undefined;
    if (this.#reader.available < this.#missing) return undefined;
    return this.#takeData(this.#missing);
  }

  /** Reads some of the content; see {@linkcode Reader}. */
  async read(max: number = READ_SIZE): Promise<Uint8Array | null> {
    if (this.#failure !== undefined) throw this.#failure;
    try {
      while (this.#position !== "done") {
        if (this.#position === "data") return await this.#readData(max);
        if (!this.#parse()) await this.#fill();
      }
      return null;
    } catch (error) {
      this.#failure = error;
      this.#finished?.reject(error);
      throw error;
    }
  }

  /** Reads up to and including the next LF; see {@linkcode Reader}. */
  readLine(max: number = READ_SIZE): Promise<Uint8Array | null> {
    return collectLine(
      (count) => this.read(count),
      (count) => this.#lineWindow(count),
      max,
    );
  }

  /** How much may be read without passing the next LF. */
  #lineWindow(max: number): number {
    const { buffer, start, available } = this.#reader;
    if (this.#position !== "data" || available === 0) return 1;
    const size = Math.min(max, this.#missing, available);
    return lineSpan(buffer.subarray(start, start + size));
  }

  /**
   * Reads and drops the rest, so that the next head can be found.
   *
   * @param max The most octets to drop.
   * @returns Whether the end was reached.
   */
  async discard(max: number): Promise<boolean> {
    for (let dropped = 0; dropped <= max;) {
      const chunk = await this.read();
      if (chunk === null) return true;
      dropped += chunk.length;
    }
    return this.isDone;
  }

  async #readData(max: number): Promise<Uint8Array> {
    if (this.#reader.available === 0) {
      if (this.#readsDirect(max)) {
        return await this.#readDirect(Math.min(max, this.#missing));
      }
      await this.#fill();
    }
    return this.#takeData(
      Math.min(max, this.#missing, this.#reader.available),
    );
  }

  /** Not beside another read, which would get the octets that come first. */
  #readsDirect(max: number): boolean {
    return this.#missing >= DIRECT_SIZE && max >= DIRECT_SIZE &&
      !this.#reader.isFilling;
  }

  /** A large body goes from the socket into the caller's octets at once. */
  async #readDirect(size: number): Promise<Uint8Array> {
    const octets = new Uint8Array(size);
    const begun = await this.#beginWait();
    const count = await this.#reader.readInto(
      octets,
      this.#allowance(),
      late,
    );
    this.#endWait(begun);
    if (count === null) throw incomplete();
    this.#count(count);
    return octets.subarray(0, count);
  }

  #takeData(size: number): Uint8Array {
    const octets = this.#reader.take(size);
    this.#count(size);
    return octets;
  }

  /** Counts content that was taken, and moves on where a part of it ends. */
  #count(size: number): void {
    this.#missing -= size;
    this.#received += size;
    if (this.#missing > 0) return;
    if (this.#chunked) this.#position = "data end";
    else this.#end();
  }

  /**
   * Parses what stands between the data of two chunks.
   *
   * @returns False if more octets are needed.
   */
  #parse(): boolean {
    switch (this.#position) {
      case "size":
        return this.#parseSize();
      case "data end":
        return this.#parseDataEnd();
      case "trailers":
        return this.#parseTrailerSection();
      case "data":
      case "done":
        return true;
    }
  }

  #parseSize(): boolean {
    const room = this.#limits.chunkExtensionBytes - this.#extensions;
    const end = this.#findLineEnd(room + 32);
    if (end < 0) return false;
    const { start, buffer } = this.#reader;
    const line = decodeHead(buffer.subarray(start, end - 2));
    const { size, extensions } = parseChunkLine(line);
    this.#extensions += extensions;
    if (this.#extensions > this.#limits.chunkExtensionBytes) {
      throw new HttpError(400, "The chunk extensions are too long");
    }
    if (this.#received + size > this.#limits.bodyBytes) {
      throw new HttpError(413);
    }
    this.#reader.start = end;
    this.#missing = size;
    this.#position = size === 0 ? "trailers" : "data";
    return true;
  }

  #parseDataEnd(): boolean {
    const { buffer, start, available } = this.#reader;
    // The first octet is judged alone: a wrong one is not waited on.
    if (
      available > 0 && buffer[start] !== CR ||
      available > 1 && buffer[start + 1] !== LF
    ) {
      throw new HttpError(400, "A chunk does not end with CRLF");
    }
    if (available < 2) return false;
    this.#reader.start += 2;
    this.#position = "size";
    return true;
  }

  #parseTrailerSection(): boolean {
    const { buffer, start, end } = this.#reader;
    const sectionEnd = findSectionEnd(buffer, start, end);
    if (sectionEnd < 0) {
      if (end - start > this.#limits.trailerBytes) throw trailersTooLong();
      return false;
    }
    if (sectionEnd - start - 2 > this.#limits.trailerBytes) {
      throw trailersTooLong();
    }
    const text = decodeHead(buffer.subarray(start, sectionEnd - 2));
    if (text !== "") this.#trailers = parseTrailers(text, this.#limits);
    this.#reader.start = sectionEnd;
    this.#end();
    return true;
  }

  #end(): void {
    this.#position = "done";
    this.#finished?.resolve();
  }

  /** The index after the next CRLF, or -1. */
  #findLineEnd(max: number): number {
    const { buffer, start, end } = this.#reader;
    for (let i = start; i < end; i++) {
      if (buffer[i] !== LF) continue;
      if (i === start || buffer[i - 1] !== CR) {
        throw new HttpError(400, "A line ends with LF alone");
      }
      return i + 1;
    }
    if (end - start > max) throw new HttpError(400, "A chunk line is too long");
    return -1;
  }

  async #fill(): Promise<void> {
    const begun = await this.#beginWait();
    const more = await this.#reader.fill(this.#allowance(), late);
    this.#endWait(begun);
    if (!more) throw incomplete();
  }

  async #beginWait(): Promise<number> {
    this.#waits++;
    if (this.#waits === 1) await (this.beforeFirstWait() ?? DONE);
    return Date.now();
  }

  #endWait(begun: number): void {
    this.#waited += Date.now() - begun;
  }

  /** How long the next wait may take: see `Limits.bodyTimeout`. */
  #allowance(): number {
    const { bodyTimeout, minimumRate } = this.#limits;
    const earned = this.#received / minimumRate * 1000;
    return Math.max(
      1,
      Math.min(bodyTimeout, bodyTimeout + earned - this.#waited),
    );
  }
}

/**
 * Looks for the empty line that ends the trailer section.
 *
 * @returns The index after it, or -1.
 */
function findSectionEnd(
  buffer: Uint8Array,
  start: number,
  end: number,
): number {
  let lineStart = start;
  for (let i = start; i < end; i++) {
    if (buffer[i] !== LF) continue;
    if (i === start || buffer[i - 1] !== CR) {
      throw new HttpError(400, "A line ends with LF alone");
    }
    if (i === lineStart + 1) return i + 1;
    lineStart = i + 1;
  }
  return -1;
}

function late(): HttpError {
  return new HttpError(408, "The request body took too long to arrive");
}

function incomplete(): HttpError {
  return new HttpError(400, "The request body ends too early");
}

function trailersTooLong(): HttpError {
  return new HttpError(431, "The trailer fields are too long");
}
