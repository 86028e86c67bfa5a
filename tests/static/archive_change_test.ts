// Files and folders that change under the hands of whoever packs them.

import { assertEquals, assertRejects } from "@std/assert";
import { type ArchiveFormat, packFolder } from "../../lib/static/archive.ts";
import { Root } from "../../lib/static/root.ts";
import { folderOf } from "./_folder.ts";
import { testBothWays } from "./_ways.ts";

/** Packs a folder into a file; `change` happens within the first large member. */
async function pack(
  format: ArchiveFormat,
  folder: string,
  archive: string,
  change: () => void,
): Promise<void> {
  using file = await Deno.create(archive);
  let isChanged = false;
  const files = new Root({ root: folder, followSymlinks: false });
  for await (const piece of packFolder(format, files, folder)) {
    for (let at = 0; at < piece.length;) {
      at += await file.write(piece.subarray(at));
    }
    if (piece.length < 10_000 || isChanged) continue;
    isChanged = true;
    change();
  }
}

/** Names and sizes, as a reader of another hand finds them. */
async function membersOf(
  format: ArchiveFormat,
  archive: string,
): Promise<Record<string, number>> {
  const script = format === "tar"
    ? "import sys, json, tarfile\n" +
      "print(json.dumps({m.name + '/' * m.isdir(): m.size\n" +
      "  for m in tarfile.open(sys.argv[1]).getmembers()}))"
    : "import sys, json, zipfile\n" +
      "z = zipfile.ZipFile(sys.argv[1])\n" +
      "assert z.testzip() is None\n" +
      "print(json.dumps({m.filename: m.file_size for m in z.infolist()}))";
  const { stdout, stderr } = await new Deno.Command("python3", {
    args: ["-c", script, archive],
  }).output();
  assertEquals(new TextDecoder().decode(stderr), "");
  return JSON.parse(new TextDecoder().decode(stdout));
}

const ROWS: {
  name: string;
  change: (folder: string) => void;
  /** The sizes of the members, or how it ends. */
  want: Record<string, number> | string;
}[] = [
  {
    name: "the file in hand grows",
    change: (folder) =>
      Deno.writeTextFileSync(`${folder}/a`, "more", { append: true }),
    want: { "a": 300_000, "b": 5, "c/": 0, "c/d": 5, "e": 5 },
  },
  {
    name: "the file in hand shrinks",
    change: (folder) => Deno.truncateSync(`${folder}/a`, 10),
    want: "Cannot pack a file that shrank",
  },
  {
    name: "the file in hand vanishes",
    change: (folder) => Deno.removeSync(`${folder}/a`),
    want: { "a": 300_000, "b": 5, "c/": 0, "c/d": 5, "e": 5 },
  },
  {
    name: "a later file grows",
    change: (folder) => Deno.writeTextFileSync(`${folder}/b`, "longer"),
    want: { "a": 300_000, "b": 6, "c/": 0, "c/d": 5, "e": 5 },
  },
  {
    name: "a later file vanishes",
    change: (folder) => Deno.removeSync(`${folder}/b`),
    want: { "a": 300_000, "c/": 0, "c/d": 5, "e": 5 },
  },
  {
    name: "a later file becomes a folder",
    change(folder) {
      Deno.removeSync(`${folder}/b`);
      Deno.mkdirSync(`${folder}/b`);
    },
    want: { "a": 300_000, "b/": 0, "c/": 0, "c/d": 5, "e": 5 },
  },
  {
    name: "a later folder becomes a file",
    change(folder) {
      Deno.removeSync(`${folder}/c`, { recursive: true });
      Deno.writeTextFileSync(`${folder}/c`, "file");
    },
    want: { "a": 300_000, "b": 5, "c": 4, "e": 5 },
  },
  {
    name: "all vanishes",
    change: (folder) => Deno.removeSync(folder, { recursive: true }),
    want: { "a": 300_000 },
  },
];

testBothWays("packFolder() packs files that change meanwhile", async (t) => {
  for (const { name, change, want } of ROWS) {
    for (const format of ["tar", "zip"] as const) {
      await t.step(`${format}: ${name}`, async () => {
        await using folder = await folderOf({
          "in/a": new Uint8Array(300_000),
          "in/b": "12345",
          "in/c/d": "12345",
          "in/e": "12345",
        });
        const from = `${folder.path}/in`;
        const to = `${folder.path}/archive`;
        const packing = pack(format, from, to, () => change(from));
        if (typeof want === "string") {
          await assertRejects(() => packing, Error, want);
          return;
        }
        await packing;
        assertEquals(await membersOf(format, to), want);
      });
    }
  }
});

Deno.test("packFolder() leaves out what may not be read", {
  // Everything may be read by root.
  ignore: Deno.build.os === "windows" || Deno.uid() === 0,
}, async () => {
  await using folder = await folderOf({
    "in/a": "12345",
    "in/b": "secret",
    "in/c/d": "secret",
  });
  await Deno.chmod(`${folder.path}/in/b`, 0);
  await Deno.chmod(`${folder.path}/in/c`, 0);
  const to = `${folder.path}/archive`;
  await pack("tar", `${folder.path}/in`, to, () => {});
  await Deno.chmod(`${folder.path}/in/c`, 0o755);
  assertEquals(await membersOf("tar", to), { "a": 5, "c/": 0 });
});

Deno.test("packFolder() knows that a zip knows no time before 1980", async () => {
  await using folder = await folderOf({ "in/a": "12345" });
  await Deno.utime(`${folder.path}/in/a`, 1, 1);
  const to = `${folder.path}/archive`;
  await pack("zip", `${folder.path}/in`, to, () => {});
  const script = "import sys, zipfile\n" +
    "print(zipfile.ZipFile(sys.argv[1]).infolist()[0].date_time)";
  const { stdout } = await new Deno.Command("python3", {
    args: ["-c", script, to],
  }).output();
  assertEquals(
    new TextDecoder().decode(stdout),
    "(1980, 1, 1, 0, 0, 0)\n",
  );
});
