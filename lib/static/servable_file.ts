// Looks a path up on disk and decides whether it may be served: a regular file
// or a folder, and, unless links are followed anywhere, one whose real place is
// inside the root. Everything a path may not be is "nothing there" (404).

import { SEPARATOR } from "@std/path";
import { formatHttpDate } from "../facts/http_date.ts";
import { NO_PROGRAMS, type ProgramGuard } from "../handler/program_guard.ts";
import { fileEntityTag } from "./entity_tag.ts";
import { isWithin } from "./path.ts";

/** A regular file that may be served, as it was when it was looked at. */
export interface ServableFile {
  /** The path it was found under. */
  readonly path: string;
  /** Octets. */
  readonly size: number;
  /** Modification time in milliseconds since 1970; undefined when unknown. */
  readonly modified: number | undefined;
  /** Time of the last change of content or attributes, as `modified`. */
  readonly changed: number | undefined;
  /** The device and inode, which tell that it is the very file that was checked. */
  readonly identity: string;
  /** The entity tag; undefined when there is no modification time. */
  readonly etag: string | undefined;
  /** Last-Modified in milliseconds, whole seconds, never in the future (RFC 9110 §8.8.2.1). */
  readonly lastModified: number | undefined;
  /** Last-Modified as it goes on the wire. */
  readonly lastModifiedText: string | undefined;
}

/** What is at a path: a file, a folder, or nothing that may be served. */
export type Found = ServableFile | "folder" | undefined;

/** Where files may lie. */
export interface Confinement {
  /** The folder served. */
  readonly root: string;
  /** Whether symbolic links may lead out of it. */
  readonly followSymlinks: boolean;
  /** Knows the files that are run, and may not be served; by default none are. */
  readonly programs?: ProgramGuard | undefined;
}

/**
 * Looks a path up.
 *
 * @param path A path below the root, by text.
 * @param confinement Where it may lead.
 * @param now Milliseconds since 1970.
 * @returns What is there.
 * @throws {Deno.errors.NotCapable} If Deno may not read there.
 */
export async function lookUp(
  path: string,
  confinement: Confinement,
  now: number,
): Promise<Found> {
  try {
    const info = await Deno.stat(path);
    if (!info.isFile && !info.isDirectory) return undefined;
    // "file.txt/" is no file.
    if (info.isFile && path.endsWith("/")) return undefined;
    if (!await isConfined(path, info, confinement)) return undefined;
    if (await isRun(path, info, confinement)) return undefined;
    return info.isDirectory ? "folder" : describe(path, info, now);
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

/**
 * Opens a file that was looked up.
 *
 * @param file The file.
 * @returns The open file, which the caller closes; undefined when it is not the
 * same any more, or not the same file at all.
 */
export async function openServable(
  file: ServableFile,
): Promise<Deno.FsFile | undefined> {
  let opened: Deno.FsFile | undefined;
  try {
    opened = await Deno.open(file.path);
    if (isSame(await opened.stat(), file)) return opened;
  } catch (error) {
    opened?.close();
    if (isAbsence(error)) return undefined;
    throw error;
  }
  opened.close();
  return undefined;
}

/**
 * Tells whether a file is what it was.
 *
 * @param info What is known now.
 * @param file What was known then.
 * @returns Whether identity, size and times are the same.
 */
export function isSame(info: Deno.FileInfo, file: ServableFile): boolean {
  return info.isFile && info.size === file.size &&
    info.mtime?.getTime() === file.modified &&
    info.ctime?.getTime() === file.changed &&
    identityOf(info) === file.identity;
}

/**
 * Describes a regular file.
 *
 * @param path The path it was found under.
 * @param info What the file system says.
 * @param now Milliseconds since 1970.
 * @returns Its size and validators.
 */
export function describe(
  path: string,
  info: Deno.FileInfo,
  now: number,
): ServableFile {
  const { size } = info;
  const modified = info.mtime?.getTime();
  const changed = info.ctime?.getTime();
  const lastModified = modified === undefined
    ? undefined
    : Math.floor(Math.min(modified, now) / 1000) * 1000;
  return {
    path,
    size,
    modified,
    changed,
    identity: identityOf(info),
    etag: modified === undefined ? undefined : fileEntityTag(
      { size, modified, changed, inode: info.ino ?? undefined },
      now,
    ),
    lastModified,
    lastModifiedText: lastModified === undefined
      ? undefined
      : formatHttpDate(lastModified),
  };
}

/**
 * Tells whether a path's real place is inside the root. Attack: a link is
 * swapped in after the check; therefore what is there must be the very file
 * that was looked at, and `openServable()` asks the same of what it opens.
 *
 * @param path The path.
 * @param info What was found there.
 * @param confinement Where it may lead.
 * @returns Whether it may be served.
 */
export async function isConfined(
  path: string,
  info: Deno.FileInfo,
  { root, followSymlinks }: Confinement,
): Promise<boolean> {
  if (followSymlinks) return true;
  const [real, realRoot] = await Promise.all([
    Deno.realPath(path),
    Deno.realPath(root),
  ]);
  if (!isWithin(real, realRoot, SEPARATOR)) return false;
  return identityOf(await Deno.stat(real)) === identityOf(info);
}

/**
 * Tells whether a file is run by some class of the server, or all files of a
 * folder are. A link is known by its own name and by what it leads to; what was
 * swapped or removed meanwhile is taken for a program.
 *
 * @param path The path.
 * @param info What was found there.
 * @param confinement Which files are run.
 * @returns Whether it must not be served as a file.
 */
export async function isRun(
  path: string,
  info: Deno.FileInfo,
  { programs = NO_PROGRAMS }: Confinement,
): Promise<boolean> {
  if (programs.isEmpty) return false;
  try {
    const real = await Deno.realPath(path);
    const names = info.isFile ? [path, real] : [];
    return names.some((name) => programs.hasName(name)) ||
      programs.hasPath(real) ||
      identityOf(await Deno.stat(real)) !== identityOf(info);
  } catch (error) {
    if (isAbsence(error)) return true;
    throw error;
  }
}

function identityOf({ dev, ino }: Deno.FileInfo): string {
  return `${dev}:${ino}`;
}

/** Errors that mean "no such file for you", as opposed to a fault of the server. */
function isAbsence(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound ||
    error instanceof Deno.errors.NotADirectory ||
    error instanceof Deno.errors.PermissionDenied ||
    error instanceof Deno.errors.FilesystemLoop ||
    error instanceof Deno.errors.InvalidData ||
    error instanceof Deno.errors.IsADirectory ||
    error instanceof Error && "code" in error && error.code === "ENAMETOOLONG";
}
