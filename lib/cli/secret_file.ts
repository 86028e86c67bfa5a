// Files of the command line that must not be served to those whom they are to
// keep out: passwords and keys. Where they lie decides at the start, which file
// it is decides at each request.

import { relative } from "@std/path";
import { CommandError } from "./command_error.ts";
import type { CommandOptions } from "./options.ts";
import { reasonOf, requireRead } from "./permission.ts";
import { identityOf } from "../static/identity.ts";
import type { FileIdentity } from "../static/mod.ts";

/**
 * Makes sure that no file of passwords or keys is below the folder to serve,
 * unless its name is one that is never served.
 *
 * @param options What the command line asks for.
 * @throws {CommandError} If there is one.
 */
export async function requireSecrecy(options: CommandOptions): Promise<void> {
  for (const [flag, file] of secretFiles(options)) {
    if (!await isServed(file, options)) continue;
    throw new CommandError(
      `${flag}: ${file} would be served: move it out of the folder` +
        (options.files.dotfiles === true
          ? ""
          : ", or let its name begin with a dot"),
    );
  }
}

/**
 * Makes the test by which files of passwords and keys are known whatever they
 * are called: a hard link has a name of its own in the folder, and a symbolic
 * link may lead out of it.
 *
 * @param options What the command line asks for.
 * @returns Whether a file is one of them; undefined where there are none.
 */
export function secretTest(
  options: CommandOptions,
): ((facts: FileIdentity) => boolean) | undefined {
  const files = secretFiles(options).map(([, file]) => file);
  if (files.length === 0) return undefined;
  const known = new Set(files.map(identityAt));
  return (facts) => {
    // A file that was edited meanwhile may be another one, with the same secret.
    for (const file of files) known.add(identityAt(file));
    return facts.ino !== null && known.has(lastingIdentity(facts));
  };
}

/** By the flags that name them. */
function secretFiles(
  { authFile, tlsCert, tlsKey, tlsPasswordFile }: CommandOptions,
): [flag: string, file: string][] {
  const files: [flag: string, file: string | undefined][] = [
    ["--auth-file", authFile],
    // The certificate may be read by everybody, unless the key is with it.
    tlsKey === undefined ? ["--tls-cert", tlsCert] : ["--tls-key", tlsKey],
    ["--tls-password-file", tlsPasswordFile],
  ];
  return files.filter((one): one is [string, string] => one[1] !== undefined);
}

/** The inode of a file that was removed is soon that of another one. */
function lastingIdentity(facts: FileIdentity): string {
  return `${identityOf(facts)} ${facts.birthtime?.getTime()}`;
}

/** `""` where there is none, or none may be seen. */
function identityAt(file: string): string {
  try {
    return lastingIdentity(Deno.statSync(file));
  } catch {
    return "";
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
