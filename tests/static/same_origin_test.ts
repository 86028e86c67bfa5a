import { assertEquals } from "@std/assert";
import { senderOf } from "../../lib/static/same_origin.ts";

const OWN = "own page or none";
const OTHER = "other site";
const UNKNOWN = "unknown host";

const PLAIN = {
  isSecure: false,
  serverName: "0.0.0.0",
  hosts: ["nas.example"],
};
const SECURE = { ...PLAIN, isSecure: true };

const ROWS: readonly [
  fields: Readonly<Record<string, string>>,
  plain: string,
  secure: string,
][] = [
  // No browser says nothing.
  [{}, OWN, OWN],
  [{ host: "evil.example" }, OWN, OWN],
  [{ host: "127.0.0.1:80", origin: "http://127.0.0.1" }, OWN, OTHER],
  [{ host: "127.0.0.1", origin: "https://127.0.0.1" }, OTHER, OWN],
  [{ host: "127.0.0.1:8000", origin: "http://127.0.0.1:8000" }, OWN, OTHER],
  [{ host: "127.0.0.1:8000", origin: "http://127.0.0.1" }, OTHER, OTHER],
  [{ host: "127.0.0.1:443", origin: "https://127.0.0.1" }, OTHER, OWN],
  [{ host: "[::1]:8000", origin: "http://[::1]:8000" }, OWN, OTHER],
  [{ host: "LOCALHOST:8000", origin: "http://localhost:8000" }, OWN, OTHER],
  [{ host: "app.localhost", origin: "http://app.localhost" }, OWN, OTHER],
  [{ host: "nas.example", origin: "http://nas.example" }, OWN, OTHER],
  // A name that was pointed here looks like the server's own.
  [
    { host: "evil.example:8000", origin: "http://evil.example:8000" },
    UNKNOWN,
    OTHER,
  ],
  [{ host: "evil.example", origin: "https://evil.example" }, OTHER, OWN],
  [
    { host: "localhost.evil.example", origin: "http://localhost.evil.example" },
    UNKNOWN,
    OTHER,
  ],
  [
    { host: "127.0.0.1.example", origin: "http://127.0.0.1.example" },
    UNKNOWN,
    OTHER,
  ],
  [{ host: "127.0.0.1", origin: "http://evil.example" }, OTHER, OTHER],
  [{ host: "127.0.0.1", origin: "null" }, OTHER, OTHER],
  [{ host: "127.0.0.1", origin: "" }, OTHER, OTHER],
  [{ host: "127.0.0.1", origin: "127.0.0.1" }, OTHER, OTHER],
  [{ host: "127.0.0.1", origin: "http://evil@127.0.0.1" }, OTHER, OTHER],
  [{ host: "127.0.0.1", origin: "http://127.0.0.1/" }, OTHER, OTHER],
  [
    { host: "127.0.0.1", origin: "http://127.0.0.1, http://evil.example" },
    OTHER,
    OTHER,
  ],
  [{ host: "127.0.0.1", origin: "file://127.0.0.1" }, OTHER, OTHER],
  [{ origin: "http://127.0.0.1" }, OTHER, OTHER],
  // Browsers say it to https and loopback: nothing else is asked then.
  [{ host: "any.example", "sec-fetch-site": "same-origin" }, OWN, OWN],
  [{ host: "any.example", "sec-fetch-site": "none" }, OWN, OWN],
  [{ host: "127.0.0.1", "sec-fetch-site": "same-site" }, OTHER, OTHER],
  [{ host: "127.0.0.1", "sec-fetch-site": "cross-site" }, OTHER, OTHER],
  [
    { host: "127.0.0.1", "sec-fetch-site": "same-origin, cross-site" },
    OTHER,
    OTHER,
  ],
  [{ host: "127.0.0.1", "sec-fetch-site": "" }, OTHER, OTHER],
  [
    {
      host: "127.0.0.1",
      origin: "http://127.0.0.1",
      "sec-fetch-site": "cross-site",
    },
    OTHER,
    OTHER,
  ],
];

Deno.test("senderOf() knows the server's own pages", async (t) => {
  for (const [fields, plain, secure] of ROWS) {
    await t.step(JSON.stringify(fields), () => {
      const source = new Map(Object.entries(fields));
      assertEquals(senderOf(source, PLAIN), plain);
      assertEquals(senderOf(source, SECURE), secure);
    });
  }
});
