// The fetch form of an answer, a web `Response`:
//
// 1. `start` and `field` fill in a head, checked as that of the wire is.
// 2. `write` holds the body back while it is small.
// 3. `end` before the hold is full: the body goes into the `Response` as it is.
// 4. The hold is full, or `flush` was called: the host gets a `Response` whose
//    body is a stream, and `write` waits for the host to take it.
//
// The host frames: it drops what it must not send, and adds what it must.

import { DONE, requireChunk, writableTo } from "../bytes/stream.ts";
import type { ConnectionLost } from "../facts/errors.ts";
import { forbidsContent } from "../facts/status.ts";
import type { ResponsePhase, ResponseWriter } from "../protocol/exchange.ts";
import { HeldBody } from "../protocol/held_body.ts";
import { lateError, lateWrite } from "../protocol/late_error.ts";
import { informationalHead, ResponseHead } from "../protocol/response_head.ts";
import { trailerLine } from "../protocol/response_trailer.ts";
import { UnsentBody } from "../protocol/unsent_body.ts";
import { BodyStream } from "./body_stream.ts";

/** Fields of a connection, which is the host's. */
const HOST_FIELDS = [
  "connection",
  "keep-alive",
  "trailer",
  "transfer-encoding",
];

const encoder = new TextEncoder();

/** Writes one answer as a `Response`. */
export class FetchResponse implements ResponseWriter {
  #answer: PromiseWithResolvers<Response> = Promise.withResolvers();
  #isHead: boolean;
  #onCancel: (error: ConnectionLost) => void;
  #phase: ResponsePhase = "start";
  #isCommitted = false;
  #isAdopted = false;
  #head = new ResponseHead();
  #reason = "";
  #headers = new Headers();
  #held = new HeldBody();
  #sent = 0;
  #unsent: UnsentBody | undefined;
  #stream: BodyStream | undefined;
  #lost: ConnectionLost | undefined;
  #writable: WritableStream<Uint8Array> | undefined;

  /**
   * Makes the writer of an answer.
   *
   * @param isHead Whether the request is HEAD: the body is dropped.
   * @param onCancel Called when the host does not want the rest of the body.
   */
  constructor(isHead: boolean, onCancel: (error: ConnectionLost) => void) {
    this.#isHead = isHead;
    this.#onCancel = onCancel;
  }

  /** The answer, as soon as its head is known and its body begins or ends. */
  get answer(): Promise<Response> {
    return this.#answer.promise;
  }

  /** How far the answer is. */
  get phase(): ResponsePhase {
    return this.#phase;
  }

  /** Whether the host has the head already. */
  get isCommitted(): boolean {
    return this.#isCommitted;
  }

  /**
   * Whether nothing of the answer is still to come from the handler; of a
   * `Response` that was handed on nobody can tell.
   */
  get isComplete(): boolean {
    return this.#phase === "done" && !this.#isAdopted;
  }

  /** The body as a web stream; closing it flushes. */
  get writable(): WritableStream<Uint8Array> {
    return this.#writable ??= writableTo(this);
  }

  /**
   * Starts the head; see {@linkcode ResponseWriter}.
   *
   * @throws {RangeError} For a status that a `Response` cannot have: below 200
   * or above 599.
   */
  start(status: number, reason: string): void {
    this.#require("start", "start the head");
    if (status < 200 || status > 599) {
      throw new RangeError(`Cannot send the status ${status} through fetch`);
    }
    this.#head.start("HTTP/1.1", status, reason);
    this.#reason = reason;
    this.#phase = "head";
  }

  /** Adds a field; see {@linkcode ResponseWriter}. */
  field(name: string, value: string): void {
    this.#require("head", `send the field ${name}`);
    this.#head.add(name, value);
    const lowerName = name.toLowerCase();
    if (HOST_FIELDS.includes(lowerName)) return;
    // Twice the same length is one length.
    if (lowerName === "content-length") this.#headers.set(name, value);
    else this.#headers.append(name, value);
  }

  /** Ends the head. */
  endHead(): void {
    this.#require("head", "end the head");
    this.#phase = "body";
  }

  /** Writes some of the body; see {@linkcode ResponseWriter}. */
  write(chunk: string | Uint8Array): Promise<void> {
    requireChunk(chunk);
    if (this.#phase === "done") return lateWrite();
    this.#require("body", "write the body");
    if (chunk.length === 0) return DONE;
    if (!this.#isCommitted) {
      if (this.#held.add(chunk)) return DONE;
      this.#commitStream();
    }
    return this.#send(
      typeof chunk === "string" ? encoder.encode(chunk) : chunk,
    );
  }

  /** Gives the host the head, and the body so far. */
  flush(): Promise<void> {
    if (this.#phase !== "body") return DONE;
    if (!this.#isCommitted) this.#commitStream();
    return this.#stream?.ready ?? DONE;
  }

  /** Checks a trailer, and drops it: a `Response` has none. */
  trailer(name: string, value: string): void {
    this.#require("body", "send a trailer");
    trailerLine(name, value, this.#head.announced);
  }

  /** Checks an informational answer, and drops it: a host takes one answer. */
  inform(
    status: number,
    reason: string,
    fields: Iterable<readonly [name: string, value: string]>,
  ): Promise<void> {
    if (this.#isCommitted) {
      throw new Error(`Cannot send ${status}: the head was sent`);
    }
    if (this.#phase === "done") throw lateError(`send ${status}`);
    informationalHead(status, reason, fields);
    return DONE;
  }

  /** Forgets what was written; see {@linkcode ResponseWriter}. */
  reset(): void {
    if (this.#isCommitted) {
      throw new Error("Cannot start over: the head was sent");
    }
    if (this.#phase === "done") throw lateError("start over");
    this.#phase = "start";
    this.#head.clear();
    this.#headers = new Headers();
    this.#held.clear();
    this.#writable = undefined;
  }

  /**
   * Hands on a `Response` as it is; of HEAD only the head.
   *
   * @throws {RangeError} For `Response.error()`, which has no status.
   * @throws {TypeError} If its body was used already.
   */
  adopt(response: Response): boolean {
    this.#require("start", "answer with a Response");
    if (response.status === 0) {
      throw new RangeError("Cannot send the status 0 as an answer");
    }
    if (response.bodyUsed) {
      throw new TypeError("Cannot answer with a Response whose body was used");
    }
    this.#phase = "done";
    this.#isCommitted = true;
    if (this.#isHead) this.#answer.resolve(headOf(response));
    else {
      this.#isAdopted = true;
      this.#answer.resolve(response);
    }
    return true;
  }

  /** Completes the answer; see {@linkcode ResponseWriter}. */
  end(): void {
    if (this.#phase === "done") return;
    this.#require("body", "end the answer");
    if (this.#isCommitted) {
      this.#checkLength(this.#sent);
      this.#stream?.close();
    } else this.#commitWhole();
    this.#phase = "done";
  }

  /**
   * Breaks the answer off: the host gets the error if it has no head yet, else
   * the stream fails.
   *
   * @param error What happened.
   */
  abort(error: unknown): void {
    this.#phase = "done";
    this.#stream?.abort(error);
    this.#answer.reject(error);
  }

  /**
   * Lets what is written of the body fail: the client is gone.
   *
   * @param error What the handler is told.
   */
  lose(error: ConnectionLost): void {
    this.#lost = error;
    this.#stream?.abort(error);
  }

  get #hasContent(): boolean {
    return !this.#isHead && !forbidsContent(this.#head.status);
  }

  /** The body is complete: the host is to know its length. */
  #commitWhole(): void {
    const body = this.#held.release();
    this.#checkLength(body.length);
    // A host derives the length from the body; of HEAD it gets none.
    if (
      this.#isHead && this.#head.declared === undefined &&
      !forbidsContent(this.#head.status)
    ) {
      this.#headers.set("Content-Length", String(body.length));
    }
    this.#commit(this.#hasContent ? body : null);
  }

  /** The body will come in pieces: the head goes ahead of it. */
  #commitStream(): void {
    const held = this.#held.release();
    if (!this.#hasContent) return this.#commit(null);
    this.#stream = new BodyStream(this.#onCancel);
    if (held.length > 0) this.#send(held);
    this.#commit(this.#stream.readable);
    if (this.#lost !== undefined) this.#stream.abort(this.#lost);
  }

  #commit(body: BodyInit | null): void {
    this.#isCommitted = true;
    this.#answer.resolve(
      new Response(body, {
        status: this.#head.status,
        statusText: this.#reason,
        headers: this.#headers,
      }),
    );
  }

  #send(octets: Uint8Array): Promise<void> {
    if (this.#stream === undefined) {
      this.#unsent ??= new UnsentBody();
      return this.#unsent.take(octets.length, this.#lost !== undefined);
    }
    this.#sent += octets.length;
    const { declared } = this.#head;
    if (declared !== undefined && this.#sent > declared) {
      throw new Error(
        `Cannot write ${this.#sent} octets: Content-Length is ${declared}`,
      );
    }
    return this.#stream.write(octets);
  }

  #checkLength(length: number): void {
    const { declared } = this.#head;
    if (!this.#hasContent || declared === undefined) return;
    if (length !== declared) {
      throw new Error(
        `Cannot end the answer: ${length} octets were written, ` +
          `Content-Length is ${declared}`,
      );
    }
  }

  #require(phase: ResponsePhase, action: string): void {
    if (this.#phase !== phase) {
      throw new Error(
        `Cannot ${action} in the phase "${this.#phase}", only in "${phase}"`,
      );
    }
  }
}

/** A `Response` without its body, which is not asked for any more. */
function headOf(response: Response): Response {
  if (response.body === null) return response;
  response.body.cancel().catch(ignore);
  return new Response(null, response);
}

/** A stream that fails while it is cancelled is at its end anyway. */
function ignore(): void {}
