/**
 * Tests of handler classes without a socket and without a permission:
 * `exchange` for the octets of the wire, `toFetch` for a `Request` and its
 * `Response`.
 *
 * @example A `deno test` by `Request`
 * ```ts
 * import { HttpRequestHandler, verb } from "@verb/http";
 * import { toFetch } from "@verb/http/testing";
 * import { assertEquals } from "@std/assert";
 *
 * class Orders extends HttpRequestHandler {
 *   @verb("POST", "/orders")
 *   async order() {
 *     return Response.json(await this.json(), { status: 201 });
 *   }
 * }
 *
 * Deno.test("an order is created", async () => {
 *   const send = toFetch(Orders);
 *   const response = await send(
 *     new Request("http://shop/orders", {
 *       method: "POST",
 *       headers: { "Content-Type": "application/json" },
 *       body: '{"tea":1}',
 *     }),
 *   );
 *   assertEquals(response.status, 201);
 *   assertEquals(await response.json(), { tea: 1 });
 * });
 * ```
 *
 * @example A `deno test` by octets, each arriving alone
 * ```ts
 * import { HttpRequestHandler, verb } from "@verb/http";
 * import { exchange } from "@verb/http/testing";
 * import { assertEquals } from "@std/assert";
 *
 * class Echo extends HttpRequestHandler {
 *   override sendResponse(code: number) {
 *     this.sendResponseOnly(code); // no Server, no Date
 *   }
 *
 *   @verb("POST")
 *   async echo() {
 *     const body = await this.bytes();
 *     this.sendResponse(200);
 *     this.endHeaders();
 *     this.wfile.write(body);
 *   }
 * }
 *
 * Deno.test("a chunked body is put together", async () => {
 *   const answer = await exchange(
 *     Echo,
 *     "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" +
 *       "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
 *     { splits: "each" },
 *   );
 *   assertEquals(
 *     new TextDecoder().decode(answer),
 *     "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcde",
 *   );
 * });
 * ```
 *
 * @module
 */

export {
  type FetchHandler,
  type FetchInfo,
  toFetch,
  type ToFetchOptions,
} from "../fetch/to_fetch.ts";
export { exchange, type ExchangeOptions } from "./exchange.ts";
