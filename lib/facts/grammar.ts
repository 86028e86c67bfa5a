// The grammar of RFC 9110 and 9112 that the wire is checked against: tokens,
// field values, request targets and hosts. No rule here has nested
// quantifiers: each takes time linear in what the peer sent.

/**
 * `token = 1*tchar` (RFC 9110 section 5.6.2).
 */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/**
 * `field-value`, its octets read as latin-1: no control but HTAB, so no CR, LF
 * or NUL (RFC 9110 section 5.5).
 */
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** The field values that every encoding writes alike. */
const ASCII_FIELD_VALUE = /^[\t\x20-\x7e]*$/;

/**
 * What a target's path and query may hold. RFC 3986 allows less, but the
 * browsers' URL standard sends `|`, `^`, `[` and `]` in paths and `{`, `}`,
 * backslash and backquote in queries as they are. Still refused: spaces, controls,
 * non-ASCII octets, `#`, `"`, `<`, `>`, and in a path also `\`, which browsers
 * take for `/`.
 */
const ORIGIN_FORM = /^\/[!$-;=@-\[\]\^_a-z|~]*(?:\?[!$-;=?-~]*)?$/;

/**
 * `absolute-form = absolute-URI` for http and https, split into authority and
 * the rest.
 */
const ABSOLUTE_FORM = /^https?:\/\/([^/?#]*)([/?].*)?$/i;

/** `uri-host [ ":" port ]` with a registered name or an IPv4 address. */
const NAMED_HOST =
  /^(?:[A-Za-z0-9\-._~!$&'()*+;=]|%[0-9A-Fa-f]{2})+(?::(\d{0,5}))?$/;

/** `IP-literal [ ":" port ]`. */
const BRACKETED_HOST = /^(\[[0-9A-Fa-f:.]+\])(?::(\d{0,5}))?$/;

/**
 * The field names met on almost every request, in the spellings met, with
 * their lower-case form: for these no check and no new string is needed.
 */
const KNOWN_NAMES: ReadonlyMap<string, string> = new Map(
  [
    "Accept",
    "Accept-Charset",
    "Accept-Encoding",
    "Accept-Language",
    "Accept-Ranges",
    "Access-Control-Allow-Origin",
    "Allow",
    "Authorization",
    "Cache-Control",
    "Connection",
    "Content-Disposition",
    "Content-Encoding",
    "Content-Language",
    "Content-Length",
    "Content-Range",
    "Content-Security-Policy",
    "Content-Type",
    "Cookie",
    "DNT",
    "Date",
    "ETag",
    "Expect",
    "Expires",
    "Forwarded",
    "Host",
    "If-Match",
    "If-Modified-Since",
    "If-None-Match",
    "If-Range",
    "If-Unmodified-Since",
    "Keep-Alive",
    "Last-Modified",
    "Link",
    "Location",
    "Origin",
    "Pragma",
    "Priority",
    "Range",
    "Referer",
    "Sec-CH-UA",
    "Sec-CH-UA-Mobile",
    "Sec-CH-UA-Platform",
    "Sec-Fetch-Dest",
    "Sec-Fetch-Mode",
    "Sec-Fetch-Site",
    "Sec-Fetch-User",
    "Server",
    "Set-Cookie",
    "TE",
    "Trailer",
    "Transfer-Encoding",
    "Upgrade",
    "Upgrade-Insecure-Requests",
    "User-Agent",
    "Vary",
    "Via",
    "WWW-Authenticate",
    "X-Content-Type-Options",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-Real-IP",
    "X-Requested-With",
  ].flatMap((name) => [[name, name.toLowerCase()], [
    name.toLowerCase(),
    name.toLowerCase(),
  ]]),
);

/** Tells whether `text` is a `token`: a method, field name or coding. */
export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

/**
 * The lower-case form of a field name.
 *
 * @param name The name as written.
 * @returns The lower-case name, or `undefined` if `name` is not a token.
 */
export function lowerFieldName(name: string): string | undefined {
  const known = KNOWN_NAMES.get(name);
  if (known !== undefined) return known;
  return TOKEN.test(name) ? name.toLowerCase() : undefined;
}

/** Tells whether `text` may stand as a field value, read as latin-1. */
export function isFieldValue(text: string): boolean {
  return FIELD_VALUE.test(text);
}

/** Tells whether `text` may stand as a field value and is all ASCII. */
export function isAsciiFieldValue(text: string): boolean {
  return ASCII_FIELD_VALUE.test(text);
}

/** Tells whether `target` is a request target in origin-form. */
export function isOriginForm(target: string): boolean {
  return ORIGIN_FORM.test(target);
}

/**
 * Splits an absolute-form target (RFC 9112 section 3.2.2).
 *
 * @param target The request target.
 * @returns Its authority and its origin-form, or `undefined` if it is not an
 * http or https URI.
 */
export function splitAbsoluteForm(
  target: string,
): { authority: string; originForm: string } | undefined {
  const match = ABSOLUTE_FORM.exec(target);
  if (match === null) return undefined;
  const [, authority = "", rest = ""] = match;
  return {
    authority,
    originForm: rest.startsWith("/") ? rest : "/" + rest,
  };
}

/**
 * Tells whether `text` is a `Host` of an http request: a name or an address
 * and perhaps a port, not empty, no user, no list (RFC 9110 section 7.2,
 * RFC 3986 section 3.2.2).
 */
export function isHost(text: string): boolean {
  // The clients of a server nearly all name the same host.
  if (text === lastHost) return true;
  const isValid = isNamedHost(text) || isBracketedHost(text);
  if (isValid) lastHost = text;
  return isValid;
}

let lastHost: string | undefined;

function isNamedHost(text: string): boolean {
  const match = NAMED_HOST.exec(text);
  return match !== null && isPort(match[1]);
}

function isBracketedHost(text: string): boolean {
  const [, literal, port] = BRACKETED_HOST.exec(text) ?? [];
  return literal !== undefined && isPort(port) &&
    URL.canParse(`http://${literal}/`);
}

/** No server listens on a port over 65535, and no URL can have one. */
function isPort(digits = ""): boolean {
  return Number(digits) <= 65_535;
}

/**
 * The members of a comma-separated list, trimmed, lower-cased, empty ones left
 * out (RFC 9110 section 5.6.1).
 */
export function listMembers(value: string): string[] {
  const members: string[] = [];
  for (const part of value.split(",")) {
    const member = trimOws(part).toLowerCase();
    if (member !== "") members.push(member);
  }
  return members;
}

/**
 * Removes optional whitespace, which is SP and HTAB only, from both ends
 * (RFC 9110 section 5.6.3): `String.trim` would also take VT, FF and NBSP,
 * and so let `\vchunked` pass for `chunked`.
 */
export function trimOws(text: string): string {
  const start = skipOws(text, 0);
  let end = text.length;
  while (end > start && isOws(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

/**
 * Skips optional whitespace.
 *
 * @param text A field value.
 * @param from The index to start at.
 * @returns The index of the first character that is neither SP nor HTAB; the
 * length of `text` if there is none.
 */
export function skipOws(text: string, from: number): number {
  let at = from;
  while (at < text.length && isOws(text.charCodeAt(at))) at++;
  return at;
}

function isOws(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
