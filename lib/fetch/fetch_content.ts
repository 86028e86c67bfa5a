// The body of a web `Request` as a handler reads it.

import { readableFrom } from "../bytes/stream.ts";
import { HttpError } from "../facts/errors.ts";
import type { RequestContent } from "../protocol/exchange.ts";
import { FieldList } from "../protocol/field_list.ts";

const LF = 0x0a;
const READ_SIZE = 65_536;
const NO_TRAILERS = new FieldList();

/** Reads the body of a `Request`. */
export class FetchContent implements RequestContent {
  #body: ReadableStream<Uint8Array> | null;
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  #rest: Uint8Array = new Uint8Array();
  #received = 0;
  #limit: number;
  #length: number;
  #readable: ReadableStream<Uint8Array> | undefined;

  /**
   * Makes a reader.
   *
   * @param request The request, whose body is consumed.
   * @param limit The most octets that the body may have.
   */
  constructor(request: Request, limit: number) {
    this.#body = request.body;
    this.#limit = limit;
    const length = request.headers.get("content-length");
    this.#length = request.body === null
      ? 0
      : length === null
      ? Infinity
      : Number(length);
  }

  /** A host shows no trailers. */
  get trailers(): FieldList {
    return NO_TRAILERS;
  }

  /** The octets still to come, by the Content-Length that the host shows. */
  get remaining(): number {
    return this.#length - this.#received;
  }

  /** The body as a web stream. */
  get readable(): ReadableStream<Uint8Array> {
    return this.#readable ??= readableFrom(this);
  }

  /** A host never shows a body at once, unless there is none. */
  takeWhole(): Uint8Array | undefined {
    return this.#body === null ? new Uint8Array() : undefined;
  }

  /** Reads some octets; see {@linkcode RequestContent}. */
  async read(max: number = READ_SIZE): Promise<Uint8Array | null> {
    while (this.#rest.length === 0) {
      if (this.#body === null) return null;
      this.#reader ??= this.#body.getReader();
      const { done, value } = await this.#reader.read();
      if (done) return null;
      this.#rest = value;
    }
    const octets = this.#rest.subarray(0, max);
    this.#rest = this.#rest.subarray(octets.length);
    this.#received += octets.length;
    if (this.#received > this.#limit) throw new HttpError(413);
    return octets;
  }

  /** Reads up to and including the next LF; see {@linkcode RequestContent}. */
  async readLine(max: number = READ_SIZE): Promise<Uint8Array | null> {
    const line: number[] = [];
    while (line.length < max) {
      const at = this.#rest.indexOf(LF);
      const window = at < 0 ? this.#rest.length || 1 : at + 1;
      const piece = await this.read(Math.min(max - line.length, window));
      if (piece === null) break;
      line.push(...piece);
      if (piece.at(-1) === LF) break;
    }
    return line.length === 0 ? null : Uint8Array.from(line);
  }
}
