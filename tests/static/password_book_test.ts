import { assert, assertEquals, assertThrows } from "@std/assert";
import { PasswordBook } from "../../lib/static/password_book.ts";

// The password of all of them is "secret".
const PBKDF2_1000 =
  "$pbkdf2-sha256$i=1000$AAECAwQFBgcICQoLDA0ODw$Tvsru20utY6o3q7VRBeuL9h_1QqKhWhwk2PaYNRWBgY";
const PBKDF2_100000 =
  "$pbkdf2-sha256$i=100000$AAECAwQFBgcICQoLDA0ODw$n7ndPI4pRDZreIx-eVpaY1DViEWyo9Ia1l8HtVGB-Dc";
const BCRYPT_4 = "$2b$04$tvCb1yNB7c3LLifA6CarXOUaVPv0DNREoy/pQwcFJX3GSNXlAZeg.";
const BCRYPT_6 = "$2b$06$EiZdF5gqMV28tP7aTUU3Xea8stFjJMKBGC/R9mUZQoYdE7x6SPrMu";
const BCRYPT_8 = "$2b$08$1uSl5F3/kVg8yiAvA6LBZ.8YmDrTbx.mkAhLpEulfpztif30JQP4.";

const books: {
  name: string;
  hashes: readonly string[];
  rounds: number;
  iterations: number;
}[] = [
  { name: "PBKDF2", hashes: [PBKDF2_1000], rounds: 0, iterations: 1_000 },
  {
    name: "PBKDF2 of two costs",
    hashes: [PBKDF2_1000, PBKDF2_100000],
    rounds: 0,
    iterations: 100_000,
  },
  { name: "bcrypt", hashes: [BCRYPT_4], rounds: 16, iterations: 0 },
  {
    name: "bcrypt of three costs",
    hashes: [BCRYPT_6, BCRYPT_4, BCRYPT_8],
    rounds: 256,
    iterations: 0,
  },
  {
    name: "both kinds",
    hashes: [BCRYPT_6, PBKDF2_1000, BCRYPT_4, PBKDF2_100000],
    rounds: 64,
    iterations: 100_000,
  },
];

Deno.test("PasswordBook does the same work for every name", async (t) => {
  for (const { name, hashes, rounds, iterations } of books) {
    await t.step(name, async () => {
      const users = new Map(
        hashes.map((hash, index) => [`user ${index}`, hash]),
      );
      const book = new PasswordBook(users);
      for (const user of [...users.keys(), "nobody", "", "constructor"]) {
        const { bcrypt, pbkdf2 } = book.workFor(user);
        assertEquals(sum(bcrypt.map(({ cost }) => 2 ** cost)), rounds, user);
        assertEquals(
          sum(pbkdf2.map((hash) => hash.iterations)),
          iterations,
          user,
        );
        // The costs are those of what is computed.
        for (const { cost, text } of bcrypt) {
          assertEquals(Number(text.slice(4, 6)), cost);
        }
        assertEquals(await book.isRight(user, "secret"), users.has(user), user);
        assert(!await book.isRight(user, "Secret"));
      }
    });
  }
});

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

Deno.test("PasswordBook takes no hash that it cannot check", () => {
  for (const hash of ["secret", "", BCRYPT_4.replace("$04$", "$31$")]) {
    assertThrows(
      () => new PasswordBook(new Map([["ada", hash]])),
      TypeError,
      'Cannot use the password of "ada": want a hash of hashPassword()',
    );
  }
});
