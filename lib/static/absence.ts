// Errors of the file system that mean that there is nothing, or nothing for us.

import { HttpError } from "../facts/errors.ts";

/** What the system calls it where the error is of no class of Deno's. */
const CODES: ReadonlySet<unknown> = new Set([
  "EACCES",
  "EINVAL",
  "EISDIR",
  "ELOOP",
  "ENAMETOOLONG",
  "ENOENT",
  "ENOTDIR",
  "ENXIO",
  "EPERM",
]);

/**
 * Tells a file that is not there, or not for us, from a fault of the server.
 *
 * @param error What Deno's side of the file system has thrown, or Node's.
 * @returns Whether it means "no such file for you".
 */
export function isAbsence(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound ||
    error instanceof Deno.errors.NotADirectory ||
    error instanceof Deno.errors.PermissionDenied ||
    error instanceof Deno.errors.FilesystemLoop ||
    error instanceof Deno.errors.InvalidData ||
    error instanceof Deno.errors.IsADirectory ||
    error instanceof Error && "code" in error && CODES.has(error.code);
}

/**
 * Tells a file that the system refuses to open from one that is not there.
 *
 * @param error What opening it has thrown.
 */
export function isRefusal(error: unknown): boolean {
  return error instanceof Deno.errors.PermissionDenied ||
    error instanceof Error && "code" in error &&
      (error.code === "EACCES" || error.code === "EPERM");
}

/**
 * Looks at something below a root.
 *
 * @param root The root.
 * @param look What is done.
 * @returns What it gave; undefined where there is nothing for us.
 * @throws {Deno.errors.NotCapable} If Deno may not read the root.
 */
export async function unlessAbsent<T>(
  root: string,
  look: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (isAbsence(error) || await isElsewhere(error, root)) return undefined;
    throw error;
  }
}

/**
 * Opens what is sent beside something else, which does without.
 *
 * @param open Opens it.
 * @returns What it gave; undefined where it may not be read.
 */
export async function unlessRefused<T>(
  open: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await open();
  } catch (error) {
    if (error instanceof HttpError && error.status === 403) return undefined;
    throw error;
  }
}

/** Deno may read the root, but not where a link leads. */
async function isElsewhere(error: unknown, path: string): Promise<boolean> {
  if (!(error instanceof Deno.errors.NotCapable)) return false;
  const { state } = await Deno.permissions.query({ name: "read", path });
  return state === "granted";
}
