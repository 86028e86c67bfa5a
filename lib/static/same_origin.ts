// Whether a request that changes something may have been sent by a page of
// another site, with the user's own address or password (CSRF), or by one whose
// name was pointed at this server (DNS rebinding). Browsers say where a page is
// from; whoever says nothing is no browser. Pure.

import { isKnownHost } from "../facts/host_name.ts";
import type { FieldSource } from "../facts/preconditions.ts";

/** What a server knows of its own origin. */
export interface OwnOrigin {
  /** Whether it is reached by https. */
  readonly isSecure: boolean;
  /** The address or name it is bound to. */
  readonly serverName: string;
  /** Its other names. */
  readonly hosts?: readonly string[] | undefined;
}

/** Who has sent a request, as far as browsers tell. */
export type Sender = "own page or none" | "other site" | "unknown host";

/**
 * Tells who has sent a request.
 *
 * @param fields The request fields.
 * @param own What the server knows of its own origin.
 * @returns `"unknown host"` for a page of a name that may have been pointed at
 * the server; its requests look as if they were of the same origin.
 */
export function senderOf(fields: FieldSource, own: OwnOrigin): Sender {
  const site = fields.get("sec-fetch-site");
  // Browsers send it to https and loopback only, where no name is rebound.
  if (site !== undefined) {
    const isOwn = site === "same-origin" || site === "none";
    return isOwn ? "own page or none" : "other site";
  }
  const origin = fields.get("origin");
  if (origin === undefined) return "own page or none";
  const host = fields.get("host");
  // "null" is what sandboxed pages and local files send.
  if (host === undefined || !isOriginOf(origin, host, own)) return "other site";
  const { isSecure, serverName, hosts = [] } = own;
  const isKnown = isSecure || isKnownHost(host, [serverName, ...hosts]);
  return isKnown ? "own page or none" : "unknown host";
}

/** Whether an `Origin` is the one of a `Host`: scheme, name and port (RFC 6454 section 5). */
function isOriginOf(
  origin: string,
  host: string,
  { isSecure }: OwnOrigin,
): boolean {
  const url = `${isSecure ? "https" : "http"}://${host}/`;
  return URL.canParse(url) && new URL(url).origin === origin;
}
