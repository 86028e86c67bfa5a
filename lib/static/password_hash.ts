// Passwords as they are kept in a file: PBKDF2 in the modular crypt form, and
// bcrypt, which `htpasswd -B` writes.

import { compareBcrypt } from "./bcrypt.ts";
import { derivePbkdf2, isEqualInTime } from "./pbkdf2.ts";

/** A hash that was read. */
export type PasswordHash = Pbkdf2Hash | BcryptHash;

/** A hash of `hashPassword()`. */
export interface Pbkdf2Hash {
  readonly kind: "pbkdf2";
  readonly iterations: number;
  readonly salt: Uint8Array<ArrayBuffer>;
  readonly key: Uint8Array;
}

/** A hash of `htpasswd -B`. */
export interface BcryptHash {
  readonly kind: "bcrypt";
  /** The logarithm of the rounds. */
  readonly cost: number;
  readonly text: string;
}

const ITERATIONS = 600_000;

// What a check may cost. Under the lower bounds a stolen file is soon read; at
// the upper ones a check takes one to two seconds of a core, and further up
// whoever may ask for a password could bring the server to a stop.
const MIN_ITERATIONS = 1_000;
const MAX_ITERATIONS = 10_000_000;
const MAX_BCRYPT_COST = 14;

const PBKDF2 =
  /^\$pbkdf2-sha256\$i=([1-9][0-9]{0,7})\$([A-Za-z0-9_-]{16,86})\$([A-Za-z0-9_-]{43})$/;

/**
 * The salt is 16 bytes and the hash 23, so that the last character of each has
 * bits to spare. A hash that sets them matches no password.
 */
const BCRYPT =
  /^\$2[aby]\$([0-9]{2})\$[./A-Za-z0-9]{21}[.Oeu][./A-Za-z0-9]{30}[.CGKOSWaeimquy26]$/;

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
 * @throws {TypeError} If the password holds a control character or half a
 * surrogate pair, which no client can send (RFC 7617 section 2).
 */
export async function hashPassword(password: string): Promise<string> {
  if (!isPassword(password)) {
    throw new TypeError("Cannot hash a password with a control character");
  }
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const key = await derivePbkdf2(password, salt, ITERATIONS);
  return `$pbkdf2-sha256$i=${ITERATIONS}$${encode(salt)}$${encode(key)}`;
}

/**
 * Checks a password against a hash, in time that tells nothing of how much of
 * it is right.
 *
 * @param password The password.
 * @param hash A hash of `hashPassword()` or of bcrypt.
 * @returns Whether it is the one; false for a malformed hash.
 */
export async function verifyPassword(
  password: string,
  hash: string,
): Promise<boolean> {
  const parsed = parsePasswordHash(hash);
  if (parsed === undefined) return false;
  const [isRight = false] = parsed.kind === "bcrypt"
    ? await verifyBcrypt(password, [parsed])
    : [await verifyPbkdf2(password, parsed)];
  return isRight;
}

/**
 * Reads a hash.
 *
 * @param text What stands behind the name in an auth file.
 * @returns The hash; undefined for clear text, for what is malformed, and for
 * what costs too little or too much to check.
 */
export function parsePasswordHash(text: string): PasswordHash | undefined {
  const cost = Number(BCRYPT.exec(text)?.[1]);
  if (cost >= 4 && cost <= MAX_BCRYPT_COST) {
    return { kind: "bcrypt", cost, text };
  }
  const [, count = "", salt = "", key = ""] = PBKDF2.exec(text) ?? [];
  const iterations = Number(count);
  if (iterations < MIN_ITERATIONS || iterations > MAX_ITERATIONS) {
    return undefined;
  }
  // No bytes end after one character of a group of four.
  if (salt.length % 4 === 1) return undefined;
  return { kind: "pbkdf2", iterations, salt: decode(salt), key: decode(key) };
}

/**
 * Checks a password against bcrypt hashes, all of them whatever the verdicts.
 *
 * @returns A verdict for each.
 */
export async function verifyBcrypt(
  password: string,
  hashes: readonly BcryptHash[],
): Promise<boolean[]> {
  if (hashes.length === 0) return [];
  const texts = hashes.map(({ text }) => text);
  const verdicts = await compareBcrypt(password, texts);
  return verdicts.map((isRight) => isRight && isPassword(password));
}

/** Checks a password against a PBKDF2 hash. */
export async function verifyPbkdf2(
  password: string,
  { iterations, salt, key }: Pbkdf2Hash,
): Promise<boolean> {
  const derived = await derivePbkdf2(password, salt, iterations);
  return isEqualInTime(derived, key) && isPassword(password);
}

/**
 * Without this "secret\0" would be as good as "secret": PBKDF2 fills short
 * passwords up with NUL, and bcrypt repeats them behind one.
 */
function isPassword(text: string): boolean {
  // deno-lint-ignore no-control-regex -- those are what is looked for
  return text.isWellFormed() && !/[\x00-\x1f\x7f]/.test(text);
}

function encode(bytes: Uint8Array): string {
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}

function decode(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.fromBase64(text, { alphabet: "base64url" });
}
