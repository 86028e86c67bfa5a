// Receives one file: written beside its place under a hidden temporary name,
// and given its own name only when it is whole, so that nobody ever reads half
// a file and a broken upload leaves nothing behind.

import { HttpError } from "../facts/errors.ts";
import { storageError } from "./storage_error.ts";

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
 * @param path Where the file is to be; its folder must exist and be checked.
 * @param chunks Its content.
 * @param options How to receive it.
 * @returns Whether a new file came to be, rather than a new version of one.
 * @throws {HttpError} 409 if there is a file that may not be replaced, or
 * something that is no file; 413 if it is too large; what the system refuses
 * by {@linkcode storageError}.
 */
export async function receiveFile(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  options: UploadOptions,
): Promise<boolean> {
  try {
    return await writeAndPlace(path, chunks, options);
  } catch (error) {
    throw storageError(error);
  }
}

async function writeAndPlace(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  options: UploadOptions,
): Promise<boolean> {
  const before = await lookAt(path);
  checkTarget(before, options);
  const temporary = temporaryPath(path);
  try {
    await writeChunks(temporary, chunks, options.maxBytes);
    return await place(temporary, path, options);
  } finally {
    // After a rename there is nothing to remove.
    await Deno.remove(temporary).catch(() => {});
  }
}

/**
 * Names the temporary file of an upload.
 *
 * @param path Where the file is to be.
 * @returns A hidden name in the same folder, so that renaming is one step.
 */
export function temporaryPath(path: string): string {
  const slash = path.lastIndexOf("/") + 1;
  return `${path.slice(0, slash)}.upload-${crypto.randomUUID()}.part`;
}

async function writeChunks(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<void> {
  // createNew is O_EXCL: a link waiting under this name is not followed.
  using file = await Deno.open(path, { write: true, createNew: true });
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
  temporary: string,
  path: string,
  options: UploadOptions,
): Promise<boolean> {
  if (options.overwrite) {
    const before = await lookAt(path);
    checkTarget(before, options);
    // Renaming replaces a link itself, never what it points to.
    await Deno.rename(temporary, path);
    return before === undefined;
  }
  try {
    await linkOrClaim(temporary, path);
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    throw new HttpError(409, "File exists");
  }
  return true;
}

/** Unlike a rename, a hard link fails where the name is taken. */
async function linkOrClaim(temporary: string, path: string): Promise<void> {
  try {
    await Deno.link(temporary, path);
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) throw error;
    // A file system without hard links: take the name with an empty file,
    // which fails too where it is taken, and rename over that.
    (await Deno.open(path, { write: true, createNew: true })).close();
    await Deno.rename(temporary, path);
  }
}

function checkTarget(
  before: Deno.FileInfo | undefined,
  { overwrite }: UploadOptions,
): void {
  if (before === undefined) return;
  if (!before.isFile) throw new HttpError(409, "Not a file");
  if (!overwrite) throw new HttpError(409, "File exists");
}

/** Links are not followed: a link is no file to replace. */
async function lookAt(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.lstat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
