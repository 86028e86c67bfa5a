// Credentials of Basic authentication (RFC 7617).

/** A user name and a password. */
export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/**
 * Reads the Authorization field.
 *
 * @param authorization The value of the field, if there is one.
 * @returns Undefined if it holds no credentials of the Basic scheme, also if
 * they hold a control character (section 2 forbids it).
 */
export function parseBasic(
  authorization: string | undefined,
): Credentials | undefined {
  const match = /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(authorization ?? "");
  if (match?.[1] === undefined) return undefined;
  try {
    const bytes = Uint8Array.fromBase64(match[1]);
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
      .decode(bytes);
    // deno-lint-ignore no-control-regex -- those are what is looked for
    if (/[\x00-\x1f\x7f]/.test(text)) return undefined;
    const colon = text.indexOf(":");
    if (colon < 0) return undefined;
    return { user: text.slice(0, colon), password: text.slice(colon + 1) };
  } catch {
    return undefined; // no base64, or no UTF-8
  }
}
