import { assertEquals, assertRejects } from "@std/assert";
import { HttpError } from "../../lib/facts/errors.ts";
import { Root } from "../../lib/static/root.ts";
import type { UploadOptions } from "../../lib/static/upload_file.ts";
import { folderOf } from "./_folder.ts";
import { testBothWays } from "./_ways.ts";

const lax = { maxBytes: 10, overwrite: true };
const strict = { maxBytes: 10, overwrite: false };

/** Writes a file into a folder, which is the root. */
async function write(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  options: UploadOptions,
): Promise<boolean> {
  const root = path.slice(0, path.lastIndexOf("/"));
  const files = new Root({ root, followSymlinks: false });
  return await files.write(path, chunks, options);
}

async function* chunksOf(...chunks: string[]) {
  for (const chunk of chunks) {
    await Promise.resolve();
    yield new TextEncoder().encode(chunk);
  }
}

async function namesIn(path: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(path)) names.push(name);
  return names.sort();
}

testBothWays("Root.write() writes a new file", async () => {
  await using folder = await folderOf({});
  const path = `${folder.path}/a.txt`;
  assertEquals(await write(path, chunksOf("hel", "lo"), strict), true);
  assertEquals(await Deno.readTextFile(path), "hello");
  assertEquals(await namesIn(folder.path), ["a.txt"]);
});

testBothWays("Root.write() replaces a file only where allowed", async () => {
  await using folder = await folderOf({ "a.txt": "old" });
  const path = `${folder.path}/a.txt`;
  const error = await assertRejects(
    () => write(path, chunksOf("new"), strict),
    HttpError,
  );
  assertEquals(error.status, 409);
  assertEquals(await Deno.readTextFile(path), "old");
  assertEquals(await write(path, chunksOf("new"), lax), false);
  assertEquals(await Deno.readTextFile(path), "new");
  assertEquals(await namesIn(folder.path), ["a.txt"]);
});

testBothWays("Root.write() lets the first of two come first", async () => {
  await using folder = await folderOf({});
  const path = `${folder.path}/a.txt`;
  const slow = async function* () {
    yield* chunksOf("slow");
    await write(path, chunksOf("fast"), strict);
  };
  const error = await assertRejects(
    () => write(path, slow(), strict),
    HttpError,
  );
  assertEquals(error.status, 409);
  assertEquals(await Deno.readTextFile(path), "fast");
  assertEquals(await namesIn(folder.path), ["a.txt"]);
});

testBothWays(
  "Root.write() leaves nothing of what is too large or broken",
  async () => {
    await using folder = await folderOf({});
    const path = `${folder.path}/a.txt`;
    const error = await assertRejects(
      () => write(path, chunksOf("12345", "678901"), lax),
      HttpError,
    );
    assertEquals(error.status, 413);
    const broken = async function* () {
      yield* chunksOf("half");
      throw new Error("Connection lost");
    };
    await assertRejects(() => write(path, broken(), lax), Error, "lost");
    assertEquals(await namesIn(folder.path), []);
  },
);

testBothWays(
  "Root.write() writes through no link and over no folder",
  async () => {
    await using folder = await folderOf({
      "secret.txt": "secret",
      "in/link": "-> ../secret.txt",
      "in/sub/": "",
    });
    for (const name of ["link", "sub"]) {
      const error = await assertRejects(
        () => write(`${folder.path}/in/${name}`, chunksOf("x"), lax),
        HttpError,
      );
      assertEquals(error.status, 409);
    }
    assertEquals(
      await Deno.readTextFile(`${folder.path}/secret.txt`),
      "secret",
    );
    assertEquals(await namesIn(`${folder.path}/in`), ["link", "sub"]);
  },
);
