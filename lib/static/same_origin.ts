// Whether a request that changes something may have been sent by a page of
// another site, with the user's own address or password (CSRF). Browsers say so
// themselves; whoever says nothing is no browser. Pure.

import type { FieldSource } from "./conditional.ts";

/**
 * Tells whether a request was sent by the site itself, or by no page at all.
 *
 * @param fields The request fields.
 * @returns False when a page of another origin sent it.
 */
export function isSameOrigin(fields: FieldSource): boolean {
  const site = fields.get("sec-fetch-site");
  if (site !== undefined) return site === "same-origin" || site === "none";
  const origin = fields.get("origin");
  if (origin === undefined) return true;
  // "null" is what sandboxed pages and local files send.
  return URL.canParse(origin) && new URL(origin).host === hostOf(fields);
}

function hostOf(fields: FieldSource): string | undefined {
  const url = `http://${fields.get("host") ?? ""}`;
  return URL.canParse(url) ? new URL(url).host : undefined;
}
