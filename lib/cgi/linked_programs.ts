// Programs that lie elsewhere: files to which symbolic links in a folder of
// programs lead. Such a file is run by the name of the link, so its source is
// not to be seen under its own name either.

/** Milliseconds for which it is taken that no link was made. */
const STALENESS = 1000;

/** Entries that are looked at: this is done without a wait, while others do. */
const MAX_ENTRIES = 5000;

interface Known {
  readonly since: number;
  readonly files: readonly string[];
}

/** By folder: those of the settings of classes, so they are few. */
const known = new Map<string, Known>();

/**
 * Finds the files that links in a folder of programs lead to.
 *
 * @param folder The path of the folder.
 * @param now Milliseconds since 1970.
 * @returns Their paths, with links resolved, as of a second ago or later.
 */
export function linkedProgramsIn(
  folder: string,
  now: number = Date.now(),
): readonly string[] {
  const last = known.get(folder);
  const age = last === undefined ? Infinity : now - last.since;
  if (last !== undefined && age >= 0 && age < STALENESS) return last.files;
  const files = linkedFiles(folder);
  known.set(folder, { since: now, files });
  return files;
}

/** Goes down into folders, but not into those that are links. */
function linkedFiles(top: string): string[] {
  const files: string[] = [];
  const folders = [top];
  let left = MAX_ENTRIES;
  for (const folder of folders) {
    for (const { name, isDirectory, isSymlink } of entriesOf(folder)) {
      if (left-- === 0) return files;
      const path = `${folder}/${name}`;
      if (isDirectory) folders.push(path);
      const target = isSymlink ? fileBehind(path) : undefined;
      if (target !== undefined) files.push(target);
    }
  }
  return files;
}

function entriesOf(folder: string): Deno.DirEntry[] {
  try {
    return [...Deno.readDirSync(folder)];
  } catch {
    return []; // there is none, or Deno may not look
  }
}

/** Undefined where a link leads nowhere or to a folder. */
function fileBehind(path: string): string | undefined {
  try {
    return Deno.statSync(path).isFile ? Deno.realPathSync(path) : undefined;
  } catch {
    return undefined;
  }
}
