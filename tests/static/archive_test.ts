import { assertEquals } from "@std/assert";
import { unpackTar } from "modern-tar";
import { packFolder, parseArchiveFormat } from "../../lib/static/archive.ts";
import { folderOf, MODIFIED } from "./_folder.ts";

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

const rules = {
  shows: (name: string) => !name.startsWith("."),
  follows: (path: string) => Promise.resolve(!path.endsWith("/out")),
};

Deno.test("parseArchiveFormat() knows two formats", () => {
  assertEquals(parseArchiveFormat("archive=zip"), "zip");
  assertEquals(parseArchiveFormat("x=1&archive=tar"), "tar");
  assertEquals(parseArchiveFormat("archive=exe"), undefined);
  assertEquals(parseArchiveFormat(""), undefined);
});

Deno.test("packFolder() packs a tar", async () => {
  await using folder = await folderOf(layout);
  const entries = await unpackTar(await packFolder("tar", folder.path, rules));
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

Deno.test("packFolder() packs a zip", async () => {
  await using folder = await folderOf(layout);
  await using out = await folderOf({});
  const file = await Deno.create(`${out.path}/a.zip`);
  const stream = await packFolder("zip", folder.path, rules);
  await stream.pipeTo(file.writable);
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

Deno.test("packFolder() lets go of its files when nobody reads on", async (t) => {
  await using folder = await folderOf(layout);
  for (const format of ["tar", "zip"] as const) {
    await t.step(format, async () => {
      const stream = await packFolder(format, folder.path, rules);
      const reader = stream.getReader();
      await reader.read();
      await reader.cancel(new Error("Gone")).catch(() => {});
    });
  }
});
