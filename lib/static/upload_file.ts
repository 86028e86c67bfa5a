// Receives one file: written beside its place under a hidden temporary name,
// and given its own name only when it is whole, so that nobody ever reads half
// a file and a broken upload leaves nothing behind.

import { HttpError } from "../facts/errors.ts";
import {
  discard,
  type Entry,
  lookAt,
  pathOf,
  requireInside,
  secretEntry,
} from "./folder_change.ts";
import { identityOf } from "./identity.ts";

/** How one upload is to be received. */
export interface UploadOptions {
  /** The most octets it may have. */
  readonly maxBytes: number;
  /** Whether it may take the place of a file of the same name. */
  readonly overwrite: boolean;
}

/**
 * Writes a file from chunks.
 *
 * @param entry Where the file is to be.
 * @param chunks Its content.
 * @param options How to receive it.
 * @returns Whether a new file came to be, rather than a new version of one.
 * @throws {HttpError} 409 if there is a file that may not be replaced, or
 * something that is no file; 413 if it is too large.
 */
export async function receiveFile(
  entry: Entry,
  chunks: AsyncIterable<Uint8Array>,
  options: UploadOptions,
): Promise<boolean> {
  checkTarget(await lookAt(entry), options);
  const temporary = secretEntry(entry);
  let isPlaced = false;
  try {
    await writeChunks(temporary, chunks, options.maxBytes);
    const isNew = await place(temporary, entry, options);
    isPlaced = options.overwrite;
    return isNew;
  } finally {
    // After a rename there is nothing to remove.
    if (!isPlaced) await discard(temporary);
  }
}

async function writeChunks(
  temporary: Entry,
  chunks: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<void> {
  const since = Date.now();
  // createNew is O_EXCL: a link waiting under this name is not followed.
  using file = await Deno.open(pathOf(temporary), {
    write: true,
    createNew: true,
  });
  // Nothing is written before it is known where.
  await requireInside(temporary, await file.stat(), since);
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > maxBytes) throw new HttpError(413, "File too large");
    for (let at = 0; at < chunk.length;) {
      at += await file.write(chunk.subarray(at));
    }
  }
}

/** Gives the file its name; true when the name is new. */
async function place(
  temporary: Entry,
  entry: Entry,
  options: UploadOptions,
): Promise<boolean> {
  if (options.overwrite) {
    const before = await lookAt(entry);
    checkTarget(before, options);
    // Renaming replaces a link itself, never what it points to.
    await Deno.rename(pathOf(temporary), pathOf(entry));
    return before === undefined;
  }
  try {
    await linkOrClaim(temporary, entry);
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    throw new HttpError(409, "File exists");
  }
  return true;
}

/** Unlike a rename, a hard link fails where the name is taken. */
async function linkOrClaim(temporary: Entry, entry: Entry): Promise<void> {
  const [from, to] = [pathOf(temporary), pathOf(entry)];
  try {
    await Deno.link(from, to);
  } catch (error) {
    const isFinal = error instanceof Deno.errors.AlreadyExists ||
      error instanceof Deno.errors.NotFound;
    if (isFinal) throw error;
    await claim(temporary, entry);
  }
}

/**
 * A file system without hard links: takes the name with an empty file, which
 * fails too where it is taken, and renames over that.
 */
async function claim(temporary: Entry, entry: Entry): Promise<void> {
  const [from, to] = [pathOf(temporary), pathOf(entry)];
  if (!entry.folder.isPinned) {
    if (await lookAt(entry) !== undefined) {
      throw new Deno.errors.AlreadyExists(to);
    }
    return await Deno.rename(from, to);
  }
  using empty = await Deno.open(to, { write: true, createNew: true });
  try {
    await Deno.rename(from, to);
  } catch (error) {
    const there = await lookAt(entry);
    const isOurs = there !== undefined &&
      identityOf(there) === identityOf(await empty.stat());
    if (isOurs) await Deno.remove(to);
    throw error;
  }
}

/** Links are not followed: a link is no file to replace. */
function checkTarget(
  before: Deno.FileInfo | undefined,
  { overwrite }: UploadOptions,
): void {
  if (before === undefined) return;
  if (!before.isFile) throw new HttpError(409, "Not a file");
  if (!overwrite) throw new HttpError(409, "File exists");
}
