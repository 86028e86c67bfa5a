// Which modules and packages Deno reads for an entry point: `deno info` tells it
// without running anything.

import { fromFileUrl } from "@std/path";

const ROOT = new URL("../", import.meta.url);

interface Dependency {
  isDynamic?: boolean;
  code?: { specifier: string };
}

interface Module {
  specifier: string;
  dependencies?: Dependency[];
}

/**
 * Lists what is loaded with a module: not what it imports only when asked to.
 *
 * @param entry Its path from the root.
 * @returns Paths from the root; what is not ours stands as it is.
 */
export async function loadedWith(entry: string): Promise<string[]> {
  return await reachedFrom(entry, ({ isDynamic }) => !isDynamic);
}

/**
 * Lists what is fetched for a module: also what it imports only when asked to,
 * if its text names it.
 *
 * @param entry Its path from the root.
 * @returns Paths from the root; what is not ours stands as it is.
 */
export async function fetchedFor(entry: string): Promise<string[]> {
  return await reachedFrom(entry, () => true);
}

async function reachedFrom(
  entry: string,
  follows: (dependency: Dependency) => boolean,
): Promise<string[]> {
  const edges = new Map(
    (await modulesOf(entry)).map(({ specifier, dependencies = [] }) => [
      specifier,
      dependencies,
    ]),
  );
  const reached = new Set([new URL(entry, ROOT).href]);
  for (const specifier of reached) {
    for (const dependency of edges.get(specifier) ?? []) {
      const { code } = dependency;
      if (code && follows(dependency)) reached.add(code.specifier);
    }
  }
  return [...reached].map((url) => url.replace(ROOT.href, "")).sort();
}

async function modulesOf(entry: string): Promise<Module[]> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "--lock=deno.lock", entry],
    cwd: fromFileUrl(ROOT),
    env: { NO_COLOR: "1" },
  }).output();
  return JSON.parse(new TextDecoder().decode(stdout)).modules;
}
