// What Cache-Control a file gets (RFC 9111 §5.2). Pure; called once per file
// that is opened.

/** One rule: the value for the paths that match. */
export interface CacheRule {
  /** Matched against the canonical pathname, `/assets/app.js`. */
  readonly match: RegExp;
  /** The Cache-Control value, `max-age=3600`. */
  readonly value: string;
}

/**
 * The value for content that never changes under its name (RFC 8246). It is not
 * `public`, by which a proxy may keep what it got with the credentials of one
 * user and serve it to everybody (RFC 9111 §3.5).
 */
export const IMMUTABLE = "max-age=31536000, immutable";

/**
 * Tells whether a name carries a fingerprint of its content, as bundlers write
 * it: `app.3f9a2c1b.js`, `index-Bx81hG2_.css`. Dates and words are none.
 *
 * @param pathname A path.
 * @returns Whether the content can be taken never to change.
 */
export function isFingerprinted(pathname: string): boolean {
  const name = pathname.slice(pathname.lastIndexOf("/") + 1);
  const match = /[.-]([A-Za-z0-9_]{8,64})(?:\.[a-z0-9]{1,8}){1,2}$/.exec(name);
  const text = match?.[1];
  if (text === undefined) return false;
  if (/^[0-9a-f]+$/.test(text)) return /[0-9]/.test(text) && /[a-f]/.test(text);
  // "Photos2024" changes once from letters to digits, a hash more often.
  const changes = text.match(/[A-Za-z_](?=[0-9])|[0-9](?=[A-Za-z_])/g) ?? [];
  return /[A-Z]/.test(text) && changes.length >= 2;
}

/**
 * Chooses the Cache-Control value of a file.
 *
 * @param pathname The canonical pathname.
 * @param rules One value for all, or rules of which the first that matches
 * counts; `""` and no match mean none.
 * @returns The value, or undefined to send none.
 */
export function cacheControlOf(
  pathname: string,
  rules: string | readonly CacheRule[],
): string | undefined {
  if (typeof rules === "string") return rules === "" ? undefined : rules;
  return rules.find(({ match }) => match.test(pathname))?.value;
}
