// A line of the trailer section that follows a chunked body (RFC 9110 section
// 6.5, RFC 9112 section 7.1.2). In: a field of the handler and the names that
// the head has announced. Out: the line, or a refusal.

import { isFieldValue, listMembers, lowerFieldName } from "../facts/grammar.ts";

/**
 * Fields that a client must know before the body: those that frame, route,
 * authenticate or describe it (RFC 9110 section 6.5.1).
 */
const NOT_AFTER_BODY = [
  "authorization",
  "cache-control",
  "connection",
  "content-encoding",
  "content-length",
  "content-range",
  "content-type",
  "host",
  "set-cookie",
  "te",
  "trailer",
  "transfer-encoding",
  "www-authenticate",
];

/**
 * Writes a trailer field.
 *
 * @param name The field name.
 * @param value The field value.
 * @param announced The value of the field `Trailer`.
 * @returns The line with its CRLF.
 * @throws {TypeError} If the name was not announced or may not come so late, or
 * the value holds what a field may not hold.
 */
export function trailerLine(
  name: string,
  value: string,
  announced: string,
): string {
  const lowerName = lowerFieldName(name);
  if (
    lowerName === undefined || !listMembers(announced).includes(lowerName)
  ) {
    throw new TypeError(
      `Cannot send the trailer ${JSON.stringify(name)}: the field Trailer ` +
        "did not announce it",
    );
  }
  if (NOT_AFTER_BODY.includes(lowerName)) {
    throw new TypeError(
      `Cannot send the trailer ${
        JSON.stringify(name)
      }: it may not come after ` +
        "the body",
    );
  }
  if (!isFieldValue(value)) {
    throw new TypeError(
      `Cannot send the ${name}: it holds a control character or one outside ` +
        "latin-1",
    );
  }
  return name + ": " + value + "\r\n";
}
