// The body of one request (RFC 9112 sections 6 and 7). In: its framing and the
// connection's reader, which stands right after the head. Out: the content,
// octet for octet, and never one octet of what follows it.

import { ByteBuffer, filled } from "../bytes/byte_buffer.ts";
import type { ByteReader } from "../bytes/byte_reader.ts";
import { collectLine, LF, lineSpan } from "../bytes/octets.ts";
import { DONE, handled, readableFrom, type Reader } from "../bytes/stream.ts";
import { nextTurn } from "../bytes/turn.ts";
import { HttpError } from "../facts/errors.ts";
import type { Limits } from "../facts/limits.ts";
import { BodyPace, bodyTooLate } from "./body_pace.ts";
import { ChunkedDecoder } from "./chunked_decoder.ts";
import type { MaybePromise } from "./exchange.ts";
import { FieldList } from "./field_list.ts";
import type { BodyFraming } from "./framing.ts";

/** The most octets of one read for a caller who sets no maximum. */
const READ_SIZE = 65_536;

/** From this many missing octets on, reading goes past the head's buffer. */
const DIRECT_SIZE = 16_384;

const NO_TRAILERS = new FieldList([], []);

/** Who hears of it when a body has to be waited for. */
export interface BodyWaiter {
  /** Called once before the first wait for the client: it may wait for `100`. */
  beforeFirstWait(): MaybePromise<void>;
}

/** The body of one request as it comes over a connection. */
export class RequestBody implements Reader {
  #reader: ByteReader;
  #limits: Limits;
  #waiter: BodyWaiter | undefined;
  /** Finds the chunks; absent where the body has a length. */
  #chunks: ChunkedDecoder | undefined;
  /** Octets missing of the body, or of the current chunk. */
  #missing = 0;
  #isDone = true;
  #received = 0;
  #pace: BodyPace;
  #failure: unknown;
  /** Settles when the read past the buffer that is under way has. */
  #direct: Promise<void> | undefined;
  #finished: PromiseWithResolvers<void> | undefined;
  #readable: ReadableStream<Uint8Array> | undefined;

  /**
   * Makes a body without content; `begin` gives it one.
   *
   * @param reader The connection's reader.
   * @param limits The limits of the body.
   * @param waiter Who hears of waits.
   */
  constructor(reader: ByteReader, limits: Limits, waiter?: BodyWaiter) {
    this.#reader = reader;
    this.#limits = limits;
    this.#waiter = waiter;
    this.#pace = new BodyPace(limits);
  }

  /** Starts the body, once. */
  begin(framing: BodyFraming): void {
    this.#chunks = framing.kind === "chunked"
      ? new ChunkedDecoder(this.#reader, this.#limits)
      : undefined;
    this.#missing = framing.kind === "length" ? framing.length : 0;
    this.#isDone = this.#chunks === undefined && this.#missing === 0;
  }

  /** Whether all of the body was read. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /** Whether the body broke off or was malformed: what follows is unknown. */
  get hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  /** Whether the client had to be waited for. */
  get hasWaited(): boolean {
    return this.#pace.waits > 0;
  }

  /** Whether someone has begun to read it. */
  get hasBegun(): boolean {
    return this.#received > 0 || this.#pace.waits > 0;
  }

  /** Settles when the body was read to its end; rejects if it broke off. */
  get finished(): Promise<void> {
    if (this.#isDone) return DONE;
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    this.#finished ??= Promise.withResolvers();
    return this.#finished.promise;
  }

  /**
   * The octets still to come where they are known: the rest of a
   * `Content-Length`; `Infinity` within a chunked body.
   */
  get remaining(): number {
    if (this.#isDone) return 0;
    return this.#chunks === undefined ? this.#missing : Infinity;
  }

  /** The trailer fields; empty until the body was read to its end. */
  get trailers(): FieldList {
    return this.#chunks?.trailers ?? NO_TRAILERS;
  }

  /** The content as a web stream. */
  get readable(): ReadableStream<Uint8Array> {
    return this.#readable ??= readableFrom(this);
  }

  /**
   * Forgets the web stream, which somebody may have locked or cancelled. All
   * requests of a connection without content share one body, but may be of
   * different users: none meets what another has left behind.
   */
  renew(): void {
    this.#readable = undefined;
  }

  /**
   * The whole content, if it has a `Content-Length` and has arrived with the
   * head: what needs no wait needs no promise.
   */
  takeWhole(): Uint8Array | undefined {
    if (this.#chunks !== undefined || this.#received > 0) return undefined;
    if (this.#reader.available < this.#missing) return undefined;
    return this.#take(this.#missing);
  }

  /** Reads some of the content; see {@linkcode Reader}. */
  read(max: number = READ_SIZE): Promise<Uint8Array | null> {
    return handled(this.#readSome(max));
  }

  async #readSome(max: number): Promise<Uint8Array | null> {
    if (this.#failure !== undefined) throw this.#failure;
    try {
      for (;;) {
        const here = this.#available();
        if (here > 0) {
          if (!this.#reader.isTurnOver()) return this.#takeBuffered(max);
          await nextTurn();
          continue;
        }
        if (this.#isDone) return null;
        // Two reads at once would part the octets between them.
        if (this.#direct !== undefined) await this.#direct;
        else if (this.#mayReadDirect(max)) {
          return await this.#readDirect(Math.min(max, this.#missing));
        } else await this.#fill();
      }
    } catch (error) {
      this.#fail(error);
      throw error;
    }
  }

  /** Reads up to and including the next LF; see {@linkcode Reader}. */
  readLine(max: number = READ_SIZE): Promise<Uint8Array | null> {
    const line = this.#bufferedLine(max);
    if (line > 0) {
      return this.#reader.isTurnOver()
        ? handled(nextTurn().then(() => this.readLine(max)))
        : Promise.resolve(this.#take(line));
    }
    return handled(collectLine(
      (count) => this.read(count),
      (count) => this.#lineWindow(count),
      max,
    ));
  }

  /** The size of the next line, if all of it is buffered; else 0. */
  #bufferedLine(max: number): number {
    if (this.#failure !== undefined || this.#direct !== undefined) return 0;
    const { buffer, start, available } = this.#reader;
    const span = this.#lineWindow(max);
    if (span > Math.min(this.#missing, available)) return 0;
    return span === max || buffer[start + span - 1] === LF ? span : 0;
  }

  /** How much may be read without passing the next LF. */
  #lineWindow(max: number): number {
    const { buffer, start, available } = this.#reader;
    const size = Math.min(max, this.#missing, available);
    if (size === 0) return 1;
    return lineSpan(buffer.subarray(start, start + size));
  }

  /** Reads and drops the rest, so that the next head can be found. */
  async discard(): Promise<void> {
    while (await this.read() !== null);
  }

  /**
   * Drops what is here already, without waiting for more.
   *
   * @param max The most octets to drop.
   * @returns Whether the end was reached.
   */
  discardBuffered(max: number): boolean {
    if (this.#failure !== undefined) return false;
    try {
      for (let dropped = 0; dropped <= max;) {
        const here = this.#available();
        if (here === 0) break;
        this.#reader.start += here;
        this.#count(here);
        dropped += here;
      }
    } catch (error) {
      this.#fail(error);
    }
    return this.#isDone;
  }

  /** How much content can be taken from the buffer now. */
  #available(): number {
    if (this.#missing === 0) {
      if (this.#isDone || this.#chunks === undefined) return 0;
      const size = this.#chunks.next();
      if (size < 0) return 0;
      this.#missing = size;
      if (size === 0) this.#end();
    }
    return Math.min(this.#missing, this.#reader.available);
  }

  #mayReadDirect(max: number): boolean {
    return this.#missing >= DIRECT_SIZE && max >= DIRECT_SIZE &&
      !this.#reader.isFilling;
  }

  /** A large body goes from the socket into the caller's octets at once. */
  async #readDirect(size: number): Promise<Uint8Array> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#direct = promise;
    try {
      const octets = new Uint8Array(size);
      const begun = await this.#beginWait();
      const until = begun + this.#pace.allowance(this.#received);
      const count = await this.#reader.readInto(octets, until, bodyTooLate);
      this.#pace.add(Date.now() - begun);
      if (count === null) throw incomplete();
      this.#count(count);
      return filled(octets, count);
    } finally {
      this.#direct = undefined;
      resolve();
    }
  }

  /**
   * Takes what is in the buffer, of as many chunks as there are: a client that
   * makes each of one byte would else have its reader woken for every byte.
   */
  #takeBuffered(max: number): Uint8Array {
    const first = this.#take(Math.min(max, this.#available()));
    if (first.length === max || this.#availableNext() === 0) return first;
    const bytes = new ByteBuffer();
    bytes.add(first);
    for (;;) {
      const size = Math.min(max - bytes.length, this.#availableNext());
      if (size === 0) return bytes.take();
      const { buffer, start } = this.#reader;
      bytes.add(buffer.subarray(start, start + size));
      this.#reader.start += size;
      this.#count(size);
    }
  }

  /** As `#available`; what is wrong behind content is told by the next read. */
  #availableNext(): number {
    try {
      return this.#available();
    } catch (error) {
      this.#fail(error);
      return 0;
    }
  }

  #take(size: number): Uint8Array {
    const octets = this.#reader.take(size);
    this.#count(size);
    return octets;
  }

  /** Counts content that was taken. */
  #count(size: number): void {
    this.#missing -= size;
    this.#received += size;
    if (this.#missing === 0 && this.#chunks === undefined) this.#end();
  }

  #end(): void {
    this.#isDone = true;
    this.#finished?.resolve();
  }

  #fail(error: unknown): void {
    this.#failure = error;
    this.#finished?.reject(error);
  }

  async #fill(): Promise<void> {
    const begun = await this.#beginWait();
    const until = begun + this.#pace.allowance(this.#received);
    const more = await this.#reader.fill(until, bodyTooLate);
    this.#pace.add(Date.now() - begun);
    if (!more) throw incomplete();
  }

  async #beginWait(): Promise<number> {
    this.#pace.waits++;
    if (this.#pace.waits === 1) await this.#waiter?.beforeFirstWait();
    return Date.now();
  }
}

function incomplete(): HttpError {
  return new HttpError(400, "The request body ends too early");
}
