// Whether a request is meant for this server, by the name in its `Host`. Attack
// (DNS rebinding): a page of `evil.example` points that name at 127.0.0.1, and
// its scripts then ask a server that only this machine can reach. The browser
// takes that for the page's own origin; only the name in `Host` tells. Pure.

/**
 * The name in a `Host`.
 *
 * @param host The value of the field: a name or an address, perhaps a port.
 * @returns The name in lower case, without a dot at its end, or the address,
 * IPv6 in brackets; undefined if it is neither.
 */
export function hostNameOf(host: string): string | undefined {
  const url = `http://${host}/`;
  if (!URL.canParse(url)) return undefined;
  return new URL(url).hostname.replace(/\.$/, "");
}

/**
 * Tells whether a request for this `Host` may be trusted to be meant for the
 * server. No resolver is asked for an address or for `localhost` (RFC 6761
 * section 6.3), so these cannot be pointed elsewhere.
 *
 * @param host The value of the field; undefined where there is none, which no
 * browser leaves out.
 * @param names The server's own names, as `hostNameOf` gives them.
 */
export function isKnownHost(
  host: string | undefined,
  names: readonly string[],
): boolean {
  if (host === undefined) return true;
  // The clients of a server nearly all name the same host.
  if (host === lastKnown && names === lastNames) return true;
  const name = hostNameOf(host);
  const isKnown = name !== undefined && (
    isAddress(name) || name === "localhost" || name.endsWith(".localhost") ||
    names.includes(name)
  );
  if (isKnown) [lastKnown, lastNames] = [host, names];
  return isKnown;
}

let lastKnown: string | undefined;
let lastNames: readonly string[] | undefined;

/** A URL writes each IPv4 address with four numbers, whatever it was given. */
function isAddress(name: string): boolean {
  return name.startsWith("[") || /^[0-9]+(?:\.[0-9]+){3}$/.test(name);
}
