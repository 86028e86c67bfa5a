import type { RequestContent } from "../protocol/exchange.ts";
import type { FieldList } from "../protocol/field_list.ts";
import { HttpError } from "../facts/errors.ts";

/** What a web `Request` is made of. */
export interface RequestParts {
  /** Scheme and authority, as `http://localhost:8000`. */
  readonly origin: string;
  /** The target in origin-form. */
  readonly path: string;
  /** The method. */
  readonly method: string;
  /** The header fields. */
  readonly headers: Headers;
  /** The body. */
  readonly content: RequestContent;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
}

/**
 * Makes a web `Request`.
 *
 * @param parts What it is made of.
 * @throws {HttpError} 400 for a host that a URL cannot have, 501 for a method
 * that a `Request` cannot have: CONNECT, TRACE, TRACK, and `post` for POST.
 */
export function toWebRequest(parts: RequestParts): Request {
  const { origin, path, method, headers, content, signal } = parts;
  const url = origin + path;
  // Of a port the grammar of `Host` says only that it is made of digits.
  if (!URL.canParse(url)) throw new HttpError(400, "The Host is not one");
  // A body on GET and HEAD means nothing, and a `Request` refuses it.
  const hasBody = content.remaining > 0 && method !== "GET" &&
    method !== "HEAD";
  const request = makeRequest(url, {
    method,
    headers,
    signal,
    ...(hasBody ? { body: content.readable, duplex: "half" } : {}),
  });
  // The platform takes `post` for POST, which a guard has seen as another method
  // (RFC 9110 section 9.1: methods are case-sensitive).
  if (request.method !== method) throw new HttpError(501);
  return request;
}

function makeRequest(url: string, init: RequestInit): Request {
  try {
    return new Request(url, init);
  } catch (cause) {
    throw new HttpError(501, "", { cause });
  }
}

/**
 * Makes web `Headers`. These join all lines of a name by a comma, at which no
 * cookie parser splits: the lines of `Cookie` are joined here (RFC 9113
 * section 8.2.3).
 *
 * @param fields The fields as they came.
 */
export function toWebHeaders(fields: FieldList): Headers {
  const headers = new Headers(
    [...fields].map(([name, value]) => [name, value]),
  );
  const cookies = fields.getAll("cookie");
  if (cookies.length > 1) headers.set("cookie", cookies.join("; "));
  return headers;
}
