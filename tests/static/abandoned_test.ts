// Clients that go away in the middle: nothing may stay open behind them, which
// Deno's own sanitizers watch over.

import { assert } from "@std/assert";
import { siteOf } from "./_site.ts";

const noise = crypto.getRandomValues(new Uint8Array(65_536));
const large = new Uint8Array(30_000_000);
for (let at = 0; at < large.length; at += noise.length) {
  large.set(noise.subarray(0, large.length - at), at);
}

const requests: { name: string; request: string }[] = [
  { name: "a large file", request: "GET /large.txt HTTP/1.1\r\nHost: x\r\n" },
  {
    name: "several ranges",
    request: "GET /large.txt HTTP/1.1\r\nHost: x\r\n" +
      "Range: bytes=0-9,5000000-29000000\r\n",
  },
  {
    name: "a file compressed on the way",
    request: "GET /large.txt HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n",
  },
  { name: "a tar", request: "GET /?archive=tar HTTP/1.1\r\nHost: x\r\n" },
  { name: "a zip", request: "GET /?archive=zip HTTP/1.1\r\nHost: x\r\n" },
  { name: "a long listing", request: "GET /many/ HTTP/1.1\r\nHost: x\r\n" },
];

Deno.test("StaticRequestHandler cleans up behind a client that left", async (t) => {
  const many = Object.fromEntries(
    Array.from(
      { length: 3000 },
      (_, at) => [`many/${"x".repeat(200)}${at}`, ""],
    ),
  );
  await using site = await siteOf({ "large.txt": large, ...many }, {
    compress: true,
    archives: ["tar", "zip"],
  });
  for (const { name, request } of requests) {
    await t.step(name, async () => {
      using conn = await Deno.connect({
        hostname: "127.0.0.1",
        port: site.port,
      });
      await conn.write(new TextEncoder().encode(`${request}\r\n`));
      const count = await conn.read(new Uint8Array(1000));
      assert(count !== null);
    });
  }
});
