// The value of a Content-Type field (RFC 9110 section 8.3). Goes in: what a
// client sent. Comes out: the media type, or one of its parameters.

import { trimOws } from "./grammar.ts";

/**
 * One parameter with the semicolon before it, or the semicolon alone. More
 * than a token is taken for a value: clients leave the quotes out.
 */
const PARAMETER =
  /[ \t]*;[ \t]*(?:([!#$%&'*+\-.^_`|~0-9A-Za-z]+)=(?:"((?:[^"\\]|\\.)*)"|([^ \t;"]+)))?/y;

/**
 * The media type without its parameters.
 *
 * @param contentType The field value.
 * @returns The type in lower case, `"text/html"`.
 */
export function mediaTypeOf(contentType: string): string {
  const [type = ""] = contentType.split(";", 1);
  return trimOws(type).toLowerCase();
}

/**
 * Looks a parameter up.
 *
 * @param contentType The field value.
 * @param name The name of the parameter in lower case.
 * @returns The value of the first of that name, without its quotes; undefined
 * if there is none before the end or before what is malformed.
 */
export function parameterOf(
  contentType: string,
  name: string,
): string | undefined {
  let at = contentType.indexOf(";");
  while (at >= 0 && at < contentType.length) {
    PARAMETER.lastIndex = at;
    const match = PARAMETER.exec(contentType);
    if (match === null) return undefined;
    const [whole, key, quoted, plain] = match;
    if (key?.toLowerCase() === name) {
      return plain ?? quoted?.replace(/\\(.)/g, "$1");
    }
    at += whole.length;
  }
  return undefined;
}
