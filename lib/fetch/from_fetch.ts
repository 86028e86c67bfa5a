// A fetch handler as a handler class.

import { kindOf } from "../facts/kind.ts";
import {
  type HttpHandlerClass,
  HttpRequestHandler,
} from "../handler/http_request_handler.ts";
import { bodyErrorOf } from "../handler/limited_request.ts";
import { verb } from "../handler/verb.ts";

/** What a fetch handler is told besides the request, as by `Deno.serve`. */
export interface FromFetchInfo {
  /** Where the client is. */
  readonly remoteAddr: Deno.Addr;
}

/**
 * Makes a handler class of a fetch handler, which then gets every verb and every
 * path. Its `Request` is made when the class answers, with a `signal` that is
 * aborted when the client goes away, and a body that is read from the connection
 * as it is asked for.
 *
 * @example A fetch handler on the TCP loop
 * ```ts
 * import { HttpServer } from "@verb/http";
 * import { fromFetch } from "@verb/http/fetch";
 * import { assertEquals } from "@std/assert";
 *
 * const App = fromFetch((request) => new Response(new URL(request.url).pathname));
 * await using server = new HttpServer({ port: 0 }, App);
 * void server.serveForever();
 * const response = await fetch(`http://127.0.0.1:${server.serverPort}/a/b`);
 * assertEquals(await response.text(), "/a/b");
 * ```
 *
 * @param fetchHandler The fetch handler, as that of a Hono app.
 * @returns The class; see `HttpServer`.
 * @throws {TypeError} If it is no function.
 */
export function fromFetch(
  fetchHandler: (
    request: Request,
    info: FromFetchInfo,
  ) => Response | Promise<Response>,
): HttpHandlerClass {
  if (typeof fetchHandler !== "function") {
    throw new TypeError(
      `Cannot make a handler class of ${kindOf(fetchHandler)}: want a ` +
        "function, as (request) => app.fetch(request)",
    );
  }
  return class FetchHandler extends HttpRequestHandler {
    @verb("*")
    answer(): Response | Promise<Response> {
      const { request } = this;
      const answer = fetchHandler(request, { remoteAddr: this.clientAddress });
      return isOfPlatform(answer) ? answer : awaited(answer, request);
    }
  };
}

/**
 * Awaits an answer. A framework makes 500 of each error that is not its own, so
 * of a body that the client got wrong, too: that has a status of its own.
 */
async function awaited(
  answer: Response | Promise<Response>,
  request: Request,
): Promise<Response> {
  const response = await fromForeign(answer);
  const error = bodyErrorOf(request);
  if (response.status !== 500 || error === undefined) return response;
  response.body?.cancel(error).catch(ignore);
  throw error;
}

/** Nobody wants this body, however it ends. */
function ignore(): void {}

/** Awaits an answer, which may be of a `Response` class from a package. */
async function fromForeign(
  answer: Response | Promise<Response>,
): Promise<Response> {
  const response: unknown = await answer;
  if (isOfPlatform(response)) return response;
  if (!isLikeResponse(response)) {
    throw new TypeError(
      `Cannot respond with ${describe(response)}: the function of fromFetch ` +
        "returned no Response",
    );
  }
  const { body, status, statusText, headers } = response;
  return new Response(body, { status, statusText, headers: [...headers] });
}

/** Whether it has what a `Response` of a package has, too. */
function isLikeResponse(value: unknown): value is Response {
  return typeof value === "object" && value !== null && "status" in value &&
    "headers" in value && "body" in value;
}

function describe(value: unknown): string {
  return typeof value === "object" && value !== null
    ? `an object of the class ${value.constructor?.name ?? "null"}`
    : String(value);
}

function isOfPlatform(answer: unknown): answer is Response {
  return answer instanceof Response;
}
