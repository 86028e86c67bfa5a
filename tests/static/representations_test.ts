// What a client that asks for one resource in several ways may compare: whole,
// compressed, in part, and on condition. Each pair of responses must agree
// wherever RFC 9110 says so.

import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { type Answer, type Site, siteOf } from "./_site.ts";
import { anHourLater } from "./_clock.ts";

const TEXT = "a line of text that repeats itself\n".repeat(200);
const NOISE = Array.from(
  crypto.getRandomValues(new Uint8Array(6000)),
  (byte) => String.fromCharCode(33 + byte % 90),
).join("");

/** The resources: each a path below one root. */
const RESOURCES = [
  {
    path: "/page.html",
    what: "text, compressed on the way",
    isNegotiated: true,
    hasParts: false,
  },
  {
    path: "/stored.txt",
    what: "text with a stored copy",
    isNegotiated: true,
    hasParts: true,
  },
  {
    path: "/small.txt",
    what: "text of a few bytes",
    isNegotiated: false,
    hasParts: true,
  },
  {
    path: "/noise.png",
    what: "a picture",
    isNegotiated: false,
    hasParts: true,
  },
];

async function site(): Promise<Site> {
  const stored = await gzipped(TEXT);
  return await siteOf({
    "page.html": TEXT,
    "stored.txt": TEXT,
    "stored.txt.gz": stored,
    "small.txt": "small\n",
    "noise.png": NOISE,
  }, { compress: true, precompressed: true });
}

async function gzipped(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([text]).stream()
    .pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function inflated(body: string): Promise<string> {
  const bytes = Uint8Array.from(body, (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream()
    .pipeThrough(new DecompressionStream("gzip"));
  return await new Response(stream).text();
}

/** The fields that a 304 must repeat (15.4.5), and a 206 too (15.3.7). */
const KEPT = ["cache-control", "content-location", "etag", "expires", "vary"];

function kept(answer: Answer): (string | undefined)[] {
  return KEPT.map((name) => answer.fields.get(name));
}

const GZIP = { "Accept-Encoding": "gzip" };

for (const { path, what, isNegotiated, hasParts } of RESOURCES) {
  Deno.test(`The representations of ${what} agree`, async (t) => {
    using _later = anHourLater();
    await using server = await site();
    const bare = await server.ask(path);
    assertEquals(bare.status, 200);

    await t.step("9110 12.5.3, compressed and plain", async () => {
      const coded = await server.ask(path, GZIP);
      assertEquals(coded.status, 200);
      for (const name of ["content-type", "vary", "last-modified"]) {
        assertEquals(coded.fields.get(name), bare.fields.get(name), name);
      }
      if (!isNegotiated) {
        assertEquals(coded.fields.get("content-encoding"), undefined);
        assertEquals(coded.fields.get("etag"), bare.fields.get("etag"));
        assertEquals(coded.body, bare.body);
        return;
      }
      assertEquals(coded.fields.get("content-encoding"), "gzip");
      assertEquals(coded.fields.get("vary"), "Accept-Encoding");
      assertNotEquals(coded.fields.get("etag"), bare.fields.get("etag"));
      assertEquals(await inflated(coded.body), bare.body);
      assert(coded.body.length < bare.body.length);
    });

    for (const asked of [{}, GZIP]) {
      const way = "Accept-Encoding" in asked ? "compressed" : "plain";
      const whole = await server.ask(path, asked);

      await t.step(`9110 13.1.2, If-None-Match, ${way}`, async () => {
        const etag = whole.fields.get("etag") ?? "none";
        const again = await server.ask(path, {
          ...asked,
          "If-None-Match": etag,
        });
        assertEquals([again.status, again.body], [304, ""]);
        assertEquals(kept(again), kept(whole));
      });

      await t.step(`9110 13.1.3, If-Modified-Since, ${way}`, async () => {
        const date = whole.fields.get("last-modified") ?? "none";
        const fields = { ...asked, "If-Modified-Since": date };
        const again = await server.ask(path, fields);
        assertEquals([again.status, again.body], [304, ""]);
        assertEquals(kept(again), kept(whole));
      });

      await t.step(`9110 9.3.2, HEAD, ${way}`, async () => {
        const head = await server.ask(path, asked, "HEAD");
        assertEquals([head.status, head.body], [200, ""]);
        // What is compressed on the way has no length before it is made.
        const apart = ["date", "content-length", "transfer-encoding"];
        const fields = (answer: Answer) =>
          [...answer.fields].filter(([name]) => !apart.includes(name));
        assertEquals(fields(head), fields(whole));
      });
    }

    await t.step("9110 14.2, a part", async () => {
      assertEquals(bare.fields.get("accept-ranges"), "bytes");
      const part = await server.ask(path, { Range: "bytes=2-4" });
      assertEquals([part.status, part.body], [206, bare.body.slice(2, 5)]);
      assertEquals(
        part.fields.get("content-range"),
        `bytes 2-4/${bare.body.length}`,
      );
      assertEquals(part.fields.get("content-length"), "3");
      assertEquals(kept(part), kept(bare));
    });

    await t.step("9110 13.1.5, a part if it is the same", async () => {
      const coded = await server.ask(path, GZIP);
      const part = await server.ask(path, {
        ...GZIP,
        Range: "bytes=0-1",
        "If-Range": coded.fields.get("etag") ?? "none",
      });
      // What is made on the way has no parts: the client gets the plain whole,
      // under its own tag, and puts nothing together.
      const [status, body, of] = hasParts
        ? [206, coded.body.slice(0, 2), coded]
        : [200, bare.body, bare];
      assertEquals([part.status, part.body], [status, body]);
      assertEquals(part.fields.get("etag"), of.fields.get("etag"));
    });
  });
}
