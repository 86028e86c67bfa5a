// An answer as a web `Response`. The steps fill in a head; a body that is
// complete before anything had to be sent goes into the `Response` as it is,
// any other through a stream with backpressure.

import { DONE, owned, writableTo } from "../bytes/stream.ts";
import { isFieldValue, lowerFieldName } from "../facts/grammar.ts";
import { forbidsContent } from "../facts/status.ts";
import type { ResponsePhase, ResponseWriter } from "../protocol/exchange.ts";

/** A body up to this size is held back until it is complete. */
const HOLD_SIZE = 65_536;

/** Fields that the host writes itself. */
const HOST_FIELDS = [
  "connection",
  "transfer-encoding",
  "keep-alive",
  "trailer",
];

const encoder = new TextEncoder();

/** Writes one answer as a `Response`. */
export class FetchResponse implements ResponseWriter {
  /** The answer, as soon as its head is complete and its body begins or ends. */
  readonly answer: Promise<Response>;

  #resolve: (response: Response) => void;
  #reject: (error: unknown) => void;
  #isHead: boolean;
  #phase: ResponsePhase = "start";
  #isCommitted = false;
  #status = 200;
  #reason = "";
  #headers = new Headers();
  #held: Uint8Array<ArrayBuffer>[] = [];
  #heldSize = 0;
  #stream: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>> | undefined;
  #writable: WritableStream<Uint8Array> | undefined;

  /**
   * Makes the writer of an answer.
   *
   * @param isHead Whether the request is HEAD: the body is dropped.
   */
  constructor(isHead: boolean) {
    const { promise, resolve, reject } = Promise.withResolvers<Response>();
    this.answer = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#isHead = isHead;
  }

  /** How far the answer is. */
  get phase(): ResponsePhase {
    return this.#phase;
  }

  /** Whether the host has the head already. */
  get isCommitted(): boolean {
    return this.#isCommitted;
  }

  /** The body as a web stream; closing it flushes. */
  get writable(): WritableStream<Uint8Array> {
    return this.#writable ??= writableTo(this);
  }

  /** Starts the head; see {@linkcode ResponseWriter}. */
  start(status: number, reason: string): void {
    this.#require("start", "start the head");
    if (!Number.isInteger(status) || status < 200 || status > 599) {
      throw new RangeError(`Cannot send the status ${status} through fetch`);
    }
    this.#status = status;
    this.#reason = reason;
    this.#phase = "head";
  }

  /** Adds a field; see {@linkcode ResponseWriter}. */
  field(name: string, value: string): void {
    this.#require("head", `send the field ${JSON.stringify(name)}`);
    const lowerName = lowerFieldName(name);
    if (lowerName === undefined) {
      throw new TypeError(
        `Cannot send a field: its name ${JSON.stringify(name)} is not a token`,
      );
    }
    if (!isFieldValue(value)) {
      throw new TypeError(
        `Cannot send the ${name}: it holds a control character or one ` +
          "outside latin-1",
      );
    }
    if (!HOST_FIELDS.includes(lowerName)) this.#headers.append(name, value);
  }

  /** Ends the head. */
  endHead(): void {
    this.#require("head", "end the head");
    this.#phase = "body";
  }

  /** Writes some of the body; see {@linkcode ResponseWriter}. */
  write(chunk: string | Uint8Array): Promise<void> {
    this.#require("body", "write the body");
    if (!this.#hasContent || chunk.length === 0) return DONE;
    // The host may read later: the octets have to be the answer's own.
    const octets = typeof chunk === "string"
      ? encoder.encode(chunk)
      : owned(chunk.slice());
    if (this.#stream === undefined) {
      this.#held.push(octets);
      this.#heldSize += octets.length;
      return this.#heldSize > HOLD_SIZE ? this.flush() : DONE;
    }
    return this.#send(octets);
  }

  /** Gives the host the head, and the body so far. */
  flush(): Promise<void> {
    if (this.#phase !== "body") return DONE;
    if (!this.#hasContent) {
      this.#commit(null);
      return DONE;
    }
    if (this.#stream !== undefined) return this.#stream.ready;
    const { readable, writable } = new TransformStream<
      Uint8Array<ArrayBuffer>,
      Uint8Array<ArrayBuffer>
    >(undefined, new ByteLengthQueuingStrategy({ highWaterMark: HOLD_SIZE }));
    this.#stream = writable.getWriter();
    this.#stream.closed.catch(ignore);
    this.#commit(readable);
    for (const octets of this.#held) this.#send(octets);
    return this.#stream.ready;
  }

  /** A host cannot send trailers: dropped. */
  trailer(_name: string, _value: string): void {}

  /** A host cannot send informational answers: dropped. */
  inform(): Promise<void> {
    return DONE;
  }

  /** Forgets what was written; see {@linkcode ResponseWriter}. */
  reset(): void {
    if (this.#isCommitted) {
      throw new Error("Cannot start over: the head was sent");
    }
    this.#phase = "start";
    this.#headers = new Headers();
    this.#held = [];
    this.#heldSize = 0;
  }

  /** Hands on a `Response` as it is; of HEAD only the head. */
  adopt(response: Response): boolean {
    this.#require("start", "answer with a Response");
    this.#phase = "done";
    this.#isCommitted = true;
    if (this.#isHead && response.body !== null) {
      void response.body.cancel();
      this.#resolve(new Response(null, response));
    } else this.#resolve(response);
    return true;
  }

  /** Completes the answer; see {@linkcode ResponseWriter}. */
  end(): void {
    if (this.#phase === "done") return;
    this.#require("body", "end the answer");
    this.#phase = "done";
    if (this.#stream !== undefined) {
      this.#stream.close().catch(ignore);
    } else if (!this.#isCommitted) {
      this.#commit(this.#hasContent ? joined(this.#held) : null);
    }
  }

  /**
   * Breaks the answer off: the host gets the error if it has no head yet, else
   * the stream fails.
   *
   * @param error What happened.
   */
  abort(error: unknown): void {
    this.#phase = "done";
    if (this.#stream === undefined) this.#reject(error);
    else this.#stream.abort(error).catch(ignore);
  }

  get #hasContent(): boolean {
    return !this.#isHead && !forbidsContent(this.#status);
  }

  #commit(body: BodyInit | null): void {
    this.#isCommitted = true;
    this.#resolve(
      new Response(body, {
        status: this.#status,
        statusText: this.#reason,
        headers: this.#headers,
      }),
    );
  }

  #send(octets: Uint8Array<ArrayBuffer>): Promise<void> {
    const stream = this.#stream;
    if (stream === undefined) return DONE;
    stream.write(octets).catch(ignore);
    stream.ready.catch(ignore);
    return stream.ready;
  }

  #require(phase: ResponsePhase, action: string): void {
    if (this.#phase !== phase) {
      throw new Error(
        `Cannot ${action} in the phase "${this.#phase}", only in "${phase}"`,
      );
    }
  }
}

function joined(
  pieces: readonly Uint8Array<ArrayBuffer>[],
): Uint8Array<ArrayBuffer> {
  const [first] = pieces;
  if (first !== undefined && pieces.length === 1) return first;
  let size = 0;
  for (const piece of pieces) size += piece.length;
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** For what fails when the host cancels: the awaited write reports it. */
function ignore(): void {}
