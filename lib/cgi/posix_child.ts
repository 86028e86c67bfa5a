// A child process by way of the C library's `posix_spawn`.

import { requireGranted } from "../facts/permission.ts";
import type { Child, ChildOptions } from "./child.ts";
import { ChildSignals } from "./child_signals.ts";
import { DEFAULT_PATH } from "./environment.ts";
import type { Libc } from "./libc.ts";
import { PipeReader, PipeWriter } from "./pipe.ts";
import type { Outcome } from "./program_run.ts";

/**
 * Starts a process.
 *
 * @throws {Deno.errors.NotCapable} If `--allow-run` does not name the command.
 * @throws {Error} If it cannot be started.
 */
export async function startPosixChild(
  options: ChildOptions,
  libc: Libc,
): Promise<Child> {
  const { command, env } = options;
  const file = libc.find(command, env.PATH ?? DEFAULT_PATH);
  // The file, not the command: which one it is depends on who looks it up.
  requireGranted({ name: "run", command: file ?? command });
  if (file === undefined) {
    throw new Deno.errors.NotFound("No such file or directory in PATH");
  }
  using theirs = new DisposableStack();
  using ours = new DisposableStack();
  const pipe = (kept: "reader" | "writer") => {
    const ends = libc.pipe();
    const passed = kept === "reader" ? "writer" : "reader";
    ours.defer(() => libc.close(ends[kept]));
    theirs.defer(() => libc.close(ends[passed]));
    return { kept: ends[kept], passed: ends[passed] };
  };
  const input = options.hasBody ? pipe("writer") : undefined;
  const output = pipe("reader");
  const errors = pipe("reader");
  const pid = await libc.spawn({
    ...options,
    file,
    input: input?.passed,
    output: output.passed,
    errors: errors.passed,
  });
  ours.move();
  return new PosixChild(libc, {
    pid,
    group: options.group,
    output: new PipeReader(libc, signals, output.kept),
    errors: new PipeReader(libc, signals, errors.kept),
    input: input && new PipeWriter(libc, input.kept),
  });
}

const signals = new ChildSignals();

interface Parts {
  readonly pid: number;
  readonly group: boolean;
  readonly output: PipeReader;
  readonly errors: PipeReader;
  readonly input: PipeWriter | undefined;
}

class PosixChild implements Child {
  readonly pid: number;
  readonly output: PipeReader;
  readonly errors: PipeReader;
  readonly input: PipeWriter | undefined;
  readonly #libc: Libc;
  readonly #group: boolean;
  #outcome: Promise<Outcome> | undefined;
  #isCollected = false;

  constructor(libc: Libc, parts: Parts) {
    this.pid = parts.pid;
    this.output = parts.output;
    this.errors = parts.errors;
    this.input = parts.input;
    this.#libc = libc;
    this.#group = parts.group;
    signals.add();
  }

  ended(): Promise<Outcome> {
    return this.#outcome ??= this.#collect();
  }

  signal(signal: Deno.Signal): boolean {
    if (this.#group) return this.#libc.kill(-this.pid, signal);
    // The id of a child that was collected may be another's by now.
    return !this.#isCollected && this.#libc.kill(this.pid, signal);
  }

  async #collect(): Promise<Outcome> {
    for (;;) {
      const outcome = this.#libc.poll(this.pid);
      if (outcome !== undefined) {
        this.#isCollected = true;
        signals.remove();
        return outcome;
      }
      await signals.ended();
    }
  }
}
