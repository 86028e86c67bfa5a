// The two ways to start a child process, and the choice between them.

import type { Child, ChildOptions } from "./child.ts";
import { startDenoChild } from "./deno_child.ts";
import { openLibc } from "./libc.ts";
import { startPosixChild } from "./posix_child.ts";

/**
 * Starts a process in the fastest way there is.
 *
 * @throws {Deno.errors.NotCapable} If `--allow-run` does not name the command.
 * @throws {Error} If it cannot be started.
 */
export function startChild(options: ChildOptions): Child | Promise<Child> {
  const libc = openLibc();
  return libc === undefined
    ? startDenoChild(options)
    : startPosixChild(options, libc);
}

/** Whether variables may hold bytes that are not UTF-8. */
export function passesBytes(): boolean {
  return openLibc() !== undefined;
}
