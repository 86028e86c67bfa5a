// Coalescing writes to a ByteStream. In: heads, small bodies, chunks, whole
// buffers. Out: as few write operations as the order allows. What is small is
// collected in a pooled buffer until `flush`; what is large goes out as it is.

import { BufferPool } from "./buffer_pool.ts";
import { latin1Octets } from "./octets.ts";
import { type Pace, timeLeft } from "./pace.ts";
import {
  type ByteStream,
  DONE,
  handled,
  requireChunk,
  writableTo,
  type Writer,
} from "./stream.ts";
import { ConnectionLost } from "../facts/errors.ts";
import { isTurnLong, nextTurn } from "./turn.ts";

/** Collects a pipeline's worth of small answers, or one with a small body. */
const BUFFER_SIZE = 16_384;

/**
 * With more than this under way, `write` waits for the client: what one slow
 * reader can make the server hold.
 */
const HIGH_WATER = 65_536;

/** After so much the turn is looked at; a small piece counts for more. */
const LOOK_SIZE = 65_536;
const LEAST_COUNTED = 1024;

/** The most that stands in front of a chunk: the end of the last one, a line. */
const CHUNK_LINE_SIZE = 32;

/** A chunk up to this size leaves together with its line. */
const CHUNK_SIZE = 65_536;

// Idle connections hold none.
const buffers = new BufferPool(BUFFER_SIZE, 64);
const chunkBuffers = new BufferPool(CHUNK_LINE_SIZE + CHUNK_SIZE, 16);

const NO_OCTETS = new Uint8Array();

const encoder = new TextEncoder();

/** Octets on their way, and the buffer to give back when they are gone. */
interface Piece {
  readonly octets: Uint8Array;
  readonly buffer: Uint8Array | undefined;
}

/** Writes to a {@linkcode ByteStream}, joining what is small. */
export class ByteWriter implements Writer {
  /**
   * Epoch milliseconds by which the write under way must get on, `Infinity`
   * while there is none: past it the server closes the connection.
   */
  expiresAt: number = Infinity;
  /** How fast the peer has to read. */
  pace: Pace = { timeout: Infinity, rate: 1 };
  /** Called once, when a write has failed or the connection was closed. */
  onFailure: ((failure: ConnectionLost) => void) | undefined;

  #stream: ByteStream;
  #buffer: Uint8Array | undefined;
  #length = 0;
  /** Whether the buffer is sent as soon as nothing is in flight. */
  #isDue = false;
  /** Octets under way: those of `#piece` and of those that wait behind it. */
  #queued = 0;
  /** What is being sent, and how much of it was taken. */
  #piece: Piece | undefined;
  #sent = 0;
  /** When the write under way was begun, and how long it may take. */
  #begun = 0;
  #left = 0;
  #waiting: Piece[] = [];
  /** Settles when nothing is under way any more. */
  #idle: PromiseWithResolvers<void> | undefined;
  #failure: ConnectionLost | undefined;
  #isProbing = false;
  /** Bytes that were sent since the turn was looked at. */
  #sentSince = 0;
  #writable: WritableStream<Uint8Array> | undefined;

  /**
   * Makes a writer with nothing to send.
   *
   * @param stream Where the octets go.
   */
  constructor(stream: ByteStream) {
    this.#stream = stream;
  }

  /** How many octets wait for `flush`. */
  get pending(): number {
    return this.#length;
  }

  /** Whether a write has failed: the peer is gone. */
  get failed(): boolean {
    return this.#failure !== undefined;
  }

  /** With what a write has failed. */
  get failure(): ConnectionLost | undefined {
    return this.#failure;
  }

  /** Whether so much is under way that the next writer should wait. */
  get congested(): boolean {
    return this.#queued + this.#length > HIGH_WATER;
  }

  /** The connection as a web stream; closing it flushes. */
  get writable(): WritableStream<Uint8Array> {
    return this.#writable ??= writableTo(this);
  }

  /** Writes text or octets; see {@linkcode Writer}. */
  write(chunk: string | Uint8Array): Promise<void> {
    requireChunk(chunk);
    if (this.failed) return this.#settled();
    if (typeof chunk === "string") {
      if (!this.writeAscii(chunk)) this.#put(encoder.encode(chunk));
    } else if (!this.#put(chunk)) return this.#inTurn(this.#settled());
    return this.congested ? this.flush() : this.#inTurn(DONE);
  }

  /**
   * Puts text into the buffer, or nothing if it is not all ASCII or does not
   * fit: the one pass by which most answers leave, head and body together.
   *
   * @returns Whether the text was taken.
   */
  writeAscii(text: string): boolean {
    if (text.length > BUFFER_SIZE) return false;
    if (this.#length + text.length > BUFFER_SIZE) this.#sendBuffer();
    const room = this.#room();
    const { read, written } = encoder.encodeInto(text, room);
    // Equal counts do not suffice: a cut-off text has them too.
    if (read !== text.length || written !== text.length) return false;
    this.#length += written;
    return true;
  }

  /**
   * Writes one chunk of the chunked coding (RFC 9112 section 7.1): its size,
   * its data and its end. The promise is that of the data, which is what the
   * caller owns again when it settles.
   *
   * @param data The data, at least one byte.
   */
  writeChunk(data: Uint8Array): Promise<void> {
    this.writeAscii(data.length.toString(16) + "\r\n");
    const taken = this.write(data);
    this.writeAscii("\r\n");
    return taken;
  }

  /** Puts text into the buffer as latin-1, the encoding of heads. */
  writeLatin1(text: string): void {
    this.#put(latin1Octets(text));
  }

  /** Sends what was written so far; see {@linkcode Writer}. */
  flush(): Promise<void> {
    this.send();
    return this.#inTurn(this.#settled());
  }

  /**
   * A peer that takes all at once makes nobody wait who writes, and nobody else
   * would be served until he is done.
   */
  #inTurn(settled: Promise<void>): Promise<void> {
    if (this.#sentSince < LOOK_SIZE) return settled;
    this.#sentSince = 0;
    return isTurnLong() ? handled(settled.then(nextTurn)) : settled;
  }

  /**
   * Starts to send what was written so far, for those who do not wait for it: a
   * failure is told by the next write. Behind a write that is in flight the
   * buffer goes on collecting: a client that asks much and reads nothing would
   * otherwise hold a buffer for each small response.
   */
  send(): void {
    if (this.#piece === undefined) this.#sendBuffer();
    else this.#isDue = this.#length > 0;
  }

  /**
   * Finds out whether the peer has reset the connection, by a write of nothing;
   * behind its end no read tells. A write that is in flight will tell anyhow.
   */
  probe(): void {
    if (this.failed || this.#piece !== undefined || this.#isProbing) return;
    this.#isProbing = true;
    const done = () => void (this.#isProbing = false);
    this.#stream.write(NO_OCTETS).then(done, this.#broken);
  }

  /** Tells whoever listens for a failure that the connection is closed. */
  release(): void {
    // A piece in flight fails by itself, and has its buffer until then.
    if (this.onFailure === undefined || this.#piece !== undefined) return;
    this.#broken(new Error("The connection is closed"));
  }

  #sendBuffer(): void {
    this.#isDue = false;
    if (this.#buffer === undefined || this.#length === 0) return;
    const buffer = this.#buffer;
    const octets = buffer.subarray(0, this.#length);
    this.#buffer = undefined;
    this.#length = 0;
    this.#enqueue(octets, buffer);
  }

  /**
   * Copies octets into the buffer; those that do not fit behind its content
   * are sent as they are, after it.
   *
   * @returns Whether they were copied.
   */
  #put(octets: Uint8Array): boolean {
    if (this.#length + octets.length > BUFFER_SIZE) {
      if (this.#isChunkLine && octets.length <= CHUNK_SIZE) {
        this.#join(octets);
        return true;
      }
      this.#sendBuffer();
      if (octets.length > BUFFER_SIZE / 2) {
        this.#enqueue(octets);
        return false;
      }
    }
    this.#room().set(octets);
    this.#length += octets.length;
    return true;
  }

  get #isChunkLine(): boolean {
    return this.#length > 0 && this.#length <= CHUNK_LINE_SIZE;
  }

  /** Copies a line and its chunk together, which costs less than a write. */
  #join(octets: Uint8Array): void {
    const line = this.#buffer?.subarray(0, this.#length) ?? NO_OCTETS;
    const joined = chunkBuffers.take();
    joined.set(line);
    joined.set(octets, line.length);
    this.#length = 0;
    this.#isDue = false;
    this.#enqueue(joined.subarray(0, line.length + octets.length), joined);
  }

  #room(): Uint8Array {
    const buffer = this.#buffer ??= buffers.take();
    return this.#length === 0 ? buffer : buffer.subarray(this.#length);
  }

  #enqueue(octets: Uint8Array, buffer?: Uint8Array): void {
    const piece = { octets, buffer };
    this.#sentSince += Math.max(octets.length, LEAST_COUNTED);
    this.#queued += octets.length;
    if (this.failed) this.#release(piece);
    else if (this.#piece === undefined) this.#start(piece);
    else this.#waiting.push(piece);
  }

  /** Settles when all that was sent has been taken. */
  #settled(): Promise<void> {
    if (this.#piece === undefined && this.#failure === undefined) return DONE;
    if (this.#idle === undefined) {
      this.#idle = Promise.withResolvers();
      // Whoever forgot to await a write must not bring the process down.
      this.#idle.promise.catch(ignore);
    }
    const { promise } = this.#idle;
    if (this.#piece === undefined) this.#settle();
    return promise;
  }

  // No promise of its own for a piece: that would cost as much as the rest of
  // a small answer.
  #start(piece: Piece): void {
    this.#piece = piece;
    this.#sent = 0;
    this.#write(piece.octets, Date.now(), this.pace.timeout);
  }

  #write(octets: Uint8Array, now: number, left: number): void {
    this.#begun = now;
    this.#left = left;
    this.expiresAt = now + left;
    try {
      this.#stream.write(octets).then(this.#taken, this.#broken);
    } catch (cause) {
      this.#broken(cause);
    }
  }

  #taken = (count: number): void => {
    const piece = this.#piece;
    if (piece === undefined) return;
    this.#sent += count;
    if (this.#sent < piece.octets.length) {
      return this.#writeRest(piece.octets, count);
    }
    this.#release(piece);
    if (this.#isDue && this.#waiting.length === 0) this.#sendBuffer();
    const next = this.#waiting.shift();
    if (next === undefined) this.#settle();
    else this.#start(next);
  };

  /** A peer that reads slowly takes a piece in several steps. */
  #writeRest(octets: Uint8Array, taken: number): void {
    const now = Date.now();
    const waited = now - this.#begun;
    const left = timeLeft(this.pace, this.#left, waited, taken);
    if (left > 0) this.#write(octets.subarray(this.#sent), now, left);
    else this.#broken(new ConnectionLost("The peer does not read"));
  }

  /** The failure is kept for those who ask; what waits is not sent. */
  #broken = (cause: unknown): void => {
    if (this.#failure !== undefined) return;
    const failure = new ConnectionLost("Cannot write to the peer", { cause });
    this.#failure = failure;
    if (this.#piece !== undefined) this.#release(this.#piece);
    for (const piece of this.#waiting.splice(0)) this.#release(piece);
    this.#settle();
    this.onFailure?.(failure);
  };

  #release({ octets, buffer }: Piece): void {
    this.#queued -= octets.length;
    if (buffer === undefined) return;
    if (buffer.length === BUFFER_SIZE) buffers.give(buffer);
    else chunkBuffers.give(buffer);
  }

  /** Nothing is under way any more. */
  #settle(): void {
    const idle = this.#idle;
    this.#piece = this.#idle = undefined;
    this.expiresAt = Infinity;
    if (this.#failure === undefined) idle?.resolve();
    else idle?.reject(this.#failure);
  }
}

function ignore(): void {}
