/** Settings of an {@linkcode HttpError}. */
export interface HttpErrorOptions extends ErrorOptions {
  /** The longer explanation on the error page. By default the status's own. */
  explain?: string;
  /** Fields that the answer must carry, as `Allow` on a 405. */
  headers?: Iterable<readonly [name: string, value: string]>;
}

/**
 * An error that is answered with a status: thrown anywhere in a handler, it
 * becomes `sendError(status, message)`.
 *
 * The message is shown to the client, so it holds nothing that the server
 * keeps to itself and nothing of the request's own octets.
 *
 * @example Refuse a request
 * ```ts
 * import { HttpError, HttpRequestHandler, verb } from "@verb/http";
 * import { toFetch } from "@verb/http/fetch";
 * import { assertEquals } from "@std/assert";
 *
 * class Shop extends HttpRequestHandler {
 *   @verb("GET", "/orders/:id")
 *   order({ id }: { id: string }) {
 *     throw new HttpError(404, `No order ${Number(id)}`);
 *   }
 * }
 *
 * const response = await toFetch(Shop)(new Request("http://shop/orders/7"));
 * assertEquals(response.status, 404);
 * ```
 */
export class HttpError extends Error {
  /** The class's name, for logs. */
  override readonly name: string = "HttpError";
  /** The status code of the answer. */
  readonly status: number;
  /** The longer explanation on the error page; absent for the status's own. */
  readonly explain: string | undefined;
  /** Fields that the answer must carry. */
  readonly headers: readonly (readonly [name: string, value: string])[];

  /**
   * Makes an error that is answered with `status`.
   *
   * @param status The status code of the answer, 400 to 599.
   * @param message One plain sentence; empty for the status's own phrase.
   * @param options The explanation, fields and cause.
   * @throws {RangeError} If the status is none of an error.
   */
  constructor(status: number, message = "", options: HttpErrorOptions = {}) {
    if (!Number.isInteger(status) || status < 400 || status > 599) {
      throw new RangeError(`Cannot make an error of the status ${status}`);
    }
    super(message, options);
    this.status = status;
    this.explain = options.explain;
    this.headers = [...options.headers ?? []];
  }
}

/**
 * The connection is gone: what reading from a client and writing to it throws,
 * whatever the platform's own reason, which is its `cause`. A class of its own,
 * so that a handler's other connections may fail without being taken for it.
 */
export class ConnectionLost extends Error {
  /** The class's name, for logs. */
  override readonly name: string = "ConnectionLost";
}
