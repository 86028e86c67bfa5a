import { assert, assertEquals, assertThrows } from "@std/assert";
import { HttpError } from "../../lib/facts/errors.ts";
import { Access } from "../../lib/static/access.ts";

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

/** A client at an address. */
function at(hostname: string): Deno.NetAddr {
  return { transport: "tcp", hostname, port: 50_000 };
}

const CLIENT = at("192.0.2.1");

Deno.test("Access authenticates users", async (t) => {
  const access = new Access({ users: new Map([["ada", CHEAP]]) });
  assert(access.asksForUser);
  assertEquals(access.challenge, 'Basic realm="files", charset="UTF-8"');
  const attempts = [
    { field: basic("ada:secret"), want: "ada" },
    { field: basic("ada:Secret"), want: undefined },
    { field: basic("ada:"), want: undefined },
    { field: basic("eve:secret"), want: undefined },
    { field: basic(":secret"), want: undefined },
    { field: "Basic !!!", want: undefined },
    { field: undefined, want: undefined },
  ];
  for (const [index, { field, want }] of attempts.entries()) {
    await t.step(String(field), async () => {
      const client = at(`192.0.2.${index}`);
      assertEquals(await access.authenticate(field, client), want);
      // The second time from memory, with the same verdict.
      assertEquals(await access.authenticate(field, client), want);
    });
  }
});

/** What became of attempts: the user, `"401"`, or 429 and its Retry-After. */
async function outcomes(
  attempts: readonly Promise<string | undefined>[],
): Promise<string[]> {
  const settled = await Promise.allSettled(attempts);
  return settled.map((outcome) => {
    if (outcome.status === "fulfilled") return outcome.value ?? "401";
    const { reason } = outcome;
    if (!(reason instanceof HttpError)) throw reason;
    return `${reason.status} ${reason.headers.join()}`;
  });
}

/** Lets no time pass, however busy the machine is. */
function stopClock(): Disposable {
  const { now } = performance;
  performance.now = () => 1_000_000;
  return { [Symbol.dispose]: () => performance.now = now };
}

Deno.test("Access lets few attempts in a row fail", async () => {
  using _clock = stopClock();
  const access = new Access({ users: new Map([["ada", CHEAP]]) });
  const all = Array.from(
    { length: 16 },
    (_, index) => access.authenticate(basic(`ada:${index}`), CLIENT),
  );
  assertEquals((await outcomes(all)).sort(), [
    ...Array(5).fill("401"),
    ...Array(11).fill("429 Retry-After,1"),
  ]);
  // The right password has to wait too, but from this address only.
  const field = basic("ada:secret");
  assertEquals(
    await outcomes([access.authenticate(field, CLIENT)]),
    ["429 Retry-After,1"],
  );
  assertEquals(await access.authenticate(field, at("192.0.2.2")), "ada");
  // Who was right once is known, whatever others at the address do.
  assertEquals(await access.authenticate(field, CLIENT), "ada");
});

Deno.test("Access checks the passwords of many who come together", async () => {
  const names = Array.from({ length: 30 }, (_, index) => `user ${index}`);
  const access = new Access({
    users: new Map(names.map((name) => [name, CHEAP])),
  });
  const all = names.map((name) =>
    access.authenticate(basic(`${name}:secret`), CLIENT)
  );
  assertEquals(await outcomes(all), names);
});

Deno.test("Access checks the same credentials once at a time", async () => {
  const access = new Access({ users: new Map([["ada", DEAR]]) });
  const right = Array.from(
    { length: 100 },
    () => access.authenticate(basic("ada:secret"), CLIENT),
  );
  assertEquals(await outcomes(right), Array(100).fill("ada"));
  const wrong = Array.from(
    { length: 100 },
    () => access.authenticate(basic("ada:Secret"), CLIENT),
  );
  assertEquals(await outcomes(wrong), Array(100).fill("401"));
});

Deno.test("Access bounds the checks that wait", async () => {
  const access = new Access({ users: new Map([["ada", DEAR]]) });
  const verdicts = await outcomes(
    Array.from(
      { length: 200 },
      (_, index) =>
        access.authenticate(basic(`ada:${index}`), at(`10.0.0.${index}`)),
    ),
  );
  const refused = verdicts.filter((verdict) => verdict !== "401");
  assert(refused.length > 0);
  assertEquals(new Set(refused), new Set(["429 Retry-After,1"]));
  assertEquals(await access.authenticate(basic("ada:secret"), CLIENT), "ada");
});

Deno.test("Access checks bcrypt hashes one after the other", async () => {
  const access = new Access({
    users: new Map([["ada", CHEAP], ["bob", BCRYPT], ["cyd", BCRYPT]]),
  });
  const pairs = [
    "ada:secret",
    "bob:secret",
    "cyd:secret",
    "bob:x",
    "eve:secret",
  ];
  assertEquals(
    await outcomes(
      pairs.map((pair) => access.authenticate(basic(pair), CLIENT)),
    ),
    ["ada", "bob", "cyd", "401", "401"],
  );
});

Deno.test("Access refuses clear text and bad addresses", () => {
  const users = new Map([["ada", "secret"]]);
  assertThrows(
    () => new Access({ users }),
    TypeError,
    "want a hash of hashPassword()",
  );
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
  assertEquals(await access.authenticate(basic("ada:secret"), CLIENT), "ada");
  assertEquals(await access.authenticate(basic("eve:"), CLIENT), undefined);
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
    assertEquals(access.allowsAddress(at(host)), want, host);
  }
  assert(access.allowsAddress({ transport: "unix", path: "/run/x" }));
  assert(
    new Access({ users: new Map([["ada", CHEAP]]) }).allowsAddress(CLIENT),
  );
});
