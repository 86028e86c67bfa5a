// The fields of a response that describe the content that comes with them (RFC
// 9110 §8 and §14, RFC 6266), or for how long it is good: another content must
// not have them.

const CONTENT_FIELDS: ReadonlySet<string> = new Set([
  "accept-ranges",
  "content-disposition",
  "content-encoding",
  "content-language",
  "content-length",
  "content-location",
  "content-range",
  "content-type",
  "etag",
  "expires",
  "last-modified",
  "location",
]);

/**
 * Tells whether a field is about the content.
 *
 * @param name Its name, in any case.
 */
export function isAboutContent(name: string): boolean {
  return CONTENT_FIELDS.has(name.toLowerCase());
}
