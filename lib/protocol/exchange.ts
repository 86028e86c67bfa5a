// The seam between handlers and what carries them. A handler reads one request
// and writes one answer through these interfaces; the wire form of them reads
// and writes a connection, the fetch form a `Request` and a `Response`.

import type { Reader, Writer } from "../bytes/stream.ts";
import type { FieldList } from "./field_list.ts";
import type { Framing } from "./framing.ts";
import type { HttpVersion, RequestHead } from "./request_head.ts";

/** A value, or the promise of one where it has to be waited for. */
export type MaybePromise<T> = T | Promise<T>;

/** The body of a request. */
export interface RequestContent extends Reader {
  /** The trailer fields; empty until the body was read to its end. */
  readonly trailers: FieldList;
  /** The octets still to come where they are known, else `Infinity`. */
  readonly remaining: number;
  /** Whether something of it was read. */
  readonly hasBegun: boolean;
  /** The whole content, if it is here already. */
  takeWhole(): Uint8Array | undefined;
}

/**
 * How much of the next request's head is here: all of it, not yet all of it, or
 * nothing, and nothing will come.
 */
export type HeadState = "whole" | "partial" | "none";

/**
 * How far an answer is: nothing yet, its head being written, its body being
 * written, or complete.
 */
export type ResponsePhase = "start" | "head" | "body" | "done";

/** One answer: a head, then a body. Its framing is derived, never written. */
export interface ResponseWriter extends Writer {
  /** How far the answer is. */
  readonly phase: ResponsePhase;
  /** Whether something of it may have reached the client. */
  readonly isCommitted: boolean;
  /** Starts the head with a status and a reason phrase. */
  start(status: number, reason: string): void;
  /**
   * Adds a field to the head.
   *
   * @throws {TypeError} If the name is no token, or the value holds CR, LF, NUL
   * or another character that a field may not hold.
   */
  field(name: string, value: string): void;
  /** Ends the head. */
  endHead(): void;
  /** Adds a trailer field; dropped where the client does not take trailers. */
  trailer(name: string, value: string): void;
  /** Sends an informational answer (1xx) ahead of the head. */
  inform(
    status: number,
    reason: string,
    fields: Iterable<readonly [name: string, value: string]>,
  ): Promise<void>;
  /** Forgets what was written, which must not be committed yet. */
  reset(): void;
  /**
   * Takes a web `Response` as the whole answer.
   *
   * @returns False where the transport cannot: it goes through the steps then.
   */
  adopt(response: Response): boolean;
  /**
   * Completes the answer.
   *
   * @throws {Error} If the head is still open, or the body is shorter than the
   * length that was declared.
   */
  end(): void;
}

/** One side of a connection: requests come in, responses go out. */
export interface Exchange {
  /** The web `Request`, where fetch carries it. */
  readonly request?: Request;
  /** The request line as received, with its line end. */
  readonly rawRequestLine: Uint8Array;
  /** The body of the current request. */
  readonly content: RequestContent;
  /** The answer to the current request. */
  readonly response: ResponseWriter;
  /** The body of that response alone: it takes nothing once that is complete. */
  readonly wfile: Writer;
  /** What the head of the current request says of the octets around it. */
  readonly framing: Framing;
  /** Whether the connection ends after the current response. */
  closes: boolean;
  /** The version that the server speaks; the answers say so. */
  version: HttpVersion;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
  /** Whether the client may still be sending when the connection ends. */
  readonly needsLinger: boolean;
  /**
   * Looks for the head of the next request in what is here.
   *
   * @throws {HttpError} 400, 414, 431 or 505 for a head that cannot become a
   * request.
   */
  findHead(): HeadState;
  /**
   * Waits for more of a head that is not whole.
   *
   * @throws {HttpError} 400, 414, 431 or 505 for what is here; the promise is
   * rejected with 408 if the rest takes too long.
   */
  receiveMore(): Promise<unknown>;
  /** Lets the response begin: before, nothing can be sent. */
  beginResponse(): void;
  /**
   * Parses the head that was received.
   *
   * @throws {HttpError} 400, 413, 414, 417, 431, 501 or 505.
   */
  parseHead(): RequestHead;
  /** Sends what earlier answers left in the buffer. */
  send(): void;
  /** Completes the answer and makes ready for the next request. */
  finish(): MaybePromise<void>;
  /** Answers no request after the current one. */
  drain(): void;
  /**
   * Sends what changes no response, where there is such a thing: a client that
   * has closed the connection resets it for that, one that reads on does not.
   */
  probe(): void;
  /**
   * Tells whoever asked for `signal` that the client is gone.
   *
   * @param reason What happened.
   */
  abort(reason: unknown): void;
  /**
   * Gives the octets of the connection to the caller.
   *
   * @throws {HttpError} 501 where there is no connection.
   */
  detach(): { rfile: Reader; wfile: Writer };
}
