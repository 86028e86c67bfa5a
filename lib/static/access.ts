// Who may use a handler: an allow list of addresses, and users with hashed
// passwords by Basic authentication (RFC 7617). Knows nothing of handlers.

import { BlockList, isIP } from "node:net";
import { HttpError } from "../facts/errors.ts";
import { isFieldValue } from "../facts/grammar.ts";
import { isPasswordHash, verifyPassword } from "./password_hash.ts";

/** Who may get in: users, addresses, or both; what is left out is not asked for. */
export interface AccessOptions {
  /** Password hashes by user name, at least one; see `parseAuthFile()`. */
  users?: ReadonlyMap<string, string>;
  /** Addresses and networks, `127.0.0.1`, `10.0.0.0/8`, `fe80::/10`; at least one. */
  addresses?: readonly string[];
  /**
   * What the browser shows when it asks for the password.
   *
   * @default {"files"}
   */
  realm?: string;
}

/** Password checks that may be going on at once; each costs much on purpose. */
const MAX_CHECKS = 16;

/** Credentials remembered as right. */
const MAX_REMEMBERED = 1000;

// The hash of a password that nobody knows: unknown users cost as much time as
// known ones, so that time does not tell their names.
const NOBODY =
  "$pbkdf2-sha256$i=600000$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/**
 * Decides who may get in.
 *
 * @example Ask for a password
 * ```ts
 * import { Access, hashPassword, parseAuthFile } from "@verb/http/static";
 * import { assertEquals } from "@std/assert";
 *
 * const users = parseAuthFile(`ada:${await hashPassword("correct horse")}\n`);
 * const access = new Access({ users });
 * const field = `Basic ${btoa("ada:correct horse")}`;
 * assertEquals(await access.authenticate(field), "ada");
 * assertEquals(await access.authenticate(undefined), undefined);
 * ```
 */
export class Access {
  readonly #users: ReadonlyMap<string, string> | undefined;
  readonly #addresses: BlockList | undefined;
  readonly #remembered = new Map<string, string>();
  readonly #key: Promise<CryptoKey>;
  #checks = 0;
  /** The value of the WWW-Authenticate field. */
  readonly challenge: string;

  /**
   * Takes the rules. The users are copied: a map that is emptied later opens
   * nothing.
   *
   * @param options Who may get in.
   * @throws {TypeError} If neither users nor addresses are given, or either is
   * empty or undefined: such a guard would let everybody in, or nobody. Also if
   * an address, a network, a hash or the realm cannot be used.
   */
  constructor(options: AccessOptions) {
    requireRules(options);
    const { users, addresses, realm = "files" } = options;
    for (const [name, hash] of users ?? []) {
      if (!isPasswordHash(hash)) {
        throw new TypeError(`Cannot use the password of "${name}": not hashed`);
      }
    }
    this.#users = users && new Map(users);
    this.#addresses = addresses && parseAddresses(addresses);
    this.challenge = formatChallenge(realm);
    this.#key = newKey();
  }

  /** Whether a user name and password are asked for. */
  get asksForUser(): boolean {
    return this.#users !== undefined;
  }

  /**
   * Looks an address up in the allow list.
   *
   * @param address Where the client is; Unix sockets are always let in.
   * @returns Whether it may get in.
   */
  allowsAddress(address: Deno.Addr): boolean {
    if (this.#addresses === undefined || !("hostname" in address)) return true;
    const [host = ""] = address.hostname.split("%", 1);
    const family = isIP(host);
    if (family === 0) return false;
    return this.#addresses.check(host, family === 4 ? "ipv4" : "ipv6");
  }

  /**
   * Checks a user name and password.
   *
   * @param authorization The value of the Authorization field.
   * @returns The user name; undefined when it is not the right one.
   * @throws {HttpError} 429 if too many passwords are being checked.
   */
  async authenticate(
    authorization: string | undefined,
  ): Promise<string | undefined> {
    const credentials = parseBasic(authorization);
    if (credentials === undefined) return undefined;
    const { user, password } = credentials;
    const mark = await this.#mark(`${user}\0${password}`);
    const known = this.#remembered.get(mark);
    if (known !== undefined) return known;
    if (!await this.#check(user, password)) return undefined;
    if (this.#remembered.size >= MAX_REMEMBERED) this.#remembered.clear();
    this.#remembered.set(mark, user);
    return user;
  }

  async #check(user: string, password: string): Promise<boolean> {
    if (this.#checks >= MAX_CHECKS) {
      throw new HttpError(429, "Too many attempts", {
        headers: [["Retry-After", "1"]],
      });
    }
    this.#checks++;
    try {
      const hash = this.#users?.get(user);
      const decoy = this.#users?.values().next().value ?? NOBODY;
      // The decoy is another user's hash, so that the cost is the same; its
      // verdict is not used.
      const isRight = await verifyPassword(password, hash ?? decoy);
      return isRight && hash !== undefined;
    } finally {
      this.#checks--;
    }
  }

  /** A keyed digest: memory holds no password, and looking one up leaks no time. */
  async #mark(text: string): Promise<string> {
    const octets = new TextEncoder().encode(text);
    const mark = await crypto.subtle.sign("HMAC", await this.#key, octets);
    return new Uint8Array(mark).toBase64();
  }
}

/** An option that was meant to hold something and does not is a mistake. */
function requireRules(options: AccessOptions): void {
  if (!("users" in options) && !("addresses" in options)) {
    throw new TypeError("Cannot guard: neither users nor addresses are given");
  }
  if ("users" in options && !options.users?.size) {
    throw new TypeError("Cannot guard: there is no user");
  }
  if ("addresses" in options && !options.addresses?.length) {
    throw new TypeError("Cannot guard: there is no address");
  }
}

function formatChallenge(realm: string): string {
  const challenge = `Basic realm="${
    realm.replace(/["\\]/g, "\\$&")
  }", charset="UTF-8"`;
  if (isFieldValue(challenge)) return challenge;
  throw new TypeError(`Cannot send the realm ${JSON.stringify(realm)}`);
}

function parseBasic(
  authorization: string | undefined,
): { user: string; password: string } | undefined {
  const match = /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(authorization ?? "");
  if (match?.[1] === undefined) return undefined;
  try {
    const octets = Uint8Array.fromBase64(match[1]);
    const text = new TextDecoder("utf-8", { fatal: true }).decode(octets);
    const colon = text.indexOf(":");
    if (colon < 0) return undefined;
    return { user: text.slice(0, colon), password: text.slice(colon + 1) };
  } catch {
    return undefined; // no base64, or no UTF-8
  }
}

function parseAddresses(addresses: readonly string[]): BlockList {
  const list = new BlockList();
  for (const text of addresses) {
    const [, address = "", prefix] =
      /^([^/]*)(?:\/([0-9]{1,3}))?$/.exec(text) ??
        [];
    const family = isIP(address);
    const bits = family === 4 ? 32 : 128;
    const length = prefix === undefined ? bits : Number(prefix);
    if (family === 0 || length > bits) {
      throw new TypeError(`Cannot read the address "${text}"`);
    }
    list.addSubnet(address, length, family === 4 ? "ipv4" : "ipv6");
  }
  return list;
}

function newKey(): Promise<CryptoKey> {
  const octets = crypto.getRandomValues(new Uint8Array(32));
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  return crypto.subtle.importKey("raw", octets, algorithm, false, ["sign"]);
}
