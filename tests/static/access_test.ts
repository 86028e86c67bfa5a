import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { HttpError } from "../../lib/facts/errors.ts";
import { Access } from "../../lib/static/access.ts";
import {
  hashPassword,
  isPasswordHash,
  verifyPassword,
} from "../../lib/static/password_hash.ts";

// Cheap on purpose: 1000 iterations of the real thing.
const CHEAP =
  "$pbkdf2-sha256$i=1000$AAECAwQFBgcICQoLDA0ODw$Tvsru20utY6o3q7VRBeuL9h_1QqKhWhwk2PaYNRWBgY";
// Dear enough that the checks of one moment overlap.
const DEAR =
  "$pbkdf2-sha256$i=100000$AAECAwQFBgcICQoLDA0ODw$n7ndPI4pRDZreIx-eVpaY1DViEWyo9Ia1l8HtVGB-Dc";
const BCRYPT = "$2b$04$tvCb1yNB7c3LLifA6CarXOUaVPv0DNREoy/pQwcFJX3GSNXlAZeg.";

function basic(text: string): string {
  return `Basic ${new TextEncoder().encode(text).toBase64()}`;
}

Deno.test("hashPassword() salts, verifyPassword() verifies", async () => {
  const hash = await hashPassword("päss");
  assert(isPasswordHash(hash));
  assert(hash !== await hashPassword("päss"));
  assert(await verifyPassword("päss", hash));
  assert(!await verifyPassword("pass", hash));
  assert(!await verifyPassword("päss", "päss"));
});

Deno.test("verifyPassword() takes what htpasswd -B writes", async () => {
  assert(await verifyPassword("secret", BCRYPT));
  assert(!await verifyPassword("Secret", BCRYPT));
});

const attempts: { field: string | undefined; want: string | undefined }[] = [
  { field: basic("ada:secret"), want: "ada" },
  { field: basic("ada:secret").replace("Basic", "bAsIc "), want: "ada" },
  { field: basic("ada:Secret"), want: undefined },
  { field: basic("ada:"), want: undefined },
  { field: basic("eve:secret"), want: undefined },
  { field: basic("adasecret"), want: undefined },
  { field: basic(":secret"), want: undefined },
  { field: "Basic !!!", want: undefined },
  { field: "Basic", want: undefined },
  { field: `Basic ${btoa("ada:\xff")}`, want: undefined },
  { field: basic("ada:secret").replace("Basic", "Bearer"), want: undefined },
  { field: `${basic("ada:secret")}, x`, want: undefined },
  { field: undefined, want: undefined },
];

Deno.test("Access authenticates users", async (t) => {
  const access = new Access({ users: new Map([["ada", CHEAP]]) });
  assert(access.asksForUser);
  assertEquals(access.challenge, 'Basic realm="files", charset="UTF-8"');
  for (const { field, want } of attempts) {
    await t.step(String(field), async () => {
      assertEquals(await access.authenticate(field), want);
      // The second time from memory, with the same verdict.
      assertEquals(await access.authenticate(field), want);
    });
  }
});

Deno.test("Access bounds the checks that go on at once", async () => {
  const access = new Access({ users: new Map([["ada", DEAR]]) });
  const all = Array.from(
    { length: 17 },
    (_, index) => access.authenticate(basic(`ada:${index}`)),
  );
  const error = await assertRejects(() => Promise.all(all), HttpError);
  assertEquals(error.status, 429);
  await Promise.allSettled(all);
  assertEquals(await access.authenticate(basic("ada:secret")), "ada");
});

Deno.test("Access refuses clear text and bad addresses", () => {
  const users = new Map([["ada", "secret"]]);
  assertThrows(() => new Access({ users }), TypeError, "not hashed");
  for (const realm of ["a\r\nSet-Cookie: b", "a\0", "\u2028"]) {
    const options = { users: new Map([["ada", CHEAP]]), realm };
    assertThrows(() => new Access(options), TypeError, "realm");
  }
  for (const address of ["x", "10.0.0.0/33", "::/129", "1.2.3", "", "a/b/c"]) {
    assertThrows(() => new Access({ addresses: [address] }), TypeError);
  }
});

/** What a caller who does not check types may hand over. */
const empty: { name: string; options: unknown }[] = [
  { name: "nothing", options: {} },
  { name: "no user", options: { users: new Map() } },
  { name: "no address", options: { addresses: [] } },
  { name: "undefined users", options: { users: undefined } },
  {
    name: "undefined users beside addresses",
    options: { users: undefined, addresses: ["127.0.0.1"] },
  },
  {
    name: "undefined addresses beside users",
    options: { users: new Map([["ada", CHEAP]]), addresses: undefined },
  },
];

Deno.test("Access refuses rules that would guard nothing", async (t) => {
  for (const { name, options } of empty) {
    await t.step(name, () => {
      assertThrows(
        () => Reflect.construct(Access, [options]),
        TypeError,
        "Cannot guard: ",
      );
    });
  }
});

Deno.test("Access stays closed when its map of users is emptied", async () => {
  const users = new Map([["ada", CHEAP]]);
  const access = new Access({ users });
  users.clear();
  assert(access.asksForUser);
  assertEquals(await access.authenticate(basic("ada:secret")), "ada");
  assertEquals(await access.authenticate(basic("eve:")), undefined);
});

const hosts = [
  { host: "127.0.0.1", want: true },
  { host: "127.0.0.2", want: false },
  { host: "10.200.0.1", want: true },
  { host: "11.0.0.1", want: false },
  { host: "::ffff:10.0.0.1", want: true },
  { host: "fe80::1%eth0", want: true },
  { host: "2001:db8::1", want: false },
  { host: "localhost", want: false },
];

Deno.test("Access lets in the addresses of its list", () => {
  const addresses = ["127.0.0.1", "10.0.0.0/8", "fe80::/10"];
  const access = new Access({ addresses });
  assert(!access.asksForUser);
  for (const { host, want } of hosts) {
    const address: Deno.NetAddr = { transport: "tcp", hostname: host, port: 1 };
    assertEquals(access.allowsAddress(address), want, host);
  }
  assert(access.allowsAddress({ transport: "unix", path: "/run/x" }));
  assert(
    new Access({ users: new Map([["ada", CHEAP]]) }).allowsAddress({
      transport: "tcp",
      hostname: "192.0.2.1",
      port: 1,
    }),
  );
});
