// One process for one request: spawn it with nothing of the server's own
// environment, move octets both ways, and leave nothing behind. With a process
// group of its own (`group`) the program and all that it started get the same
// signals: SIGTERM first, SIGKILL when it does not go.

import { within } from "./deadline.ts";
import { leadGroup, signalGroup } from "./process_group.ts";
import { type Outcome, ProgramError, type ProgramRun } from "./program_run.ts";
import { StderrLines } from "./stderr_lines.ts";

/** How to run a program. */
export interface ProcessOptions {
  /** The file to run, or a name to look up in PATH. */
  readonly command: string;
  /** The words after it. */
  readonly args: readonly string[];
  /** The working directory: the program's own (RFC 3875 §7.2). */
  readonly cwd: string;
  /** The whole environment. */
  readonly env: Record<string, string>;
  /** Whether there is a request body; else standard input is empty. */
  readonly hasBody: boolean;
  /**
   * Whether the program leads a process group. Without one, signals reach the
   * program but not what it started.
   */
  readonly group: boolean;
  /** Milliseconds between SIGTERM and SIGKILL. */
  readonly killGrace: number;
  /** Takes each line of standard error. */
  readonly onStderr: (line: string) => void;
  /** Called once when the program is gone. */
  readonly onGone?: () => void;
}

/** Milliseconds, about, for what outlives its program and let go of it. */
const STRAGGLER_GRACE = 128;

/** A running program. */
export class CgiProcess implements ProgramRun {
  readonly #child: Deno.ChildProcess;
  readonly #output: ReadableStreamDefaultReader<Uint8Array>;
  readonly #errors: ReadableStreamDefaultReader<Uint8Array>;
  readonly #input: WritableStreamDefaultWriter<Uint8Array> | undefined;
  readonly #stderrRead: Promise<void>;
  readonly #group: boolean;
  readonly #killGrace: number;
  readonly #onGone: (() => void) | undefined;
  #inputOpen: boolean;
  #killed: Promise<void> | undefined;

  /**
   * Spawns the program.
   *
   * @throws {ProgramError} If it cannot be started.
   * @throws {Deno.errors.NotCapable} If `--allow-run` does not name it.
   */
  constructor(options: ProcessOptions) {
    this.#group = options.group && Deno.build.os !== "windows";
    this.#killGrace = options.killGrace;
    this.#onGone = options.onGone;
    this.#child = spawn(options, this.#group);
    this.#output = this.#child.stdout.getReader();
    this.#errors = this.#child.stderr.getReader();
    this.#inputOpen = options.hasBody;
    this.#input = options.hasBody ? this.#child.stdin.getWriter() : undefined;
    this.#stderrRead = readLines(this.#errors, options.onStderr);
  }

  /** The process id, also that of the group if it leads one. */
  get pid(): number {
    return this.#child.pid;
  }

  /** Resolves to how the program ended. */
  outcome(): Promise<Outcome> {
    return this.#child.status;
  }

  /** Resolves to the next octets of standard output, `null` at its end. */
  async read(): Promise<Uint8Array | null> {
    const { value } = await this.#output.read();
    return value ?? null;
  }

  /** Writes to standard input; `false` once the program has closed it. */
  async write(octets: Uint8Array): Promise<boolean> {
    if (this.#input === undefined || !this.#inputOpen) return false;
    try {
      await this.#input.write(octets);
    } catch {
      // EPIPE: a program need not read its input (RFC 3875 §4.2).
      this.#inputOpen = false;
    }
    return this.#inputOpen;
  }

  /** Ends standard input. */
  async closeInput(): Promise<void> {
    if (this.#input === undefined || !this.#inputOpen) return;
    this.#inputOpen = false;
    // The program may close its end first.
    await this.#input.close().catch(() => {});
  }

  /** Sends SIGTERM, and SIGKILL to what is left after the grace. */
  stop(): void {
    this.#killed ??= this.#kill();
  }

  /**
   * Waits until the program is gone and closes every stream. Call it when the
   * output has ended, or after `stop`.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    // Not awaited: a write to a program that never reads is still pending.
    if (this.#inputOpen) this.#input?.abort().catch(() => {});
    this.#inputOpen = false;
    await this.#output.cancel();
    await this.#child.status;
    await this.#killed;
    // Something the program left running may hold standard error for ever.
    await within(this.#stderrRead, STRAGGLER_GRACE);
    await this.#errors.cancel();
    await this.#stderrRead;
    this.#onGone?.();
  }

  async #kill(): Promise<void> {
    if (this.#signal("SIGTERM")) {
      // Whoever the program started most likely holds its standard error.
      const ended = Promise.all([this.#child.status, this.#stderrRead]);
      const inTime = await within(ended, this.#killGrace);
      const isGone = inTime && (!this.#group || await this.#groupEnds());
      if (!isGone) this.#signal("SIGKILL");
    }
    // What has left the group may hold the output open for ever.
    await this.#output.cancel();
  }

  /**
   * Whether nothing of the group is left after a moment. Only its parent is
   * told when a process ends, so all there is to do is ask again; not for
   * long, because a zombie that nobody collects still counts.
   */
  async #groupEnds(): Promise<boolean> {
    for (let pause = 1; pause < STRAGGLER_GRACE; pause *= 2) {
      if (!this.#signal("SIGCONT")) return true;
      await within(new Promise(() => {}), pause);
    }
    return false;
  }

  /** Whether there was anything left to signal. */
  #signal(signal: Deno.Signal): boolean {
    try {
      if (this.#group && signalGroup(this.#child.pid, signal)) return true;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotCapable)) throw error;
    }
    // Without a group, or before there is one, or without the permission.
    try {
      this.#child.kill(signal);
      return true;
    } catch {
      return false;
    }
  }
}

function spawn(options: ProcessOptions, group: boolean): Deno.ChildProcess {
  const { command, args, detached } = group
    ? leadGroup(options.command, options.args)
    : { ...options, detached: false };
  try {
    return new Deno.Command(command, {
      args: [...args],
      cwd: options.cwd,
      env: options.env,
      clearEnv: true,
      stdin: options.hasBody ? "piped" : "null",
      stdout: "piped",
      stderr: "piped",
      detached,
    }).spawn();
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    throw new ProgramError(`Cannot start ${options.command}`, { cause: error });
  }
}

async function readLines(
  errors: ReadableStreamDefaultReader<Uint8Array>,
  log: (line: string) => void,
): Promise<void> {
  const lines = new StderrLines(log);
  for (;;) {
    const { value } = await errors.read();
    if (value === undefined) break;
    lines.push(value);
  }
  lines.end();
}
