// What the README says beyond its examples, which run by themselves.

import { assert, assertEquals } from "@std/assert";
import { DEFAULT_LIMITS } from "../mod.ts";

const ROOT = new URL("../", import.meta.url);
const readme = await Deno.readTextFile(new URL("README.md", ROOT));

Deno.test("README.md has the limits with their defaults", () => {
  const rows = readme.matchAll(/^\| `(\w+)` +\| `([\w"]+)` +\| .+ \|$/gm);
  const said = [...rows].map(([, name, value]) => [name, value]);
  const limits = Object.entries(DEFAULT_LIMITS).map(([name, value]) => [
    name,
    typeof value === "string"
      ? JSON.stringify(value)
      : value.toLocaleString("en", { useGrouping: value >= 1000 })
        .replaceAll(",", "_").replace("∞", "Infinity"),
  ]);
  assertEquals(said.toSorted(), limits.toSorted());
});

Deno.test("README.md links to what there is", async () => {
  const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)];
  assert(links.length > 5);
  for (const [, path = ""] of links) await Deno.stat(new URL(path, ROOT));
});

Deno.test("README.md uses flags that there are", async () => {
  const { FLAGS } = await import("../lib/cli/flags.ts");
  const names = FLAGS.flatMap(({ flags }) => flags.map(({ name }) => name));
  const deno = ["allow-ffi", "allow-run", "unstable-net"];
  const used = [...readme.matchAll(/--([a-z][a-z-]+)/g)].map(([, name]) =>
    name
  );
  const unknown = used.filter((name) =>
    name !== undefined && ![...names, ...deno].includes(name)
  );
  assertEquals(unknown, []);
});

/** Each text about the inside, and the folder that the names in it start from. */
const GUIDES: Record<string, string> = {
  "CONTRIBUTING.md": "",
  "docs/design.md": "",
  "lib/cgi/README.md": "lib/cgi/",
  "lib/protocol/README.md": "lib/protocol/",
  "lib/server/README.md": "lib/server/",
  "lib/static/README.md": "lib/static/",
};

Deno.test("What guides through the code names files that there are", async (t) => {
  for (const [path, folder] of Object.entries(GUIDES)) {
    await t.step(path, async () => {
      const text = await Deno.readTextFile(new URL(path, ROOT));
      const names = [...text.matchAll(/`([\w./]+\.ts)`/g)];
      assert(names.length > 0);
      for (const [, name = ""] of names) {
        const base = name.includes("/") ? "" : folder;
        await Deno.stat(new URL(base + name, ROOT));
      }
    });
  }
});
