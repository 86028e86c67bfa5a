// The chunked coding of one body (RFC 9112 section 7.1). In: the connection's
// reader, between the data of two chunks. Out: how much data comes next, and at
// the end the trailer fields. The data itself is the caller's to take.

import type { ByteReader } from "../bytes/byte_reader.ts";
import { latin1Text } from "../bytes/octets.ts";
import { HttpError } from "../facts/errors.ts";
import type { Limits } from "../facts/limits.ts";
import { checkTrailers, parseChunkLine } from "./chunk_line.ts";
import { FieldList } from "./field_list.ts";
import { FieldScanner, loneLineFeed } from "./field_scanner.ts";

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
  /** How many bytes of a line were looked at, and no end found. */
  #looked = 0;
  #trailerScanner: FieldScanner | undefined;

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
    const line = latin1Text(buffer.subarray(start, end - 2));
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
    const scanner = this.#trailerScanner ??= this.#beginTrailers();
    const { buffer, start, end } = this.#reader;
    const size = scanner.scan(buffer, start, end);
    if (size < 0) return false;
    if (size > 2) {
      const text = latin1Text(buffer.subarray(start, start + size - 2));
      this.trailers = FieldList.within(text, scanner.offsets);
      checkTrailers(this.trailers);
    }
    this.#reader.start = start + size;
    return true;
  }

  #beginTrailers(): FieldScanner {
    const { trailerBytes: bytes, headerCount: lines } = this.#limits;
    const scanner = new FieldScanner({ kind: "trailer", bytes, lines });
    scanner.begin(0);
    return scanner;
  }

  /** The index after the next CRLF, or -1. */
  #findLineEnd(max: number): number {
    const { buffer, start, end } = this.#reader;
    for (let i = start + this.#looked; i < end; i++) {
      if (i - start > max) throw lineTooLong();
      if (buffer[i] !== LF) continue;
      if (i === start || buffer[i - 1] !== CR) throw loneLineFeed();
      return i + 1;
    }
    this.#looked = end - start;
    return -1;
  }
}

function lineTooLong(): HttpError {
  return new HttpError(400, "A chunk line is too long");
}
