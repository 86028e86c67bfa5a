import { assertEquals, assertRejects } from "@std/assert";
import { Spool, SpoolSpace } from "../../lib/cgi/spool.ts";
import { HttpError } from "../../lib/facts/errors.ts";

/** A body of the given chunks, which may break off. */
function source(chunks: readonly string[], failure?: Error) {
  const left = chunks.map((chunk) => new TextEncoder().encode(chunk));
  return {
    read: () => {
      const next = left.shift();
      if (next === undefined && failure !== undefined) {
        return Promise.reject(failure);
      }
      return Promise.resolve(next ?? null);
    },
  };
}

async function readAll(spool: Spool): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const chunk = await spool.read();
    if (chunk === null) return text;
    text += decoder.decode(chunk, { stream: true });
  }
}

/** The temporary files of spools in the directory for them. */
function temporaryFiles(directory: string): string[] {
  return Array.from(Deno.readDirSync(directory), (entry) => entry.name);
}

const ROWS: readonly { name: string; chunks: string[]; want: string }[] = [
  { name: "empty", chunks: [], want: "" },
  { name: "in memory", chunks: ["ab", "cd"], want: "abcd" },
  { name: "just in memory", chunks: ["abcdefgh"], want: "abcdefgh" },
  { name: "in a file", chunks: ["abcdefghi"], want: "abcdefghi" },
  { name: "in both", chunks: ["abcd", "efgh", "ij"], want: "abcdefghij" },
  {
    name: "in both, unevenly",
    chunks: ["abcdefg", "hi", "jk"],
    want: "abcdefghijk",
  },
  {
    name: "in tiny pieces",
    chunks: [..."abcdefghijklmnopqrstuvwxyz"],
    want: "abcdefghijklmnopqrstuvwxyz",
  },
  {
    name: "in empty pieces too",
    chunks: ["", "abcd", "", "efgh", "", "i", ""],
    want: "abcdefghi",
  },
  {
    name: "in both, past several reads",
    chunks: ["abcd", "x".repeat(200_000)],
    want: "abcd" + "x".repeat(200_000),
  },
];

Deno.test("Spool keeps the body and says its length", async (t) => {
  const directory = await Deno.makeTempDir();
  Deno.env.set("TMPDIR", directory);
  for (const { name, chunks, want } of ROWS) {
    await t.step(name, async () => {
      {
        const space = new SpoolSpace(1_000_000);
        await using spool = await Spool.collect(source(chunks), {
          memory: 8,
          space,
        });
        assertEquals(spool.length, want.length);
        assertEquals(await readAll(spool), want);
      }
      assertEquals(temporaryFiles(directory), []);
    });
  }
  Deno.env.delete("TMPDIR");
  await Deno.remove(directory);
});

Deno.test("Spool asks for no more memory than it may, whatever the pieces", async () => {
  const whole = new Uint8Array(65_536);
  let at = 0;
  const read = () =>
    Promise.resolve(at < whole.length ? whole.subarray(at, ++at) : null);
  const space = new SpoolSpace(0);
  const memory = whole.length;
  await using spool = await Spool.collect({ read }, { memory, space });
  const octets = await spool.read();
  assertEquals(octets?.length, memory);
  assertEquals(octets?.buffer.byteLength, memory);
  assertEquals(await spool.read(), null);
});

Deno.test("Spool shares the room on the disk, and gives it back", async () => {
  const space = new SpoolSpace(48);
  const options = { memory: 0, space };
  const twelve = () => source(["0123456789", "01"]);
  {
    await using _first = await Spool.collect(twelve(), options);
    await using _second = await Spool.collect(twelve(), options);
    await using _third = await Spool.collect(twelve(), options);
    const error = await assertRejects(
      () => Spool.collect(twelve(), options),
      HttpError,
      "Too many large requests",
    );
    assertEquals(error.status, 503);
  }
  space.take(24, 0);
});

Deno.test("Spool leaves room for others, however much one sends", async () => {
  const space = new SpoolSpace(50);
  const options = { memory: 0, space };
  const error = await assertRejects(
    () => Spool.collect(source(Array(6).fill("12345")), options),
    HttpError,
    "too large",
  );
  assertEquals(error.status, 413);
  await using _most = await Spool.collect(
    source(Array(5).fill("12345")),
    options,
  );
  await using _rest = await Spool.collect(source(["1234567890"]), options);
});

Deno.test("Spool leaves nothing of a body that broke off", async () => {
  const space = new SpoolSpace(20);
  const broken = new HttpError(400, "The request body ends too early");
  await assertRejects(
    () => Spool.collect(source(["0123456789"], broken), { memory: 4, space }),
    HttpError,
    "The request body ends too early",
  );
  space.take(10, 0);
});

Deno.test({
  name: "Spool asks for a length when it may not make a file",
  permissions: { write: false },
  async fn() {
    const space = new SpoolSpace(20);
    const error = await assertRejects(
      () => Spool.collect(source(["0123456789"]), { memory: 4, space }),
      HttpError,
      "This body needs a Content-Length",
    );
    assertEquals(error.status, 411);
  },
});
