// Programs at a path that no request can have would never run, and nobody would
// know why.

import { requireThere } from "../handler/served_paths.ts";
import type { ProgramMap } from "./program_map.ts";

/**
 * Makes sure that requests can reach programs.
 *
 * @param name The name of the handler class.
 * @param map Where its programs live.
 * @param seesFiles Whether its root is on this host.
 * @throws {TypeError} If the root is no folder, or a path has no leading slash.
 */
export function requireReachable(
  name: string,
  { root, cgiDirectories, programs }: ProgramMap,
  seesFiles: boolean,
): void {
  if (seesFiles) requireThere(name, { root, singleFile: "" });
  for (const path of [...cgiDirectories, ...Object.keys(programs)]) {
    if (path.startsWith("/")) continue;
    throw new TypeError(
      `Cannot serve with ${name}: the path "${path}" of programs has no ` +
        'leading "/"',
    );
  }
}
