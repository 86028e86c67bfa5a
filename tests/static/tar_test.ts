import { assertEquals } from "@std/assert";
import { unpackTar } from "modern-tar";
import { type Member, packTar, tarHeader } from "../../lib/static/tar.ts";
import { MODIFIED } from "./_folder.ts";

/** A file of these pieces, or a folder where there are none. */
function member(name: string, ...pieces: string[]): Member {
  const contents = pieces.map((piece) => new TextEncoder().encode(piece));
  return {
    name,
    size: contents.reduce((sum, { length }) => sum + length, 0),
    modified: MODIFIED,
    content: pieces.length === 0 ? undefined : ReadableStream.from(contents),
  };
}

const long = `${"folder/".repeat(20)}${"é".repeat(70)}.txt`;

const members = [
  member("a.txt", "hello"),
  member("sub/"),
  member("sub/blocks", "x".repeat(512), "y".repeat(512)),
  member("empty", ""),
  member("é.txt", "1"),
  member(long, "2"),
  member("x".repeat(100), "3"),
  member("x".repeat(101), "4"),
];

Deno.test("packTar() writes what readers of tar read", async () => {
  const entries = await unpackTar(
    ReadableStream.from(packTar(ReadableStream.from(members))),
  );
  assertEquals(
    entries.map(({ header, data }) => [
      header.name,
      header.type,
      header.size,
      header.mtime,
      new TextDecoder().decode(data),
    ]),
    [
      ["a.txt", "file", 5, MODIFIED, "hello"],
      ["sub/", "directory", 0, MODIFIED, ""],
      [
        "sub/blocks",
        "file",
        1024,
        MODIFIED,
        `${"x".repeat(512)}${"y".repeat(512)}`,
      ],
      ["empty", "file", 0, MODIFIED, ""],
      ["é.txt", "file", 1, MODIFIED, "1"],
      [long, "file", 1, MODIFIED, "2"],
      ["x".repeat(100), "file", 1, MODIFIED, "3"],
      ["x".repeat(101), "file", 1, MODIFIED, "4"],
    ],
  );
});

Deno.test("packTar() writes what the system's tar lists", async () => {
  const path = await Deno.makeTempFile();
  await Deno.writeFile(
    path,
    ReadableStream.from(packTar(ReadableStream.from([
      member("a.txt", "hello"),
      member("sub/"),
      member(long, "2"),
    ]))),
  );
  const { stdout } = await new Deno.Command("tar", {
    args: ["--utc", "--full-time", "-tvf", path],
    env: { LC_ALL: "C.UTF-8", TZ: "UTC" },
  }).output();
  await Deno.remove(path);
  assertEquals(
    new TextDecoder().decode(stdout).replace(/ +/g, " "),
    "-rw-r--r-- 0/0 5 2024-01-02 03:04:05 a.txt\n" +
      "drwxr-xr-x 0/0 0 2024-01-02 03:04:05 sub/\n" +
      `-rw-r--r-- 0/0 1 2024-01-02 03:04:05 ${long}\n`,
  );
});

Deno.test("tarHeader() writes a pax record for what has no room", () => {
  const header = new TextDecoder("latin1").decode(tarHeader({
    name: "big",
    size: 8 ** 11,
    modified: new Date(-1),
    content: ReadableStream.from([]),
  }));
  assertEquals(header.length, 3 * 512);
  assertEquals(header.slice(512, 512 + 19), "19 size=8589934592\n");
  assertEquals(
    header.slice(1024 + 124, 1024 + 148),
    "77777777777\x0000000000000\0",
  );
});
