// The lines of the chunked coding (RFC 9112 section 7.1): the one before each
// chunk, and what may stand in the trailer section.

import { HttpError } from "../facts/errors.ts";
import type { FieldList } from "./field_list.ts";

/** `chunk-size = 1*HEXDIG` */
const CHUNK_SIZE = /^[0-9A-Fa-f]+/;
/** Padded with zeros it may be longer than any number. */
const MAX_DIGITS = 16;
/** What a number holds exactly: 52 bits. */
const EXACT_DIGITS = 13;

/**
 * One extension: `BWS ";" BWS name [ BWS "=" BWS ( token / quoted-string ) ]`.
 * Sticky, so that many of them are matched one by one in linear time.
 */
const EXTENSION =
  /[ \t]*;[ \t]*[!#$%&'*+\-.^_`|~0-9A-Za-z]+(?:[ \t]*=[ \t]*(?:[!#$%&'*+\-.^_`|~0-9A-Za-z]+|"(?:[\t !#-\[\]-~\x80-\xff]|\\[\t -~\x80-\xff])*"))?/y;

/**
 * Fields that frame, route or authenticate: a reader that heeded one in a
 * trailer would see another request (RFC 9110 section 6.5.1). What describes
 * the content may come, and is kept apart from the head.
 */
const FORBIDDEN_TRAILERS = [
  "authorization",
  "connection",
  "content-length",
  "expect",
  "host",
  "te",
  "trailer",
  "transfer-encoding",
];

/**
 * Parses the line before a chunk.
 *
 * @param line The line without its CRLF, each octet a character.
 * @returns The size of the chunk and of the extensions behind it, in octets.
 * @throws {HttpError} 400 if it is not a size with extensions, or one on which
 * other readers overflow.
 */
export function parseChunkLine(
  line: string,
): { size: number; extensions: number } {
  const digits = CHUNK_SIZE.exec(line)?.[0];
  if (digits === undefined) {
    throw new HttpError(400, "A chunk size is not a hexadecimal number");
  }
  checkExtensions(line, digits.length);
  const significant = digits.replace(/^0+/, "");
  if (digits.length > MAX_DIGITS || significant.length > EXACT_DIGITS) {
    throw new HttpError(400, "A chunk size has too many digits");
  }
  return {
    size: significant === "" ? 0 : parseInt(significant, 16),
    extensions: line.length - digits.length,
  };
}

function checkExtensions(line: string, from: number): void {
  for (let at = from; at < line.length; at = EXTENSION.lastIndex) {
    EXTENSION.lastIndex = at;
    if (!EXTENSION.test(line)) {
      throw new HttpError(400, "A chunk line is malformed");
    }
  }
}

/**
 * Refuses trailers that may not come so late (RFC 9110 section 6.5.1).
 *
 * @param trailers The trailer fields.
 * @throws {HttpError} 400.
 */
export function checkTrailers(trailers: FieldList): void {
  if (FORBIDDEN_TRAILERS.some((name) => trailers.has(name))) {
    throw new HttpError(400, "A trailer field belongs in the head");
  }
}
