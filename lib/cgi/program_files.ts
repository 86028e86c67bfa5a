// The files that a class runs, for those who send or store files.

import { join, resolve } from "@std/path";
import type { ProgramFiles } from "../handler/program_guard.ts";
import { linkedProgramsIn } from "./linked_programs.ts";
import type { ProgramMap } from "./program_map.ts";

/**
 * Tells which files are run, as links lead now.
 *
 * @param map Where programs live.
 * @returns The files.
 */
export function programFilesOf(map: ProgramMap): ProgramFiles {
  const root = realPathOf(map.root);
  // By its name in the root, too: the folder may be swapped for a link while
  // somebody is asked for what was in it a moment ago.
  const named = map.cgiDirectories.map((directory) => join(root, directory));
  const folders = named.map(realPathOf);
  const programs = Object.values(map.programs).map((file) =>
    realPathOf(resolve(file))
  );
  return {
    root,
    suffixes: Object.keys(map.interpreters),
    paths: [
      ...new Set([...named, ...folders]),
      ...programs,
      ...folders.flatMap((folder) => linkedProgramsIn(folder)),
    ],
  };
}

/**
 * Without a wait: it is two or three looks at the kernel's memory. A path that
 * leads nowhere, or where Deno may not look, is taken as it is.
 */
function realPathOf(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch {
    return path;
  }
}
