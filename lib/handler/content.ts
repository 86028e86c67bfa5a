// The whole body of a request as bytes, text or JSON. What is malformed is
// 400, what is too long 413, what is of another type 415.

import { mediaTypeOf } from "../facts/content_type.ts";
import { HttpError } from "../facts/errors.ts";
import { ByteBuffer } from "../bytes/byte_buffer.ts";
import type { RequestContent } from "../protocol/exchange.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** What was collected: a body comes once, and is asked for in any form. */
const collected = new WeakMap<
  RequestContent,
  Uint8Array | Promise<Uint8Array>
>();

/**
 * Collects a body, or gives what was collected of it before.
 *
 * @param content The body.
 * @param max The most bytes to collect.
 * @returns All of it; the same array each time.
 * @throws {HttpError} 413 past `max`.
 * @throws {Error} If some of the body was read otherwise.
 */
export async function collectBytes(
  content: RequestContent,
  max: number,
): Promise<Uint8Array> {
  const earlier = collected.get(content);
  if (earlier !== undefined) {
    const bytes = earlier instanceof Promise ? await earlier : earlier;
    if (bytes.length > max) throw new HttpError(413);
    return bytes;
  }
  if (content.hasBegun) {
    throw new Error("Cannot collect the body: some of it was read by rfile");
  }
  const whole = content.remaining <= max ? content.takeWhole() : undefined;
  if (whole !== undefined) {
    collected.set(content, whole);
    return whole;
  }
  const collecting = collect(content, max);
  collected.set(content, collecting);
  return await collecting;
}

async function collect(
  content: RequestContent,
  max: number,
): Promise<Uint8Array> {
  if (content.remaining !== Infinity && content.remaining > max) {
    throw new HttpError(413);
  }
  const bytes = new ByteBuffer(Math.min(content.remaining, max));
  for (;;) {
    const chunk = await content.read();
    if (chunk === null) return bytes.take();
    if (bytes.length + chunk.length > max) throw new HttpError(413);
    bytes.add(chunk);
  }
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
    contentType !== undefined && !/[/+]json$/.test(mediaTypeOf(contentType))
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
