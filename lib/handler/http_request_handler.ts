// The life of a request in a handler: received, parsed, given to the method that
// answers it, and what becomes of errors. What the request says stands in
// `received_request.ts`, the steps of the answer in `response_pipeline.ts`.

import { ConnectionLost, HttpError } from "../facts/errors.ts";
import { exhaustionError } from "../facts/exhaustion.ts";
import type { Reader, Writer } from "../bytes/stream.ts";
import { isOriginForm } from "../facts/grammar.ts";
import { isKnownHost } from "../facts/host_name.ts";
import { kindOf } from "../facts/kind.ts";
import type { Connection } from "./connection.ts";
import { report } from "./error_report.ts";
import { respondToError } from "./error_response.ts";
import { HttpConnection } from "./http_connection.ts";
import type { ProgramGuard } from "./program_guard.ts";
import { ReceivedRequest } from "./received_request.ts";
import type { Fields } from "./response_pipeline.ts";
import type { Params } from "./route_table.ts";
import type { Match, RoutableClass } from "./router.ts";
import type { VerbMethod } from "./verb.ts";
import { sendReturned, sendWebResponse } from "./web_response.ts";

/** A class of HTTP handlers. */
export type HttpHandlerClass =
  & RoutableClass
  & (new (connection: Connection) => HttpRequestHandler);

/** A match of a path that the class knows. */
type KnownPath = Extract<Match<unknown>, { kind: "found" | "no verb" }>;

/**
 * Handles the HTTP requests of one connection: Python's
 * `BaseHTTPRequestHandler`. A subclass declares methods with `@verb`.
 *
 * - Fields to use: those of {@linkcode ReceivedRequest}, `wfile`,
 *   `clientAddress`, `server`, `closeConnection`.
 * - Methods to use: those of {@linkcode ResponsePipeline}, and for the body
 *   `bytes`, `text`, `json`, `formData`.
 * - Methods to override: `parseRequest`, `handleExpect100`, and any step of the
 *   answer. `handle`, `handleOneRequest` and `dispatch` seldom need to be.
 *
 * One instance serves one connection; what a subclass keeps in its fields lives
 * from request to request. What a method leaves running when its response is
 * complete, as a timer, changes no other response and reads no other body: the
 * methods of `this` throw then, and writes are rejected. A listener that other
 * code may call writes to the `wfile` that its method took from `this`, by
 * `const { wfile } = this`.
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
export class HttpRequestHandler extends ReceivedRequest {
  /**
   * Where the class is mounted: `""`, or a path as `"/api"`. It gets the
   * requests for this path and those below it.
   */
  static prefix = "";

  /**
   * Whether the class takes paths with escapes that are not UTF-8, as `%E9`; to
   * all others they are 400. In `pathname` such a byte stands as a lone
   * surrogate, U+DCE9, which is no name of a file: it is for who passes the path
   * on as bytes.
   */
  static get takesPathBytes(): boolean {
    return false;
  }

  #connection: HttpConnection<HttpRequestHandler>;
  /** Whether the connection was taken out of HTTP, which is for good. */
  #isDetached = false;

  /**
   * Makes the handler of one connection.
   *
   * @param connection The connection.
   */
  constructor(connection: Connection) {
    const isShared = connection instanceof HttpConnection;
    const http = isShared
      ? connection
      : HttpConnection.over<HttpRequestHandler>(connection, new.target);
    super(http, new.target);
    this.#connection = http;
    if (!isShared) http.keep(new.target, this);
  }

  /** What a class that forwarded the request adds to whatever response it gets. */
  protected override get carriedFields(): Fields {
    return this.#connection.request.carried;
  }

  /**
   * Knows which files some class of the server runs. Whoever sends or stores
   * files asks it first: the source of a program is not to be seen, and what a
   * client has sent is not to be run.
   */
  protected get programGuard(): ProgramGuard {
    return this.#connection.router.programGuard;
  }

  /**
   * Serves requests until the connection is to be closed, or the next one is for
   * another class. May be overridden.
   */
  override async handle(): Promise<void> {
    do {
      await this.handleOneRequest();
    } while (!this.closeConnection && await this.#isNext());
  }

  /**
   * Receives one request, unless it is here, and takes it through the steps of
   * the class that it is for. May be overridden.
   */
  async handleOneRequest(): Promise<void> {
    const connection = this.#connection;
    this.forget();
    if (!await connection.receive()) {
      this.closeConnection = true;
      return;
    }
    const { handler } = connection;
    await (handler === this
      ? connection.serve(() => this.#serve())
      : handler.handleOneRequest());
  }

  /**
   * Parses the request line and the fields, and sets the fields of the handler
   * from them; a request for a name that is not one of the server's `hosts` is
   * 421. May be overridden.
   *
   * @returns False if an answer was given already and the request goes no
   * further.
   * @throws {HttpError} 400, 413, 414, 417, 421, 431, 501 or 505.
   */
  parseRequest(): boolean {
    const { exchange } = this;
    exchange.version = this.protocolVersion;
    this.takeHead(this.#connection.request.head ?? exchange.parseHead());
    const { hosts } = this.server;
    if (hosts !== undefined && !isKnownHost(this.fields.get("host"), hosts)) {
      throw new HttpError(421, "The server is not known by this name");
    }
    return !exchange.framing.expectsContinue || this.handleExpect100();
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
    const connection = this.#connection;
    const match = connection.request.route(this.command, this.path);
    if (match === undefined) return this.#dispatchWithoutPath();
    // The target was changed since the class was chosen.
    if (match.handler !== this.constructor) return this.#handOver();
    if (match.kind === "no path") throw new HttpError(404);
    if (match.kind === "unknown verb") throw new HttpError(501);
    connection.request.isDispatched = true;
    return this.#answer(match);
  }

  /**
   * Answers as if the client had asked GET for another target, of any class of
   * the server. The request goes through the steps of that class, from
   * `handleOneRequest` on.
   *
   * @param path The target in origin-form.
   * @param fields Fields to add to the response, whatever it is, as cookies that
   * this class sets.
   * @throws {TypeError} If it is no target in origin-form.
   * @throws {HttpError} 508 if the request was forwarded too often.
   */
  forward(path: string, fields: Fields = []): void | Promise<void> {
    if (!isOriginForm(path)) {
      throw new TypeError(
        `Cannot forward to "${path}": it is no target in origin-form`,
      );
    }
    this.exchange.response.reset();
    const { request } = this.#connection;
    request.carried = [...request.carried, ...fields];
    this.command = "GET";
    this.path = path;
    return this.#handOver();
  }

  /**
   * Takes the connection out of HTTP: what is read and written from here on is
   * as it is on the wire. A head that was ended before, as of 101, is sent. When
   * the method ends the connection is closed.
   *
   * @throws {HttpError} 501 where there is no connection, as under `fetch`.
   */
  detach(): { rfile: Reader; wfile: Writer } {
    // A head that was begun, as of 101, goes ahead of what is written now.
    if (this.exchange.response.phase === "body") this.wfile.flush();
    const streams = this.exchange.detach();
    this.#isDetached = true;
    return streams;
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
    const { guard, hasRequest, request } = this.#connection;
    const { head, isDispatched } = request;
    guard?.leave();
    // What came is no request: it must not pass for the last one.
    if (!hasRequest) this.forget();
    const { exchange } = this;
    if (error instanceof ConnectionLost) {
      exchange.abort(error);
      return false;
    }
    // A handler that could not be set up has not seen its request.
    if (this.command === "" && head !== undefined) this.takeHead(head);
    exchange.beginResponse();
    const foreseen = error instanceof HttpError
      ? error
      : exhaustionError(error);
    if (foreseen === undefined) {
      report(this.server, error, this.clientAddress);
    }
    if (exchange.response.isCommitted || this.#isDetached) {
      exchange.abort(error);
      return false;
    }
    // A request that was refused before it reached a method is malformed: what
    // follows it may be anything.
    const isMalformed = foreseen?.status === 400 && !isDispatched;
    if (foreseen !== error || isMalformed) this.closeConnection = true;
    const answer = foreseen ?? new HttpError(500);
    let goesOn = false;
    const respond = async () => {
      goesOn = await respondToError(this, exchange, answer);
    };
    await (guard === undefined ? respond() : guard.within(respond, false));
    return goesOn;
  }

  /** Answers no request after the current one. */
  override drain(): void {
    this.exchange.drain();
  }

  /** Asks a client that has ended its side, where HTTP has a way to ask. */
  override probe(): void {
    this.exchange.probe();
  }

  /** Whether the client may still be sending when the connection closes. */
  override get needsLinger(): boolean {
    return this.exchange.needsLinger;
  }

  /** Whether there is another request, and it is for this class. */
  async #isNext(): Promise<boolean> {
    const connection = this.#connection;
    // Left alone, a request would be found again, without end.
    if (connection.isPending) return false;
    return await connection.receive() && connection.handler === this;
  }

  /** Takes the request through the steps of this class. */
  #serve(): void | Promise<void> {
    this.#connection.begin(this);
    if (this.parseRequest()) return this.dispatch();
  }

  /** Gives the request with its present target to the class that it is for. */
  #handOver(): void | Promise<void> {
    const { command: method, path, fields } = this;
    const handler = this.#connection.handOver({ method, path, fields });
    return handler instanceof Promise
      ? handler.then((handler) => handler.#serveHandedOver())
      : handler.#serveHandedOver();
  }

  /** Takes a request that has been received through the steps of this class. */
  #serveHandedOver(): void | Promise<void> {
    this.forget();
    return this.#hasOwnLoop ? this.handleOneRequest() : this.#serve();
  }

  get #hasOwnLoop(): boolean {
    const { prototype } = HttpRequestHandler;
    return this.handleOneRequest !== prototype.handleOneRequest;
  }

  /** Calls the method, or says which verbs the path allows. */
  #answer(match: KnownPath): void | Promise<void> {
    if (match.kind === "found") return this.#call(match.method, match.params);
    if (this.command === "OPTIONS") return this.#sendAllow(match.allow);
    throw new HttpError(405, "", {
      headers: [["Allow", match.allow.join(", ")]],
    });
  }

  #call(name: PropertyKey, params: Params): void | Promise<void> {
    // The registry holds names of methods of this class: what it found under
    // `verb()` was typed as one.
    const method = Reflect.get(this, name) as VerbMethod<this, Params>;
    const outcome = method.call(this, params);
    if (outcome === undefined || outcome instanceof Response) {
      return this.#conclude(name, outcome);
    }
    return Promise.resolve(outcome)
      .then((response) => this.#conclude(name, response));
  }

  /** Sends what a method has returned, or sees that it has answered. */
  #conclude(
    name: PropertyKey,
    response: void | Response,
  ): void | Promise<void> {
    // The platform loads `Response` when it is first named, which takes 3 ms.
    if (response === undefined || !(response instanceof Response)) {
      return this.#requireAnswer(name, response);
    }
    // Handed on whole, it would go without these.
    return this.#connection.request.carried.length > 0
      ? sendWebResponse(this, response)
      : sendReturned(this, this.exchange.response, response);
  }

  #requireAnswer(name: PropertyKey, returned: unknown): void {
    if (this.exchange.response.phase !== "start" || this.#isDetached) return;
    const method = `${this.constructor.name}.${String(name)}`;
    throw new Error(
      returned === undefined
        ? `${method} has sent no answer`
        : `${method} returned ${kindOf(returned)}: ` +
          "return a Response, or send one by the steps",
    );
  }

  /** `OPTIONS *` asks about the server; CONNECT asks for a proxy. */
  #dispatchWithoutPath(): void {
    if (this.command !== "OPTIONS") throw new HttpError(501);
    this.#sendAllow(this.#connection.router.verbs);
  }

  #sendAllow(verbs: readonly string[]): void {
    this.sendResponse(204);
    this.sendHeader("Allow", verbs.join(", "));
    this.endHeaders();
  }
}
