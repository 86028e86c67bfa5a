// The chunked coding of one body (RFC 9112 section 7.1). In: the connection's
// reader, between the data of two chunks. Out: how much data comes next, and at
// the end the trailer fields. The data itself is the caller's to take.

import type { ByteReader } from "../bytes/byte_reader.ts";
import { HttpError } from "../facts/errors.ts";
import type { Limits } from "../facts/limits.ts";
import { parseChunkLine, parseTrailers } from "./chunk_line.ts";
import { FieldList } from "./field_list.ts";
import { decodeHead } from "./request_head.ts";

const CR = 0x0d;
const LF = 0x0a;

/** A chunk line without extensions, at its longest. */
const MAX_SIZE_LINE = 32;

/** What the next octets belong to. */
type Position = "size" | "data end" | "trailers";

const NO_TRAILERS = new FieldList([], []);

/** Finds the chunks of one body after the other. */
export class ChunkedDecoder {
  /** The trailer fields; empty until the end of the body. */
  trailers: FieldList = NO_TRAILERS;

  #reader: ByteReader;
  #limits: Limits;
  #position: Position = "size";
  #announced = 0;
  #extensions = 0;
  /** How many bytes of a line or a section were looked at, and no end found. */
  #looked = 0;
  /** Where in the trailer section the line that is looked at begins. */
  #lineStart = 0;

  /**
   * Makes a decoder that stands before the first chunk.
   *
   * @param reader The connection's reader, right after the head.
   * @param limits The limits of the body.
   */
  constructor(reader: ByteReader, limits: Limits) {
    this.#reader = reader;
    this.#limits = limits;
  }

  /**
   * Moves to the data of the next chunk, all data before it being taken.
   *
   * @returns The size of the chunk; 0 at the end of the body, with the trailer
   * section read; -1 if more octets are needed.
   * @throws {HttpError} 400, 413 or 431; the rest of the connection is unusable.
   */
  next(): number {
    if (this.#position === "data end" && !this.#skipDataEnd()) return -1;
    if (this.#position === "size") {
      const size = this.#readSize();
      if (size !== 0) return size;
    }
    return this.#readTrailers() ? 0 : -1;
  }

  #readSize(): number {
    const { chunkExtensionBytes, bodyBytes } = this.#limits;
    const room = chunkExtensionBytes - this.#extensions;
    const end = this.#findLineEnd(room + MAX_SIZE_LINE);
    if (end < 0) return -1;
    this.#looked = 0;
    const { start, buffer } = this.#reader;
    const line = decodeHead(buffer.subarray(start, end - 2));
    const { size, extensions } = parseChunkLine(line);
    this.#extensions += extensions;
    if (this.#extensions > chunkExtensionBytes) throw lineTooLong();
    this.#announced += size;
    if (this.#announced > bodyBytes) throw new HttpError(413);
    this.#reader.start = end;
    this.#position = size === 0 ? "trailers" : "data end";
    return size;
  }

  #skipDataEnd(): boolean {
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

  #readTrailers(): boolean {
    const sectionEnd = this.#findSectionEnd(this.#limits.trailerBytes);
    if (sectionEnd < 0) return false;
    const { buffer, start } = this.#reader;
    const text = decodeHead(buffer.subarray(start, sectionEnd - 2));
    if (text !== "") this.trailers = parseTrailers(text, this.#limits);
    this.#reader.start = sectionEnd;
    return true;
  }

  /** The index after the next CRLF, or -1. */
  #findLineEnd(max: number): number {
    const { buffer, start, end } = this.#reader;
    for (let i = start + this.#looked; i < end; i++) {
      if (i - start > max) throw lineTooLong();
      if (buffer[i] !== LF) continue;
      if (i === start || buffer[i - 1] !== CR) throw bareLineFeed();
      return i + 1;
    }
    this.#looked = end - start;
    return -1;
  }

  /**
   * Looks for the empty line that ends the trailer section.
   *
   * @param max The most bytes of the section, without the empty line.
   * @returns The index after it, or -1.
   */
  #findSectionEnd(max: number): number {
    const { buffer, start, end } = this.#reader;
    for (let i = start + this.#looked; i < end; i++) {
      // The empty line comes on top of what is counted.
      if (i - start > max + 1) {
        throw new HttpError(431, "The trailer fields are too long");
      }
      if (buffer[i] !== LF) continue;
      if (i === start || buffer[i - 1] !== CR) throw bareLineFeed();
      if (i - start === this.#lineStart + 1) return i + 1;
      this.#lineStart = i - start + 1;
    }
    this.#looked = end - start;
    return -1;
  }
}

function lineTooLong(): HttpError {
  return new HttpError(400, "A chunk line is too long");
}

function bareLineFeed(): HttpError {
  return new HttpError(400, "A line ends with LF alone");
}
