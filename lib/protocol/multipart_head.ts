// What a multipart form says about itself: its boundary, in the Content-Type of
// the request, and the head of each part (RFC 7578 section 4, RFC 2046 section
// 5.1). Pure.

import { mediaTypeOf } from "../facts/content_type.ts";
import { HttpError } from "../facts/errors.ts";
import { isToken, trimOws } from "../facts/grammar.ts";
import { parseParameters } from "../facts/parameters.ts";

/** What the head of a part says. */
export interface PartHead {
  /** The name of the form's field. */
  readonly name: string;
  /** The name of the file, as the client gave it; absent for a text. */
  readonly filename: string | undefined;
  /** The media type; `text/plain` if none is given (RFC 7578 section 4.4). */
  readonly contentType: string;
}

/** `boundary := 0*69<bchars> bcharsnospace` */
const BOUNDARY = /^[0-9A-Za-z'()+_,\-./:=? ]{0,69}[0-9A-Za-z'()+_,\-./:=?]$/;

/** The codings that leave the content as it is. */
const IDENTITY_CODINGS: readonly string[] = ["7bit", "8bit", "binary"];

/** `ext-value` in UTF-8 (RFC 8187 section 3.2.1). */
const EXTENDED_VALUE =
  /^UTF-8'[0-9A-Za-z-]*'((?:[!#$&+.^_`|~0-9A-Za-z-]|%[0-9A-Fa-f]{2})*)$/i;

/** Line ends and quotation marks as the HTML standard escapes them in names. */
const ESCAPED = /%(?:22|0A|0D)/gi;

/**
 * Reads the boundary of a multipart form.
 *
 * @param contentType The Content-Type of the request.
 * @throws {HttpError} 415 if it is not `multipart/form-data`, 400 if it has no
 * boundary or one that cannot be.
 */
export function parseBoundary(contentType = ""): string {
  if (mediaTypeOf(contentType) !== "multipart/form-data") {
    throw new HttpError(415, "The body is not a form");
  }
  const type = parseParameters(contentType);
  const boundary = type?.parameters.get("boundary");
  if (boundary === undefined || !BOUNDARY.test(boundary)) {
    throw new HttpError(400, "The form has no valid boundary");
  }
  return boundary;
}

/**
 * Parses the head of a part.
 *
 * @param text Its lines, with a CRLF between each two.
 * @throws {HttpError} 400 if it is malformed or names no field, 415 if the
 * content is encoded.
 */
export function parsePartHead(text: string): PartHead {
  const fields = parseFields(text);
  const coding = fields.get("content-transfer-encoding")?.toLowerCase();
  if (coding !== undefined && !IDENTITY_CODINGS.includes(coding)) {
    throw new HttpError(415, "A part of the form is encoded");
  }
  const disposition = parseParameters(fields.get("content-disposition") ?? "");
  const name = disposition?.parameters.get("name");
  if (disposition?.essence !== "form-data" || name === undefined) {
    throw malformed();
  }
  return {
    name: unescape(name),
    filename: filenameOf(disposition.parameters),
    contentType: fields.get("content-type") ?? "text/plain",
  };
}

function parseFields(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.split("\r\n")) {
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(0, colon));
    const value = line.slice(colon + 1);
    // A line that begins with a space is folded: obsolete, and no token.
    if (!isToken(name) || /[\0\r\n]/.test(value)) throw malformed();
    const lowerName = name.toLowerCase();
    if (fields.has(lowerName)) throw malformed();
    fields.set(lowerName, trimOws(value));
  }
  return fields;
}

/** `filename*` is not for forms, but some clients send nothing else for names beyond ASCII. */
function filenameOf(
  parameters: ReadonlyMap<string, string>,
): string | undefined {
  for (const name of parameters.keys()) {
    // A name in pieces (RFC 2231): some readers join them, others see no file.
    if (/^filename\*./.test(name)) throw malformed();
  }
  const extended = parameters.get("filename*");
  if (extended === undefined) {
    const filename = parameters.get("filename");
    return filename && unescape(filename);
  }
  const [, encoded] = EXTENDED_VALUE.exec(extended) ?? [];
  try {
    if (encoded !== undefined) return decodeURIComponent(encoded);
  } catch {
    // The bytes are not UTF-8.
  }
  throw malformed();
}

function unescape(name: string): string {
  return name.replace(ESCAPED, decodeURIComponent);
}

function malformed(): HttpError {
  return new HttpError(400, "The head of a part is malformed");
}
