import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import {
  hashPassword,
  parsePasswordHash,
  verifyPassword,
} from "../../lib/static/password_hash.ts";

const PBKDF2 =
  "$pbkdf2-sha256$i=1000$AAECAwQFBgcICQoLDA0ODw$Tvsru20utY6o3q7VRBeuL9h_1QqKhWhwk2PaYNRWBgY";
const BCRYPT = "$2b$04$tvCb1yNB7c3LLifA6CarXOUaVPv0DNREoy/pQwcFJX3GSNXlAZeg.";
// Of 72 times "x", all that bcrypt looks at.
const LONG = "$2b$04$H6ipMhjPpM09rdCrYbVHY.9gG4msA2p3GnyqsIAZBj5H4bG878AZ6";

Deno.test("hashPassword() salts, verifyPassword() verifies", async () => {
  const hash = await hashPassword("päss");
  assert(parsePasswordHash(hash) !== undefined);
  assert(hash !== await hashPassword("päss"));
  assert(await verifyPassword("päss", hash));
  assert(!await verifyPassword("pass", hash));
  assert(!await verifyPassword("päss", "päss"));
});

Deno.test("hashPassword() refuses what no client may send", async () => {
  for (const password of ["a\0", "\0", "a\nb", "a\x7f", "a\ud800"]) {
    await assertRejects(() => hashPassword(password), TypeError);
  }
});

const verdicts: {
  name: string;
  hash: string;
  password: string;
  want: boolean;
}[] = [
  { name: "PBKDF2", hash: PBKDF2, password: "secret", want: true },
  { name: "PBKDF2, wrong", hash: PBKDF2, password: "Secret", want: false },
  { name: "PBKDF2 and NUL", hash: PBKDF2, password: "secret\0", want: false },
  {
    name: "PBKDF2 and NULs",
    hash: PBKDF2,
    password: "secret\0\0",
    want: false,
  },
  { name: "bcrypt", hash: BCRYPT, password: "secret", want: true },
  {
    name: "bcrypt 2a",
    hash: BCRYPT.replace("2b", "2a"),
    password: "secret",
    want: true,
  },
  {
    name: "bcrypt 2y",
    hash: BCRYPT.replace("2b", "2y"),
    password: "secret",
    want: true,
  },
  { name: "bcrypt, wrong", hash: BCRYPT, password: "Secret", want: false },
  { name: "bcrypt and NUL", hash: BCRYPT, password: "secret\0", want: false },
  {
    name: "bcrypt, repeated behind NUL",
    hash: BCRYPT,
    password: "secret\0secret",
    want: false,
  },
  {
    name: "bcrypt, 72 bytes",
    hash: LONG,
    password: "x".repeat(72),
    want: true,
  },
  {
    name: "bcrypt, 73 bytes",
    hash: LONG,
    password: "x".repeat(73),
    want: false,
  },
  {
    name: "bcrypt, 72 bytes and a letter of two",
    hash: LONG,
    password: "x".repeat(72) + "ä",
    want: false,
  },
  {
    name: "bcrypt, 71 bytes",
    hash: LONG,
    password: "x".repeat(71),
    want: false,
  },
  { name: "clear text", hash: "secret", password: "secret", want: false },
  { name: "nothing", hash: "", password: "", want: false },
];

Deno.test("verifyPassword() takes the one password and no other", async (t) => {
  for (const { name, hash, password, want } of verdicts) {
    await t.step(name, async () => {
      assertEquals(await verifyPassword(password, hash), want);
    });
  }
});

const salt = (length: number) =>
  PBKDF2.replace(/=1000\$[^$]*/, `=1000$${"A".repeat(length)}`);
const iterations = (text: string) => PBKDF2.replace("=1000$", `=${text}$`);
const cost = (text: string) => BCRYPT.replace("$04$", `$${text}$`);

const hashes: { name: string; text: string; isUsable: boolean }[] = [
  { name: "PBKDF2", text: PBKDF2, isUsable: true },
  { name: "a salt of 22 characters", text: salt(22), isUsable: true },
  { name: "a salt of 23 characters", text: salt(23), isUsable: true },
  { name: "a salt that ends amid a byte", text: salt(17), isUsable: false },
  { name: "a short salt", text: salt(15), isUsable: false },
  { name: "a salt without end", text: salt(100_000), isUsable: false },
  { name: "999 iterations", text: iterations("999"), isUsable: false },
  {
    name: "ten million iterations",
    text: iterations("10000000"),
    isUsable: true,
  },
  { name: "one more", text: iterations("10000001"), isUsable: false },
  {
    name: "99999999 iterations",
    text: iterations("99999999"),
    isUsable: false,
  },
  { name: "0 iterations", text: iterations("0"), isUsable: false },
  { name: "-1 iterations", text: iterations("-1"), isUsable: false },
  { name: "1e3 iterations", text: iterations("1e3"), isUsable: false },
  { name: "half a key", text: PBKDF2.slice(0, -20), isUsable: false },
  { name: "more than a key", text: `${PBKDF2}A`, isUsable: false },
  { name: "a key in base64", text: PBKDF2.replace("_", "/"), isUsable: false },
  { name: "bcrypt", text: BCRYPT, isUsable: true },
  { name: "cost 14", text: cost("14"), isUsable: true },
  { name: "cost 15", text: cost("15"), isUsable: false },
  { name: "cost 31", text: cost("31"), isUsable: false },
  { name: "cost 99", text: cost("99"), isUsable: false },
  { name: "cost 03", text: cost("03"), isUsable: false },
  { name: "cost 00", text: cost("00"), isUsable: false },
  { name: "cost 4", text: cost("4"), isUsable: false },
  { name: "2x", text: BCRYPT.replace("2b", "2x"), isUsable: false },
  {
    name: "bits behind the salt",
    text: BCRYPT.slice(0, 28) + "P" + BCRYPT.slice(29),
    isUsable: false,
  },
  {
    name: "bits behind the hash",
    text: BCRYPT.slice(0, -1) + "/",
    isUsable: false,
  },
  { name: "half a hash", text: BCRYPT.slice(0, -10), isUsable: false },
  { name: "a line more", text: `${BCRYPT}\n`, isUsable: false },
  {
    name: "MD5",
    text: "$apr1$LZwPrX.t$y8IPpGFYMfC9Zk0cKXVFm0",
    isUsable: false,
  },
  { name: "SHA-1", text: "{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=", isUsable: false },
  { name: "clear text", text: "secret", isUsable: false },
];

Deno.test("parsePasswordHash() takes only what can be checked in time", async (t) => {
  for (const { name, text, isUsable } of hashes) {
    await t.step(name, () => {
      assertEquals(parsePasswordHash(text) !== undefined, isUsable);
    });
  }
});

/** A hash with some characters replaced, inserted or cut. */
const mutated = fc.tuple(
  fc.constantFrom(PBKDF2, BCRYPT),
  fc.nat(90),
  fc.nat(3),
  fc.string({ maxLength: 3, unit: "binary" }),
).map(([hash, at, cut, text]) =>
  hash.slice(0, at) + text + hash.slice(at + cut)
);

Deno.test("verifyPassword() rejects for no hash and no password", async () => {
  const property = fc.asyncProperty(
    fc.oneof(mutated, fc.string({ unit: "binary" })),
    fc.string({ unit: "binary" }),
    async (hash, password) => {
      // Those that are dear are left to the table above.
      if (/=\d{5}|\$(?:0[5-9]|1\d)\$/.test(hash)) return;
      const verdict = await verifyPassword(password, hash);
      assertEquals(typeof verdict, "boolean");
      if (verdict) assertEquals(password, "secret");
    },
  );
  await fc.assert(property, { numRuns: 300 });
});
