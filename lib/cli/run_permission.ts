// Whether the programs that a command line asks for may run, and are there.

import { join, resolve } from "@std/path";
import { inheritedEnvironment } from "../cgi/environment.ts";
import { CommandError } from "./command_error.ts";
import type { CommandOptions } from "./options.ts";
import { requirePermission } from "./permission.ts";

/** What ends process groups where `--allow-run` is a list. */
const KILL = "kill";

/** Whether any programs are asked for. */
export function runsPrograms({ cgi, programs }: CommandOptions): boolean {
  return cgi || programs.interpreters !== undefined;
}

/**
 * Makes sure that programs can be run.
 *
 * @param options What the command line asks for.
 * @throws {CommandError} If an interpreter may not be run or is missing, or no
 * program at all may be run.
 */
export async function requireRun(options: CommandOptions): Promise<void> {
  const interpreters = Object.values(options.programs.interpreters ?? {});
  for (const command of interpreters) {
    await requirePermission(
      { name: "run", command },
      `run ${command}`,
      `--allow-run=${command},${KILL}, or --allow-run`,
    );
  }
  if (await mayRun()) {
    for (const command of interpreters) await requireProgram(command);
    return;
  }
  if (!options.cgi || await mayRunSome(options)) return;
  const flag = "--allow-run, or --allow-run=PROGRAM,…";
  await requirePermission({ name: "run" }, "run programs", flag);
}

/** Whether a command, or everything, may be run without asking. */
async function mayRun(command?: string): Promise<boolean> {
  const { state } = await Deno.permissions.query({
    name: "run",
    ...(command === undefined ? {} : { command }),
  });
  return state === "granted";
}

/**
 * Whether Deno was given a list of programs. It does not tell, but answers for
 * each: a program that is not in the list is reported when it is asked for.
 */
async function mayRunSome(
  { directory, programs }: CommandOptions,
): Promise<boolean> {
  if (await mayRun(KILL)) return true;
  const { cgiDirectories = ["/cgi-bin", "/htbin"] } = programs;
  for (const folder of cgiDirectories) {
    const path = join(resolve(directory), folder);
    try {
      for await (const { name } of Deno.readDir(path)) {
        if (await mayRun(join(path, name))) return true;
      }
    } catch {
      // A folder that is not there has no programs.
    }
  }
  return false;
}

/**
 * Deno looks up what its list names; without a list the system's own look-up
 * tells, which runs nothing of the program.
 */
async function requireProgram(command: string): Promise<void> {
  const [finder, ...args] = Deno.build.os === "windows"
    ? ["where.exe", command]
    : ["sh", "-c", 'command -v -- "$1"', "sh", command];
  const isThere = await succeeds(finder, args);
  if (!isThere) {
    throw new CommandError(`--cgi-interpreter: there is no program ${command}`);
  }
}

async function succeeds(command = "", args: string[]): Promise<boolean> {
  try {
    const { success } = await new Deno.Command(command, {
      args,
      // As programs are looked up later.
      env: inheritedEnvironment(["PATH"]),
      clearEnv: true,
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).output();
    return success;
  } catch {
    // Without the finder nothing is known.
    return true;
  }
}
