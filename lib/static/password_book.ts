// The passwords of all users. Each check does the same work, whoever is named
// and whether or not there is such a user: else the time would tell which names
// there are (CVE-2026-27480), and with hashes of different costs, whose is whose.

import {
  type BcryptHash,
  parsePasswordHash,
  type PasswordHash,
  type Pbkdf2Hash,
  verifyBcrypt,
  verifyPbkdf2,
} from "./password_hash.ts";

/** What a check computes, by kind; the user's own hash is the first of its kind. */
export interface CheckWork {
  /** Of all these together, 2 to the power of the cost is the same in all checks. */
  readonly bcrypt: readonly BcryptHash[];
  /** Of all these together, the iterations are the same in all checks. */
  readonly pbkdf2: readonly Pbkdf2Hash[];
}

/** Hashes by user name. */
export class PasswordBook {
  readonly #hashes = new Map<string, PasswordHash>();
  /** The highest cost of a bcrypt hash; 0 if there is none. */
  #maxCost = 0;
  /** The most iterations of a PBKDF2 hash; 0 if there is none. */
  #maxIterations = 0;

  /**
   * Takes the hashes over.
   *
   * @param users Hashes by user name.
   * @throws {TypeError} If a hash cannot be used.
   */
  constructor(users: ReadonlyMap<string, string>) {
    for (const [name, text] of users) {
      const hash = parsePasswordHash(text);
      if (hash === undefined) {
        throw new TypeError(
          `Cannot use the password of "${name}": want a hash of ` +
            "hashPassword(), or of htpasswd -B at a cost of 4 to 14",
        );
      }
      this.#add(name, hash);
    }
  }

  /**
   * Checks a password.
   *
   * @param user The name that was given; there need be no such user.
   * @param password The password.
   */
  async isRight(user: string, password: string): Promise<boolean> {
    const { bcrypt, pbkdf2 } = this.workFor(user);
    const [byBcrypt, byPbkdf2] = await Promise.all([
      verifyBcrypt(password, bcrypt),
      Array.fromAsync(pbkdf2, (hash) => verifyPbkdf2(password, hash)),
    ]);
    const own = this.#hashes.get(user);
    if (own === undefined) return false;
    return (own.kind === "bcrypt" ? byBcrypt[0] : byPbkdf2[0]) === true;
  }

  /**
   * What a check of this user's password computes.
   *
   * @param user The name that was given.
   */
  workFor(user: string): CheckWork {
    const own = this.#hashes.get(user);
    return {
      bcrypt: bcryptWork(own, this.#maxCost),
      pbkdf2: pbkdf2Work(own, this.#maxIterations),
    };
  }

  #add(name: string, hash: PasswordHash): void {
    this.#hashes.set(name, hash);
    if (hash.kind === "bcrypt") {
      this.#maxCost = Math.max(this.#maxCost, hash.cost);
    } else {
      this.#maxIterations = Math.max(this.#maxIterations, hash.iterations);
    }
  }
}

/** 2^c + 2^c + 2^(c+1) + … + 2^(max-1) = 2^max. */
function bcryptWork(
  own: PasswordHash | undefined,
  max: number,
): BcryptHash[] {
  if (max === 0) return [];
  if (own?.kind !== "bcrypt") return [bcryptDecoy(max)];
  const fill = Array.from(
    { length: max - own.cost },
    (_, index) => bcryptDecoy(own.cost + index),
  );
  return [own, ...fill];
}

function pbkdf2Work(
  own: PasswordHash | undefined,
  max: number,
): Pbkdf2Hash[] {
  if (max === 0) return [];
  if (own?.kind !== "pbkdf2") return [pbkdf2Decoy(max)];
  const rest = max - own.iterations;
  return rest === 0 ? [own] : [own, pbkdf2Decoy(rest)];
}

/** Hashes that cost what they say; nobody uses the verdicts on them. */
function bcryptDecoy(cost: number): BcryptHash {
  const digits = String(cost).padStart(2, "0");
  return { kind: "bcrypt", cost, text: `$2b$${digits}$${".".repeat(53)}` };
}

function pbkdf2Decoy(iterations: number): Pbkdf2Hash {
  const salt = new Uint8Array(16);
  return { kind: "pbkdf2", iterations, salt, key: new Uint8Array(32) };
}
