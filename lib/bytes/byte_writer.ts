// Coalescing writes to a ByteStream. In: heads, small bodies, chunks, whole
// buffers. Out: as few write operations as the order allows. What is small is
// collected in a pooled buffer until `flush`; what is large goes out as it is.

import { latin1Octets } from "./octets.ts";
import { type ByteStream, DONE, writableTo, type Writer } from "./stream.ts";
import { ConnectionLost } from "../facts/errors.ts";

/** Collects a pipeline's worth of small answers, or one with a small body. */
const BUFFER_SIZE = 16_384;

/**
 * With more than this under way, `write` waits for the client: what one slow
 * reader can make the server hold.
 */
const HIGH_WATER = 65_536;

/** Free buffers; idle connections hold none. */
const pool: Uint8Array[] = [];
const POOL_SIZE = 64;

const encoder = new TextEncoder();

/** What limits the time that a peer may take to read. */
export interface WritePace {
  /** Milliseconds of waiting that a peer is given at once and in all. */
  readonly timeout: number;
  /** Octets per second that earn further time. */
  readonly rate: number;
}

/** Writes to a {@linkcode ByteStream}, joining what is small. */
export class ByteWriter implements Writer {
  /**
   * Epoch milliseconds by which the write under way must get on, `Infinity`
   * while there is none: past it the server closes the connection.
   */
  expiresAt: number = Infinity;
  /** How fast the peer has to read. */
  pace: WritePace = { timeout: Infinity, rate: 1 };

  #stream: ByteStream;
  #buffer: Uint8Array | undefined;
  #length = 0;
  #queued = 0;
  #tail: Promise<void> = DONE;
  #failure: ConnectionLost | undefined;
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
    if (this.failed) return this.#settled();
    if (typeof chunk === "string") {
      if (!this.writeAscii(chunk)) this.#put(encoder.encode(chunk));
    } else if (!this.#put(chunk)) return this.#settled();
    return this.congested ? this.flush() : DONE;
  }

  /**
   * Puts text into the buffer, or nothing if it is not all ASCII or does not
   * fit: the one pass by which most answers leave, head and body together.
   *
   * @returns Whether the text was taken.
   */
  writeAscii(text: string): boolean {
    if (text.length > BUFFER_SIZE) return false;
    if (this.#length + text.length > BUFFER_SIZE) this.send();
    const room = this.#room();
    const { read, written } = encoder.encodeInto(text, room);
    // Equal counts do not suffice: a cut-off text has them too.
    if (read !== text.length || written !== text.length) return false;
    this.#length += written;
    return true;
  }

  /** Puts text into the buffer as latin-1, the encoding of heads. */
  writeLatin1(text: string): void {
    this.#put(latin1Octets(text));
  }

  /** Sends what was written so far; see {@linkcode Writer}. */
  flush(): Promise<void> {
    this.send();
    return this.#settled();
  }

  /**
   * Starts to send what was written so far, for those who do not wait for it: a
   * failure is told by the next write.
   */
  send(): void {
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
      this.send();
      if (octets.length > BUFFER_SIZE / 2) {
        this.#enqueue(octets);
        return false;
      }
    }
    this.#room().set(octets);
    this.#length += octets.length;
    return true;
  }

  #room(): Uint8Array {
    const buffer = this.#buffer ??= pool.pop() ?? new Uint8Array(BUFFER_SIZE);
    return this.#length === 0 ? buffer : buffer.subarray(this.#length);
  }

  #enqueue(octets: Uint8Array, buffer?: Uint8Array): void {
    this.#queued += octets.length;
    this.#tail = this.#tail === DONE
      ? this.#sendOctets(octets, buffer)
      : this.#tail.then(() => this.#sendOctets(octets, buffer));
  }

  /** Settles when all that was sent has been taken. */
  #settled(): Promise<void> {
    if (this.#tail === DONE && this.#failure === undefined) return DONE;
    const settled = this.#tail.then(() => {
      if (this.#failure !== undefined) throw this.#failure;
    });
    // Whoever forgot to await a write must not bring the process down.
    settled.catch(ignore);
    return settled;
  }

  /** Never rejects: the failure is kept for those who ask. */
  async #sendOctets(octets: Uint8Array, buffer?: Uint8Array): Promise<void> {
    try {
      if (this.#failure !== undefined) return;
      const count = await this.#timedWrite(octets, 0);
      if (count < octets.length) await this.#sendRest(octets, count);
    } catch (cause) {
      this.#failure = new ConnectionLost("Cannot write to the peer", { cause });
    } finally {
      this.expiresAt = Infinity;
      this.#queued -= octets.length;
      if (this.#queued === 0) this.#tail = DONE;
      if (buffer !== undefined && pool.length < POOL_SIZE) pool.push(buffer);
    }
  }

  /** A peer that reads slowly takes a buffer in several steps. */
  async #sendRest(octets: Uint8Array, sent: number): Promise<void> {
    const begun = Date.now();
    while (sent < octets.length) {
      const earned = sent / this.pace.rate * 1000;
      const left = this.pace.timeout + earned - (Date.now() - begun);
      if (left <= 0) throw new ConnectionLost("The peer does not read");
      sent += await this.#timedWrite(octets.subarray(sent), left);
    }
  }

  #timedWrite(octets: Uint8Array, left: number): Promise<number> {
    const { timeout } = this.pace;
    if (timeout !== Infinity) {
      this.expiresAt = Date.now() +
        (left > 0 ? Math.min(left, timeout) : timeout);
    }
    return this.#stream.write(octets);
  }
}

function ignore(): void {}
