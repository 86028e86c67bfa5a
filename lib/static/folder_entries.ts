// The names in a folder. A slow reader of a listing makes the server hold them
// for as long as it reads, so each takes as little as it can.

import type { HeldEntries } from "./held_entries.ts";
import { Turns } from "./turns.ts";

/** Folders that are read at once: their entries are not counted yet. */
const reading = new Turns(4);

/** One name: the platform's own entries take four times the memory. */
export interface FolderEntry {
  /** The name, without a slash. */
  readonly name: string;
  /** Whether it is a folder itself, and no link to one. */
  readonly isDirectory: boolean;
  /** Whether it is a symbolic link. */
  readonly isSymlink: boolean;
}

/**
 * Reads the names in a folder.
 *
 * @param folder The path of the folder.
 * @param shows Whether a name is wanted.
 * @param held Where the entries are counted.
 * @returns The entries, in no order.
 * @throws {Deno.errors.PermissionDenied} If the folder may not be read.
 * @throws {HttpError} 503 if too many entries are in memory.
 */
export function readEntries(
  folder: string,
  shows: (name: string) => boolean,
  held: HeldEntries,
): Promise<FolderEntry[]> {
  // The runtime reads all of a folder before it gives the first entry.
  return reading.take(async () => {
    const entries: FolderEntry[] = [];
    for await (const { name, isDirectory, isSymlink } of Deno.readDir(folder)) {
      if (!shows(name)) continue;
      held.add();
      entries.push({ name, isDirectory, isSymlink });
    }
    return entries;
  });
}
