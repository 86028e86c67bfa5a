// The content of a form, urlencoded or multipart. It is parsed by the platform,
// which is told nothing that a client could make it slow or large with.

import { mediaTypeOf, parameterOf } from "../facts/content_type.ts";
import { HttpError } from "../facts/errors.ts";
import { owned } from "../bytes/stream.ts";

const URLENCODED = "application/x-www-form-urlencoded";
const MULTIPART = "multipart/form-data";

/** A boundary (RFC 2046 section 5.1.1), with what some clients put in besides. */
const BOUNDARY = /^[ !#-\[\]-~]{1,70}$/;

/** Line ends behind the closing delimiter; nobody sends more. */
const MAX_EPILOGUE = 4;

const AMPERSAND = 0x26;
const DASH = 0x2d;
const LF = 0x0a;

const encoder = new TextEncoder();

/**
 * Parses a body as a form.
 *
 * @param bytes The body.
 * @param contentType The request's Content-Type, if it has one.
 * @param maxFields The most fields; each becomes an object of the platform.
 * @throws {HttpError} 415 if the type is no form, 400 if the body is
 * malformed, 413 past `maxFields`.
 */
export async function parseForm(
  bytes: Uint8Array,
  contentType = "",
  maxFields = Infinity,
): Promise<FormData> {
  const { value, boundary } = formType(contentType);
  if (boundary !== undefined && !isClosed(bytes, boundary)) {
    throw new HttpError(400, "The form breaks off");
  }
  const count = boundary === undefined
    ? countPairs(bytes)
    : countParts(bytes, boundary);
  if (count > maxFields) {
    throw new HttpError(413, "The form has too many fields");
  }
  const body = new Response(owned(bytes), {
    headers: { "Content-Type": value },
  });
  try {
    return await body.formData();
  } catch (cause) {
    throw new HttpError(400, "The form is malformed", { cause });
  }
}

/** The type of a form, as the platform is told of it. */
interface FormType {
  readonly value: string;
  /** What stands between the parts; undefined where there are none. */
  readonly boundary?: string;
}

/**
 * Reads the type of a form.
 *
 * @param contentType The field value. The platform takes time by the square of
 * the spaces in it, so it is given one of our own.
 * @throws {HttpError} 415 if it is no form, 400 if it has no boundary.
 */
export function formType(contentType: string): FormType {
  const type = mediaTypeOf(contentType);
  if (type === URLENCODED) return { value: URLENCODED };
  if (type !== MULTIPART) {
    throw new HttpError(415, "The body is not a form");
  }
  const boundary = parameterOf(contentType, "boundary");
  if (boundary === undefined || !BOUNDARY.test(boundary)) {
    throw new HttpError(400, "The form has no boundary");
  }
  return { value: `${MULTIPART}; boundary="${boundary}"`, boundary };
}

function countPairs(bytes: Uint8Array): number {
  let count = 1;
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] === AMPERSAND) count++;
  }
  return count;
}

/** Counts the lines that begin with the delimiter, but for the closing one. */
function countParts(bytes: Uint8Array, boundary: string): number {
  const delimiter = encoder.encode(`--${boundary}`);
  let count = 0;
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] !== DASH || (at > 0 && bytes[at - 1] !== LF)) continue;
    if (delimiter.every((byte, i) => bytes[at + i] === byte)) count++;
  }
  return count - 1;
}

/**
 * Tells whether multipart content ends with its closing delimiter (RFC 2046
 * section 5.1.1): the platform takes what breaks off for a shorter form.
 */
function isClosed(bytes: Uint8Array, boundary: string): boolean {
  const end = `--${boundary}--`;
  const tail = bytes.subarray(-end.length - MAX_EPILOGUE);
  return new TextDecoder("latin1").decode(tail).trimEnd().endsWith(end);
}
