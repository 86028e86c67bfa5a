// Reads the imports of the code and holds the table of layers: a file may
// import of its own layer and of those below.

import { assert, assertEquals } from "@std/assert";
import { dirname, fromFileUrl, join, relative } from "@std/path";

const ROOT = fromFileUrl(new URL("../", import.meta.url));

/** The layers from the bottom up; those of one line know nothing of each other. */
const LAYERS: readonly (readonly string[])[] = [
  ["facts"],
  ["bytes"],
  ["protocol"],
  ["handler"],
  ["server", "static", "cgi", "fetch"],
  ["testing", "cli"],
];

/** Folders that may use what is not ours. */
const MAY_IMPORT_PACKAGES = ["static", "cgi", "cli"];
/** Files below them that may use the modules of the platform. */
const MAY_IMPORT_NODE = [
  "lib/server/late_code.ts",
  "lib/server/stack_guard.ts",
  "lib/server/tls_stream.ts",
  "lib/server/tls_transport.ts",
];

const IMPORT = /(?:\bfrom\s*|\bimport\s*\(?\s*)"([^"]+)"/g;

interface Source {
  /** The path from the root. */
  path: string;
  text: string;
  /** What it imports: paths from the root, and names of packages. */
  imports: string[];
}

async function* sourcesBelow(folder: string): AsyncGenerator<Source> {
  for await (const { name, isDirectory } of Deno.readDir(join(ROOT, folder))) {
    const path = `${folder}/${name}`;
    if (isDirectory) yield* sourcesBelow(path);
    else if (name.endsWith(".ts")) yield await readSource(path);
  }
}

async function readSource(path: string): Promise<Source> {
  const text = await Deno.readTextFile(join(ROOT, path));
  const code = text.replace(/^\s*(\*|\/\/).*$/gm, "");
  const imports = [...code.matchAll(IMPORT)].map(([, specifier = ""]) =>
    specifier.startsWith(".")
      ? relative(ROOT, join(ROOT, dirname(path), specifier))
      : specifier
  );
  return { path, text, imports };
}

const sources = await Array.fromAsync(sourcesBelow("lib"));

function folderOf(path: string): string {
  return /^lib\/([^/]+)\//.exec(path)?.[1] ?? "";
}

function levelOf(path: string): number {
  return LAYERS.findIndex((layer) => layer.includes(folderOf(path)));
}

Deno.test("lib/ has the folders of the table", () => {
  const folders = new Set(sources.map(({ path }) => folderOf(path)));
  assertEquals([...folders].sort(), LAYERS.flat().sort());
});

Deno.test("lib/ imports downward only", () => {
  const upward = sources.flatMap(({ path, imports }) =>
    imports
      .filter((target) => target.startsWith("lib/"))
      .filter((target) =>
        folderOf(target) !== folderOf(path) && levelOf(target) >= levelOf(path)
      )
      .map((target) => `${path} imports ${target}`)
  );
  assertEquals(upward, []);
});

Deno.test("lib/ imports packages only above the server", () => {
  const foreign = sources.flatMap(({ path, imports }) =>
    imports
      .filter((target) => !target.startsWith("lib/") && target !== "deno.json")
      .filter(() => !MAY_IMPORT_PACKAGES.includes(folderOf(path)))
      .filter((target) =>
        !target.startsWith("node:") || !MAY_IMPORT_NODE.includes(path)
      )
      .map((target) => `${path} imports ${target}`)
  );
  assertEquals(foreign, []);
});

Deno.test("lib/ has no circle of imports", () => {
  const importsOf = new Map(
    sources.map(({ path, imports }) => [path, imports]),
  );
  const done = new Set<string>();
  const circles: string[] = [];
  function visit(path: string, trail: readonly string[]): void {
    if (trail.includes(path)) {
      circles.push([...trail.slice(trail.indexOf(path)), path].join(" → "));
      return;
    }
    if (done.has(path)) return;
    for (const target of importsOf.get(path) ?? []) {
      visit(target, [...trail, path]);
    }
    done.add(path);
  }
  for (const path of importsOf.keys()) visit(path, []);
  assertEquals(circles, []);
});

Deno.test("lib/ leaves errors that nobody has caught to the program", () => {
  // Where the server's classes silenced them, no test would see them either.
  const silencing = sources
    .filter(({ text }) => /"unhandledrejection"|"uncaughtException"/.test(text))
    .map(({ path }) => path);
  assertEquals(silencing, ["lib/cli/last_resort.ts"]);
});

Deno.test("mod.ts re-exports by name, and nothing of the built-in handlers", async () => {
  const { text, imports } = await readSource("mod.ts");
  assert(!/export \*|export default/.test(text), "each name is spelt out");
  const above = imports.filter((target) => levelOf(target) > 3);
  assertEquals(above.filter((target) => folderOf(target) !== "server"), []);
});

Deno.test("deno.json exports each entry point that there is", async () => {
  const config: unknown = JSON.parse(
    await Deno.readTextFile(join(ROOT, "deno.json")),
  );
  assert(config !== null && typeof config === "object" && "exports" in config);
  const entries = sources.map(({ path }) => path)
    .filter((path) => path.endsWith("/mod.ts"))
    .map((path) => [`./${folderOf(path)}`, `./${path}`]);
  assertEquals(config.exports, {
    ".": "./mod.ts",
    ...Object.fromEntries(entries),
  });
});
