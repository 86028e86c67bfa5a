// PBKDF2 with SHA-256, by the platform and off the event loop.

/** Bytes of a derived key. */
const KEY_BYTES = 32;

/**
 * Derives a key from a password.
 *
 * @param password The password.
 * @param salt The salt.
 * @param iterations How often the hash is applied.
 * @returns 32 bytes.
 */
export async function derivePbkdf2(
  password: string,
  salt: Uint8Array<ArrayBuffer>,
  iterations: number,
): Promise<Uint8Array> {
  const bytes = new TextEncoder().encode(password);
  const key = await crypto.subtle.importKey("raw", bytes, "PBKDF2", false, [
    "deriveBits",
  ]);
  const algorithm = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  const bits = await crypto.subtle.deriveBits(algorithm, key, KEY_BYTES * 8);
  return new Uint8Array(bits);
}

/** Looks at every byte, so that the time is the same wherever they differ. */
export function isEqualInTime(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (let at = 0; at < a.length; at++) {
    difference |= (a[at] ?? 0) ^ (b[at] ?? 0);
  }
  return difference === 0;
}
