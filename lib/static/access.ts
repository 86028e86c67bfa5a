// Who may use a handler: an allow list of addresses, and users with hashed
// passwords by Basic authentication (RFC 7617). Knows nothing of handlers.

import { BlockList, isIP } from "node:net";
import { HttpError } from "../facts/errors.ts";
import { isFieldValue } from "../facts/grammar.ts";
import { type Credentials, parseBasic } from "./basic_credentials.ts";
import { keepWorker } from "./bcrypt.ts";
import { FailedAttempts } from "./failed_attempts.ts";
import { PasswordBook } from "./password_book.ts";
import { Turns } from "./turns.ts";

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

/** What is asked of a request. */
export interface AdmissibleRequest {
  /** Where the client is. */
  readonly clientAddress: Deno.Addr;
  /** The header fields. */
  readonly fields: { get(name: string): string | undefined };
}

/** Checks of passwords that may wait for their turn. */
const MAX_WAITING = 32;

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
 * const client = { transport: "tcp", hostname: "192.0.2.1", port: 1 } as const;
 * assertEquals(await access.authenticate(field, client), "ada");
 * assertEquals(await access.authenticate(undefined, client), undefined);
 * ```
 */
export class Access {
  readonly #passwords: PasswordBook | undefined;
  readonly #addresses: BlockList | undefined;
  readonly #failures = new FailedAttempts();
  /** One check at a time: it takes a core for as long as it lasts. */
  readonly #turns = new Turns();
  readonly #key: Promise<CryptoKey>;
  /** Users by the mark of their credentials: one each, once they were right. */
  readonly #remembered = new Map<string, string>();
  /** Checks that have not ended, by the mark of the credentials. */
  readonly #checks = new Map<string, Promise<boolean>>();
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
    this.#passwords = users && new PasswordBook(users);
    this.#addresses = addresses && parseAddresses(addresses);
    this.challenge = formatChallenge(realm);
    this.#key = newKey();
  }

  /** Whether a user name and password are asked for. */
  get asksForUser(): boolean {
    return this.#passwords !== undefined;
  }

  /**
   * Lets a request in, by its address and its credentials.
   *
   * @example Guard the programs of a class
   * ```ts
   * import { CgiRequestHandler } from "@verb/http/cgi";
   * import { toFetch } from "@verb/http/fetch";
   * import { Access } from "@verb/http/static";
   * import { assertEquals } from "@std/assert";
   *
   * const access = new Access({ addresses: ["192.0.2.0/24"] });
   *
   * class Programs extends CgiRequestHandler {
   *   override async dispatch() {
   *     await access.admit(this);
   *     await super.dispatch();
   *   }
   * }
   *
   * const request = new Request("http://host/cgi-bin/hello");
   * assertEquals((await toFetch(Programs)(request)).status, 403);
   * ```
   *
   * @param request The request: a handler is one.
   * @returns The user; undefined if none is asked for.
   * @throws {HttpError} 403 for an address that is not in the list, 401 without
   * the right credentials, 429 after too many attempts.
   */
  async admit(request: AdmissibleRequest): Promise<string | undefined> {
    this.admitAddress(request);
    if (!this.asksForUser) return undefined;
    const authorization = request.fields.get("authorization");
    const user = await this.authenticate(authorization, request.clientAddress);
    if (user !== undefined) return user;
    throw new HttpError(401, "", {
      headers: [["WWW-Authenticate", this.challenge]],
    });
  }

  /**
   * Lets a request in by its address alone: one that no browser sends with
   * credentials.
   *
   * @param request The request: a handler is one.
   * @throws {HttpError} 403 for an address that is not in the list.
   */
  admitAddress(
    { clientAddress }: Pick<AdmissibleRequest, "clientAddress">,
  ): void {
    if (!this.allowsAddress(clientAddress)) throw new HttpError(403);
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
   * Checks a user name and password. Who was right once does not wait again.
   *
   * @param authorization The value of the Authorization field.
   * @param address Where the client is: what fails is counted by it.
   * @returns The user name; undefined when it is not the right one.
   * @throws {HttpError} 429 with Retry-After if too many attempts from this
   * address have failed, or too many passwords are being checked.
   */
  async authenticate(
    authorization: string | undefined,
    address: Deno.Addr,
  ): Promise<string | undefined> {
    const credentials = parseBasic(authorization);
    if (credentials === undefined) return undefined;
    const { user, password } = credentials;
    const mark = await this.#mark(`${user}\0${password}`);
    const known = this.#remembered.get(mark);
    if (known !== undefined) return known;
    // A page of many files brings the same credentials many times at once.
    const check = this.#checks.get(mark) ??
      this.#check(credentials, mark, address);
    return await check ? user : undefined;
  }

  async #check(
    credentials: Credentials,
    mark: string,
    address: Deno.Addr,
  ): Promise<boolean> {
    this.#requireAttempt(address);
    if (this.#turns.length > MAX_WAITING) throw tooMany(1);
    const check = this.#turns.take(() => this.#checkNow(credentials, address));
    this.#checks.set(mark, check);
    // From one turn to the next, the worker is not started anew.
    using _worker = keepWorker();
    try {
      const isRight = await check;
      if (isRight) this.#remembered.set(mark, credentials.user);
      return isRight;
    } finally {
      this.#checks.delete(mark);
    }
  }

  async #checkNow(
    { user, password }: Credentials,
    address: Deno.Addr,
  ): Promise<boolean> {
    // Those that came with it may have failed meanwhile.
    this.#requireAttempt(address);
    const isRight = await this.#passwords?.isRight(user, password) ?? false;
    if (isRight) this.#failures.forgive(address);
    else this.#failures.add(address, performance.now());
    return isRight;
  }

  /** An address that has failed too often has to wait. */
  #requireAttempt(address: Deno.Addr): void {
    const wait = this.#failures.waitFor(address, performance.now());
    if (wait > 0) throw tooMany(Math.ceil(wait / 1_000));
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

function tooMany(seconds: number): HttpError {
  return new HttpError(429, "Too many attempts", {
    headers: [["Retry-After", String(seconds)]],
  });
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
