// The body of a web `Request`, collected within the limits. The platform's own
// `formData()` and the like have none: 16 MB of `&a` takes 2 GB and ten seconds
// in which nobody else is served.

import { ByteBuffer } from "../bytes/byte_buffer.ts";
import { handled } from "../bytes/stream.ts";
import { HttpError } from "../facts/errors.ts";
import type { Limits } from "../facts/limits.ts";
import { isForm, parseForm } from "./form.ts";

/** What bounds a body in memory. */
type BodyLimits = Pick<
  Limits,
  "bufferedBodyBytes" | "formFields" | "jsonBytes" | "partHeadBytes"
>;

/**
 * The most characters of the Content-Type of a body: `formData()` and `blob()`
 * of the platform take time by the square of the spaces in it.
 */
const MAX_CONTENT_TYPE = 1024;

/** The errors of bodies that were collected, of clones those of the original. */
const errors = new WeakMap<Request, HttpError>();

/** A body that was refused, in a way that Hono knows as well. */
class BodyError extends HttpError {
  /** The response that Hono gives instead of its 500. */
  getResponse(): Response {
    return new Response(this.message || null, { status: this.status });
  }
}

/**
 * Bounds what collects the body of a request, and of its clones: it throws
 * `HttpError`s then. Other than `bytes()` of a handler, `text()` and `json()`
 * take what the platform takes: any type, and bytes that are not UTF-8.
 *
 * @param request The request, which is changed: what the host has put on it
 * stays.
 * @param limits The limits.
 * @returns The same request.
 * @throws {HttpError} 400 for a Content-Type that is too long.
 */
export function limitBody(request: Request, limits: BodyLimits): Request {
  return limitCopy(request, request, limits);
}

function limitCopy(
  request: Request,
  original: Request,
  limits: BodyLimits,
): Request {
  const type = request.headers.get("content-type") ?? undefined;
  if ((type ?? "").length > MAX_CONTENT_TYPE && request.body !== null) {
    throw new HttpError(400, "The Content-Type is too long");
  }
  const body = new LimitedBody(request, type, limits);
  const noting = <T>(form: Promise<T>) => handled(noteError(form, original));
  const methods = {
    bytes: () => noting(body.bytes()),
    arrayBuffer: () => noting(body.arrayBuffer()),
    blob: () => noting(body.blob()),
    text: () => noting(body.text()),
    json: () => noting(body.json()),
    formData: () => noting(body.formData()),
    clone: () =>
      limitCopy(Request.prototype.clone.call(request), original, limits),
  };
  for (const [name, value] of Object.entries(methods)) {
    Object.defineProperty(request, name, {
      value,
      configurable: true,
      writable: true,
    });
  }
  return request;
}

/**
 * Why the body of a request could not be collected.
 *
 * @param request The request, as `limitBody` has given it.
 * @returns Undefined if it could, or nobody has tried.
 */
export function bodyErrorOf(request: Request): HttpError | undefined {
  return errors.get(request);
}

/** Takes note of the error of a form of the body. */
async function noteError<T>(form: Promise<T>, original: Request): Promise<T> {
  try {
    return await form;
  } catch (cause) {
    if (!(cause instanceof HttpError)) throw cause;
    const { status, message } = cause;
    const error = new BodyError(status, message, { cause });
    errors.set(original, error);
    throw error;
  }
}

/** The body of a request in the usual forms. */
class LimitedBody {
  readonly #request: Request;
  readonly #type: string | undefined;
  readonly #limits: BodyLimits;

  constructor(request: Request, type: string | undefined, limits: BodyLimits) {
    this.#request = request;
    this.#type = type;
    this.#limits = limits;
  }

  bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return this.#collect(this.#limits.bufferedBodyBytes);
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return (await this.bytes()).buffer;
  }

  async blob(): Promise<Blob> {
    return new Blob([await this.bytes()], { type: this.#type ?? "" });
  }

  /** Bound as JSON is, whatever its type: frameworks parse JSON from it. */
  async text(): Promise<string> {
    const { bufferedBodyBytes, jsonBytes } = this.#limits;
    const bytes = await this.#collect(Math.min(bufferedBodyBytes, jsonBytes));
    return new TextDecoder().decode(bytes);
  }

  async json(): Promise<unknown> {
    const text = await this.text();
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw new HttpError(400, "The body is not JSON", { cause });
    }
  }

  async formData(): Promise<FormData> {
    // What is no form is refused before it is collected.
    if (!isForm(this.#type)) throw new HttpError(415);
    const bytes = await this.#read(this.#limits.bufferedBodyBytes);
    return await parseForm(bytes, this.#type, this.#limits);
  }

  /** A form is checked: frameworks give its bytes to the platform's parser. */
  async #collect(max: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = await this.#read(max);
    if (this.#request.body !== null && isForm(this.#type)) {
      await parseForm(bytes, this.#type, this.#limits);
    }
    return bytes;
  }

  /** By the stream of the request, which thereby counts as used. */
  async #read(max: number): Promise<Uint8Array<ArrayBuffer>> {
    const { body, bodyUsed, headers } = this.#request;
    const buffer = new ByteBuffer();
    if (body === null) return buffer.take();
    if (bodyUsed || body.locked) {
      throw new TypeError("The body is used already");
    }
    if (Number(headers.get("content-length")) > max) throw new HttpError(413);
    const reader = body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return buffer.take();
      if (buffer.length + value.length > max) {
        reader.cancel().catch(ignore);
        throw new HttpError(413);
      }
      buffer.add(value);
    }
  }
}

/** A stream that fails while it is cancelled is at its end anyway. */
function ignore(): void {}
