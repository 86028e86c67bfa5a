// The body of a web `Request` as a handler reads it.

import { collectLine, lineSpan } from "../bytes/octets.ts";
import { handled, readableFrom } from "../bytes/stream.ts";
import { HttpError } from "../facts/errors.ts";
import type { RequestContent } from "../protocol/exchange.ts";
import { FieldList } from "../protocol/field_list.ts";

/** The most octets of one read for a caller who sets no maximum. */
const READ_SIZE = 65_536;

const EMPTY = new Uint8Array();
const NO_TRAILERS = new FieldList([], []);

/** Reads the body of a `Request`. */
export class FetchContent implements RequestContent {
  #body: ReadableStream<Uint8Array> | null;
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  #rest: Uint8Array = EMPTY;
  #received = 0;
  #limit: number;
  #length: number;
  #isDone: boolean;
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
    this.#isDone = request.body === null;
    const length = request.headers.get("content-length") ?? "";
    this.#length = /^\d{1,15}$/.test(length) ? Number(length) : Infinity;
  }

  /** A host shows no trailers. */
  get trailers(): FieldList {
    return NO_TRAILERS;
  }

  /** The octets still to come, by the Content-Length that the host shows. */
  get remaining(): number {
    return this.#isDone ? 0 : Math.max(0, this.#length - this.#received);
  }

  /** Whether something of it was read. */
  get hasBegun(): boolean {
    return this.#received > 0;
  }

  /** The body as a web stream. */
  get readable(): ReadableStream<Uint8Array> {
    return this.#readable ??= readableFrom(this);
  }

  /** A host never shows a body at once, unless there is none. */
  takeWhole(): Uint8Array | undefined {
    return this.#body === null ? EMPTY : undefined;
  }

  /**
   * Reads some octets; see {@linkcode RequestContent}.
   *
   * @throws {HttpError} 413 past the limit, 400 if the body breaks off.
   */
  read(max: number = READ_SIZE): Promise<Uint8Array | null> {
    return handled(this.#readSome(max));
  }

  async #readSome(max: number): Promise<Uint8Array | null> {
    while (this.#rest.length === 0) {
      if (this.#isDone) return null;
      this.#rest = await this.#next();
    }
    const octets = this.#rest.subarray(0, max);
    this.#rest = this.#rest.subarray(octets.length);
    return octets;
  }

  /** Reads up to and including the next LF; see {@linkcode RequestContent}. */
  readLine(max: number = READ_SIZE): Promise<Uint8Array | null> {
    return handled(collectLine(
      (count) => this.read(count),
      (count) => lineSpan(this.#rest.subarray(0, count)) || 1,
      max,
    ));
  }

  /** Tells whoever sends the body that its rest is not wanted. */
  drop(): void {
    if (!this.#isDone) this.#reader?.cancel().catch(ignore);
  }

  async #next(): Promise<Uint8Array> {
    this.#reader ??= this.#body?.getReader();
    const { done, value = EMPTY } = await this.#read();
    if (done) this.#isDone = true;
    this.#received += value.length;
    if (this.#received > this.#limit) throw new HttpError(413);
    return value;
  }

  async #read(): Promise<{ done: boolean; value?: Uint8Array | undefined }> {
    try {
      return await this.#reader?.read() ?? { done: true };
    } catch (cause) {
      throw new HttpError(400, "The request body ends too early", { cause });
    }
  }
}

/** A stream that fails while it is cancelled is at its end anyway. */
function ignore(): void {}
