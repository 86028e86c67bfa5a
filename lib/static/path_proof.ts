// Where a path is all there is to say where a file lies, somebody who can write
// in the folder may swap a folder on the way for a symbolic link between two
// looks. This file proves afterwards, by further looks, that it was not so.
//
// 1. Swapping a name changes the time of the folder that holds it (ctime), which
//    no program can set. If no folder on the way has changed since before the
//    first look, from the last one up to the root, all looks saw what is there.
// 2. Folders that have changed lately prove nothing. Then it is looked again and
//    again whether the folders are folders, and whether the file is still there,
//    in an order that is drawn by lot. Whoever swaps must swap between the two
//    each time, and guess the order: he fails but once in 2^ROUNDS times.

import { dirname, SEPARATOR } from "@std/path";
import { identityOf, isSameIdentity } from "./identity.ts";
import { isWithin } from "./path.ts";

/** What was seen, without following a link, at a path that has no links before its end. */
export interface Sighting {
  /** The path. */
  readonly path: string;
  /** The device and inode of what was there, or of the link that was there. */
  readonly identity: string;
}

/** What is to be proved. */
export interface Claim {
  /** The root, without links: nobody swaps it, or what it lies in. */
  readonly root: string;
  /** The folder in which things were seen: the root or below it, without links. */
  readonly folder: string;
  /** What was seen there. */
  readonly seen: readonly Sighting[];
  /** Milliseconds since 1970, before the first look. */
  readonly since: number;
}

/** Milliseconds by which a file system's clock may lag, and by which it rounds. */
const CLOCK_SLACK = 3000;

/** Looks in doubt. */
const ROUNDS = 32;

/**
 * Proves that what was seen in a folder was in it, inside the root.
 *
 * @param claim What was seen.
 * @returns Whether it is proved.
 */
export async function isProved(claim: Claim): Promise<boolean> {
  const folders = foldersOf(claim);
  switch (await judgeByTime(folders, claim.since)) {
    case "proved":
      return true;
    case "refuted":
      return false;
    case "in doubt":
      return await outlastsLooks(claim, folders);
  }
}

/** The folders from the one in which things were seen up to the root. */
function foldersOf({ root, folder }: Claim): string[] {
  const folders: string[] = [];
  for (
    let path = folder;
    isWithin(path, root, SEPARATOR);
    path = dirname(path)
  ) {
    folders.push(path);
    if (path === root) break;
  }
  return folders;
}

/** The order matters: each folder is looked at after all that lies below it. */
async function judgeByTime(
  folders: readonly string[],
  since: number,
): Promise<"proved" | "refuted" | "in doubt"> {
  let hasChanged = false;
  for (const path of folders) {
    const info = await lstatOf(path);
    if (!info?.isDirectory) return "refuted";
    const changed = info.ctime?.getTime();
    hasChanged ||= changed === undefined || changed > since - CLOCK_SLACK;
  }
  return hasChanged ? "in doubt" : "proved";
}

async function outlastsLooks(
  { seen }: Claim,
  folders: readonly string[],
): Promise<boolean> {
  const [lots = 0] = crypto.getRandomValues(new Uint32Array(1));
  const looks = [() => areThere(seen), () => areFolders(folders)];
  for (let round = 0; round < ROUNDS; round++) {
    const order = (lots >>> round & 1) === 0 ? looks : looks.toReversed();
    for (const look of order) if (!await look()) return false;
  }
  return true;
}

async function areThere(seen: readonly Sighting[]): Promise<boolean> {
  const infos = await Promise.all(seen.map(({ path }) => lstatOf(path)));
  return seen.every(({ identity }, at) => {
    const info = infos[at];
    return info !== undefined && isSameIdentity(identityOf(info), identity);
  });
}

async function areFolders(folders: readonly string[]): Promise<boolean> {
  const infos = await Promise.all(folders.map(lstatOf));
  return infos.every((info) => info?.isDirectory ?? false);
}

async function lstatOf(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.lstat(path);
  } catch {
    return undefined; // whatever is there, it is not what was seen
  }
}
