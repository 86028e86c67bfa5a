// The names in a folder. A slow reader of a listing makes the server hold them
// for as long as it reads, so each takes as little as it can.

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
 * @returns The entries, in no order.
 * @throws {Deno.errors.PermissionDenied} If the folder may not be read.
 */
export async function readEntries(
  folder: string,
  shows: (name: string) => boolean,
): Promise<FolderEntry[]> {
  const entries: FolderEntry[] = [];
  for await (const { name, isDirectory, isSymlink } of Deno.readDir(folder)) {
    if (shows(name)) entries.push({ name, isDirectory, isSymlink });
  }
  return entries;
}
