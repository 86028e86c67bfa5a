// The life of a connection, from the socket to the handler and back:
//
// 1. `findHead` looks for the head of the next request: pipelined heads are here
//    already, and cost no wait and no write of their own. Where it is not whole
//    `receiveMore` sends what earlier answers left in the writer, and reads.
// 2. `parseHead` turns it into a `RequestHead` and a `Framing`.
// 3. The handler reads `content` and writes `response`.
// 4. `finish` completes the answer and drops what was left of the body, so that
//    the next head starts where this request ends.
//
// RFC 9112 sections 2.2, 9.3 and 9.6.

import type { ByteReader } from "../bytes/byte_reader.ts";
import type { ByteWriter } from "../bytes/byte_writer.ts";
import { latin1Octets } from "../bytes/octets.ts";
import type { Reader, Writer } from "../bytes/stream.ts";
import { isTurnLong, nextTurn } from "../bytes/turn.ts";
import { HttpError } from "../facts/errors.ts";
import type { Limits } from "../facts/limits.ts";
import { ClientWatch } from "./client_watch.ts";
import type { Exchange, HeadState, MaybePromise } from "./exchange.ts";
import type { Framing } from "./framing.ts";
import { lateError } from "./late_error.ts";
import { HeadReader } from "./head_reader.ts";
import { type BodyWaiter, RequestBody } from "./request_body.ts";
import type { HttpVersion, RequestHead } from "./request_head.ts";
import { ResponseBody } from "./response_body.ts";
import { type ResponseContext, WireResponse } from "./response_writer.ts";

/** The framing before a head was parsed. */
const UNKNOWN: Framing = {
  body: { kind: "none" },
  keepsAlive: false,
  expectsContinue: false,
  takesTrailers: false,
};

/** Requests and answers over the octets of one connection. */
export class WireExchange implements Exchange, ResponseContext, BodyWaiter {
  /** The body of the current request. */
  content: RequestBody;
  /** The answer to the current request. */
  readonly response: WireResponse;
  /** How the current request is framed. */
  framing: Framing = UNKNOWN;
  /** Whether the answer may be one of HTTP/1.1. */
  isHttp11 = true;
  /** Whether the client takes trailers. */
  takesTrailers = false;

  #reader: ByteReader;
  #writer: ByteWriter;
  #limits: Limits;
  #heads: HeadReader;
  /** The head that was found last, or why it is none. */
  #found: RequestHead | HttpError | undefined;
  /** The content of requests that have none. */
  readonly #noContent: RequestBody;
  /** The body of the current response, once somebody has asked for it. */
  #responseBody: ResponseBody | undefined;
  #version: HttpVersion = "HTTP/1.1";
  #closes = true;
  #mustClose = false;
  #isDetached = false;
  #requests = 0;
  /** Whether a head is looked for. */
  #awaitsHead = false;
  #clientCloses = false;
  /** Whether octets of the body came with the head. */
  #bodyArrived = false;
  /** Whether the handler is done with the request. */
  #isFinishing = false;
  #isResting = true;
  #isDraining = false;
  #watch: ClientWatch | undefined;

  /**
   * Makes an exchange at the start of a connection.
   *
   * @param reader Where requests come from.
   * @param writer Where answers go.
   * @param limits The limits of the server.
   */
  constructor(reader: ByteReader, writer: ByteWriter, limits: Limits) {
    this.#reader = reader;
    this.#writer = writer;
    this.#limits = limits;
    this.#heads = new HeadReader(reader, limits);
    // They ask this object, not closures made for it: such closures tie one
    // connection to the next for V8's scavenger, which then copies them all.
    this.content = this.#noContent = new RequestBody(reader, limits);
    this.response = new WireResponse(writer, this);
  }

  /** The body of the current response; see {@linkcode Exchange}. */
  get wfile(): Writer {
    return this.#responseBody ??= new ResponseBody(this.response);
  }

  /** Whether the connection ends after the current answer. */
  get closes(): boolean {
    return this.#closes || this.#isDraining || this.#isDetached ||
      this.content.hasFailed || this.response.endsConnection ||
      this.#leavesTooMuch;
  }

  /** A handler may close, but not keep what has to close (RFC 9112 9.6). */
  set closes(value: boolean) {
    this.#closes = value || this.#mustClose;
  }

  /** The version that the server speaks; 1.0 closes after each response. */
  get version(): HttpVersion {
    return this.#version;
  }

  set version(value: HttpVersion) {
    this.#version = value;
    if (value === "HTTP/1.1") return;
    this.isHttp11 = false;
    this.#closes = true;
  }

  /**
   * Whether the request is HEAD. A refused one counts too, however its head goes
   * on: the answer has no body.
   */
  get isHead(): boolean {
    const head = this.#head;
    return head === undefined
      ? this.#heads.beginsAsHead
      : head.method === "HEAD";
  }

  /** Whether no request is under way: closing now loses nothing. */
  get isResting(): boolean {
    return this.#isResting;
  }

  /**
   * Whether the client may still be sending when the connection closes, so
   * that a plain close could destroy the answer on its way.
   */
  get needsLinger(): boolean {
    if (this.#reader.atEnd) return false;
    // Of another protocol only its speakers know; a body is HTTP's.
    if (this.#isDetached) return !this.content.isDone;
    // Behind a body some clients send a line end too many (RFC 9112 2.2).
    return !this.#clientCloses || this.framing.body.kind !== "none" ||
      this.#reader.available > 0;
  }

  /** Aborted when the client goes away. */
  get signal(): AbortSignal {
    this.#watch ??= new ClientWatch(
      this.#reader,
      this.#writer,
      this.content,
    );
    return this.#watch.signal;
  }

  /** The request line as received, with its line end. */
  get rawRequestLine(): Uint8Array {
    const head = this.#head;
    return head === undefined
      ? this.#heads.rawLine
      : latin1Octets(head.line + "\r\n");
  }

  /** Answers no request after the current one: the server is shutting down. */
  drain(): void {
    this.#isDraining = true;
    // An idle connection waits for a head that will not be served.
    if (this.#isResting && this.#reader.available === 0) this.#reader.expire();
  }

  /** Asks a client that has ended its side; see {@linkcode Exchange}. */
  probe(): void {
    if (!this.#isDetached) this.response.probe();
  }

  /** Tells whoever asked for `signal` that the client is gone. */
  abort(reason: unknown): void {
    this.#watch?.abort(reason);
  }

  /** Looks for the next head; see {@linkcode Exchange}. */
  findHead(): HeadState {
    if (!this.#heads.isPartial) {
      this.#reset();
      if (this.#isDraining) return "none";
      this.#awaitsHead = true;
    }
    const found = this.#nextHead();
    if (found === "more") return "partial";
    if (found === "end") return "none";
    this.#found = found;
    this.#isResting = false;
    return "whole";
  }

  /** Waits for more of a head; see {@linkcode Exchange}. */
  receiveMore(): Promise<boolean> {
    // Not awaited: while the answers leave, the next request may come.
    this.#writer.send();
    return this.#heads.fill();
  }

  /** Lets the response begin; see {@linkcode Exchange}. */
  beginResponse(): void {
    if (!this.#awaitsHead) return;
    this.#awaitsHead = false;
    this.#responseBody?.close();
    this.#responseBody = undefined;
    this.response.begin();
  }

  /** Parses the head that was received; see {@linkcode Exchange}. */
  parseHead(): RequestHead {
    const head = this.#found;
    if (head === undefined) throw lateError("parse a head");
    if (head instanceof HttpError) throw head;
    const { framing } = head;
    this.framing = framing;
    this.#clientCloses = !framing.keepsAlive;
    this.isHttp11 = head.version === "HTTP/1.1";
    this.takesTrailers = framing.takesTrailers;
    if (framing.body.kind !== "none") {
      // Of its own: whoever still reads the last one finds the end of that.
      this.content = new RequestBody(this.#reader, this.#limits, this);
      this.content.begin(framing.body);
    }
    this.#bodyArrived = this.#reader.available > 0;
    this.#requests++;
    // What follows a CONNECT may be for the tunnel that there is not.
    this.#mustClose = !framing.keepsAlive || head.method === "CONNECT" ||
      this.#requests >= this.#limits.requestsPerConnection;
    this.#closes = this.#mustClose;
    this.version = this.#version;
    return head;
  }

  /** Sends what earlier answers left in the writer. */
  send(): void {
    this.#writer.send();
  }

  /** Sends `100 Continue`, unless the client sends its body already. */
  beforeFirstWait(): MaybePromise<void> {
    if (!this.#awaitsContinue || this.response.isCommitted) return;
    this.#writer.writeAscii("HTTP/1.1 100 Continue\r\n\r\n");
    return this.#writer.flush();
  }

  /** Completes the answer; see {@linkcode Exchange}. */
  finish(): MaybePromise<void> {
    if (this.#isDetached) return;
    this.#isFinishing = true;
    if (!this.content.isDone) {
      this.content.discardBuffered(this.#limits.discardBytes);
    }
    this.response.end();
    this.#watch?.end();
    if (!this.content.isDone) return this.#discard();
    this.#isResting = true;
    if (this.#writer.congested) return this.#writer.flush();
    if (this.#reader.available > 0 && isTurnLong()) return this.#pause();
  }

  /** Whoever sends many requests ahead does not keep others from theirs. */
  #pause(): Promise<void> {
    this.#writer.send();
    return nextTurn();
  }

  /** Whether the client has ended its side, or is gone. */
  get isClientDone(): boolean {
    return this.#reader.atEnd || this.#reader.failed;
  }

  /** Gives the connection to the caller, who speaks what it likes on it. */
  detach(): { rfile: Reader; wfile: Writer } {
    // Between requests only late code asks, and would send what nobody wants.
    if (this.#isResting) throw lateError("take the connection");
    this.#isDetached = true;
    this.#watch?.end();
    return { rfile: this.#reader, wfile: this.#writer };
  }

  get #head(): RequestHead | undefined {
    const found = this.#found;
    return found instanceof HttpError ? undefined : found;
  }

  /** A head of which the line is in order is refused by the class it is for. */
  #nextHead(): RequestHead | HttpError | "more" | "end" {
    try {
      return this.#heads.next();
    } catch (error) {
      if (error instanceof HttpError && this.#heads.hasLine) return error;
      throw error;
    }
  }

  #reset(): void {
    this.#closes = true;
    this.#mustClose = true; // until the head is known to be sound
    this.#isResting = true;
    this.#found = undefined;
    this.#isFinishing = false;
    this.framing = UNKNOWN;
    this.isHttp11 = true;
    this.takesTrailers = false;
    this.content = this.#noContent;
    this.#noContent.renew();
    this.#watch?.end();
    this.#watch = undefined;
  }

  /**
   * A body that will be left unread makes the connection useless, a chunked one
   * always: its end is unknown. What a handler has begun it will read.
   */
  get #leavesTooMuch(): boolean {
    const { content } = this;
    if (content.isDone) return false;
    // The client waits for `100` and may send its next request instead of the
    // body: nobody can tell the two apart (RFC 9110 section 10.1.1).
    if (this.#awaitsContinue && !content.hasWaited) return true;
    if (content.hasBegun && !this.#isFinishing) return false;
    return content.remaining > this.#limits.discardBytes;
  }

  /** Whether the client waits for `100`: it has sent nothing of the body. */
  get #awaitsContinue(): boolean {
    return this.framing.expectsContinue && !this.#bodyArrived &&
      this.#reader.available === 0;
  }

  async #discard(): Promise<void> {
    if (this.closes) return;
    await this.#writer.flush();
    try {
      await this.content.discard();
    } catch {
      // The response was given: a rest that breaks off only ends the connection.
    }
    this.#isResting = true;
  }
}
