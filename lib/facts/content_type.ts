// The value of a Content-Type field (RFC 9110 section 8.3). Goes in: what a
// client sent. Comes out: the media type. Its parameters are read by
// `parameters.ts`.

import { trimOws } from "./grammar.ts";

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
