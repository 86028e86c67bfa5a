// The handlers of one connection in HTTP: at most one of each class, made when
// the first request for the class comes.

import { ConnectionLost } from "../facts/errors.ts";
import type { Connection, ConnectionHandler } from "./connection.ts";
import { report } from "./error_report.ts";
import { type RoutableClass, Router } from "./router.ts";

/** What serves the requests of a connection that are for its class. */
export interface RequestHandler extends ConnectionHandler {
  /** How long reads may wait, in milliseconds. */
  readonly timeout: number;
}

/** A class of such handlers. */
export type RequestHandlerClass<H> =
  & RoutableClass
  & (new (connection: Connection) => H);

/** The handlers of one connection. */
export class HttpHandlers<H extends RequestHandler> {
  readonly #connection: Connection;
  readonly #handlers = new Map<RequestHandlerClass<H>, H>();

  /**
   * Makes an empty set.
   *
   * @param connection The connection, on which they are made.
   */
  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** How many there are. */
  get size(): number {
    return this.#handlers.size;
  }

  /** All of them. */
  values(): Iterable<H> {
    return this.#handlers.values();
  }

  /**
   * The one of a class, if there is one.
   *
   * @param handlerClass The class.
   */
  get(handlerClass: RequestHandlerClass<H>): H | undefined {
    return this.#handlers.get(handlerClass);
  }

  /**
   * Makes a handler the one of its class.
   *
   * @param handlerClass The class.
   * @param handler The handler.
   */
  set(handlerClass: RequestHandlerClass<H>, handler: H): void {
    this.#handlers.set(handlerClass, handler);
  }

  /**
   * Prepares the first handler of a class. One that fails is nobody's.
   *
   * @param handlerClass The class.
   * @param handler The handler.
   */
  async setUp(handlerClass: RequestHandlerClass<H>, handler: H): Promise<void> {
    const { guard } = this.#connection;
    // What it leaves running is for all requests.
    await (guard === undefined
      ? handler.setup()
      : guard.within(() => handler.setup(), true));
    this.set(handlerClass, handler);
  }

  /** Lets all finish: one that fails keeps no other from its end. */
  async finish(): Promise<void> {
    const handlers = [...this.values()];
    await Promise.all(handlers.map((handler) => this.#finish(handler)));
  }

  async #finish(handler: H): Promise<void> {
    try {
      await handler.finish();
    } catch (error) {
      if (error instanceof ConnectionLost) return;
      const { server, clientAddress } = this.#connection;
      report(server, error, clientAddress);
    }
  }
}

/** The routers of handler classes that are served alone. */
const routers = new WeakMap<object, unknown>();

/**
 * The router of a class that is served alone; all its connections share it.
 *
 * @param handlerClass The class.
 */
export function routerOfOne<H>(
  handlerClass: RequestHandlerClass<H>,
): Router<RequestHandlerClass<H>> {
  // What is kept under a class is its router.
  let router = routers.get(handlerClass) as
    | Router<RequestHandlerClass<H>>
    | undefined;
  if (router === undefined) {
    router = new Router([handlerClass]);
    routers.set(handlerClass, router);
  }
  return router;
}
