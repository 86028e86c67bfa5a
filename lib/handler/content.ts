// The whole body of a request in one of its usual forms. What is malformed is
// 400, what is too long 413, what is of another type 415.

import { HttpError } from "../facts/errors.ts";
import { joined } from "../bytes/octets.ts";
import { owned } from "../bytes/stream.ts";
import type { RequestContent } from "../protocol/exchange.ts";

const BOUNDARY = /^multipart\/.*; *boundary=(?:"([^"]+)"|([^ ;"]+))/i;
/** Line ends behind the closing delimiter; nobody sends more. */
const MAX_EPILOGUE = 4;

const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Collects a body.
 *
 * @param content The body.
 * @param max The most octets to collect.
 * @throws {HttpError} 413 past `max`.
 */
export async function collectBytes(
  content: RequestContent,
  max: number,
): Promise<Uint8Array> {
  if (content.remaining !== Infinity && content.remaining > max) {
    throw new HttpError(413);
  }
  const whole = content.takeWhole();
  if (whole !== undefined) return whole;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const chunk = await content.read();
    if (chunk === null) break;
    size += chunk.length;
    if (size > max) throw new HttpError(413);
    chunks.push(chunk);
  }
  return joined(chunks);
}

/**
 * Decodes a body as UTF-8.
 *
 * @param octets The body.
 * @throws {HttpError} 400 if it is not UTF-8.
 */
export function decodeText(octets: Uint8Array): string {
  try {
    return utf8.decode(octets);
  } catch (cause) {
    throw new HttpError(400, "The body is not UTF-8", { cause });
  }
}

/**
 * Parses a body as JSON.
 *
 * @param octets The body.
 * @param contentType The request's Content-Type, if it has one.
 * @throws {HttpError} 415 if the type is not JSON, 400 if the body is not.
 */
export function parseJson(
  octets: Uint8Array,
  contentType: string | undefined,
): unknown {
  if (
    contentType !== undefined && !/^[^;]*[/+]json *(?:;|$)/i.test(contentType)
  ) {
    throw new HttpError(415, "The body is not of the type application/json");
  }
  const text = decodeText(octets);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new HttpError(400, "The body is not JSON", { cause });
  }
}

/**
 * Parses a body as a form, urlencoded or multipart, by the platform's parser.
 *
 * @param octets The body.
 * @param contentType The request's Content-Type, if it has one.
 * @throws {HttpError} 415 if the type is neither, 400 if the body is malformed.
 */
export async function parseForm(
  octets: Uint8Array,
  contentType = "",
): Promise<FormData> {
  if (
    !/^(?:application\/x-www-form-urlencoded|multipart\/form-data) *(?:;|$)/i
      .test(contentType)
  ) {
    throw new HttpError(415, "The body is not a form");
  }
  const boundary = BOUNDARY.exec(contentType);
  if (
    boundary !== null && !isClosed(octets, boundary[1] ?? boundary[2] ?? "")
  ) {
    throw new HttpError(400, "The form breaks off");
  }
  const body = new Response(owned(octets), {
    headers: { "Content-Type": contentType },
  });
  try {
    return await body.formData();
  } catch (cause) {
    throw new HttpError(400, "The form is malformed", { cause });
  }
}

/**
 * Tells whether multipart content ends with its closing delimiter (RFC 2046
 * section 5.1.1): the platform takes what breaks off for a shorter form.
 */
function isClosed(octets: Uint8Array, boundary: string): boolean {
  const end = `--${boundary}--`;
  const tail = octets.subarray(-end.length - MAX_EPILOGUE);
  return new TextDecoder("latin1").decode(tail).trimEnd().endsWith(end);
}
