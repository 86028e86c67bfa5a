// Deno's permissions, asked for before they are needed: on a terminal Deno asks
// the user, elsewhere the command ends and says which flag is missing.

import { CommandError } from "./command_error.ts";

/**
 * Asks for a permission.
 *
 * @param descriptor The permission.
 * @param purpose What it is for, to follow "cannot".
 * @param flag How `deno run` is told to grant it.
 * @throws {CommandError} If it is not granted.
 */
export async function requirePermission(
  descriptor: Deno.PermissionDescriptor,
  purpose: string,
  flag: string,
): Promise<void> {
  const { state } = await Deno.permissions.request(descriptor);
  if (state === "granted") return;
  throw new CommandError(
    `cannot ${purpose}: ${descriptor.name} permission is missing, ` +
      `run deno with ${flag}`,
  );
}

/**
 * Asks for read permission.
 *
 * @param path A file or folder.
 * @throws {CommandError} If it is not granted.
 */
export async function requireRead(path: string): Promise<void> {
  const flag = `--allow-read=${path}, or -R`;
  await requirePermission({ name: "read", path }, `read ${path}`, flag);
}

/**
 * Reads a variable of the environment where that is permitted already: the
 * command does well without.
 *
 * @param variable Its name.
 * @returns Its value; undefined without one or without permission.
 */
export async function readVariable(
  variable: string,
): Promise<string | undefined> {
  const { state } = await Deno.permissions.query({ name: "env", variable });
  return state === "granted" ? Deno.env.get(variable) : undefined;
}

/**
 * Reads a text file that the user has named.
 *
 * @param path The file.
 * @throws {CommandError} If it cannot be read.
 */
export async function readNamedFile(path: string): Promise<string> {
  await requireRead(path);
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    throw new CommandError(`cannot read ${path}: ${reasonOf(error)}`);
  }
}

/**
 * Reads a variable that the user has named.
 *
 * @param variable Its name.
 * @throws {CommandError} If it may not be read, or is not set.
 */
export async function readNamedVariable(variable: string): Promise<string> {
  await requirePermission(
    { name: "env", variable },
    `read $${variable}`,
    `--allow-env=${variable}, or -E`,
  );
  const value = Deno.env.get(variable);
  if (value === undefined) throw new CommandError(`$${variable} is not set`);
  return value;
}

/** What an error says, in one line and without the platform's number. */
export function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "there is no such file";
  if (error instanceof Deno.errors.PermissionDenied) return "access is denied";
  const text = error instanceof Error ? error.message : String(error);
  const [line = ""] = text.split("\n", 1);
  const [reason = ""] = line.split(" (os error ", 1);
  return reason;
}
