// The runtimes that `.ci/runtimes` installs: older versions of Deno, and others.

import { fromFileUrl } from "@std/path";

/** The root of the repository. */
export const ROOT = fromFileUrl(new URL("../../", import.meta.url));

const FOLDER = `${ROOT}.ci/runtimes`;

const { dependencies } = JSON.parse(
  await Deno.readTextFile(`${FOLDER}/package.json`),
);

/** The versions of the runtimes by their names there, as `deno-2.8`. */
export const VERSIONS: ReadonlyMap<string, string> = new Map(
  Object.entries(dependencies).map((
    [name, source],
  ) => [name, String(source).replace(/^.*@/, "")]),
);

/**
 * Where a file of a package is.
 *
 * @returns Undefined where the packages are not installed.
 */
export function installed(path: string): string | undefined {
  try {
    const file = `${FOLDER}/node_modules/${path}`;
    Deno.statSync(file);
    return file;
  } catch {
    return undefined;
  }
}

/** How a program ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. */
export async function run(
  program: string,
  args: readonly string[],
): Promise<Ended> {
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    cwd: ROOT,
    env: { NO_COLOR: "1", NO_UPDATE_CHECK: "1" },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return {
    code,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  };
}
