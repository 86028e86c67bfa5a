// Passwords as they are kept in a file: PBKDF2 in the modular crypt form, made
// and checked by the platform, and bcrypt, which `htpasswd -B` writes.

const ITERATIONS = 600_000;
const OURS =
  /^\$pbkdf2-sha256\$i=([1-9][0-9]{3,7})\$([A-Za-z0-9_-]{16,})\$([A-Za-z0-9_-]{43})$/;
const BCRYPT = /^\$2[aby]\$[0-9]{2}\$[./A-Za-z0-9]{53}$/;

/**
 * Hashes a password for an auth file.
 *
 * @example Write a line of an auth file
 * ```ts
 * import { hashPassword, verifyPassword } from "@verb/http/static";
 * import { assert } from "@std/assert";
 *
 * const line = `ada:${await hashPassword("correct horse")}`;
 * assert(await verifyPassword("correct horse", line.slice("ada:".length)));
 * ```
 *
 * @param password The password.
 * @returns `$pbkdf2-sha256$i=600000$salt$hash`, salted anew each time.
 */
export async function hashPassword(password: string): Promise<string> {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const hash = await derive(password, salt, ITERATIONS);
  return `$pbkdf2-sha256$i=${ITERATIONS}$${encode(salt)}$${encode(hash)}`;
}

/**
 * Tells whether a text is a hash that `verifyPassword()` understands.
 *
 * @param hash What stands behind the name in an auth file.
 * @returns False for clear text and for hashes too weak to keep.
 */
export function isPasswordHash(hash: string): boolean {
  return OURS.test(hash) || BCRYPT.test(hash);
}

/**
 * Checks a password against a hash, in time that tells nothing of how much of
 * it is right.
 *
 * @param password The password.
 * @param hash A hash of `hashPassword()` or of bcrypt.
 * @returns Whether it is the one.
 */
export async function verifyPassword(
  password: string,
  hash: string,
): Promise<boolean> {
  if (BCRYPT.test(hash)) {
    // Fetched only where such a hash is in use.
    const { compare } = await import("bcryptjs");
    return await compare(password, hash);
  }
  const [, iterations, salt, wanted] = OURS.exec(hash) ?? [];
  if (salt === undefined || wanted === undefined) return false;
  const got = await derive(password, decode(salt), Number(iterations));
  return isEqual(got, decode(wanted));
}

async function derive(
  password: string,
  salt: Uint8Array<ArrayBuffer>,
  iterations: number,
): Promise<Uint8Array> {
  const octets = new TextEncoder().encode(password);
  const key = await crypto.subtle.importKey("raw", octets, "PBKDF2", false, [
    "deriveBits",
  ]);
  const algorithm = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, 256));
}

/** Looks at every octet, so that the time is the same wherever they differ. */
function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (let at = 0; at < a.length; at++) {
    difference |= (a[at] ?? 0) ^ (b[at] ?? 0);
  }
  return difference === 0;
}

function encode(octets: Uint8Array): string {
  return octets.toBase64({ alphabet: "base64url", omitPadding: true });
}

function decode(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.fromBase64(text, { alphabet: "base64url" });
}
