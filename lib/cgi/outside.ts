// Programs that are not where their path says: behind a symbolic link.

import { SEPARATOR } from "@std/path";

/**
 * Tells whether links lead from a path below a folder to something outside of
 * it. Without a wait: it is a few looks at the kernel's memory.
 *
 * @param file The path.
 * @param root The folder.
 * @returns Whether they do; true as well where nothing is any more.
 */
export function leadsOut(file: string, root: string): boolean {
  try {
    const folder = Deno.realPathSync(root);
    const start = folder.endsWith(SEPARATOR) ? folder : folder + SEPARATOR;
    return !Deno.realPathSync(file).startsWith(start);
  } catch {
    return true;
  }
}
