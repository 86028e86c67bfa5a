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
import {
  isAsciiFieldValue,
  isFieldValue,
  listMembers,
  lowerFieldName,
} from "../facts/grammar.ts";
import { forbidsContent } from "../facts/status.ts";
import type { ResponsePhase, ResponseWriter } from "./exchange.ts";
import type { HttpVersion } from "./request_head.ts";

/** A body up to this size gets a `Content-Length` instead of chunks. */
const HOLD_SIZE = 16_384;

const encoder = new TextEncoder();

/** What the request and the connection say of the answer. */
export interface ResponseContext {
  /** Whether the request is HEAD: the head is sent, the body is dropped. */
  isHead: boolean;
  /** Whether the client speaks HTTP/1.1. */
  isHttp11: boolean;
  /** Whether the client understands trailers. */
  takesTrailers: boolean;
  /** Whether the connection ends after this answer; asked at the last moment. */
  closes(): boolean;
  /** The version for the status line. */
  version(): HttpVersion;
}

/** How the body is delimited on the wire. */
type Coding = "held" | "length" | "chunked" | "close" | "none";

/** Writes the answers of one connection, one after the other. */
export class WireResponse implements ResponseWriter {
  #writer: ByteWriter;
  #context: ResponseContext;
  #phase: ResponsePhase = "start";
  #isCommitted = false;
  #status = 0;
  #head = "";
  #isAscii = true;
  #connection = "";
  #declared: number | undefined;
  #wantsChunked = false;
  #announced = "";
  #trailers = "";
  #coding: Coding = "held";
  #held: (string | Uint8Array)[] = [];
  #heldSize = 0;
  #sent = 0;
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

  /** Whether the body's end is the connection's: on HTTP/1.0, unknown lengths. */
  get endsConnection(): boolean {
    return this.#coding === "close";
  }

  /** The body as a web stream; closing it flushes. */
  get writable(): WritableStream<Uint8Array> {
    return this.#writable ??= writableTo(this);
  }

  /** Forgets the answer, which must not be committed yet. */
  reset(): void {
    if (this.#isCommitted && this.#phase !== "done") {
      throw new Error("Cannot start over: the head was sent");
    }
    this.#phase = "start";
    this.#isCommitted = false;
    this.#head = "";
    this.#isAscii = true;
    this.#connection = "";
    this.#declared = undefined;
    this.#wantsChunked = false;
    this.#announced = "";
    this.#trailers = "";
    this.#coding = "held";
    if (this.#heldSize > 0) this.#held = [];
    this.#heldSize = 0;
    this.#sent = 0;
    this.#writable = undefined;
  }

  /** Starts the head; see {@linkcode ResponseWriter}. */
  start(status: number, reason: string): void {
    this.#require("start", "start the head");
    if (!Number.isInteger(status) || status < 100 || status > 999) {
      throw new RangeError(`Cannot send the status ${status}`);
    }
    this.#checkText(reason, "reason phrase");
    this.#status = status;
    this.#head = `${this.#context.version()} ${status} ${reason}\r\n`;
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
    this.#checkText(value, name);
    switch (lowerName) {
      case "connection":
        this.#connection += (this.#connection === "" ? "" : ", ") + value;
        return;
      case "content-length":
        this.#declare(value);
        return;
      case "transfer-encoding":
        if (value.toLowerCase() !== "chunked") {
          throw new TypeError("Cannot send a Transfer-Encoding but chunked");
        }
        this.#wantsChunked = true;
        return;
      case "trailer":
        this.#announced += (this.#announced === "" ? "" : ", ") + value;
        return;
    }
    this.#head += name + ": " + value + "\r\n";
  }

  /** Ends the head; nothing is sent before the first large write or `end`. */
  endHead(): void {
    this.#require("head", "end the head");
    this.#phase = "body";
  }

  /** Writes some of the body; see {@linkcode Writer}. */
  write(chunk: string | Uint8Array): Promise<void> {
    this.#require("body", "write the body");
    if (chunk.length === 0) return DONE;
    if (this.#coding === "held") {
      if (this.#declared === undefined && this.#hold(chunk)) return DONE;
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
    const lowerName = lowerFieldName(name);
    if (
      lowerName === undefined ||
      !listMembers(this.#announced).includes(lowerName)
    ) {
      throw new TypeError(
        `Cannot send the trailer ${JSON.stringify(name)}: the field Trailer ` +
          "did not announce it",
      );
    }
    this.#checkText(value, name);
    this.#trailers += name + ": " + value + "\r\n";
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
    if (!this.#context.isHttp11) return DONE;
    let head = `HTTP/1.1 ${status} ${reason}\r\n`;
    for (const [name, value] of fields) {
      if (lowerFieldName(name) === undefined || !isFieldValue(value)) {
        throw new TypeError(`Cannot send the field ${JSON.stringify(name)}`);
      }
      head += name + ": " + value + "\r\n";
    }
    this.#writer.writeLatin1(head + "\r\n");
    return this.#writer.flush();
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
      if (this.#declared === undefined) this.#commitWhole();
      else this.#commitStream();
    }
    if (
      this.#coding === "length" && this.#sent !== this.#declared &&
      this.#hasContent
    ) {
      throw new Error(
        `Cannot end the answer: ${this.#sent} octets were written, ` +
          `Content-Length is ${this.#declared}`,
      );
    }
    if (this.#coding === "chunked" && this.#hasContent) {
      this.#writer.writeLatin1("0\r\n" + this.#trailers + "\r\n");
    }
    this.#phase = "done";
  }

  get #hasContent(): boolean {
    return !this.#context.isHead && !forbidsContent(this.#status);
  }

  #require(phase: ResponsePhase, action: string): void {
    if (this.#phase !== phase) {
      throw new Error(
        `Cannot ${action} in the phase "${this.#phase}", only in "${phase}"`,
      );
    }
  }

  #checkText(text: string, what: string): void {
    if (isAsciiFieldValue(text)) return;
    if (!isFieldValue(text)) {
      throw new TypeError(
        `Cannot send the ${what}: it holds a control character or one ` +
          "outside latin-1",
      );
    }
    this.#isAscii = false;
  }

  #declare(value: string): void {
    if (!/^\d{1,15}$/.test(value)) {
      throw new TypeError(`Cannot send the Content-Length ${value}`);
    }
    const length = Number(value);
    if (this.#declared !== undefined && this.#declared !== length) {
      throw new TypeError("Cannot send two different Content-Length fields");
    }
    this.#declared = length;
  }

  /** Keeps a piece of a small body; false if the hold is full. */
  #hold(chunk: string | Uint8Array): boolean {
    if (this.#heldSize + chunk.length > HOLD_SIZE || this.#mustStream) {
      return false;
    }
    this.#heldSize += chunk.length;
    // The caller may reuse its octets once the write is settled.
    this.#held.push(typeof chunk === "string" ? chunk : chunk.slice());
    return true;
  }

  /** Chunks are needed for trailers, or asked for. */
  get #mustStream(): boolean {
    return this.#context.isHttp11 &&
      (this.#wantsChunked || this.#sendsTrailers);
  }

  get #sendsTrailers(): boolean {
    return this.#announced !== "" && this.#context.takesTrailers;
  }

  /** Head and body are complete: the length is known, one write takes both. */
  #commitWhole(): void {
    if (this.#mustStream) {
      this.#commitStream();
      return;
    }
    const [only] = this.#held;
    if (this.#held.length === 1 && typeof only === "string") {
      this.#commitText(only);
      return;
    }
    const pieces = this.#held.map((piece) =>
      typeof piece === "string" ? encoder.encode(piece) : piece
    );
    this.#held = [];
    let length = 0;
    for (const piece of pieces) length += piece.length;
    this.#commit("length", length);
    if (this.#hasContent) {
      for (const piece of pieces) this.#writer.write(piece);
    }
  }

  /** The commonest answer: one text, mostly ASCII, whose size is its length. */
  #commitText(text: string): void {
    this.#held.length = 0;
    if (this.#hasContent && this.#isAscii) {
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
    const held = this.#held;
    this.#held = [];
    if (!this.#hasContent && this.#declared === undefined) {
      this.#commit("none", undefined);
      return;
    }
    if (this.#declared !== undefined && !this.#sendsTrailers) {
      this.#commit("length", this.#declared);
      this.#sent = 0;
    } else {this.#commit(
        this.#context.isHttp11 ? "chunked" : "close",
        undefined,
      );}
    for (const piece of held) {
      this.#send(typeof piece === "string" ? encoder.encode(piece) : piece);
    }
  }

  #commit(coding: Coding, length: number | undefined): void {
    const head = this.#headText(coding, length);
    if (!this.#isAscii || !this.#writer.writeAscii(head)) {
      this.#writer.writeLatin1(head);
    }
    this.#markCommitted(coding, length);
  }

  #markCommitted(coding: Coding, length: number | undefined): void {
    this.#coding = coding;
    this.#declared = length;
    this.#sent = length ?? 0;
    this.#isCommitted = true;
    this.#heldSize = 0;
  }

  /** The whole head with the fields that frame the body. */
  #headText(coding: Coding, length: number | undefined): string {
    let head = this.#head;
    // No length at all on 1xx and 204 (RFC 9110 section 8.6); on 304 only that
    // of the 200 which the handler declared; 205 has none but zero.
    if (this.#status === 205) head += "Content-Length: 0\r\n";
    else if (!forbidsContent(this.#status) || this.#declaresFor304) {
      if (coding === "length") head += "Content-Length: " + length + "\r\n";
      else if (coding === "chunked" || coding === "none") {
        if (this.#context.isHttp11) head += "Transfer-Encoding: chunked\r\n";
      }
    }
    if (this.#sendsTrailers) head += "Trailer: " + this.#announced + "\r\n";
    return head + this.#connectionField(coding) + "\r\n";
  }

  get #declaresFor304(): boolean {
    return this.#status === 304 && this.#declared !== undefined;
  }

  #connectionField(coding: Coding): string {
    const given = this.#connection;
    if (coding === "close" || this.#context.closes()) {
      if (given === "") return "Connection: close\r\n";
      const options = listMembers(given).filter((option) =>
        option !== "keep-alive" && option !== "close"
      );
      return `Connection: ${[...options, "close"].join(", ")}\r\n`;
    }
    if (given !== "") return `Connection: ${given}\r\n`;
    // A 1.0 client has to be told that the connection stays.
    return this.#context.isHttp11 ? "" : "Connection: keep-alive\r\n";
  }

  #send(octets: Uint8Array): Promise<void> {
    if (!this.#hasContent) return DONE;
    if (this.#coding === "length") {
      this.#sent += octets.length;
      if (this.#sent > (this.#declared ?? 0)) {
        throw new Error(
          `Cannot write ${this.#sent} octets: Content-Length is ${this.#declared}`,
        );
      }
      return this.#writer.write(octets);
    }
    if (this.#coding !== "chunked") return this.#writer.write(octets);
    this.#writer.writeAscii(octets.length.toString(16) + "\r\n");
    this.#writer.write(octets);
    return this.#writer.write("\r\n");
  }
}
