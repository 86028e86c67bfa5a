// Buffered reading from a ByteStream. In: the octets of a connection. Out: a
// window `buffer[start, end)` in which the protocol layer looks for heads and
// chunk lines, and `read`/`readLine` for handlers of raw connections. One wait
// is under way at a time, and `expire` ends it.

import { BufferPool } from "./buffer_pool.ts";
import { ConnectionLost } from "../facts/errors.ts";
import { isTurnLong, nextTurn, TurnCounter } from "./turn.ts";
import {
  type ByteStream,
  handled,
  readableFrom,
  type Reader,
} from "./stream.ts";

/**
 * The window of a connection at rest. Most heads fit; ten thousand idle
 * connections hold 40 MB.
 */
const INITIAL_SIZE = 4096;

/** From connections that have ended, for those that begin. */
const buffers = new BufferPool(INITIAL_SIZE, 64);

const NO_OCTETS = new Uint8Array();

/** The most octets of one read for a caller who sets no maximum. */
const READ_SIZE = 65_536;

const LF = 0x0a;

/** Reads a {@linkcode ByteStream} through a buffer. */
export class ByteReader implements Reader {
  /** The buffer; only `[start, end)` holds octets of the peer. */
  buffer: Uint8Array = buffers.take();
  /** Where the unread octets start. */
  start = 0;
  /** Where the unread octets end. */
  end = 0;
  /** How long every wait for octets may last at most, in milliseconds. */
  timeout: number = Infinity;
  /**
   * Epoch milliseconds by which the wait under way must end, `Infinity` while
   * there is none: the server looks at it now and then and calls `expire`.
   */
  expiresAt: number = Infinity;

  #stream: ByteStream;
  #turns = new TurnCounter();
  #late: (() => Error) | null = null;
  #filling: Promise<boolean> | undefined;
  // What settles the wait under way, in one of two ways. Not closures made for
  // each wait: those tie a connection to the next one, so that V8 moves both to
  // the old generation, dead or not.
  #filled: ((isMore: boolean) => void) | undefined;
  #taken: ((count: number | null) => void) | undefined;
  #reject: (error: Error) => void = ignore;
  /** What was asked for last, and whether the peer had as much and more. */
  #asked = 0;
  #hasMore = false;
  #cut = false;
  #atEnd = false;
  #failed = false;
  #readable: ReadableStream<Uint8Array> | undefined;

  /**
   * Makes a reader with an empty buffer.
   *
   * @param stream Where the octets come from.
   */
  constructor(stream: ByteStream) {
    this.#stream = stream;
  }

  /** How many octets are buffered. */
  get available(): number {
    return this.end - this.start;
  }

  /** Whether a `fill` is under way: what arrives next goes into the buffer. */
  get isFilling(): boolean {
    return this.#filling !== undefined;
  }

  /** Whether the peer has ended its side, or is not waited for any more. */
  get atEnd(): boolean {
    return this.#atEnd;
  }

  /** Whether a read has failed: the peer is gone. */
  get failed(): boolean {
    return this.#failed;
  }

  /**
   * Counts a read that needs no wait, for who takes from the buffer.
   *
   * @returns Whether others are to get a turn of the event loop first.
   */
  isTurnOver(): boolean {
    return this.#turns.isOver;
  }

  /** The octets as a web stream. */
  get readable(): ReadableStream<Uint8Array> {
    return this.#readable ??= readableFrom(this);
  }

  /**
   * Reads more octets to the end of the window. A second call before the first
   * has settled waits for the same octets.
   *
   * @param until Epoch milliseconds by which octets must have come.
   * @param late Makes what is thrown past `until`; `null` to report the end
   * of the stream instead.
   * @returns False at the end of the stream.
   */
  fill(
    until = Infinity,
    late: (() => Error) | null = null,
  ): Promise<boolean> {
    this.#setDeadline(until, late);
    return this.#filling ?? this.#fill();
  }

  /**
   * Reads ahead, where nobody waits for bytes and none are buffered: the only
   * way to hear of a peer that resets the connection meanwhile, see `failed`.
   */
  lookAhead(): void {
    const isWaiting = this.#filling !== undefined || this.#taken !== undefined;
    if (isWaiting || this.#atEnd || this.#cut || this.available > 0) return;
    handled(this.readAhead());
  }

  /**
   * As `fill`, without a deadline and past `timeout`: nothing is asked of the
   * peer. What arrives is there for the next `fill`, which may have a deadline.
   *
   * @returns False at the end of the stream.
   */
  readAhead(): Promise<boolean> {
    if (this.#filling !== undefined) return this.#filling;
    this.#late = null;
    return this.#fill();
  }

  #fill(): Promise<boolean> {
    this.#makeRoom();
    const room = this.end === 0 ? this.buffer : this.buffer.subarray(this.end);
    const filling = new Promise(this.#awaitFilling);
    // Set before the read, which may settle it at once.
    this.#filling = filling;
    this.#read(room);
    return filling;
  }

  /**
   * Reads straight into `p`, past the buffer, which must be empty.
   *
   * @param p Where the octets go.
   * @param until Epoch milliseconds by which octets must have come.
   * @param late Makes what is thrown past `until`.
   * @returns How many octets were read, or `null` at the end.
   */
  readInto(
    p: Uint8Array,
    until: number,
    late: (() => Error) | null,
  ): Promise<number | null> {
    this.#setDeadline(until, late);
    const taking = new Promise(this.#awaitTaking);
    this.#read(p);
    return taking;
  }

  /**
   * Takes octets out of the buffer as a copy of their own.
   *
   * @param count How many, at most `available`.
   */
  take(count: number): Uint8Array {
    const octets = this.buffer.slice(this.start, this.start + count);
    this.start += count;
    return octets;
  }

  /** Reads some octets; see {@linkcode Reader}. */
  read(max: number = READ_SIZE): Promise<Uint8Array | null> {
    return handled(this.#readSome(max));
  }

  /** Reads up to and including the next LF; see {@linkcode Reader}. */
  readLine(max: number = READ_SIZE): Promise<Uint8Array | null> {
    return handled(this.#readLine(max));
  }

  async #readSome(max: number): Promise<Uint8Array | null> {
    while (this.available > 0 && this.isTurnOver()) await nextTurn();
    if (this.available === 0 && !(await this.#more())) return null;
    return this.take(Math.min(max, this.available));
  }

  async #readLine(max: number): Promise<Uint8Array | null> {
    for (let looked = 0;;) {
      const window = this.buffer.subarray(this.start, this.end);
      const at = window.indexOf(LF, looked);
      if (at >= 0) {
        if (!this.isTurnOver()) return this.take(Math.min(max, at + 1));
        await nextTurn();
        looked = 0;
        continue;
      }
      if (window.length >= max) return this.take(max);
      looked = window.length;
      if (!(await this.#more())) {
        return this.available > 0 ? this.take(this.available) : null;
      }
    }
  }

  /**
   * Ends the wait under way, as when its time is up, and every later one: they
   * throw what their caller asked for, or report the end of the stream.
   */
  expire(): void {
    this.#cut = true;
    this.#giveUp();
  }

  /**
   * Gives the buffer up when the connection has ended, and with it every later
   * wait. One that a read under way may still write into is nobody else's.
   */
  release(): void {
    if (this.#filling === undefined && !this.#cut) buffers.give(this.buffer);
    this.buffer = NO_OCTETS;
    this.start = this.end = 0;
    this.#cut = true;
    this.#atEnd = true;
  }

  #more(): Promise<boolean> {
    return this.fill(Infinity, this.timeout === Infinity ? null : timedOut);
  }

  #setDeadline(until: number, late: (() => Error) | null): void {
    this.expiresAt = this.timeout === Infinity
      ? until
      : Math.min(until, Date.now() + this.timeout);
    this.#late = late;
  }

  /**
   * A read that `expire` can end, which no operation of the platform offers. A
   * peer from which there is always more does not keep others from their turns.
   */
  #read(p: Uint8Array): void {
    if (this.#hasMore && isTurnLong()) {
      nextTurn().then(() => this.#readNow(p));
    } else this.#readNow(p);
  }

  #readNow(p: Uint8Array): void {
    if (this.#cut) return this.#giveUp();
    this.#asked = p.length;
    this.#stream.read(p).then(this.#arrived, this.#broken);
  }

  readonly #awaitFilling = (
    resolve: (isMore: boolean) => void,
    reject: (error: Error) => void,
  ): void => {
    this.#filled = resolve;
    this.#reject = reject;
  };

  readonly #awaitTaking = (
    resolve: (count: number | null) => void,
    reject: (error: Error) => void,
  ): void => {
    this.#taken = resolve;
    this.#reject = reject;
  };

  #arrived = (count: number | null): void => {
    this.expiresAt = Infinity;
    this.#hasMore = count === this.#asked;
    if (!this.#hasMore) this.#turns.start();
    if (count === null) this.#atEnd = true;
    else if (this.#filled !== undefined) this.end += count;
    this.#settle(count);
  };

  #broken = (cause: unknown): void => {
    this.expiresAt = Infinity;
    this.#failed = true;
    this.#fail(new ConnectionLost("Cannot read from the peer", { cause }));
  };

  #settle(count: number | null): void {
    const filled = this.#filled;
    const taken = this.#taken;
    this.#forget();
    filled?.(count !== null);
    taken?.(count);
  }

  #fail(error: Error): void {
    const reject = this.#reject;
    this.#forget();
    reject(error);
  }

  /** The wait is over: what settles it now settles nothing. */
  #forget(): void {
    this.#filled = this.#taken = this.#filling = undefined;
    this.#reject = ignore;
  }

  /** Settles the wait; what still arrives is nobody's any more. */
  #giveUp(): void {
    this.expiresAt = Infinity;
    const late = this.#late;
    if (late !== null) return this.#fail(late());
    this.#atEnd = true;
    this.#settle(null);
  }

  #makeRoom(): void {
    if (this.start === this.end) {
      this.start = this.end = 0;
      // What one large head needed is not kept for the idle time after it.
      if (this.buffer.length > INITIAL_SIZE) {
        this.buffer = new Uint8Array(INITIAL_SIZE);
      }
      return;
    }
    if (this.end < this.buffer.length) return;
    if (this.start > 0) {
      this.buffer.copyWithin(0, this.start, this.end);
    } else {
      const larger = new Uint8Array(this.buffer.length * 2);
      larger.set(this.buffer);
      this.buffer = larger;
    }
    this.end -= this.start;
    this.start = 0;
  }
}

function timedOut(): Error {
  return new ConnectionLost("The peer sent nothing in time");
}

function ignore(): void {}
