// The head of a request (RFC 9112 sections 2 to 5). In: the octets of a
// connection. Out: where the head ends, then its request line and its fields.
// Everything is refused that two readers could understand differently.

import { HttpError } from "../facts/errors.ts";
import {
  isFieldValue,
  isHost,
  isOriginForm,
  lowerFieldName,
  trimOws,
} from "../facts/grammar.ts";
import type { Limits } from "../facts/limits.ts";
import { FieldList } from "./field_list.ts";
import {
  type HttpVersion,
  parseRequestLine,
  toOriginForm,
} from "./request_line.ts";

export type { HttpVersion } from "./request_line.ts";

/** What the head of a request says. */
export interface RequestHead {
  /** The request line without its line end; `""` where there is no line. */
  readonly line: string;
  /** The method, as sent: methods are case-sensitive. */
  readonly method: string;
  /** The request target as sent. */
  readonly target: string;
  /** The target in origin-form: absolute-form reduced to its path and query. */
  readonly path: string;
  /** The version by which the request is served. */
  readonly version: HttpVersion;
  /** The header fields. */
  readonly fields: FieldList;
}

/**
 * Decodes the octets of a head, each to the character of the same number.
 *
 * @param octets The octets.
 */
export function decodeHead(octets: Uint8Array): string {
  // UTF-8 decoding is the platform's fastest. It gives a character for each
  // octet exactly when all are ASCII; a wrong octet becomes U+FFFD.
  const text = utf8.decode(octets);
  if (text.length === octets.length && !text.includes("\ufffd")) return text;
  let latin1 = "";
  for (const octet of octets) latin1 += String.fromCharCode(octet);
  return latin1;
}

const utf8 = new TextDecoder();

/**
 * Parses a whole head.
 *
 * @param text The head as of {@linkcode decodeHead}, from the request line to
 * the empty line, which is left away.
 * @param limits The limits of the line and the fields.
 * @param parseSection Parses the fields, or remembers them.
 * @returns What it says.
 * @throws {HttpError} 400, 414, 431 or 505.
 */
export function parseRequestHead(
  text: string,
  limits: Limits,
  parseSection: SectionParser = parseHeaderSection,
): RequestHead {
  const lineEnd = text.indexOf("\r\n");
  const line = text.slice(0, lineEnd);
  const { method, target, version } = parseRequestLine(line, limits);
  const fields = parseSection(text.slice(lineEnd + 2), version, limits);
  if (isOriginForm(target) && method !== "CONNECT") {
    return { line, method, target, path: target, version, fields };
  }
  const { path, authority } = toOriginForm(method, target);
  return {
    line,
    method,
    target,
    path,
    version,
    // The authority of absolute-form takes the place of Host (section 3.2.2).
    fields: authority === undefined ? fields : fields.with("Host", authority),
  };
}

/** Parses the header section of a request of some version. */
export type SectionParser = (
  section: string,
  version: HttpVersion,
  limits: Limits,
) => FieldList;

/**
 * Parses the header section of a request.
 *
 * @param section The field lines, each with its CRLF.
 * @param version The version of the request, which decides about `Host`.
 * @param limits The limits of size and number.
 * @throws {HttpError} 400 or 431.
 */
export function parseHeaderSection(
  section: string,
  version: HttpVersion,
  limits: Limits,
): FieldList {
  const fields = parseFields(section, limits);
  checkHost(fields, version);
  return fields;
}

/**
 * Parses field lines (RFC 9112 section 5).
 *
 * @param text The lines, each with its CRLF.
 * @param limits The limits of size and number.
 * @throws {HttpError} 400 for what is no field line, 431 past a limit.
 */
export function parseFields(
  text: string,
  limits: Pick<Limits, "headBytes" | "headerCount">,
): FieldList {
  if (text.length > limits.headBytes) throw headTooLong();
  const lines: FieldLines = { names: [], values: [], lowerNames: [] };
  for (let at = 0; at < text.length;) {
    const lineEnd = text.indexOf("\r\n", at);
    if (lines.names.length === limits.headerCount) {
      throw new HttpError(431, "Too many header fields", {
        explain: `At most ${limits.headerCount} header fields are taken`,
      });
    }
    parseField(lines, text, at, lineEnd);
    at = lineEnd + 2;
  }
  return new FieldList(lines.names, lines.values, lines.lowerNames);
}

/** Field lines while they are collected. */
interface FieldLines {
  readonly names: string[];
  readonly values: string[];
  readonly lowerNames: string[];
}

function parseField(
  lines: FieldLines,
  text: string,
  at: number,
  lineEnd: number,
): void {
  const colon = text.indexOf(":", at);
  if (colon < 0 || colon > lineEnd) {
    throw new HttpError(400, "A header line has no colon");
  }
  const name = text.slice(at, colon);
  // Not a token either: a folded line, which starts with a space, and a name
  // with a space before its colon. Both have hidden Transfer-Encoding before.
  const lowerName = lowerFieldName(name);
  if (lowerName === undefined) {
    throw new HttpError(400, "A header name is not a token");
  }
  const value = trimOws(text.slice(colon + 1, lineEnd));
  if (!isFieldValue(value)) {
    throw new HttpError(400, "A header value holds a control character");
  }
  lines.names.push(name);
  lines.values.push(value);
  lines.lowerNames.push(lowerName);
}

/**
 * Exactly one `Host` on 1.1 and at most one on 1.0, each of them valid
 * (RFC 9112 section 3.2): two readers of two hosts may choose differently.
 */
function checkHost(fields: FieldList, version: HttpVersion): void {
  let count = 0;
  for (let i = 0; i < fields.size; i++) {
    if (fields.lowerNameAt(i) !== "host") continue;
    count++;
    if (count > 1) throw new HttpError(400, "There is more than one Host");
    if (!isHost(fields.valueAt(i))) {
      throw new HttpError(400, "The Host is malformed");
    }
  }
  if (count === 0 && version === "HTTP/1.1") {
    throw new HttpError(400, "There is no Host");
  }
}

/** The refusal of header fields that are too long. */
export function headTooLong(): HttpError {
  return new HttpError(431, "The header fields are too long");
}
