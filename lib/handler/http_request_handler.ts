// The asking half of a handler: from the octets of a request to the method that
// answers it. The answering half is `response_pipeline.ts`.

import { ConnectionLost, HttpError } from "../facts/errors.ts";
import type { Reader, Writer } from "../bytes/stream.ts";
import type { Exchange, MaybePromise } from "../protocol/exchange.ts";
import { FieldList } from "../protocol/field_list.ts";
import type { HttpVersion } from "../protocol/request_head.ts";
import { splitTarget, type Target } from "../protocol/target.ts";
import { WireExchange } from "../protocol/wire_exchange.ts";
import { collectBytes, decodeText, parseForm, parseJson } from "./content.ts";
import { Conversation } from "./conversation.ts";
import { withinTime } from "./handler_deadline.ts";
import { ResponsePipeline } from "./response_pipeline.ts";
import {
  type Match,
  type Params,
  type RoutableClass,
  Router,
} from "./router.ts";
import type { Connection } from "./stream_request_handler.ts";
import type { VerbMethod } from "./verb.ts";
import { toWebRequest } from "./web_request.ts";
import { sendWebResponse } from "./web_response.ts";

/** A class of HTTP handlers. */
export type HttpHandlerClass =
  & RoutableClass
  & (new (endpoint: HttpEndpoint) => HttpRequestHandler);

/** What a handler is made on: a bare connection, or a conversation on one. */
export type HttpEndpoint = Connection | Conversation<HttpRequestHandler>;

/** How often one request may be forwarded before it counts as a circle. */
const MAX_FORWARDS = 10;

const NO_FIELDS = new FieldList();

/**
 * Handles the HTTP requests of one connection: Python's
 * `BaseHTTPRequestHandler`. A subclass declares methods with `@verb`.
 *
 * - Fields to use: `command`, `path`, `pathname`, `query`, `fields`, `headers`,
 *   `requestVersion`, `requestLine`, `rawRequestLine`, `rfile`, `wfile`,
 *   `clientAddress`, `server`, `closeConnection`, `signal`.
 * - Methods to use: those of {@linkcode ResponsePipeline}, and for the body
 *   `bytes`, `text`, `json`, `formData`.
 * - Methods to override: `parseRequest`, `handleExpect100`, and any step of the
 *   answer. `handle`, `handleOneRequest` and `dispatch` seldom need to be.
 *
 * One instance serves one connection; what a subclass keeps in its fields lives
 * from request to request.
 *
 * @example Answer by the steps
 * ```ts
 * import { HttpRequestHandler, verb } from "@verb/http";
 * import { toFetch } from "@verb/http/fetch";
 * import { assertEquals } from "@std/assert";
 *
 * class Greeter extends HttpRequestHandler {
 *   @verb("GET", "/hello/:name")
 *   hello({ name }: { name: string }) {
 *     this.sendResponse(200);
 *     this.sendHeader("Content-Type", "text/plain; charset=utf-8");
 *     this.endHeaders();
 *     this.wfile.write(`Hello, ${name}\n`);
 *   }
 * }
 *
 * const response = await toFetch(Greeter)(new Request("http://host/hello/Ada"));
 * assertEquals(await response.text(), "Hello, Ada\n");
 * ```
 */
export class HttpRequestHandler extends ResponsePipeline {
  /**
   * Where the class is mounted: `""`, or a path as `"/api"`. It gets the
   * requests for this path and those below it.
   */
  static prefix = "";

  /** The requests and answers of the conversation. */
  protected readonly exchange: Exchange;
  /** The method of the request, as `"GET"`; `""` before one was parsed. */
  command = "";
  /** The version by which the request is answered. */
  requestVersion: HttpVersion = "HTTP/1.1";
  /** The header fields in the order and spelling in which they came. */
  fields: FieldList = NO_FIELDS;

  #conversation: Conversation<HttpRequestHandler>;
  #path = "";
  #target: Target | undefined;
  #headers: Headers | undefined;
  #request: Request | undefined;
  /** Whether the connection was taken out of HTTP, which is for good. */
  #isDetached = false;

  /**
   * Makes the handler of one connection.
   *
   * @param endpoint The connection; a server of several classes gives the
   * conversation that they share.
   */
  constructor(endpoint: HttpEndpoint) {
    const conversation = endpoint instanceof Conversation
      ? endpoint
      : converse(endpoint, new.target);
    super(conversation);
    this.#conversation = conversation;
    this.exchange = conversation.exchange;
    conversation.admit(new.target, this);
  }

  /**
   * The request target in origin-form, with its query, as Python's `path`:
   * leading slashes are one slash. A method may set it before it calls another.
   */
  get path(): string {
    return this.#path;
  }

  set path(value: string) {
    this.#path = value;
    this.#target = undefined;
  }

  /**
   * The path below the class's prefix: percent-decoded once, dot segments
   * resolved, repeated slashes joined. It is what routes were matched against.
   *
   * @throws {HttpError} 400 if `path` was set to one with malformed escapes.
   */
  get pathname(): string {
    return this.#split().pathname;
  }

  /** What follows the `?` of the target, still encoded; `""` without one. */
  get query(): string {
    return this.#split().query;
  }

  /** The request line as received, with its line end. */
  get rawRequestLine(): Uint8Array {
    return this.exchange.rawRequestLine;
  }

  /** The header fields as web `Headers`. */
  get headers(): Headers {
    return this.#headers ??= new Headers(
      [...this.fields].map(([name, value]) => [name, value]),
    );
  }

  /**
   * The request as a web `Request`, made on first use; reading its body reads
   * `rfile`.
   *
   * @throws {HttpError} 501 for CONNECT and TRACE, which a `Request` cannot have.
   */
  get request(): Request {
    return this.#request ??= this.exchange.request ?? toWebRequest({
      origin: this.#origin,
      path: this.#path,
      method: this.command,
      headers: this.headers,
      content: this.exchange.content,
      signal: this.signal,
    });
  }

  /**
   * Aborted when the client goes away before the answer is complete. To notice
   * that the server reads ahead, so ask for it only where the answer takes long.
   */
  get signal(): AbortSignal {
    return this.exchange.signal;
  }

  /** The trailer fields of the request; empty until its body was read. */
  get trailers(): FieldList {
    return this.exchange.content.trailers;
  }

  /** Serves requests until the connection is to be closed. */
  override async handle(): Promise<void> {
    do {
      await this.handleOneRequest();
    } while (!this.closeConnection);
  }

  /** Receives, parses and answers one request. May be overridden. */
  async handleOneRequest(): Promise<void> {
    const { exchange } = this;
    this.#forget();
    const isHere = exchange.receiveHead();
    if (isHere !== true && !(await isHere)) {
      this.closeConnection = true;
      return;
    }
    if (this.parseRequest()) {
      const answering = this.dispatch();
      if (answering !== undefined) {
        // Earlier answers do not wait for this one.
        exchange.flush();
        await withinTime(answering, this.server.limits.handlerTimeout);
      }
    }
    const finishing = exchange.finish();
    if (finishing !== undefined) await finishing;
  }

  /**
   * Parses the request line and the fields, and sets the fields of the handler
   * from them. May be overridden.
   *
   * @returns False if an answer was given already and the request goes no
   * further.
   * @throws {HttpError} 400, 413, 414, 417, 431, 501 or 505.
   */
  parseRequest(): boolean {
    this.exchange.version = this.protocolVersion;
    const head = this.exchange.parseHead();
    this.command = head.method;
    this.#path = head.path.startsWith("//")
      ? head.path.replace(/^\/+/, "/")
      : head.path;
    this.requestVersion = head.version;
    this.requestLine = head.line;
    this.fields = head.fields;
    return !this.exchange.framing.expectsContinue || this.handleExpect100();
  }

  /**
   * Decides about a request that waits for `100 Continue` before it sends its
   * body. The `100` is sent when the body is first read. May be overridden: to
   * refuse, answer with `sendError(417)` and return false.
   *
   * @returns Whether the request goes on.
   */
  handleExpect100(): boolean {
    return true;
  }

  /**
   * Finds the method that answers the request, and calls it. May be overridden.
   *
   * @returns A promise if the method is asynchronous.
   * @throws {HttpError} 404, 405 or 501, or what the method throws.
   */
  dispatch(): void | Promise<void> {
    if (!this.#path.startsWith("/")) return this.#dispatchWithoutPath();
    const target = this.#split();
    const match = this.#conversation.router.match(
      this.command,
      target.pathname,
    );
    if (match.kind !== "found") return this.#refuse(match);
    const handler = this.#conversation.instanceOf(match.handler);
    if (handler !== this) handler.#adopt(this);
    this.#conversation.serving = handler;
    handler.#target = match.pathname === target.pathname
      ? target
      : { pathname: match.pathname, query: target.query };
    return handler.#call(match.method, match.params);
  }

  /**
   * Answers as if the client had asked GET for another target, of any class of
   * the server.
   *
   * @param path The target in origin-form.
   * @throws {HttpError} 508 if the request was forwarded too often.
   */
  forward(path: string): void | Promise<void> {
    const conversation = this.#conversation;
    if (++conversation.forwards > MAX_FORWARDS) throw new HttpError(508);
    this.command = "GET";
    this.path = path;
    this.exchange.response.reset();
    return this.dispatch();
  }

  /**
   * Takes the connection out of HTTP: what is read and written from here on is
   * as it is on the wire. When the method ends the connection is closed.
   *
   * @throws {HttpError} 501 where there is no connection, as under `fetch`.
   */
  detach(): { rfile: Reader; wfile: Writer } {
    const streams = this.exchange.detach();
    this.#isDetached = true;
    return streams;
  }

  /**
   * The whole body.
   *
   * @throws {HttpError} 413 over the limit, 400 if it is malformed.
   */
  bytes(): Promise<Uint8Array> {
    return collectBytes(
      this.exchange.content,
      this.server.limits.bufferedBodyBytes,
    );
  }

  /**
   * The whole body as UTF-8 text.
   *
   * @throws {HttpError} 413 over the limit, 400 if it is malformed.
   */
  async text(): Promise<string> {
    return decodeText(await this.bytes());
  }

  /**
   * The whole body as JSON.
   *
   * @throws {HttpError} 413 over the limit, 415 for a Content-Type other than
   * JSON, 400 if it is malformed.
   */
  async json(): Promise<unknown> {
    return parseJson(await this.bytes(), this.fields.get("content-type"));
  }

  /**
   * The whole body as a form, urlencoded or multipart.
   *
   * @throws {HttpError} 413 over the limit, 415 for another Content-Type, 400 if
   * it is malformed.
   */
  async formData(): Promise<FormData> {
    return await parseForm(
      await this.bytes(),
      this.fields.get("content-type"),
    );
  }

  /**
   * Answers for an error that a method has thrown: an `HttpError` by its status,
   * any other by 500 and a report. Once the head was sent the connection is cut
   * instead: a broken answer must not look complete.
   *
   * @param error What was thrown.
   * @returns Whether the connection goes on.
   */
  override async recover(error: unknown): Promise<boolean> {
    const { exchange } = this;
    if (error instanceof ConnectionLost) {
      exchange.abort(error);
      return false;
    }
    const isForeseen = error instanceof HttpError;
    if (!isForeseen) this.server.handleError(error, this.clientAddress);
    const handler = this.#conversation.serving ?? this;
    if (exchange.response.isCommitted || handler.#isDetached) {
      exchange.abort(error);
      return false;
    }
    if (!isForeseen) this.closeConnection = true;
    if (isForeseen) {
      const { status, message, explain, headers } = error;
      handler.sendError(status, message, explain, headers);
    } else handler.sendError(500);
    await exchange.finish();
    return !this.closeConnection;
  }

  /** Answers no request after the current one. */
  override drain(): void {
    this.exchange.drain();
  }

  /** Whether the client may still be sending when the connection closes. */
  override get needsLinger(): boolean {
    return this.exchange.needsLinger;
  }

  /** The one place where the last request is forgotten. */
  #forget(): void {
    this.command = "";
    this.#path = "";
    this.#target = undefined;
    this.#headers = undefined;
    this.#request = undefined;
    this.requestLine = "";
    this.fields = NO_FIELDS;
    this.#conversation.serving = undefined;
    this.#conversation.forwards = 0;
  }

  /** Takes over the request that another class's instance has received. */
  #adopt(other: HttpRequestHandler): void {
    this.command = other.command;
    this.#path = other.#path;
    this.#headers = undefined;
    this.#request = undefined;
    this.requestVersion = other.requestVersion;
    this.requestLine = other.requestLine;
    this.fields = other.fields;
  }

  get #origin(): string {
    const { serverName, serverPort, isSecure } = this.server;
    const name = serverName.includes(":") ? `[${serverName}]` : serverName;
    const host = this.fields.get("host") ?? `${name}:${serverPort}`;
    return (isSecure ? "https://" : "http://") + host;
  }

  #split(): Target {
    return this.#target ??= splitTarget(this.#path);
  }

  #call(name: PropertyKey, params: Params): void | Promise<void> {
    // The registry holds names of methods of this class: what it found under
    // `verb()` was typed as one.
    const method = Reflect.get(this, name) as VerbMethod<this, Params>;
    const outcome = method.call(this, params);
    if (outcome === undefined) return this.#requireAnswer(name);
    if (outcome instanceof Response) return this.#sendWhole(outcome);
    return this.#settle(name, outcome);
  }

  async #settle(
    name: PropertyKey,
    outcome: Promise<void | Response>,
  ): Promise<void> {
    const response = await outcome;
    if (response instanceof Response) await this.#sendWhole(response);
    else this.#requireAnswer(name);
  }

  #sendWhole(response: Response): void | Promise<void> {
    if (!this.exchange.response.adopt(response)) {
      return sendWebResponse(this, response);
    }
    this.logRequest(response.status);
  }

  #requireAnswer(name: PropertyKey): void {
    if (this.exchange.response.phase === "start" && !this.#isDetached) {
      throw new Error(
        `${this.constructor.name}.${String(name)} has sent no answer`,
      );
    }
  }

  /** `OPTIONS *` asks about the server; CONNECT asks for a proxy. */
  #dispatchWithoutPath(): void {
    if (this.command !== "OPTIONS") throw new HttpError(501);
    this.#sendAllow(this.#conversation.router.verbs);
  }

  #refuse(match: Exclude<Match<unknown>, { kind: "found" }>): void {
    switch (match.kind) {
      case "no verb":
        if (this.command === "OPTIONS") return this.#sendAllow(match.allow);
        throw new HttpError(405, "", {
          headers: [["Allow", match.allow.join(", ")]],
        });
      case "no path":
        throw new HttpError(404);
      case "unknown verb":
        throw new HttpError(501);
    }
  }

  #sendAllow(verbs: readonly string[]): void {
    this.sendResponse(204);
    this.sendHeader("Allow", verbs.join(", "));
    this.endHeaders();
  }
}

/** The routers of handler classes that are served alone. */
const routers = new WeakMap<HttpHandlerClass, Router<HttpHandlerClass>>();

/** A conversation over a bare connection, for one handler class. */
function converse(
  connection: Connection,
  handlerClass: HttpHandlerClass,
): Conversation<HttpRequestHandler> {
  let router = routers.get(handlerClass);
  if (router === undefined) {
    router = new Router([handlerClass]);
    routers.set(handlerClass, router);
  }
  const { rfile, wfile, server } = connection;
  const exchange = new WireExchange(rfile, wfile, server.limits);
  return new Conversation(exchange, router, connection);
}
