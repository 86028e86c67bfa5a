// One `Request` and its `Response` as an exchange: what a host that speaks
// fetch carries instead of octets.

import { latin1Octets } from "../bytes/octets.ts";
import { DONE, type Reader, type Writer } from "../bytes/stream.ts";
import { ConnectionLost, HttpError } from "../facts/errors.ts";
import type { Limits } from "../facts/limits.ts";
import type { Exchange, HeadState } from "../protocol/exchange.ts";
import { FieldList } from "../protocol/field_list.ts";
import type { Framing } from "../protocol/framing.ts";
import type { HttpVersion, RequestHead } from "../protocol/request_head.ts";
import { FetchContent } from "./fetch_content.ts";
import { FetchResponse } from "./fetch_response.ts";

/** The host has read the framing, and keeps it to itself. */
const FRAMING: Framing = {
  body: { kind: "none" },
  keepsAlive: false,
  expectsContinue: false,
  takesTrailers: false,
};

/** The exchange of one `Request`. */
export class FetchExchange implements Exchange {
  /** The request as the host gave it. */
  readonly request: Request;
  /** The body of the request. */
  readonly content: FetchContent;
  /** The answer. */
  readonly response: FetchResponse;
  /** Nothing: the host frames. */
  readonly framing: Framing = FRAMING;
  /** There is no connection that would have to linger. */
  readonly needsLinger = false;
  /** One request is all there is. */
  closes = true;
  /** What the steps say; a host speaks what it likes. */
  version: HttpVersion = "HTTP/1.1";

  #path: string;
  #bodyLimit: number;
  #isReceived = false;
  #gone: AbortController | undefined;
  /** Why the client is gone, or the answer broken off. */
  #reason: unknown;

  /**
   * Makes the exchange of a request.
   *
   * @param request The request.
   * @param url Its URL, parsed.
   * @param limits The limits, of which those of the body make sense here.
   */
  constructor(request: Request, url: URL, limits: Limits) {
    this.request = request;
    this.#path = url.pathname + url.search;
    this.#bodyLimit = limits.bodyBytes;
    this.content = new FetchContent(request, limits.bodyBytes);
    this.response = new FetchResponse(
      request.method === "HEAD",
      (error) => this.#tell(error),
    );
  }

  /** The body of the response: there is no other one. */
  get wfile(): Writer {
    return this.response;
  }

  /** A request line as a client would have sent it. */
  get rawRequestLine(): Uint8Array {
    return latin1Octets(this.#line + "\r\n");
  }

  /**
   * Aborted when the host cancels the answer or aborts the request. The signal
   * of the host is asked for on first use only: most handlers need none.
   */
  get signal(): AbortSignal {
    if (this.#gone !== undefined) return this.#gone.signal;
    this.#gone = new AbortController();
    if (this.#reason !== undefined) this.#gone.abort(this.#reason);
    const { signal } = this.request;
    if (signal.aborted) this.#lose(signal.reason);
    else signal.addEventListener("abort", () => this.#lose(signal.reason));
    return this.#gone.signal;
  }

  /** There is one request. */
  findHead(): HeadState {
    if (this.#isReceived) return "none";
    this.#isReceived = true;
    return "whole";
  }

  /** There is nothing to wait for: the host has read the head. */
  receiveMore(): Promise<void> {
    return DONE;
  }

  /** It can begin at once. */
  beginResponse(): void {}

  /** The head that the host has parsed. */
  parseHead(): RequestHead {
    if (
      this.content.remaining !== Infinity &&
      this.content.remaining > this.#bodyLimit
    ) {
      throw new HttpError(413);
    }
    const entries = [...this.request.headers];
    const names = entries.map(([name]) => name);
    const values = entries.map(([, value]) => value);
    return {
      line: this.#line,
      method: this.request.method,
      target: this.#path,
      path: this.#path,
      version: "HTTP/1.1",
      fields: new FieldList(names, values),
      framing: this.framing,
    };
  }

  /** The host sends when it likes. */
  send(): void {}

  /** Completes the answer. */
  finish(): void {
    this.response.end();
    // What was handed on may still be made of the request's body.
    if (this.response.isComplete) this.content.drop();
  }

  /** There is no next request. */
  drain(): void {}

  /** The host looks after its clients. */
  probe(): void {}

  /**
   * Tells whoever asked for `signal`, and breaks off an answer that is under
   * way.
   *
   * @param reason What happened.
   */
  abort(reason: unknown): void {
    this.#tell(reason);
    if (this.response.isCommitted) this.response.abort(reason);
  }

  /** A host keeps its connections to itself. */
  detach(): { rfile: Reader; wfile: Writer } {
    throw new HttpError(501, "There is no connection to take over");
  }

  /** The host may also say so of a client that has got all of its answer. */
  #lose(cause: unknown): void {
    if (this.response.isComplete) return;
    const error = new ConnectionLost("The client went away", { cause });
    this.#tell(error);
    this.response.lose(error);
  }

  #tell(reason: unknown): void {
    this.#reason ??= reason;
    this.#gone?.abort(reason);
  }

  get #line(): string {
    return `${this.request.method} ${this.#path} HTTP/1.1`;
  }
}
