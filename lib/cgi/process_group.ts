// Process groups: a program that leads one can be ended together with all that
// it has started. Deno makes one (`detached`) by way of `fork`, which for a
// process of its size takes several times as long as `posix_spawn`. Where there
// is a `setsid` program, that one makes the group instead: it replaces itself
// with the program, under the same process id.

import { isGranted, requireGranted } from "../facts/permission.ts";

/** What to spawn, and how. */
export interface GroupCommand {
  /** The file to run. */
  readonly command: string;
  /** The words after it. */
  readonly args: readonly string[];
  /** Whether Deno has to make the group. */
  readonly detached: boolean;
}

/**
 * Says how a program is spawned so that it leads a group.
 *
 * @throws {Deno.errors.NotCapable} If the program may not be run: `setsid`
 *   would run any.
 */
export function leadGroup(
  command: string,
  args: readonly string[],
): GroupCommand {
  const setsid = findSetsid();
  if (setsid === undefined) return { command, args, detached: true };
  requireGranted({ name: "run", command });
  return { command: setsid, args: [command, ...args], detached: false };
}

/**
 * Signals a whole group. `Deno.kill` needs `--allow-run` without a list; where
 * programs are listed, `kill` may be on the list.
 *
 * @returns Whether there was anything to signal.
 * @throws {Deno.errors.NotCapable} If neither may be used.
 */
export function signalGroup(group: number, signal: Deno.Signal): boolean {
  if (isGranted({ name: "run" })) {
    try {
      Deno.kill(-group, signal);
      return true;
    } catch {
      return false;
    }
  }
  requireGranted({ name: "run", command: "kill" });
  const { success } = new Deno.Command("kill", {
    args: ["-s", signal.slice("SIG".length), "--", `-${group}`],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).outputSync();
  return success;
}

const SETSID = "/usr/bin/setsid";

let setsid: { readonly path: string | undefined } | undefined;

/** The file of `setsid`, if it may be used; looked for once. */
function findSetsid(): string | undefined {
  setsid ??= { path: isUsable(SETSID) ? SETSID : undefined };
  return setsid.path;
}

function isUsable(command: string): boolean {
  if (Deno.build.os !== "linux") return false;
  if (!isGranted({ name: "run", command })) return false;
  try {
    return Deno.statSync(command).isFile;
  } catch {
    return false;
  }
}
