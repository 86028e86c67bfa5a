// Handler classes as a fetch handler, for `Deno.serve`, `deno serve`, and every
// other host that takes one. Needs no permission.

import { ConnectionLost } from "../facts/errors.ts";
import { type Limits, withLimits } from "../facts/limits.ts";
import { requireOptions } from "../facts/options.ts";
import { HttpConnection } from "../handler/http_connection.ts";
import { printError, report } from "../handler/error_report.ts";
import type {
  HttpHandlerClass,
  HttpRequestHandler,
} from "../handler/http_request_handler.ts";
import { routerOf } from "../handler/served_classes.ts";
import type { ServerInfo } from "../handler/connection.ts";
import { FetchExchange } from "./fetch_exchange.ts";

/** What a host tells of a request: the part of `Deno.serve`'s that is used. */
export interface FetchInfo {
  /** Where the client is. */
  readonly remoteAddr?: Deno.Addr;
}

/** A fetch handler. */
export type FetchHandler = (
  request: Request,
  info?: FetchInfo,
) => Promise<Response>;

/** Settings of {@linkcode toFetch}. */
export interface ToFetchOptions extends
  Partial<
    Pick<
      Limits,
      | "bodyBytes"
      | "bufferedBodyBytes"
      | "jsonBytes"
      | "formFields"
      | "handlerTimeout"
    >
  > {
  /**
   * What becomes of an error before the head of the answer was sent: a page for
   * the client, as on the wire, or thrown to the host, which may have its own
   * way.
   *
   * @default {"page"}
   */
  errors?: "page" | "throw";
  /** Takes the lines of the access log. */
  accessLog?: (line: string) => void;
  /**
   * Takes errors that neither the client nor the host is told of; by default
   * they are printed by `console.error`.
   */
  onError?: (error: unknown) => void;
}

/** The options that are no limits, and their types. */
const OTHER_OPTIONS = {
  errors: "string",
  accessLog: "function",
  onError: "function",
} as const;

/** The address where the host tells none. */
const UNKNOWN: Deno.NetAddr = { transport: "tcp", hostname: "", port: 0 };

/**
 * Makes a fetch handler of handler classes.
 *
 * @example Under `Deno.serve`, or in a test
 * ```ts
 * import { HttpRequestHandler, verb } from "@verb/http";
 * import { toFetch } from "@verb/http/fetch";
 * import { assertEquals } from "@std/assert";
 *
 * class Hello extends HttpRequestHandler {
 *   @verb("GET", "/hello/:name")
 *   hello({ name }: { name: string }) {
 *     this.sendResponse(200);
 *     this.endHeaders();
 *     this.wfile.write(`Hello, ${name}`);
 *   }
 * }
 *
 * const handler = toFetch(Hello);
 * const response = await handler(new Request("http://host/hello/Ada"));
 * assertEquals(await response.text(), "Hello, Ada");
 * ```
 *
 * @param classes The handler class, or several; see `HttpServer`.
 * @param options Limits, and what becomes of errors.
 * @returns The handler.
 * @throws {TypeError} If there is no class, a class cannot serve, or an option is
 * unknown or of the wrong type.
 * @throws {RangeError} If a limit is out of range.
 */
export function toFetch(
  classes: HttpHandlerClass | readonly HttpHandlerClass[],
  options: ToFetchOptions = {},
): FetchHandler {
  const router = routerOf(classes);
  requireOptions(options, OTHER_OPTIONS);
  const { errors = "page", accessLog, onError = printError } = options;
  if (errors !== "page" && errors !== "throw") {
    throw new TypeError(
      `Cannot set errors to "${errors}": want "page" or "throw"`,
    );
  }
  const allLimits = withLimits(options);
  return async (request, info) => {
    const url = new URL(request.url);
    const server: ServerInfo = {
      // An IPv6 address stands in brackets in a URL only.
      serverName: url.hostname.replace(/^\[|\]$/g, ""),
      serverPort: Number(url.port) || (url.protocol === "https:" ? 443 : 80),
      isSecure: url.protocol === "https:",
      limits: allLimits,
      accessLog,
      handleError: onError,
    };
    const exchange = new FetchExchange(request, url, allLimits);
    const connection = new HttpConnection(exchange, router, {
      clientAddress: info?.remoteAddr ?? UNKNOWN,
      server,
    });
    void serve(connection, exchange, errors === "throw");
    return await exchange.response.answer;
  };
}

/** Never rejects: what goes wrong ends the answer. */
async function serve(
  connection: HttpConnection<HttpRequestHandler>,
  exchange: FetchExchange,
  throwsErrors: boolean,
): Promise<void> {
  const { response } = exchange;
  try {
    try {
      await connection.setup();
      await connection.handle();
      // On a connection the client sees it end.
      if (!response.isCommitted) {
        throw new Error("No handler has responded to the request");
      }
    } catch (error) {
      if (!throwsErrors || response.isCommitted) {
        await connection.recover(error);
      }
      // The host gets what nobody has made an answer of.
      if (!response.isCommitted) response.abort(error);
    }
    await connection.finish();
  } catch (error) {
    // The host has an answer already, and would not hear of this.
    if (response.isCommitted && !(error instanceof ConnectionLost)) {
      report(connection.server, error, connection.clientAddress);
    }
    response.abort(error);
  }
}
