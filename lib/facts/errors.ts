/** Settings of an {@linkcode HttpError}. */
export interface HttpErrorOptions extends ErrorOptions {
  /** The longer explanation on the error page. By default the status's own. */
  explain?: string;
  /** Fields that the answer must carry, as `Allow` on a 405. */
  headers?:
    | Iterable<readonly [name: string, value: string]>
    | Readonly<Record<string, string>>;
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
 *
 * @example Ask for a token, and tell all errors as JSON
 * ```ts
 * import { HttpError, HttpRequestHandler, verb } from "@verb/http";
 * import { toFetch } from "@verb/http/fetch";
 * import { assertEquals } from "@std/assert";
 *
 * class Api extends HttpRequestHandler {
 *   override errorContentType = "application/json";
 *   override errorMessageFormat = '{"status":%(code)d,"error":"%(message)s"}';
 *
 *   @verb("GET", "/me")
 *   me() {
 *     if (this.fields.has("authorization")) return Response.json("Ada");
 *     throw new HttpError(401, "No token", {
 *       headers: [["WWW-Authenticate", "Bearer"]],
 *     });
 *   }
 * }
 *
 * const response = await toFetch(Api)(new Request("http://api/me"));
 * assertEquals(response.headers.get("WWW-Authenticate"), "Bearer");
 * assertEquals(await response.json(), { status: 401, error: "No token" });
 * ```
 *
 * @example An error page of one's own
 * ```ts
 * import { type Fields, HttpError, HttpRequestHandler, verb } from "@verb/http";
 * import { toFetch } from "@verb/http/fetch";
 * import { assertEquals } from "@std/assert";
 *
 * class Api extends HttpRequestHandler {
 *   override sendError(
 *     code: number,
 *     error = "Failed",
 *     _explain?: string,
 *     headers: Fields = [],
 *   ) {
 *     this.sendResponse(code);
 *     for (const [name, value] of headers) this.sendHeader(name, value);
 *     this.sendHeader("Content-Type", "application/json");
 *     this.endHeaders();
 *     this.wfile.write(JSON.stringify({ error }));
 *   }
 *
 *   @verb("GET", "/me")
 *   me() {
 *     throw new HttpError(401, "No token", {
 *       headers: [["WWW-Authenticate", "Bearer"]],
 *     });
 *   }
 * }
 *
 * const api = toFetch(Api);
 * const response = await api(new Request("http://api/me"));
 * assertEquals(response.headers.get("WWW-Authenticate"), "Bearer");
 * assertEquals(await response.json(), { error: "No token" });
 * const missing = await api(new Request("http://api/you"));
 * assertEquals(await missing.json(), { error: "Failed" });
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
   * @throws {TypeError} If the fields are not pairs of texts.
   */
  constructor(status: number, message = "", options: HttpErrorOptions = {}) {
    if (!Number.isInteger(status) || status < 400 || status > 599) {
      throw new RangeError(`Cannot make an error of the status ${status}`);
    }
    super(message, options);
    this.status = status;
    this.explain = options.explain;
    this.headers = fieldsOf(options.headers ?? []);
  }
}

function fieldsOf(
  headers: NonNullable<HttpErrorOptions["headers"]>,
): (readonly [name: string, value: string])[] {
  const fields = isIterable(headers) ? [...headers] : Object.entries(headers);
  for (const field of fields) {
    const isPair = Array.isArray(field) && field.length === 2 &&
      field.every((text) => typeof text === "string");
    if (!isPair) {
      throw new TypeError(
        "Cannot make an error with these headers: give an object of texts, " +
          "or pairs of a name and a value",
      );
    }
  }
  return fields;
}

/** A text is iterable too: its letters are refused as pairs. */
function isIterable<T>(value: Iterable<T> | object): value is Iterable<T> {
  return Symbol.iterator in Object(value);
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
