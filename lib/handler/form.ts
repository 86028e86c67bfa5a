// The body of a request as a form. A multipart one is read by our own parser,
// for the platform's drops what breaks off or has no name, and tells nobody.

import { mediaTypeOf } from "../facts/content_type.ts";
import { HttpError } from "../facts/errors.ts";
import type { Limits } from "../facts/limits.ts";
import { joined } from "../bytes/octets.ts";
import { owned, type Reader } from "../bytes/stream.ts";
import { isTurnLong, nextTurn } from "../bytes/turn.ts";
import type { RequestContent } from "../protocol/exchange.ts";
import { parseBoundary } from "../protocol/multipart_head.ts";
import {
  type FormLimits,
  MultipartReader,
} from "../protocol/multipart_reader.ts";
import { collectBytes } from "./content.ts";

const URLENCODED = "application/x-www-form-urlencoded";
const AMPERSAND = 0x26;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** What bounds a form that is in memory. */
export type WholeFormLimits = FormLimits & Pick<Limits, "bufferedBodyBytes">;

/**
 * Reads a body as a form, urlencoded or multipart.
 *
 * @param content The body.
 * @param contentType The request's Content-Type, if it has one.
 * @param limits The limits of the form.
 * @throws {HttpError} 415 if the type is neither, 400 if the body is malformed,
 * 413 past a limit.
 */
export async function readForm(
  content: RequestContent,
  contentType: string | undefined,
  limits: WholeFormLimits,
): Promise<FormData> {
  // What is no form is refused before it is collected.
  if (!isUrlencoded(contentType)) parseBoundary(contentType);
  // Not read part by part: the body may be asked for again in another form.
  const bytes = await collectBytes(content, limits.bufferedBodyBytes);
  return await parseForm(bytes, contentType, limits);
}

/**
 * Parses a form, urlencoded or multipart.
 *
 * @param bytes The whole body.
 * @param contentType The request's Content-Type, if it has one.
 * @param limits The limits of the form.
 * @throws {HttpError} 415 if the type is neither, 400 if the body is malformed,
 * 413 past a limit.
 */
export async function parseForm(
  bytes: Uint8Array,
  contentType: string | undefined,
  limits: FormLimits,
): Promise<FormData> {
  if (isUrlencoded(contentType)) {
    return await parseUrlencoded(bytes, limits.formFields);
  }
  const boundary = parseBoundary(contentType);
  const body = readerOf(bytes);
  return await collectParts(new MultipartReader(body, boundary, limits));
}

/**
 * Tells whether a body is a form.
 *
 * @param contentType The request's Content-Type, if it has one.
 */
export function isForm(contentType: string | undefined): boolean {
  return isUrlencoded(contentType) ||
    mediaTypeOf(contentType ?? "") === "multipart/form-data";
}

function isUrlencoded(contentType: string | undefined): boolean {
  return mediaTypeOf(contentType ?? "") === URLENCODED;
}

async function parseUrlencoded(
  bytes: Uint8Array,
  maxFields: number,
): Promise<FormData> {
  let fields = 1;
  for (const byte of bytes) if (byte === AMPERSAND) fields++;
  if (fields > maxFields) {
    throw new HttpError(413, "The form has too many fields");
  }
  const headers = { "Content-Type": URLENCODED };
  return await new Response(owned(bytes), { headers }).formData();
}

async function collectParts(reader: MultipartReader): Promise<FormData> {
  const form = new FormData();
  for (let part; (part = await reader.next()) !== null;) {
    const { name, filename, contentType: type } = part;
    const runs: Uint8Array<ArrayBuffer>[] = [];
    for (let run; (run = await part.read()) !== null;) runs.push(run);
    if (filename === undefined) form.append(name, decode(joined(runs)));
    else form.append(name, new File(runs, filename, { type }));
    // All of it is here: nothing else lets others get on.
    if (isTurnLong()) await nextTurn();
  }
  return form;
}

function readerOf(bytes: Uint8Array): Pick<Reader, "read"> {
  let at = 0;
  return {
    read(max = bytes.length) {
      const piece = bytes.subarray(at, at + max);
      at += piece.length;
      return Promise.resolve(piece.length === 0 ? null : piece);
    },
  };
}

function decode(text: Uint8Array): string {
  try {
    return utf8.decode(text);
  } catch (cause) {
    throw new HttpError(400, "A field of the form is not UTF-8", { cause });
  }
}
