// The answering half of a handler: the steps from a status code to the end of
// the head, the page of an error, and the log. Each step is a method that a
// subclass may override. The asking half is `received_request.ts`.

import { listMembers } from "../facts/grammar.ts";
import { formatHttpDate } from "../facts/http_date.ts";
import { forbidsContent, RESPONSES, type StatusText } from "../facts/status.ts";
import type { HttpVersion } from "../protocol/request_head.ts";
import type { Exchange, ResponseWriter } from "../protocol/exchange.ts";
import { escapeControls, formatLogDate, shorten } from "./access_log.ts";
import { report, tryToLog } from "./error_report.ts";
import {
  ERROR_CONTENT_TYPE,
  ERROR_MESSAGE_FORMAT,
  formatErrorPage,
} from "./error_page.ts";
import { StreamRequestHandler } from "./stream_request_handler.ts";

/** Fields of a head, in order. */
export type Fields = Iterable<readonly [name: string, value: string]>;

/**
 * The steps of an answer: `sendResponse` → `sendHeader` → `endHeaders` →
 * `wfile.write`.
 *
 * - Methods to use: these and `sendError`, `sendInformational`, `sendTrailer`.
 * - Methods to override: any of them, `versionString`, `dateTimeString`,
 *   `addressString` and the four that log.
 * - Fields to override: `serverVersion`, `errorMessageFormat`,
 *   `errorContentType`, `responses`, `protocolVersion`.
 */
export abstract class ResponsePipeline extends StreamRequestHandler {
  /**
   * What `versionString` says of this server: the product without its version,
   * which would tell a stranger which known faults to try (RFC 9110 section
   * 10.2.4).
   */
  serverVersion = "verb";
  /**
   * The version that the server speaks. With `"HTTP/1.0"` every connection is
   * closed after its first answer, as Python's server does by default.
   */
  protocolVersion: HttpVersion = "HTTP/1.1";
  /** The error page: `%(code)d`, `%(message)s` and `%(explain)s` are filled in. */
  errorMessageFormat: string = ERROR_MESSAGE_FORMAT;
  /**
   * The media type of the error page, by which what is filled in is escaped: as
   * text of a JSON string, as plain text, else as markup.
   */
  errorContentType: string = ERROR_CONTENT_TYPE;
  /** The reason phrase and explanation of each status code. */
  responses: Readonly<Record<number, StatusText>> = RESPONSES;
  /** The request line without its line end; `""` before one was parsed. */
  requestLine = "";
  /** Small heads and chunks are not held back in the kernel. */
  override disableNagle = true;

  /** The requests and answers of the conversation. */
  protected abstract get exchange(): Exchange;

  /** What a class that forwarded the request adds to whatever response it gets. */
  protected abstract get carriedFields(): Fields;

  /** Whether the connection is closed after the current answer. */
  get closeConnection(): boolean {
    return this.exchange.closes;
  }

  set closeConnection(value: boolean) {
    this.exchange.closes = value;
  }

  /**
   * Starts an answer: writes the status line, logs the request, and writes the
   * fields `Server` and `Date`. Nothing is sent yet. May be overridden.
   *
   * @param code The status code.
   * @param message The reason phrase; by default that of the code.
   * @throws {TypeError} If the phrase holds what a head may not hold.
   */
  sendResponse(code: number, message?: string): void {
    this.sendResponseOnly(code, message);
    if (this.#logsRequests) tryToLog(this, () => this.logRequest(code));
    this.sendHeader("Server", this.versionString());
    this.sendHeader("Date", this.dateTimeString());
  }

  /**
   * Writes the status line only. May be overridden.
   *
   * @param code The status code.
   * @param message The reason phrase; by default that of the code, or nothing.
   * @throws {TypeError} If the phrase holds what a head may not hold.
   */
  sendResponseOnly(code: number, message?: string): void {
    this.#response.start(code, message ?? this.responses[code]?.[0] ?? "");
  }

  /**
   * Adds a field to the head. The options `close` and `keep-alive` of the field
   * `Connection` also set `closeConnection`. May be overridden.
   *
   * @param name The field name.
   * @param value The field value.
   * @throws {TypeError} If the name is no token, or the value holds CR, LF, NUL,
   * another control character or one outside latin-1 (RFC 9110 section 5.5):
   * nothing that a client sent can start a new line here.
   */
  sendHeader(name: string, value: string): void {
    this.#response.field(name, value);
    if (name.length !== 10 || name.toLowerCase() !== "connection") return;
    const options = listMembers(value);
    if (options.includes("close")) this.closeConnection = true;
    else if (options.includes("keep-alive")) this.closeConnection = false;
  }

  /** Ends the head; the body may follow. May be overridden. */
  endHeaders(): void {
    for (const [name, value] of this.carriedFields) {
      this.#response.field(name, value);
    }
    this.#response.endHead();
  }

  /** Sends the head and what there is of the body. May be overridden. */
  flushHeaders(): Promise<void> {
    return this.wfile.flush();
  }

  /**
   * Answers with an error page. On HEAD, 204, 205 and 304 it has no body.
   * The connection goes on if the request was understood. May be overridden, as
   * an example of {@linkcode HttpError} shows.
   *
   * @param code The status code.
   * @param message What stands on the page; by default the code's phrase. The
   * status line always has the code's phrase.
   * @param explain The explanation on the page; by default the code's.
   * @param headers Further fields.
   * @returns A promise where an overriding method has to wait for its page.
   */
  sendError(
    code: number,
    message?: string,
    explain?: string,
    headers: Fields = [],
  ): void | Promise<void> {
    const [phrase, explanation] = this.responses[code] ?? ["???", "???"];
    const text = message || phrase;
    tryToLog(this, () => this.logError(`code ${code}, message ${text}`));
    this.#response.reset();
    this.sendResponse(code, phrase);
    for (const [name, value] of headers) this.sendHeader(name, value);
    if (forbidsContent(code)) {
      this.endHeaders();
      return;
    }
    const page = formatErrorPage(
      this.errorMessageFormat,
      { code, message: text, explain: explain ?? explanation },
      this.errorContentType,
    );
    this.sendHeader("Content-Type", this.errorContentType);
    this.endHeaders();
    this.wfile.write(page);
  }

  /**
   * Sends an informational answer ahead of the real one, as 103 Early Hints
   * (RFC 8297). HTTP/1.0 clients know none: for them it is dropped.
   *
   * @param code The status code, 102 to 199.
   * @param headers Its fields.
   * @returns Settles when it was sent.
   * @throws {RangeError} If the code is not one of these.
   */
  sendInformational(code: number, headers: Fields = []): Promise<void> {
    if (!(code >= 102 && code <= 199)) {
      throw new RangeError(`Cannot send ${code} ahead of an answer`);
    }
    const phrase = this.responses[code]?.[0] ?? "";
    return this.#response.inform(code, phrase, headers);
  }

  /**
   * Adds a trailer field, which is sent after the body (RFC 9110 section 6.5).
   * The head must announce its name in the field `Trailer`; for a client that
   * did not send `TE: trailers` it is dropped.
   *
   * @param name The field name.
   * @param value The field value.
   * @throws {TypeError} If the name was not announced, or the value holds what
   * a field may not hold.
   */
  sendTrailer(name: string, value: string): void {
    this.#response.trailer(name, value);
  }

  /**
   * Logs an answer; `sendResponse` calls it. May be overridden.
   *
   * @param code The status code.
   * @param size The size of the body, if it is known.
   */
  logRequest(code: number | string = "-", size: number | string = "-"): void {
    if (this.#isUnheard) return;
    tryToLog(
      this,
      () => this.logMessage(`"${this.requestLine}" ${code} ${size}`),
    );
  }

  /**
   * Logs an error; `sendError` calls it. May be overridden.
   *
   * @param message What happened.
   */
  logError(message: string): void {
    tryToLog(this, () => this.logMessage(message));
  }

  /**
   * Tells the owner of the server what is wrong there, as with a program, while
   * the client learns no more than a status: by `logError`, and where nobody
   * reads the log by the server's `handleError`. Never throws.
   *
   * @param message What is wrong.
   * @param cause The error that says so, if there is one.
   */
  logProblem(message: string, cause?: unknown): void {
    const { prototype } = ResponsePipeline;
    if (!this.#isUnheard || this.logError !== prototype.logError) {
      return tryToLog(this, () => this.logError(message));
    }
    const problem = new Error(message, { cause });
    // Where this class was called says nothing of what is wrong.
    problem.stack = `${problem.name}: ${message}`;
    report(this.server, problem, this.clientAddress);
  }

  /**
   * Writes a line to the server's access log, if it has one, with the client's
   * address and the time in front and control characters escaped; of a message
   * that is very long only the beginning and the end. A log that fails is
   * reported, and costs no client its response. May be overridden.
   *
   * @param message What to log.
   */
  logMessage(message: string): void {
    const { accessLog } = this.server;
    if (accessLog === undefined) return;
    const line = `${this.addressString()} - - [${this.logDateTimeString()}] ` +
      escapeControls(shorten(message));
    tryToLog(this, () => accessLog(line));
  }

  /** What the field `Server` says. May be overridden. */
  versionString(): string {
    return this.serverVersion;
  }

  /**
   * A time as an HTTP date. May be overridden.
   *
   * @param timestamp Epoch milliseconds; by default now.
   */
  dateTimeString(timestamp: number = Date.now()): string {
    return formatHttpDate(timestamp);
  }

  /** The current time as the log writes it. May be overridden. */
  logDateTimeString(): string {
    return formatLogDate(Date.now());
  }

  /** The client as the log names it. May be overridden. */
  addressString(): string {
    const { clientAddress } = this;
    return "hostname" in clientAddress ? clientAddress.hostname : "unix:";
  }

  get #logsRequests(): boolean {
    return !this.#isUnheard ||
      this.logRequest !== ResponsePipeline.prototype.logRequest;
  }

  /** Whether a line of the log would be made for nobody. */
  get #isUnheard(): boolean {
    return this.server.accessLog === undefined &&
      this.logMessage === ResponsePipeline.prototype.logMessage;
  }

  get #response(): ResponseWriter {
    return this.exchange.response;
  }
}
