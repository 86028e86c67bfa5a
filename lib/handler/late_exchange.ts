// What late code gets for the exchange of its handler: a request that was read,
// and a response that is complete.

import {
  DONE,
  readableFrom,
  type Reader,
  writableTo,
  type Writer,
} from "../bytes/stream.ts";
import type {
  Exchange,
  HeadState,
  RequestContent,
  ResponseWriter,
} from "../protocol/exchange.ts";
import { FieldList } from "../protocol/field_list.ts";
import type { Framing } from "../protocol/framing.ts";
import { lateError, lateWrite } from "../protocol/late_error.ts";
import type { HttpVersion, RequestHead } from "../protocol/request_head.ts";

const EMPTY = new Uint8Array();

const REFUSAL = "Cannot write the body: the response is complete. What wrote " +
  "was left running by an earlier request of the connection. What is called " +
  "across requests should keep the `wfile` of its own one";

/** The body of a request that was read to its end. */
const READ: RequestContent = {
  trailers: new FieldList([], []),
  remaining: 0,
  hasBegun: false,
  takeWhole: () => EMPTY,
  read: () => Promise.resolve(null),
  readLine: () => Promise.resolve(null),
  get readable() {
    return readableFrom(this);
  },
};

/** A response that takes nothing. */
class CompleteResponse implements ResponseWriter {
  readonly phase = "done";
  readonly isCommitted = true;
  #onWrite: (error: Error) => void;

  constructor(onWrite: (error: Error) => void) {
    this.#onWrite = onWrite;
  }

  get writable(): WritableStream<Uint8Array> {
    return writableTo(this);
  }

  write(): Promise<void> {
    const error = new Error(REFUSAL);
    this.#onWrite(error);
    return lateWrite(error);
  }

  flush(): Promise<void> {
    return DONE;
  }

  start(): void {
    throw lateError("start the head");
  }

  field(name: string): void {
    throw lateError(`send the field ${JSON.stringify(name)}`);
  }

  endHead(): void {
    throw lateError("end the head");
  }

  trailer(name: string): void {
    throw lateError(`send the trailer ${JSON.stringify(name)}`);
  }

  inform(status: number): Promise<void> {
    throw lateError(`send ${status}`);
  }

  reset(): void {
    throw lateError("start over");
  }

  adopt(): boolean {
    throw lateError("respond");
  }

  end(): void {}
}

/** The exchange of late code. */
export class LateExchange implements Exchange {
  /** Nothing of a request line is left. */
  readonly rawRequestLine: Uint8Array = EMPTY;
  /** A body that was read. */
  readonly content: RequestContent = READ;
  /** A response that is complete. */
  readonly response: ResponseWriter;
  /** No body comes. */
  readonly framing: Framing = {
    body: { kind: "none" },
    keepsAlive: false,
    expectsContinue: false,
    takesTrailers: false,
  };
  /** Nothing is asked for. */
  readonly signal: AbortSignal = AbortSignal.abort(lateError("wait"));
  /** Nothing is closed. */
  readonly needsLinger = false;
  /** Not the version of the current response. */
  version: HttpVersion = "HTTP/1.1";

  /**
   * Makes an exchange that is over.
   *
   * @param onWrite Takes the error of each write.
   */
  constructor(onWrite: (error: Error) => void) {
    this.response = new CompleteResponse(onWrite);
  }

  /** The body of that response. */
  get wfile(): Writer {
    return this.response;
  }

  /** Whether the current request closes the connection is not its business. */
  get closes(): boolean {
    return true;
  }

  set closes(_value: boolean) {}

  /** No request is received. */
  findHead(): HeadState {
    throw lateError("receive a request");
  }

  /** No request is received. */
  receiveMore(): Promise<unknown> {
    throw lateError("receive a request");
  }

  /** No request is refused. */
  beginResponse(): void {}

  /** No request is parsed. */
  parseHead(): RequestHead {
    throw lateError("parse a request");
  }

  /** Nothing is sent. */
  send(): void {}

  /** Nothing is completed. */
  finish(): void {}

  /** Nothing ends. */
  drain(): void {}

  /** Nothing is sent. */
  probe(): void {}

  /** Nobody listens. */
  abort(): void {}

  /** The connection is somebody else's. */
  detach(): { rfile: Reader; wfile: Writer } {
    throw lateError("take the connection");
  }
}
