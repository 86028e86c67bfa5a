import { assert, assertEquals } from "@std/assert";
import { unpackTar } from "modern-tar";
import { packFolder, parseArchiveFormat } from "../../lib/static/archive.ts";
import { HeldEntries } from "../../lib/static/held_entries.ts";
import { Root } from "../../lib/static/root.ts";
import { type Folder, folderOf, MODIFIED } from "./_folder.ts";
import { testBothWays, testByDescriptors } from "./_ways.ts";

const layout = {
  ".hidden": "no",
  "a.txt": "hello",
  "big.bin": new Uint8Array(300_000).fill(7),
  "sub/b.txt": "b",
  "empty/": "",
  "link": "-> a.txt",
  "loop": "-> .",
  "out": "-> /etc/hostname",
};

/** The same bytes as a stream. */
function streamOf(
  bytes: AsyncIterable<Uint8Array>,
): ReadableStream<Uint8Array> {
  return ReadableStream.from(bytes);
}

function filesOf({ path }: Folder): Root {
  return new Root({ root: path, followSymlinks: false });
}

Deno.test("parseArchiveFormat() knows two formats", () => {
  assertEquals(parseArchiveFormat("archive=zip"), "zip");
  assertEquals(parseArchiveFormat("x=1&archive=tar"), "tar");
  assertEquals(parseArchiveFormat("archive=exe"), undefined);
  assertEquals(parseArchiveFormat(""), undefined);
});

testBothWays("packFolder() packs a tar", async () => {
  await using folder = await folderOf(layout);
  const entries = await unpackTar(
    streamOf(packFolder("tar", filesOf(folder), folder.path)),
  );
  assertEquals(
    entries.map(({ header, data }) => [header.name, data?.length ?? 0]),
    [
      ["a.txt", 5],
      ["big.bin", 300_000],
      ["empty/", 0],
      ["link", 5],
      ["sub/", 0],
      ["sub/b.txt", 1],
    ],
  );
  assertEquals(entries[0]?.header.mtime, MODIFIED);
});

Deno.test("packFolder() counts the long paths that a zip keeps to its end", async () => {
  const deep = `${"n".repeat(240)}/`.repeat(14);
  const names = Array.from({ length: 20 }, (_, at) => `${deep}${at}`);
  await using folder = await folderOf(
    Object.fromEntries(names.map((name) => [name, ""])),
  );
  const before = HeldEntries.total;
  const held: number[] = [];
  for await (const _ of packFolder("zip", filesOf(folder), folder.path)) {
    held.push(HeldEntries.total - before);
  }
  assert(Math.max(...held) > names.length * deep.length / 128);
  assertEquals(HeldEntries.total, before);
});

testBothWays("packFolder() packs a zip", async () => {
  await using folder = await folderOf(layout);
  await using out = await folderOf({});
  const file = await Deno.create(`${out.path}/a.zip`);
  const bytes = packFolder("zip", filesOf(folder), folder.path);
  await streamOf(bytes).pipeTo(file.writable);
  const script = "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); " +
    "assert z.testzip() is None; " +
    "print(*(f'{i.filename} {i.file_size}' for i in z.infolist()), sep='\\n')";
  const { stdout } = await new Deno.Command("python3", {
    args: ["-c", script, `${out.path}/a.zip`],
  }).output();
  assertEquals(
    new TextDecoder().decode(stdout),
    "a.txt 5\nbig.bin 300000\nempty/ 0\nlink 5\nsub/ 0\nsub/b.txt 1\n",
  );
});

// By paths each folder is proved anew from the root, which takes minutes here.
testByDescriptors(
  "packFolder() packs folders in folders, as deep as a path reaches",
  async () => {
    await using folder = await folderOf({});
    const deepest = folder.path + "/d".repeat(1_990);
    await Deno.mkdir(deepest, { recursive: true });
    await Deno.writeTextFile(`${deepest}/a.txt`, "a");
    for (const format of ["tar", "zip"] as const) {
      const bytes = packFolder(format, filesOf(folder), folder.path);
      let size = 0;
      for await (const piece of bytes) size += piece.length;
      // Each folder has its path in the archive.
      assert(size > 1_990 * 1_990, `${size} bytes`);
    }
  },
);

Deno.test("packFolder() packs names that are names everywhere", async () => {
  await using folder = await folderOf({
    "..\\..\\up": "1",
    "C:up": "2",
    "\\\\server\\up": "3",
    "a\x1b[31m\nb": "4",
    "nul": "5",
    "dot.": "6",
    "sub\\/x:y/file": "7",
    "taken:": "8",
    "taken%3A": "9",
  });
  const files = new Root(
    { root: folder.path, followSymlinks: false },
    () => true,
  );
  const entries = await unpackTar(
    streamOf(packFolder("tar", files, folder.path)),
  );
  assertEquals(
    entries.map(({ header, data }) => [
      header.name,
      new TextDecoder().decode(data),
    ]),
    [
      ["..%5C..%5Cup", "1"],
      ["C%3Aup", "2"],
      ["%5C%5Cserver%5Cup", "3"],
      ["a%1B[31m%0Ab", "4"],
      ["dot%2E", "6"],
      ["_nul", "5"],
      ["sub%5C/", ""],
      ["sub%5C/x%3Ay/", ""],
      ["sub%5C/x%3Ay/file", "7"],
      ["taken%3A", "9"],
    ],
  );
});

testBothWays(
  "packFolder() lets go of its files when nobody reads on",
  async (t) => {
    await using folder = await folderOf(layout);
    for (const format of ["tar", "zip"] as const) {
      await t.step(format, async () => {
        const bytes = packFolder(format, filesOf(folder), folder.path);
        for await (const piece of bytes) {
          // Within the first file that has more than one piece.
          if (piece.length > 1000) break;
        }
        assertEquals(await bytes.next(), { done: true, value: undefined });
      });
    }
  },
);

Deno.test("packFolder() opens nothing until it is asked for bytes", async () => {
  await using folder = await folderOf(layout);
  await packFolder("tar", filesOf(folder), folder.path).return(undefined);
  await packFolder("zip", filesOf(folder), folder.path).return(undefined);
});
