// Handlers by `toFetch` under Bun and Node.js, as a user takes them there: from
// the sources where a runtime has decorators, else in a bundle.

import { assertEquals } from "@std/assert";
import { installed, ROOT, run } from "./_runtimes.ts";

const APP = `${ROOT}tests/runtimes/_app.ts`;

const WANT = [
  '{"asked":"GET /hello/Ada%20L","status":200,"path":"/hello/Ada L","body":"Hello, Ada L"}',
  '{"asked":"HEAD /hello/Ada","status":200,"path":"/hello/Ada","body":""}',
  '{"asked":"GET /notes/hello/Ada","status":200,"path":"/hello/Ada","body":"Hello, Ada"}',
  '{"asked":"POST /notes","status":201,"path":"notes","body":"{\\"a\\":[1]}"}',
  '{"asked":"PUT /notes/7","status":400,"body":"a page"}',
  '{"asked":"POST /notes/echo","status":200,"body":"one\\ntwo"}',
  '{"asked":"OPTIONS /notes/7","status":204,"allow":"OPTIONS, PUT","body":""}',
  '{"asked":"DELETE /notes/7","status":405,"allow":"OPTIONS, PUT","body":"a page"}',
  "Error: for the log",
  '{"asked":"GET /broken","status":500,"body":"a page"}',
  '{"asked":"GET /none","status":404,"body":"a page"}',
];

const bun = installed("bun/bin/bun");
const node = installed("node/bin/node");
const esbuild = installed("esbuild/bin/esbuild");

/** Runs the program, which must say what it says under Deno. */
async function assertRuns(program = "", ...args: string[]): Promise<void> {
  const { code, stdout, stderr } = await run(program, args);
  assertEquals([stderr, stdout.trimEnd().split("\n"), code], ["", WANT, 0]);
}

async function bundle(program = "", ...args: string[]): Promise<void> {
  const { code, stderr } = await run(program, args);
  assertEquals(code, 0, stderr);
}

async function folder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await Deno.makeTempDir();
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

Deno.test("toFetch() runs under Deno, without a permission", async () => {
  await assertRuns(Deno.execPath(), "run", "--no-lock", "--no-prompt", APP);
});

Deno.test({
  name: "toFetch() runs under Bun from the sources",
  ignore: bun === undefined,
  fn: () => assertRuns(bun, "run", APP),
});

Deno.test({
  name: "toFetch() runs under Node.js and Bun in a bundle of Deno's",
  ignore: node === undefined || bun === undefined,
  async fn() {
    await using temporary = await folder();
    const file = `${temporary.path}/app.mjs`;
    await bundle(Deno.execPath(), "bundle", "--no-lock", "-o", file, APP);
    await assertRuns(node, file);
    await assertRuns(bun, "run", file);
  },
});

Deno.test({
  name: "a bundle of another's starts no command",
  ignore: node === undefined || esbuild === undefined,
  async fn(t) {
    for (const [format, extension] of [["esm", "mjs"], ["cjs", "cjs"]]) {
      await t.step(`${format}`, async () => {
        await using temporary = await folder();
        const file = `${temporary.path}/app.${extension}`;
        await bundle(
          esbuild,
          "--bundle",
          "--platform=node",
          "--target=es2022",
          "--log-override:empty-import-meta=silent",
          `--format=${format}`,
          `--outfile=${file}`,
          APP,
        );
        await assertRuns(node, file);
      });
    }
  },
});
