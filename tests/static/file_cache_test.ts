import {
  assert,
  assertEquals,
  assertMatch,
  assertStrictEquals,
} from "@std/assert";
import {
  CHECKS_PER_WINDOW,
  FileCache,
  STALENESS,
} from "../../lib/static/file_cache.ts";
import { openContent } from "../../lib/static/file_content.ts";
import { plainRepresentation } from "../../lib/static/representation.ts";
import { lookUp, openServable } from "../../lib/static/servable_file.ts";
import { anHourLater } from "./_clock.ts";
import { folderOf, MODIFIED } from "./_folder.ts";

/** A time at which the files of the tests have been left alone for long. */
const NOW = Date.now() + 3_600_000;
const limits = { maxBytes: 100, maxFileBytes: 40 };

const lookUps: { name: string; want: string; following?: string }[] = [
  { name: "a.txt", want: "file" },
  { name: "a.txt/", want: "nothing" },
  { name: "a.txt/x", want: "nothing" },
  { name: "sub", want: "folder" },
  { name: "sub/", want: "folder" },
  { name: "none", want: "nothing" },
  { name: "x".repeat(300), want: "nothing" },
  { name: "inside", want: "file" },
  { name: "inside-sub/b.txt", want: "file" },
  { name: "outside", want: "nothing", following: "file" },
  { name: "outside-sub", want: "nothing", following: "folder" },
  { name: "outside-sub/s.txt", want: "nothing", following: "file" },
  { name: "sibling/s.txt", want: "nothing", following: "file" },
  { name: "broken", want: "nothing" },
  { name: "loop", want: "nothing" },
];

Deno.test("lookUp() finds only what lies inside the root", async (t) => {
  await using folder = await folderOf({
    "secret/s.txt": "s",
    "root-private/s.txt": "s",
    "root/a.txt": "a",
    "root/sub/b.txt": "b",
    "root/inside": "-> a.txt",
    "root/inside-sub": "-> sub",
    "root/outside": "-> ../secret/s.txt",
    "root/outside-sub": "-> ../secret",
    "root/sibling": "-> ../root-private",
    "root/broken": "-> none",
    "root/loop": "-> loop",
  });
  const root = `${folder.path}/root`;
  for (const { name, want, following = want } of lookUps) {
    await t.step(name.slice(0, 30), async () => {
      for (const followSymlinks of [false, true]) {
        const rules = { root, followSymlinks };
        const found = await lookUp(`${root}/${name}`, rules, NOW);
        assertEquals(
          typeof found === "object" ? "file" : found ?? "nothing",
          followSymlinks ? following : want,
        );
      }
    });
  }
});

Deno.test("lookUp() never opens a pipe", async () => {
  await using folder = await folderOf({ "a.txt": "a" });
  const pipe = `${folder.path}/pipe`;
  const made = await new Deno.Command("mkfifo", { args: [pipe] }).output();
  assert(made.success);
  const rules = { root: folder.path, followSymlinks: false };
  assertEquals(await lookUp(pipe, rules, NOW), undefined);
});

Deno.test("lookUp() describes a file", async () => {
  await using folder = await folderOf({ "a.txt": "hello" });
  const rules = { root: folder.path, followSymlinks: false };
  const found = await lookUp(`${folder.path}/a.txt`, rules, NOW);
  assert(typeof found === "object");
  assertEquals(found.size, 5);
  assertMatch(found.etag ?? "", /^"lqvrmnpk-5-[0-9a-z]+"$/);
  assertEquals(found.lastModified, MODIFIED.getTime());
  assertEquals(found.lastModifiedText, "Tue, 02 Jan 2024 03:04:05 GMT");
});

Deno.test("lookUp() gives no Last-Modified in the future", async () => {
  await using folder = await folderOf({ "a.txt": "hello" });
  const rules = { root: folder.path, followSymlinks: false };
  const early = MODIFIED.getTime() - 60_000;
  const found = await lookUp(`${folder.path}/a.txt`, rules, early);
  assert(typeof found === "object");
  assertEquals(found.lastModified, early);
  assert(found.etag?.startsWith("W/"));
});

Deno.test("openServable() refuses a file that was swapped", async () => {
  await using folder = await folderOf({ "a.txt": "hello", "b.txt": "hello" });
  const rules = { root: folder.path, followSymlinks: false };
  const found = await lookUp(`${folder.path}/a.txt`, rules, NOW);
  assert(typeof found === "object");
  (await openServable(found))?.close();
  await Deno.remove(`${folder.path}/a.txt`);
  await Deno.symlink("b.txt", `${folder.path}/a.txt`);
  assertEquals(await openServable(found), undefined);
});

Deno.test("FileCache trusts only a much requested file, for a second", async () => {
  await using folder = await folderOf({ "a.txt": "hello" });
  const path = `${folder.path}/a.txt`;
  const cache = new FileCache(
    { root: folder.path, followSymlinks: false },
    limits,
  );
  assertEquals(cache.peek(path, NOW), undefined);
  const found = await cache.find(path, NOW);
  for (let count = 2; count <= CHECKS_PER_WINDOW; count++) {
    assertEquals(cache.peek(path, NOW), undefined);
    assertEquals(await cache.find(path, NOW), found);
  }
  assertEquals(cache.peek(path, NOW), found);
  assertEquals(cache.peek(path, NOW + STALENESS - 1), found);
  assertEquals(cache.peek(path, NOW + STALENESS), undefined);
  assertEquals(cache.peek(path, NOW - 1), undefined);
});

Deno.test("FileCache sees a file change, vanish and return", async () => {
  await using folder = await folderOf({ "a.txt": "hello" });
  const path = `${folder.path}/a.txt`;
  const cache = new FileCache(
    { root: folder.path, followSymlinks: false },
    limits,
  );
  const sizeOf = async () => {
    const found = await cache.find(path, NOW);
    return typeof found === "object" ? found.size : found;
  };
  assertEquals(await sizeOf(), 5);
  await Deno.writeTextFile(path, "longer");
  assertEquals(await sizeOf(), 6);
  await Deno.remove(path);
  assertEquals(await sizeOf(), undefined);
  await Deno.mkdir(path);
  assertEquals(await sizeOf(), "folder");
  await Deno.remove(path);
  await Deno.writeTextFile(path, "back");
  assertEquals(await sizeOf(), 4);
});

Deno.test("FileCache bounds the octets it keeps", async () => {
  const layout = Object.fromEntries(
    ["a", "b", "c", "d"].map((name) => [name, name.repeat(40)]),
  );
  await using folder = await folderOf({ ...layout, large: "x".repeat(41) });
  using _clock = anHourLater();
  const cache = new FileCache(
    { root: folder.path, followSymlinks: false },
    limits,
  );
  for (const name of ["a", "b", "c", "d", "large"]) {
    const found = await cache.find(`${folder.path}/${name}`, NOW);
    assert(typeof found === "object");
    const body = await cache.body(found);
    assertEquals(body?.length, name === "large" ? undefined : 40);
    assert(cache.bytes <= 100);
  }
  assertEquals(cache.bytes, 80);
});

Deno.test("FileCache keeps no octets of a file written just now", async () => {
  await using folder = await folderOf({});
  const path = `${folder.path}/a.txt`;
  await Deno.writeTextFile(path, "new");
  const cache = new FileCache(
    { root: folder.path, followSymlinks: false },
    limits,
  );
  const found = await cache.find(path, Date.now());
  assert(typeof found === "object");
  assertEquals(await cache.body(found), new TextEncoder().encode("new"));
  assertEquals(cache.bytes, 0);
});

Deno.test("FileCache remembers that a sibling is missing", async () => {
  await using folder = await folderOf({ "a.txt": "a" });
  const path = `${folder.path}/a.txt.br`;
  const cache = new FileCache(
    { root: folder.path, followSymlinks: false },
    limits,
  );
  for (let count = 0; count <= CHECKS_PER_WINDOW; count++) {
    assertEquals(await cache.findOptional(path, NOW), undefined);
  }
  await Deno.writeTextFile(path, "br");
  assertEquals(await cache.findOptional(path, NOW), undefined);
  const found = await cache.findOptional(path, NOW + STALENESS);
  assertEquals(found?.size, 2);
});

Deno.test("FileCache gives all who ask at once the same octets", async () => {
  await using folder = await folderOf({ "a.txt": "hello" });
  using _clock = anHourLater();
  const cache = new FileCache(
    { root: folder.path, followSymlinks: false },
    limits,
  );
  const found = await cache.find(`${folder.path}/a.txt`, NOW);
  assert(typeof found === "object");
  assertEquals(cache.mayKeep(found), true);
  const [first, ...others] = await Promise.all(
    Array.from({ length: 10 }, () => cache.body(found)),
  );
  assert(first !== undefined);
  for (const other of others) assertStrictEquals(other, first);
  assertEquals(cache.bytes, 5);
});

const contents: { name: string; options: Partial<typeof limits> }[] = [
  { name: "nothing is kept", options: { maxBytes: 0 } },
  { name: "it is too large", options: { maxFileBytes: 4 } },
];

Deno.test("openContent() reads nothing into memory that is not kept", async (t) => {
  await using folder = await folderOf({ "a.txt": "hello" });
  for (const { name, options } of contents) {
    await t.step(name, async () => {
      const cache = new FileCache(
        { root: folder.path, followSymlinks: false },
        { ...limits, ...options },
      );
      const found = await cache.find(`${folder.path}/a.txt`, NOW);
      assert(typeof found === "object");
      const plain = plainRepresentation(found, "text/plain", false);
      const content = await openContent(plain, cache);
      assert(content !== undefined && !(content instanceof Uint8Array));
      content.close();
    });
  }
});
