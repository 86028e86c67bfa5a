// Who gets which packages. Deno fetches what the text of a module names, also in
// an import that waits: nobody shall get a package because another entry point,
// the command line or a test needs it.

import { assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { fetchedFor } from "./_module_graph.ts";
import { run } from "./cli/_command.ts";

const ROOT = new URL("../", import.meta.url);

const STATIC = [
  "@std/fmt",
  "@std/html",
  "@std/media-types",
  "@std/path",
  "bcryptjs",
  "client-zip",
  "markdown-it",
];

const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  ".": [],
  "./cgi": ["@std/path"],
  "./cli": ["@std/cli", ...STATIC, "uqr"],
  "./fetch": [],
  "./static": STATIC,
  "./testing": [],
};

const config: { exports: Record<string, string> } = JSON.parse(
  await Deno.readTextFile(new URL("deno.json", ROOT)),
);

/** The packages of a graph: those of `links/` are `@std`, by what backs them. */
function packagesOf(modules: readonly string[]): string[] {
  const names = modules.flatMap((path) => {
    const [, linked] = /^links\/([^/]+)\//.exec(path) ?? [];
    if (linked !== undefined) return [`@std/${linked}`];
    const [, name] = /^(?:npm:|jsr:)\/?(@?[^@]+)@/.exec(path) ?? [];
    return name === undefined || name === "deno-std" ? [] : [name];
  });
  return [...new Set(names)].sort();
}

Deno.test("an import of an entry point fetches the packages of its own", async (t) => {
  assertEquals(Object.keys(config.exports), Object.keys(PACKAGES));
  for (const [entry, path] of Object.entries(config.exports)) {
    await t.step(entry, async () => {
      assertEquals(packagesOf(await fetchedFor(path)), PACKAGES[entry]);
    });
  }
});

Deno.test("outside tests/ the library's packages have names", async () => {
  const { imports } = JSON.parse(
    await Deno.readTextFile(new URL("import_map.json", ROOT)),
  );
  const all = new Set(["@std/assert", ...Object.values(PACKAGES).flat()]);
  const names = Object.keys(imports).map((name) => name.replace(/\/$/, ""));
  assertEquals(names, [...all].sort());
});

/**
 * A cache of Deno that holds what stands in for `@std` and nothing else, and a
 * registry that has nothing and notes what it is asked for.
 */
class EmptyRegistry implements AsyncDisposable {
  /** The variables that have Deno use them. */
  readonly env: Readonly<Record<string, string>>;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #cache: string;
  readonly #asked: string[] = [];

  private constructor(cache: string) {
    this.#cache = cache;
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      ({ url }) => {
        this.#asked.push(new URL(url).pathname.slice(1));
        return new Response(null, { status: 404 });
      },
    );
    this.env = {
      DENO_DIR: cache,
      NPM_CONFIG_REGISTRY: `http://127.0.0.1:${this.port}/`,
    };
  }

  /** The port that it listens on. */
  get port(): number {
    return this.#server.addr.port;
  }

  /** The packages that it was asked for. */
  get asked(): string[] {
    const names = this.#asked.map((path) => path.replace(/\/-\/.*/, ""));
    return [...new Set(names)].sort();
  }

  static async start(): Promise<EmptyRegistry> {
    const registry = new EmptyRegistry(await Deno.makeTempDir());
    await registry.#copyStandardLibrary();
    return registry;
  }

  async #copyStandardLibrary(): Promise<void> {
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["info", "--json"],
    }).output();
    const { npmCache } = JSON.parse(new TextDecoder().decode(stdout));
    // Deno's name for the folder of a registry at an address is its port.
    const folder = `${this.#cache}/npm/${this.port}`;
    await Deno.mkdir(folder, { recursive: true });
    for await (const { name } of Deno.readDir(npmCache)) {
      const args = ["-R", `${npmCache}/${name}/deno-std`, folder];
      await new Deno.Command("cp", { args }).output();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
    await Deno.remove(this.#cache, { recursive: true });
  }
}

Deno.test("the command fetches the packages of all its flags", async () => {
  await using registry = await EmptyRegistry.start();
  await run(["--version"], { env: registry.env });
  // Besides it asks for what those depend on.
  const packages = PACKAGES["./cli"]?.filter((name) => !name.startsWith("@"));
  assertEquals(
    registry.asked.filter((name) => packages?.includes(name)),
    packages,
  );
});

Deno.test("task start fetches no package of a flag that is not given", async () => {
  await using registry = await EmptyRegistry.start();
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "start", "--version"],
    cwd: fromFileUrl(ROOT),
    env: registry.env,
  }).output();
  assertMatch(new TextDecoder().decode(stdout), /^@verb\/http \S+\n$/);
  assertEquals([code, registry.asked], [0, []]);
});

Deno.test("mod.ts, which names no package of it, runs the command", async () => {
  for (const flag of ["--version", "--nonsense"]) {
    const [ended, expected] = await Promise.all(
      ["mod.ts", "lib/cli/mod.ts"].map((script) => run([flag], { script })),
    );
    assertEquals(ended, expected);
  }
});
