// Python's `http.server.HTTPServer`, for one handler class or several.

import { hostNameOf } from "../facts/host_name.ts";
import { HttpConnection } from "../handler/http_connection.ts";
import type {
  HttpHandlerClass,
  HttpRequestHandler,
} from "../handler/http_request_handler.ts";
import type { Route, Router } from "../handler/router.ts";
import { routerOf } from "../handler/served_classes.ts";
import { WireExchange } from "../protocol/wire_exchange.ts";
import type { TransportConnection } from "./connection.ts";
import { requireServerOptions } from "./server_limits.ts";
import { TcpServer, type TcpServerOptions } from "./tcp_server.ts";

/** Settings of an `HttpServer`. */
export interface HttpServerOptions extends TcpServerOptions {
  /**
   * The names by which clients may ask for this server, without a port;
   * addresses and `localhost` go without saying. A request for another name is
   * 421, so that no page can reach the server by a name of its own that it has
   * pointed there (DNS rebinding). By default any name will do.
   */
  hosts?: readonly string[];
}

/**
 * Serves HTTP with handler classes: Python's `HTTPServer`, and with `cert` and
 * `key` its `HTTPSServer`.
 *
 * Of several classes that match a request the one with the longest prefix gets
 * it, of equal prefixes the first. From there its own steps run, from
 * `handleOneRequest` on; a request that no class matches is answered by that
 * whose prefix is the longest of its path, else by the first.
 *
 * @example Two classes on one server
 * ```ts
 * import { HttpRequestHandler, HttpServer, verb } from "@verb/http";
 * import { assertEquals } from "@std/assert";
 *
 * class Api extends HttpRequestHandler {
 *   static override prefix = "/api";
 *
 *   @verb("GET", "/ping")
 *   ping() {
 *     return new Response("pong");
 *   }
 * }
 *
 * class Site extends HttpRequestHandler {
 *   @verb("GET")
 *   page() {
 *     return new Response("a page");
 *   }
 * }
 *
 * await using server = new HttpServer({ port: 0 }, [Api, Site]);
 * void server.serveForever();
 * const origin = `http://127.0.0.1:${server.serverPort}`;
 * assertEquals(await (await fetch(`${origin}/api/ping`)).text(), "pong");
 * assertEquals(await (await fetch(`${origin}/about`)).text(), "a page");
 * ```
 *
 * A prefix reserves nothing: a path below it that its class has no route for may
 * be answered by another class, past the guard of the first. A method for every
 * verb and every path keeps all of it.
 *
 * @example Guard all that is below a prefix
 * ```ts
 * import { HttpError, HttpRequestHandler, HttpServer, verb } from "@verb/http";
 * import { StaticRequestHandler } from "@verb/http/static";
 * import { assertEquals } from "@std/assert";
 *
 * class Admin extends HttpRequestHandler {
 *   static override prefix = "/admin";
 *
 *   override dispatch() {
 *     const isAllowed = this.fields.get("authorization") === "Bearer secret";
 *     if (!isAllowed) throw new HttpError(401);
 *     return super.dispatch();
 *   }
 *
 *   @verb("GET", "/users")
 *   users() {
 *     return Response.json(["Ada"]);
 *   }
 *
 *   @verb("*")
 *   nothingElse() {
 *     throw new HttpError(404);
 *   }
 * }
 *
 * // Serves no file below /admin, not even to those who may get in there.
 * const Site = StaticRequestHandler.with({ root: "." });
 * await using server = new HttpServer({ port: 0 }, [Site, Admin]);
 * void server.serveForever();
 * const origin = `http://127.0.0.1:${server.serverPort}`;
 * const response = await fetch(`${origin}/admin/s.txt`);
 * assertEquals(response.status, 401);
 * await response.body?.cancel();
 * ```
 */
export class HttpServer extends TcpServer {
  #router: Router<HttpHandlerClass>;
  #hosts: readonly string[] | undefined;

  /**
   * Makes a server and listens.
   *
   * @param options Where to listen, the limits and the names.
   * @param classes The handler class, or several.
   * @throws {Deno.errors.AddrInUse} If the port is taken.
   * @throws {TypeError} If an option is unknown or of the wrong type, there is no
   * class, a class cannot serve, only one of `cert` and `key` is given, or one of
   * `hosts` is no name.
   */
  constructor(
    options: HttpServerOptions,
    classes: HttpHandlerClass | readonly HttpHandlerClass[],
  ) {
    requireServerOptions(options);
    const router = routerOf(classes);
    const hosts = options.hosts?.map(requireHostName);
    super(options, router.first);
    this.#router = router;
    this.#hosts = hosts;
  }

  /**
   * The names by which clients may ask; undefined where any will do. May be
   * overridden.
   */
  get hosts(): readonly string[] | undefined {
    return this.#hosts;
  }

  /** The routes of all classes: verb, pattern, class and method. */
  get routes(): Route[] {
    return this.#router.list();
  }

  /** Makes what serves a connection. May be overridden. */
  override finishRequest(
    connection: TransportConnection,
  ): HttpConnection<HttpRequestHandler> {
    const { rfile, wfile } = connection;
    const exchange = new WireExchange(rfile, wfile, this.limits);
    return new HttpConnection(exchange, this.#router, connection);
  }
}

function requireHostName(text: string): string {
  const name = hostNameOf(text);
  if (name === undefined || name !== text.toLowerCase()) {
    throw new TypeError(
      `Cannot take "${text}" for the name of a host: want one without a ` +
        "scheme and a port",
    );
  }
  return name;
}
