// Who imports `./fetch`, or `.` for its classes, grants nothing: no module that
// uses files, processes or sockets is loaded, whatever the host is.

import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { loadedWith } from "../_module_graph.ts";

const ROOT = new URL("../../", import.meta.url);

async function deno(...args: string[]): Promise<Deno.CommandOutput> {
  return await new Deno.Command(Deno.execPath(), {
    args,
    cwd: fromFileUrl(ROOT),
    env: { NO_COLOR: "1" },
  }).output();
}

/** The folders of ours in a graph; what is not ours stands as it is. */
function foldersOf(modules: readonly string[]): string[] {
  const folders = modules.map((path) => path.replace(/^(lib\/\w+)\/.*$/, "$1"));
  return [...new Set(folders)];
}

const rows: Record<string, string[]> = {
  "lib/fetch/mod.ts": [
    "lib/bytes",
    "lib/facts",
    "lib/fetch",
    "lib/handler",
    "lib/protocol",
  ],
  "mod.ts": [
    "lib/bytes",
    "lib/facts",
    "lib/handler",
    "lib/protocol",
    // Listens when a server is made, and not before.
    "lib/server",
    "mod.ts",
  ],
  "lib/testing/mod.ts": [
    "lib/bytes",
    "lib/facts",
    "lib/fetch",
    "lib/handler",
    "lib/protocol",
    "lib/server",
    "lib/testing",
  ],
};

Deno.test("the entry points load these folders and no package", async (t) => {
  for (const [entry, want] of Object.entries(rows)) {
    await t.step(entry, async () => {
      assertEquals(foldersOf(await loadedWith(entry)), want);
    });
  }
});

Deno.test("of the server, ./testing loads the connection only", async () => {
  const loaded = await loadedWith("lib/testing/mod.ts");
  assertEquals(loaded.filter((path) => path.startsWith("lib/server/")), [
    "lib/server/connection.ts",
    "lib/server/ended_client.ts",
  ]);
});

/** What opens files, sockets and processes, in any host. */
const SYSTEM = new RegExp(
  "\\bDeno\\.(?!Addr\\b|NetAddr\\b|Conn\\b)\\w+|\\bprocess\\.",
);

Deno.test("./fetch uses nothing of one host", async () => {
  const used: string[] = [];
  for (const path of await loadedWith("lib/fetch/mod.ts")) {
    const text = await Deno.readTextFile(new URL(path, ROOT));
    const code = text.replace(/^\s*(?:\*|\/\/|\/\*).*$/gm, "");
    for (const line of code.split("\n")) {
      if (SYSTEM.test(line)) used.push(`${path}: ${line.trim()}`);
    }
  }
  assertEquals(used, []);
});

Deno.test("toFetch() and exchange() run with no permission", async (t) => {
  for (
    const path of [
      "tests/fetch/to_fetch_test.ts",
      "tests/testing/exchange_test.ts",
    ]
  ) {
    await t.step(path, async () => {
      const { success, stdout } = await deno(
        "test",
        "--no-prompt",
        "--no-check",
        "--no-lock",
        path,
      );
      assertEquals(success, true, new TextDecoder().decode(stdout));
    });
  }
});
