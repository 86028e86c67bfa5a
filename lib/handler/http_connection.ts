// A connection that speaks HTTP. Its loop takes one request after the other and
// gives each to the handler of the class that it is for, whose own steps run
// from there. One handler of each class serves a connection.

import { ByteReader } from "../bytes/byte_reader.ts";
import { ByteWriter } from "../bytes/byte_writer.ts";
import type { Reader, Writer } from "../bytes/stream.ts";
import { HttpError } from "../facts/errors.ts";
import type { Exchange, MaybePromise } from "../protocol/exchange.ts";
import type { RequestHead } from "../protocol/request_head.ts";
import { WireExchange } from "../protocol/wire_exchange.ts";
import type {
  Connection,
  ConnectionHandler,
  ConnectionInfo,
  ServerInfo,
} from "./connection.ts";
import { endsWithin } from "./deadline.ts";
import {
  HttpHandlers,
  type RequestHandler,
  type RequestHandlerClass,
  routerOfOne,
} from "./http_handlers.ts";
import type { LateCodeGuard } from "./late_code.ts";
import { LateExchange } from "./late_exchange.ts";
import { RoutedRequest } from "./routed_request.ts";
import type { Router } from "./router.ts";

/** One connection in HTTP, and its current request. */
export class HttpConnection<H extends RequestHandler>
  implements Connection, ConnectionHandler {
  /** Where requests go. */
  readonly router: Router<RequestHandlerClass<H>>;
  /** Where the client is. */
  readonly clientAddress: Deno.Addr;
  /** Where the client has reached the server, if that is known. */
  readonly localAddress: Deno.Addr | undefined;
  /** The server. */
  readonly server: ServerInfo;
  /** The current request. */
  readonly request: RoutedRequest<RequestHandlerClass<H>>;

  readonly #exchange: Exchange;
  readonly #transport: ConnectionInfo;
  readonly #handlers = new HttpHandlers<H>(this);
  /** The handler of the current request. */
  #handler: H | undefined;
  /** Whether a request is here that its handler has not begun with. */
  #isPending = false;
  /** Whether more than one class has set the connection up. */
  #isShared = false;
  #requests = 0;
  #lateExchange: Exchange | undefined;

  /**
   * Speaks HTTP on a connection.
   *
   * @param exchange Its requests and responses.
   * @param router Where requests go.
   * @param transport What carries them.
   */
  constructor(
    exchange: Exchange,
    router: Router<RequestHandlerClass<H>>,
    transport: ConnectionInfo,
  ) {
    this.#exchange = exchange;
    this.router = router;
    this.request = new RoutedRequest(router);
    this.clientAddress = transport.clientAddress;
    this.localAddress = transport.localAddress;
    this.server = transport.server;
    this.#transport = transport;
  }

  /**
   * Speaks HTTP on a connection for one handler class.
   *
   * @param connection The connection.
   * @param handlerClass The class.
   * @throws {TypeError} If the connection gives no bytes.
   */
  static over<H extends RequestHandler>(
    connection: Connection,
    handlerClass: RequestHandlerClass<H>,
  ): HttpConnection<H> {
    const { rfile, wfile, server } = connection;
    if (!(rfile instanceof ByteReader) || !(wfile instanceof ByteWriter)) {
      throw new TypeError(
        `Cannot make a ${handlerClass.name}: want a connection of a server`,
      );
    }
    const exchange = new WireExchange(rfile, wfile, server.limits);
    return new HttpConnection(exchange, routerOfOne(handlerClass), connection);
  }

  /** The requests and responses; for late code one that is over. */
  get exchange(): Exchange {
    const { guard } = this;
    if (guard === undefined || !guard.isLate) return this.#exchange;
    return this.#lateExchange ??= new LateExchange((e) => guard.report(e));
  }

  /** The body of the current request. */
  get rfile(): Reader {
    return this.exchange.content;
  }

  /** The body of the current response. */
  get wfile(): Writer {
    return this.exchange.wfile;
  }

  /** Tells late code, where the connection has such a guard. */
  get guard(): LateCodeGuard | undefined {
    return this.#transport.guard;
  }

  /** Sends small writes at once. */
  setNoDelay(): void {
    this.#transport.setNoDelay?.();
  }

  /** Sets how long reads may wait, where that is less than the limits say. */
  setTimeout(timeout: number): void {
    this.#transport.setTimeout?.(timeout);
  }

  /** Prepares the handler of the first class. */
  async setup(): Promise<void> {
    await this.#handlerOf(this.router.first);
  }

  /** Serves requests until the connection is to be closed. */
  async handle(): Promise<void> {
    while (await this.receive()) {
      const request = this.#requests;
      await this.handler.handle();
      if (this.#isPending) {
        // A handler that leaves its request alone gets no other one.
        if (this.#requests === request) return;
      } else if (this.#exchange.closes) return;
    }
  }

  /**
   * Lets the handler of the current request decide what becomes of it; of what
   * is no request, that of the first class.
   *
   * @param error What was thrown.
   * @returns Whether the connection goes on.
   */
  async recover(error: unknown): Promise<boolean> {
    this.guard?.leave();
    this.#isPending = false;
    const handler = this.#handler ?? await this.#handlerOf(this.router.first);
    return await handler.recover(error);
  }

  /** Whether a request was received, if only its line. */
  get hasRequest(): boolean {
    return this.#handler !== undefined;
  }

  /** Whether the handler has left the request alone so far. */
  get isPending(): boolean {
    return this.#isPending;
  }

  /** Lets all handlers finish. */
  finish(): Promise<void> {
    return this.#handlers.finish();
  }

  /** Responds to no request after the current one. */
  drain(): void {
    this.#exchange.drain();
    for (const handler of this.#handlers.values()) handler.drain();
  }

  /** Asks a client that has ended its side, where HTTP has a way to ask. */
  probe(): void {
    this.#exchange.probe();
  }

  /** Whether the client may still be sending when the connection closes. */
  get needsLinger(): boolean {
    return this.#exchange.needsLinger;
  }

  /**
   * Makes a handler the one of its class.
   *
   * @param handlerClass The class.
   * @param handler The handler, made by somebody else.
   */
  keep(handlerClass: RequestHandlerClass<H>, handler: H): void {
    this.#handlers.set(handlerClass, handler);
  }

  /**
   * Waits for the next request, unless one is here that nobody has begun with,
   * and finds out whose it is.
   *
   * @returns Whether there is one.
   */
  receive(): MaybePromise<boolean> {
    if (this.#isPending) return true;
    this.#forget();
    this.#requests++;
    const head = this.#exchange.findHead();
    if (head === "partial") return this.#receiveMore();
    return head === "whole" && this.#choose();
  }

  /**
   * The handler of the request that was received.
   *
   * @throws {Error} If there is none.
   */
  get handler(): H {
    if (this.#handler === undefined) throw new Error("There is no request");
    return this.#handler;
  }

  /**
   * Takes the current request through the steps of its class, and its response
   * to the end.
   *
   * @param steps The steps.
   */
  serve(steps: () => void | Promise<void>): void | Promise<void> {
    this.#exchange.beginResponse();
    const { guard } = this;
    const responding = guard === undefined || guard.isActive
      ? steps()
      : guard.enter(steps);
    if (responding !== undefined) return this.#await(responding);
    return this.#complete();
  }

  /**
   * Takes note that the steps of a class begin.
   *
   * @param handler Its handler.
   */
  begin(handler: H): void {
    this.#isPending = false;
    this.#useTimeoutOf(handler);
  }

  /**
   * Gives the current request another target.
   *
   * @param request What it is now.
   * @returns The handler of the class that it is for.
   * @throws {HttpError} 508 if that was done too often.
   */
  handOver(
    request: Pick<RequestHead, "method" | "path" | "fields">,
  ): MaybePromise<H> {
    this.request.forward(request);
    this.#isPending = true;
    const chosen = this.#choose();
    return chosen === true
      ? this.handler
      : Promise.resolve(chosen).then(() => this.handler);
  }

  async #receiveMore(): Promise<boolean> {
    for (;;) {
      await this.#exchange.receiveMore();
      const head = this.#exchange.findHead();
      if (head !== "partial") return head === "whole" && await this.#choose();
    }
  }

  /**
   * Lets the `timeout` of a handler count: of several that of the first between
   * requests, and of the one that responds within them.
   */
  #useTimeoutOf(handler: H): void {
    // Alone, it has said so in its `setup`.
    if (this.#isShared) this.setTimeout(handler.timeout);
  }

  /** Forgets what belongs to the last request. */
  #forget(): void {
    this.guard?.leave();
    this.request.forget();
    this.#handler = undefined;
    const first = this.#handlers.get(this.router.first);
    if (first !== undefined) this.#useTimeoutOf(first);
  }

  #choose(): MaybePromise<boolean> {
    const handler = this.#handlerOf(this.request.classFor(this.#exchange));
    return handler instanceof Promise
      ? handler.then((handler) => this.#give(handler))
      : this.#give(handler);
  }

  #give(handler: H): true {
    this.#handler = handler;
    this.#isPending = true;
    return true;
  }

  /** The handler of a class, made on first use. */
  #handlerOf(handlerClass: RequestHandlerClass<H>): MaybePromise<H> {
    return this.#handlers.get(handlerClass) ?? this.#make(handlerClass);
  }

  /** Makes a handler; one that cannot be set up may say so to the client. */
  async #make(handlerClass: RequestHandlerClass<H>): Promise<H> {
    // Its `setup` sets the timeout of the connection, even if it fails then.
    this.#isShared = this.#handlers.size > 0;
    const handler = new handlerClass(this);
    this.#handler = handler;
    await this.#handlers.setUp(handlerClass, handler);
    return handler;
  }

  async #await(responding: Promise<void>): Promise<void> {
    // Earlier responses do not wait for this one.
    this.#exchange.send();
    const { handlerTimeout } = this.server.limits;
    if (!await endsWithin(responding, handlerTimeout)) {
      this.guard?.leave();
      throw this.#late();
    }
    await this.#complete();
  }

  #complete(): void | Promise<void> {
    const finishing = this.#exchange.finish();
    this.guard?.leave();
    return finishing;
  }

  /** Whatever the late method may still do, it must not meet another request. */
  #late(): HttpError {
    this.#exchange.drain();
    const error = new HttpError(503, "The handler took too long");
    this.#exchange.abort(error);
    return error;
  }
}
