// Files of the command line that must not be served to those whom they are to
// keep out: passwords and keys.

import { relative } from "@std/path";
import { CommandError } from "./command_error.ts";
import type { CommandOptions } from "./options.ts";
import { reasonOf, requireRead } from "./permission.ts";

/**
 * Makes sure that no file of passwords or keys is below the folder to serve,
 * unless its name is one that is never served.
 *
 * @param options What the command line asks for.
 * @throws {CommandError} If there is one.
 */
export async function requireSecrecy(options: CommandOptions): Promise<void> {
  const { authFile, tlsCert, tlsKey, tlsPasswordFile } = options;
  const secrets: readonly [flag: string, file: string | undefined][] = [
    ["--auth-file", authFile],
    // The certificate may be read by everybody, unless the key is with it.
    tlsKey === undefined ? ["--tls-cert", tlsCert] : ["--tls-key", tlsKey],
    ["--tls-password-file", tlsPasswordFile],
  ];
  for (const [flag, file] of secrets) {
    if (file === undefined || !await isServed(file, options)) continue;
    throw new CommandError(
      `${flag}: ${file} would be served: move it out of the folder, ` +
        "or let its name begin with a dot",
    );
  }
}

async function isServed(
  file: string,
  { directory, files }: CommandOptions,
): Promise<boolean> {
  const path = await realPath(file);
  const folder = await realPath(directory);
  // A pipe, as `--auth-file <(…)`, has been read and is nowhere.
  if (path === undefined || folder === undefined) return false;
  const below = relative(folder, path);
  // Absolute where it is on another drive of Windows.
  if (/^(?:\.\.(?:[/\\]|$)|[A-Za-z]:|[/\\])/.test(below)) return false;
  const isHidden = below.split(/[/\\]/).some((name) => name.startsWith("."));
  return !isHidden || files.dotfiles === true;
}

async function realPath(path: string): Promise<string | undefined> {
  await requireRead(path);
  try {
    return await Deno.realPath(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw new CommandError(`cannot read ${path}: ${reasonOf(error)}`);
  }
}
