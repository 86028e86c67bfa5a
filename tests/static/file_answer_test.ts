// Range and preconditions over the wire; the rules in full are tested in
// range_test.ts and preconditions_test.ts.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { anHourLater } from "./_clock.ts";
import { MODIFIED } from "./_folder.ts";
import { type Site, siteOf } from "./_site.ts";

const alphabet = "abcdefghijklmnopqrstuvwxyz";
const layout = { "a.txt": alphabet, "empty.txt": "" };
/** Stands for the entity tag of the file. */
const ETAG = "$ETAG";
const SAME = "Tue, 02 Jan 2024 03:04:05 GMT";
const BEFORE = "Tue, 02 Jan 2024 03:04:04 GMT";

const cases: {
  fields: Record<string, string>;
  method?: string;
  path?: string;
  status: number;
  body?: string;
  range?: string;
}[] = [
  { fields: {}, status: 200, body: alphabet },
  {
    fields: { Range: "bytes=0-3" },
    status: 206,
    body: "abcd",
    range: "bytes 0-3/26",
  },
  {
    fields: { Range: "bytes=-2" },
    status: 206,
    body: "yz",
    range: "bytes 24-25/26",
  },
  {
    fields: { Range: "bytes=3-9,0-5" },
    status: 206,
    body: "abcdefghij",
    range: "bytes 0-9/26",
  },
  { fields: { Range: "bytes=26-" }, status: 416, range: "bytes */26" },
  { fields: { Range: "bytes=2-1" }, status: 200, body: alphabet },
  { fields: { Range: "lines=0-1" }, status: 200, body: alphabet },
  { fields: { Range: "bytes=0-3" }, method: "HEAD", status: 200, body: "" },
  { fields: { Range: "bytes=0-0" }, path: "/empty.txt", status: 200, body: "" },
  {
    fields: { Range: "bytes=0-3", "If-Range": ETAG },
    status: 206,
    body: "abcd",
    range: "bytes 0-3/26",
  },
  {
    fields: { Range: "bytes=0-3", "If-Range": SAME },
    status: 206,
    body: "abcd",
    range: "bytes 0-3/26",
  },
  {
    fields: { Range: "bytes=0-3", "If-Range": '"other"' },
    status: 200,
    body: alphabet,
  },
  {
    fields: { Range: "bytes=0-3", "If-Range": BEFORE },
    status: 200,
    body: alphabet,
  },
  { fields: { Range: "bytes=99-", "If-Range": '"other"' }, status: 200 },
  { fields: { "If-None-Match": ETAG }, status: 304, body: "" },
  { fields: { "If-None-Match": `W/${ETAG}` }, status: 304 },
  { fields: { "If-None-Match": ETAG }, method: "HEAD", status: 304 },
  { fields: { "If-None-Match": ETAG, Range: "bytes=0-3" }, status: 304 },
  { fields: { "If-Modified-Since": SAME }, status: 304 },
  { fields: { "If-Modified-Since": BEFORE }, status: 200 },
  { fields: { "If-Match": '"other"' }, status: 412 },
  { fields: { "If-Match": '"other"' }, method: "HEAD", status: 412 },
  { fields: { "If-Match": '"other"', Range: "bytes=0-3" }, status: 412 },
  {
    fields: { "If-Match": ETAG, Range: "bytes=0-3" },
    status: 206,
    range: "bytes 0-3/26",
  },
  { fields: { "If-Unmodified-Since": BEFORE }, status: 412 },
  { fields: { "If-Match": "*" }, path: "/none", status: 404 },
  { fields: { "If-None-Match": "*" }, path: "/none", status: 404 },
];

Deno.test("StaticRequestHandler obeys preconditions and Range", async (t) => {
  using _clock = anHourLater();
  await using site = await siteOf(layout);
  const etag = await tagOf(site, "/a.txt");
  for (const { fields, method, path, status, body, range } of cases) {
    await t.step(`${method ?? "GET"} ${JSON.stringify(fields)}`, async () => {
      const sent = Object.fromEntries(
        Object.entries(fields)
          .map(([name, value]) => [name, value.replace(ETAG, etag)]),
      );
      const answer = await site.ask(path ?? "/a.txt", sent, method);
      assertEquals(answer.status, status);
      assertEquals(answer.fields.get("content-range"), range);
      if (body !== undefined) assertEquals(answer.body, body);
    });
  }
});

async function tagOf(site: Site, path: string): Promise<string> {
  return (await site.ask(path)).fields.get("etag") ?? "";
}

Deno.test("StaticRequestHandler takes a date for a validator while it is that of the last change", async () => {
  using _clock = anHourLater();
  await using site = await siteOf({});
  await Deno.writeTextFile(`${site.root}/a.txt`, alphabet);
  const date = (await site.ask("/a.txt")).fields.get("last-modified") ?? "";
  const fields = { Range: "bytes=0-3", "If-Range": date };
  assertEquals((await site.ask("/a.txt", fields)).status, 206);
});

Deno.test("StaticRequestHandler tells new content of the same size and time", async (t) => {
  const before = alphabet;
  const after = alphabet.toUpperCase();
  const changes: Record<string, (path: string) => Promise<void>> = {
    "written in place": (path) => Deno.writeTextFile(path, after),
    "another file": async (path) => {
      await Deno.writeTextFile(`${path}.new`, after);
      await Deno.rename(`${path}.new`, path);
    },
  };
  for (const [name, change] of Object.entries(changes)) {
    await t.step(name, async () => {
      await using site = await siteOf({ "a.txt": before });
      const path = `${site.root}/a.txt`;
      // The runtime tells the time of a change in whole seconds.
      await untilChanged(path);
      using _clock = anHourLater();
      const etag = await tagOf(site, "/a.txt");
      assert(etag.startsWith('"'), etag);
      // Also by the octets that are kept.
      for (let i = 0; i < 3; i++) await site.ask("/a.txt");
      await change(path);
      await Deno.utime(path, MODIFIED, MODIFIED);
      const answer = await site.ask("/a.txt", { "If-None-Match": etag });
      assertEquals([answer.status, answer.body], [200, after]);
      const part = await site.ask("/a.txt", {
        "If-Range": etag,
        Range: "bytes=3-",
      });
      assertEquals([part.status, part.body], [200, after]);
    });
  }
});

/** Waits for the next second, by the clock of the file system. */
async function untilChanged(path: string): Promise<void> {
  const probe = `${path}.probe`;
  const { ctime } = await Deno.stat(path);
  for (;;) {
    await Deno.writeTextFile(probe, "");
    if ((await Deno.stat(probe)).ctime?.getTime() !== ctime?.getTime()) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await Deno.remove(probe);
}

Deno.test("StaticRequestHandler sends 304 with what updates a cache", async () => {
  await using site = await siteOf(layout, { cacheControl: "max-age=60" });
  const etag = await tagOf(site, "/a.txt");
  const { fields } = await site.ask("/a.txt", { "If-None-Match": etag });
  assertEquals(
    [...fields.keys()],
    ["server", "date", "etag", "cache-control", "connection"],
  );
});

Deno.test("StaticRequestHandler repeats no Last-Modified to who has it", async (t) => {
  using _clock = anHourLater();
  await using site = await siteOf(layout, { cacheControl: "max-age=60" });
  const etag = await tagOf(site, "/a.txt");
  for (const range of ["bytes=3-9", "bytes=0-0,5-6"]) {
    await t.step(range, async () => {
      const first = await site.ask("/a.txt", { Range: range });
      const next = await site.ask("/a.txt", { Range: range, "If-Range": etag });
      assertEquals([first.status, next.status], [206, 206]);
      assertEquals(
        [...next.fields.keys()],
        [...first.fields.keys()].filter((name) => name !== "last-modified"),
      );
      assert(first.fields.has("last-modified"));
    });
  }
  const fields = { Range: "bytes=3-9", "If-Range": '"other"' };
  const whole = await site.ask("/a.txt", fields);
  assertEquals(whole.status, 200);
  assert(whole.fields.has("last-modified"));
});

Deno.test("StaticRequestHandler sends several ranges as multipart", async () => {
  await using site = await siteOf(layout);
  const answer = await site.ask("/a.txt", { Range: "bytes=-1,0-1,4-5" });
  assertEquals(answer.status, 206);
  const type = answer.fields.get("content-type") ?? "";
  assertMatch(type, /^multipart\/byteranges; boundary=[0-9a-f]{32}$/);
  const edge = type.slice(type.indexOf("=") + 1);
  const part = (range: string, body: string) =>
    `--${edge}\r\nContent-Type: text/plain; charset=UTF-8\r\n` +
    `Content-Range: bytes ${range}/26\r\n\r\n${body}\r\n`;
  assertEquals(
    answer.body,
    part("25-25", "z") + part("0-1", "ab") + part("4-5", "ef") +
      `--${edge}--\r\n`,
  );
});

Deno.test("StaticRequestHandler sends a large file whole and in parts", async () => {
  const large = new Uint8Array(1_500_000);
  for (let at = 0; at < large.length; at++) large[at] = at % 251;
  await using site = await siteOf({ "large.bin": large });
  const whole = await fetch(`${site.origin}/large.bin`);
  assertEquals(await whole.bytes(), large);
  for (const [first, last] of [[0, 0], [262_143, 262_145], [9, 1_400_000]]) {
    assert(first !== undefined && last !== undefined);
    const part = await fetch(`${site.origin}/large.bin`, {
      headers: { Range: `bytes=${first}-${last}` },
    });
    assertEquals(await part.bytes(), large.slice(first, last + 1));
  }
  const parts = await fetch(`${site.origin}/large.bin`, {
    headers: { Range: "bytes=0-99,1000000-1300000" },
  });
  const body = await parts.bytes();
  assertEquals(String(body.length), parts.headers.get("content-length"));
});

Deno.test("a file that shrinks while it is sent breaks only its own answer", async () => {
  await using site = await siteOf({ "large.bin": new Uint8Array(50_000_000) });
  using conn = await Deno.connect({ hostname: "127.0.0.1", port: site.port });
  const request = "GET /large.bin HTTP/1.1\r\nHost: x\r\n\r\n";
  await conn.write(new TextEncoder().encode(request + request));
  const buffer = new Uint8Array(1_000_000);
  await conn.read(buffer);
  await Deno.truncate(`${site.root}/large.bin`, 1000);
  let text = "";
  for (;;) {
    const count = await conn.read(buffer).catch(() => null);
    if (count === null) break;
    text = new TextDecoder("latin1").decode(buffer.subarray(0, count));
  }
  // Nothing that could be taken for the second answer.
  assertEquals(text.includes("HTTP/1.1"), false);
  const again = await site.ask("/large.bin");
  assertEquals(again.body.length, 1000);
});

Deno.test("a file that grows while it is sent is cut at its old size", async () => {
  await using site = await siteOf({ "large.bin": new Uint8Array(20_000_000) });
  const response = await fetch(`${site.origin}/large.bin`);
  const reader = response.body?.getReader();
  let size = (await reader?.read())?.value?.length ?? 0;
  await Deno.writeFile(`${site.root}/large.bin`, new Uint8Array(9), {
    append: true,
  });
  for (;;) {
    const piece = await reader?.read();
    if (piece?.done !== false) break;
    size += piece.value.length;
  }
  assertEquals(size, 20_000_000);
});

Deno.test("StaticRequestHandler sees a file change at once", async () => {
  await using site = await siteOf(layout);
  const before = await site.ask("/a.txt");
  await Deno.writeTextFile(`${site.root}/a.txt`, "new");
  const after = await site.ask("/a.txt", {
    "If-None-Match": before.fields.get("etag") ?? "",
  });
  assertEquals([after.status, after.body], [200, "new"]);
  assertMatch(after.fields.get("etag") ?? "", /^W\//);
});
