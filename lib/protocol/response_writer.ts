// The life of an answer, from the handler to the socket:
//
// 1. `start` and `field` write the head into a string. Nothing is sent.
// 2. `endHead` ends it. What the body's length will be is not known yet.
// 3. `write` holds the body back while it is small.
// 4. `end` before the hold is full: the length is known now. Head and body go
//    into the connection's buffer together, and leave in one write.
// 5. The hold is full, or `flush` was called: the head says `chunked` (on
//    HTTP/1.0, `close`), and from here on `write` sends.
// 6. The connection's buffer leaves when the loop would wait for the client.
//
// RFC 9112 section 6 for the framing, RFC 9110 section 6.4.1 for the statuses
// and methods without content.

import type { ByteWriter } from "../bytes/byte_writer.ts";
import { DONE, writableTo } from "../bytes/stream.ts";
import { forbidsContent } from "../facts/status.ts";
import type { ResponsePhase, ResponseWriter } from "./exchange.ts";
import { HeldBody } from "./held_body.ts";
import { lateError, lateWrite } from "./late_error.ts";
import type { HttpVersion } from "./request_head.ts";
import {
  type Coding,
  informationalHead,
  ResponseHead,
} from "./response_head.ts";
import { trailerLine } from "./response_trailer.ts";
import { UnsentBody } from "./unsent_body.ts";

const encoder = new TextEncoder();

/** What the request and the connection say of the answer. */
export interface ResponseContext {
  /** Whether the request is HEAD: the head is sent, the body is dropped. */
  readonly isHead: boolean;
  /** Whether the client speaks HTTP/1.1. */
  readonly isHttp11: boolean;
  /** Whether the client understands trailers. */
  readonly takesTrailers: boolean;
  /** Whether the connection ends after this answer; asked at the last moment. */
  readonly closes: boolean;
  /** The version for the status line. */
  readonly version: HttpVersion;
  /** Whether the client has ended its side, or is gone. */
  readonly isClientDone: boolean;
}

/** Writes the answers of one connection, one after the other. */
export class WireResponse implements ResponseWriter {
  #writer: ByteWriter;
  #context: ResponseContext;
  #head = new ResponseHead();
  #phase: ResponsePhase = "done";
  #isCommitted = false;
  #trailers = "";
  #coding: Coding = "held";
  #held = new HeldBody();
  #sent = 0;
  #unsent: UnsentBody | undefined;
  /** Whether the head says `close`: a body that is read later changes nothing. */
  #saysClose = false;
  #writable: WritableStream<Uint8Array> | undefined;

  /**
   * Makes the writer of a connection's answers.
   *
   * @param writer The connection's writer.
   * @param context What the current request says of its answer.
   */
  constructor(writer: ByteWriter, context: ResponseContext) {
    this.#writer = writer;
    this.#context = context;
  }

  /** How far the answer is. */
  get phase(): ResponsePhase {
    return this.#phase;
  }

  /** Whether something of the answer may have reached the client. */
  get isCommitted(): boolean {
    return this.#isCommitted;
  }

  /**
   * Whether no other response can follow: the body's end is the connection's, or
   * the client was told that it ends, or that another protocol begins.
   */
  get endsConnection(): boolean {
    return this.#coding === "close" || this.#saysClose ||
      this.#isCommitted && this.#head.status === 101;
  }

  /** The body as a web stream; closing it flushes. */
  get writable(): WritableStream<Uint8Array> {
    return this.#writable ??= writableTo(this);
  }

  /** Forgets the response, which must not be committed yet. */
  reset(): void {
    if (this.#isCommitted) {
      throw new Error("Cannot start over: the head was sent");
    }
    if (this.#phase === "done") throw lateError("start over");
    this.begin();
  }

  /** Begins the response to the next request; before, nothing may be sent. */
  begin(): void {
    this.#phase = "start";
    this.#isCommitted = false;
    this.#head.clear();
    this.#trailers = "";
    this.#coding = "held";
    this.#held.clear();
    this.#sent = 0;
    this.#unsent = undefined;
    this.#saysClose = false;
    this.#writable = undefined;
  }

  /** Starts the head; see {@linkcode ResponseWriter}. */
  start(status: number, reason: string): void {
    this.#require("start", "start the head");
    this.#head.start(this.#context.version, status, reason);
    this.#phase = "head";
  }

  /** Adds a field; see {@linkcode ResponseWriter}. */
  field(name: string, value: string): void {
    if (this.#phase !== "head") {
      this.#require("head", `send the field ${JSON.stringify(name)}`);
    }
    this.#head.add(name, value);
  }

  /** Ends the head; nothing is sent before the first large write or `end`. */
  endHead(): void {
    this.#require("head", "end the head");
    this.#phase = "body";
  }

  /** Writes some of the body; see {@linkcode Writer}. */
  write(chunk: string | Uint8Array): Promise<void> {
    if (this.#phase === "done") return lateWrite();
    this.#require("body", "write the body");
    if (chunk.length === 0) return DONE;
    if (this.#coding === "held") {
      if (this.#hold(chunk)) return DONE;
      this.#commitStream();
    }
    return this.#send(
      typeof chunk === "string" ? encoder.encode(chunk) : chunk,
    );
  }

  /** Sends the head and what was written of the body so far. */
  flush(): Promise<void> {
    if (this.#phase === "body" && this.#coding === "held") this.#commitStream();
    return this.#writer.flush();
  }

  /** Adds a trailer field; see {@linkcode ResponseWriter}. */
  trailer(name: string, value: string): void {
    this.#require("body", "send a trailer");
    this.#trailers += trailerLine(name, value, this.#head.announced);
  }

  /** Sends an informational answer; HTTP/1.0 clients know none. */
  inform(
    status: number,
    reason: string,
    fields: Iterable<readonly [name: string, value: string]>,
  ): Promise<void> {
    if (this.#isCommitted) {
      throw new Error(`Cannot send ${status}: the head was sent`);
    }
    if (this.#phase === "done") throw lateError(`send ${status}`);
    const head = informationalHead(status, reason, fields);
    if (!this.#context.isHttp11) return DONE;
    this.#writer.writeLatin1(head);
    return this.#writer.flush();
  }

  /** Sends what changes nothing of the response; see {@linkcode Exchange}. */
  probe(): void {
    if (this.#phase === "done" || !this.#context.isHttp11) return;
    if (!this.#isCommitted) {
      // Whoever does not wait for it discards it (RFC 9110 section 15.2.1).
      this.#writer.writeAscii("HTTP/1.1 100 Continue\r\n\r\n");
    } else if (this.#coding === "chunked" && this.#hasContent) {
      // A zero in front of the next chunk's size (RFC 9112 section 7.1).
      this.#writer.writeAscii("0");
    } else return;
    this.#writer.send();
  }

  /** A connection takes an answer step by step only. */
  adopt(_response: Response): boolean {
    return false;
  }

  /** Completes the answer; see {@linkcode ResponseWriter}. */
  end(): void {
    if (this.#phase === "done") return;
    this.#require("body", "end the answer");
    if (this.#coding === "held") {
      if (this.#head.declared === undefined) this.#commitWhole();
      else this.#commitStream();
    }
    if (
      this.#coding === "length" && this.#sent !== this.#head.declared &&
      this.#hasContent
    ) {
      throw new Error(
        `Cannot end the answer: ${this.#sent} octets were written, ` +
          `Content-Length is ${this.#head.declared}`,
      );
    }
    if (this.#coding === "chunked" && this.#hasContent) {
      const trailers = this.#sendsTrailers ? this.#trailers : "";
      if (trailers === "") this.#writer.writeAscii("0\r\n\r\n");
      else this.#writer.writeLatin1("0\r\n" + trailers + "\r\n");
    }
    this.#phase = "done";
  }

  get #hasContent(): boolean {
    return !this.#context.isHead && !forbidsContent(this.#head.status);
  }

  #require(phase: ResponsePhase, action: string): void {
    if (this.#phase !== phase) {
      throw new Error(
        `Cannot ${action} in the phase "${this.#phase}", only in "${phase}"`,
      );
    }
  }

  /** Keeps a piece of a small body; false if it has to be sent. */
  #hold(chunk: string | Uint8Array): boolean {
    return this.#head.declared === undefined && !this.#mustStream &&
      this.#held.add(chunk);
  }

  /** Chunks are needed for trailers, or asked for. */
  get #mustStream(): boolean {
    return this.#context.isHttp11 &&
      (this.#head.wantsChunked || this.#sendsTrailers);
  }

  get #sendsTrailers(): boolean {
    return this.#head.announced !== "" && this.#context.takesTrailers &&
      !forbidsContent(this.#head.status);
  }

  /** Head and body are complete: the length is known, one write takes both. */
  #commitWhole(): void {
    if (this.#mustStream) {
      this.#commitStream();
      return;
    }
    const text = this.#held.onlyText;
    if (text !== undefined) {
      this.#commitText(text);
      return;
    }
    const bytes = this.#held.release();
    this.#commit("length", bytes.length);
    if (this.#hasContent) this.#writer.write(bytes);
  }

  /** The commonest answer: one text, mostly ASCII, whose size is its length. */
  #commitText(text: string): void {
    this.#held.clear();
    if (this.#hasContent && this.#head.isAscii) {
      const head = this.#headText("length", text.length);
      if (this.#writer.writeAscii(head + text)) {
        this.#markCommitted("length", text.length);
        return;
      }
    }
    const octets = encoder.encode(text);
    this.#commit("length", octets.length);
    if (this.#hasContent) this.#writer.write(octets);
  }

  /** The body will come in pieces: the head goes ahead of it. */
  #commitStream(): void {
    const held = this.#held.release();
    if (!this.#hasContent && this.#head.declared === undefined) {
      this.#commit("none", undefined);
      return;
    }
    if (this.#head.declared !== undefined && !this.#sendsTrailers) {
      this.#commit("length", this.#head.declared);
      this.#sent = 0;
    } else {
      this.#commit(this.#context.isHttp11 ? "chunked" : "close", undefined);
    }
    if (held.length > 0) this.#send(held);
  }

  #commit(coding: Coding, length: number | undefined): void {
    const head = this.#headText(coding, length);
    if (!this.#head.isAscii || !this.#writer.writeAscii(head)) {
      this.#writer.writeLatin1(head);
    }
    this.#markCommitted(coding, length);
  }

  #markCommitted(coding: Coding, length: number | undefined): void {
    this.#coding = coding;
    this.#head.declared = length;
    this.#sent = length ?? 0;
    this.#isCommitted = true;
  }

  #headText(coding: Coding, length: number | undefined): string {
    const { isHttp11, closes } = this.#context;
    this.#saysClose = closes;
    return this.#head.complete({
      coding,
      length,
      sendsTrailers: this.#sendsTrailers,
      isHttp11,
      closes,
    });
  }

  #send(octets: Uint8Array): Promise<void> {
    if (!this.#hasContent) {
      this.#writer.send();
      this.#unsent ??= new UnsentBody();
      return this.#unsent.take(octets.length, this.#context.isClientDone);
    }
    if (this.#coding === "length") {
      this.#sent += octets.length;
      if (this.#sent > (this.#head.declared ?? 0)) {
        throw new Error(
          `Cannot write ${this.#sent} octets: Content-Length is ${this.#head.declared}`,
        );
      }
      return this.#writer.write(octets);
    }
    if (this.#coding !== "chunked") return this.#writer.write(octets);
    return this.#writer.writeChunk(octets);
  }
}
