import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import {
  CHECKS_PER_WINDOW,
  FileCache,
  STALENESS,
} from "../../lib/static/file_cache.ts";
import { openContent } from "../../lib/static/file_content.ts";
import { plainRepresentation } from "../../lib/static/representation.ts";
import { Root } from "../../lib/static/root.ts";
import { anHourLater } from "./_clock.ts";
import { type Folder, folderOf } from "./_folder.ts";

/** A time at which the files of the tests have been left alone for long. */
const NOW = Date.now() + 3_600_000;
const limits = { maxBytes: 100, maxFileBytes: 40 };

function cacheOf({ path }: Folder, options = limits): FileCache {
  const root = new Root({ root: path, followSymlinks: false });
  return new FileCache(root, options);
}

Deno.test("FileCache trusts only a much requested file, for a second", async () => {
  await using folder = await folderOf({ "a.txt": "hello" });
  const path = `${folder.path}/a.txt`;
  const cache = cacheOf(folder);
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
  const cache = cacheOf(folder);
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
  const cache = cacheOf(folder);
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
  const cache = cacheOf(folder);
  const found = await cache.find(path, Date.now());
  assert(typeof found === "object");
  assertEquals(await cache.body(found), new TextEncoder().encode("new"));
  assertEquals(cache.bytes, 0);
});

Deno.test("FileCache remembers that a sibling is missing", async () => {
  await using folder = await folderOf({ "a.txt": "a" });
  const path = `${folder.path}/a.txt.br`;
  const cache = cacheOf(folder);
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
  const cache = cacheOf(folder);
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
      const cache = cacheOf(folder, { ...limits, ...options });
      const found = await cache.find(`${folder.path}/a.txt`, NOW);
      assert(typeof found === "object");
      const plain = plainRepresentation(found, "text/plain", false);
      const content = await openContent(plain, cache, "GET");
      assert(content !== undefined && !(content instanceof Uint8Array));
      content.close();
    });
  }
});
