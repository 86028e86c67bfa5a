import { assert, assertEquals, assertMatch } from "@std/assert";
import { Root } from "../../lib/static/root.ts";
import { folderOf, MODIFIED } from "./_folder.ts";
import { testBothWays } from "./_ways.ts";

/** A time at which the files of the tests have been left alone for long. */
const NOW = Date.now() + 3_600_000;

const finds: { name: string; want: string; following?: string }[] = [
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

testBothWays("Root.find() finds only what lies inside the root", async (t) => {
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
  for (const { name, want, following = want } of finds) {
    await t.step(name.slice(0, 30), async () => {
      for (const followSymlinks of [false, true]) {
        const files = new Root({ root, followSymlinks });
        const found = await files.find(`${root}/${name}`, NOW);
        assertEquals(
          typeof found === "object" ? "file" : found ?? "nothing",
          followSymlinks ? following : want,
        );
      }
    });
  }
});

testBothWays("Root.find() never opens a pipe", async () => {
  await using folder = await folderOf({ "a.txt": "a" });
  const pipe = `${folder.path}/pipe`;
  const made = await new Deno.Command("mkfifo", { args: [pipe] }).output();
  assert(made.success);
  const files = new Root({ root: folder.path, followSymlinks: false });
  assertEquals(await files.find(pipe, NOW), undefined);
});

testBothWays("Root.find() describes a file", async () => {
  await using folder = await folderOf({ "a.txt": "hello" });
  const files = new Root({ root: folder.path, followSymlinks: false });
  const found = await files.find(`${folder.path}/a.txt`, NOW);
  assert(typeof found === "object");
  assertEquals(found.size, 5);
  assertMatch(found.etag ?? "", /^"lqvrmnpk-5-[0-9a-z]+"$/);
  assertEquals(found.lastModified, MODIFIED.getTime());
  assertEquals(found.lastModifiedText, "Tue, 02 Jan 2024 03:04:05 GMT");
});

testBothWays("Root.find() gives no Last-Modified in the future", async () => {
  await using folder = await folderOf({ "a.txt": "hello" });
  const files = new Root({ root: folder.path, followSymlinks: false });
  const early = MODIFIED.getTime() - 60_000;
  const found = await files.find(`${folder.path}/a.txt`, early);
  assert(typeof found === "object");
  assertEquals(found.lastModified, early);
  assert(found.etag?.startsWith("W/"));
});

testBothWays("Root.open() refuses a file that was swapped", async () => {
  await using folder = await folderOf({ "a.txt": "hello", "b.txt": "hello" });
  const files = new Root({ root: folder.path, followSymlinks: false });
  const found = await files.find(`${folder.path}/a.txt`, NOW);
  assert(typeof found === "object");
  (await files.open(found))?.close();
  await Deno.remove(`${folder.path}/a.txt`);
  await Deno.symlink("b.txt", `${folder.path}/a.txt`);
  assertEquals(await files.open(found), undefined);
});

testBothWays(
  "Root.open() does not wait for a pipe that took a file's place",
  async () => {
    await using folder = await folderOf({ "a.txt": "hello" });
    const path = `${folder.path}/a.txt`;
    const files = new Root({ root: folder.path, followSymlinks: false });
    const found = await files.find(path, NOW);
    assert(typeof found === "object");
    await Deno.remove(path);
    const made = await new Deno.Command("mkfifo", { args: [path] }).output();
    assert(made.success);
    assertEquals(await files.open(found), undefined);
  },
);

testBothWays("Root.isUnchanged() knows the place of a file, too", async () => {
  await using folder = await folderOf({
    "out/a.txt": "out",
    "root/in/a.txt": "in",
  });
  const root = `${folder.path}/root`;
  const path = `${root}/in/a.txt`;
  const files = new Root({ root, followSymlinks: false });
  const found = await files.find(path, NOW);
  assert(typeof found === "object");
  assertEquals(await files.isUnchanged(found), true);
  // The very file, with all its times, but outside.
  await Deno.rename(`${root}/in`, `${folder.path}/moved`);
  await Deno.symlink("../moved", `${root}/in`);
  assertEquals(await files.isUnchanged(found), false);
  assertEquals(await files.find(path, NOW), undefined);
});
