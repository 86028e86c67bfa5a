// One process for one request: start it with nothing of the server's own
// environment, move octets both ways, and leave nothing behind. With a process
// group of its own (`group`) the program and all that it started get the same
// signals: SIGTERM first, SIGKILL when it does not go.

import { exhaustionError } from "../facts/exhaustion.ts";
import type { Child, ChildOptions, StartChild } from "./child.ts";
import { within } from "./deadline.ts";
import { type Outcome, ProgramError, type ProgramRun } from "./program_run.ts";
import { startChild } from "./start_child.ts";
import { StderrLines } from "./stderr_lines.ts";

/** How to run a program. */
export interface ProcessOptions extends ChildOptions {
  /** Milliseconds between SIGTERM and SIGKILL. */
  readonly killGrace: number;
  /** Takes each line of standard error. */
  readonly onStderr: (line: string) => void;
  /** Called once when the program is gone. */
  readonly onGone?: () => void;
}

/** Milliseconds, about, for what outlives its program and let go of it. */
const STRAGGLER_GRACE = 128;

/**
 * Starts a program.
 *
 * @throws {ProgramError} If it cannot be started.
 * @throws {Deno.errors.NotCapable} If `--allow-run` does not name it.
 */
export async function startProcess(
  options: ProcessOptions,
  start: StartChild = startChild,
): Promise<CgiProcess> {
  try {
    return new CgiProcess(await start(options), options);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    throw new ProgramError(`Cannot start ${options.command}`, {
      cause: error,
      status: exhaustionError(error)?.status === 503 ? 503 : 502,
    });
  }
}

/** A running program. */
export class CgiProcess implements ProgramRun {
  readonly #child: Child;
  readonly #errorsLogged: Promise<void>;
  readonly #group: boolean;
  readonly #killGrace: number;
  readonly #onGone: (() => void) | undefined;
  #inputOpen: boolean;
  #errorsEnded = false;
  /** What the log has thrown: told once the process is gone. */
  #logFailure: { readonly error: unknown } | undefined;
  #killed: Promise<void> | undefined;

  /** Takes over a process that was started. */
  constructor(child: Child, options: ProcessOptions) {
    this.#child = child;
    this.#group = options.group;
    this.#killGrace = options.killGrace;
    this.#onGone = options.onGone;
    this.#inputOpen = options.hasBody;
    this.#errorsLogged = this.#logErrors(options.onStderr);
  }

  /** The process id, also that of the group if it leads one. */
  get pid(): number {
    return this.#child.pid;
  }

  /** Resolves to how the program ended. */
  outcome(): Promise<Outcome> {
    return this.#child.ended();
  }

  /** Resolves to the next octets of standard output, `null` at its end. */
  read(): Promise<Uint8Array | null> {
    return this.#child.output.read();
  }

  /** Writes to standard input; `false` once the program has closed it. */
  async write(octets: Uint8Array): Promise<boolean> {
    if (!this.#inputOpen) return false;
    try {
      await this.#child.input?.write(octets);
    } catch {
      // EPIPE: a program need not read its input (RFC 3875 §4.2).
      this.#inputOpen = false;
    }
    return this.#inputOpen;
  }

  /** Ends standard input. */
  async closeInput(): Promise<void> {
    if (!this.#inputOpen) return;
    this.#inputOpen = false;
    // The program may close its end first.
    await this.#child.input?.end().catch(() => {});
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
    try {
      if (this.#inputOpen) this.#child.input?.abandon();
      this.#inputOpen = false;
      await this.#child.output.close();
      await this.#child.ended();
      await this.#killed;
      await this.#closeErrors();
    } finally {
      this.#onGone?.();
    }
  }

  async #closeErrors(): Promise<void> {
    // Something the program left running may hold standard error for ever.
    if (!this.#errorsEnded) await within(this.#errorsLogged, STRAGGLER_GRACE);
    await this.#child.errors.close();
    await this.#errorsLogged;
    if (this.#logFailure !== undefined) throw this.#logFailure.error;
  }

  /** Reads to the end: a program that is not read from comes to a stop. */
  async #logErrors(log: (line: string) => void): Promise<void> {
    const lines = new StderrLines((line) => this.#log(line, log));
    for (;;) {
      const octets = await this.#child.errors.read();
      if (octets === null) break;
      lines.push(octets);
    }
    lines.end();
    this.#errorsEnded = true;
  }

  #log(line: string, log: (line: string) => void): void {
    try {
      if (this.#logFailure === undefined) log(line);
    } catch (error) {
      this.#logFailure = { error };
    }
  }

  async #kill(): Promise<void> {
    if (this.#child.signal("SIGTERM")) {
      // Whoever the program started most likely holds its standard error.
      const ended = Promise.all([this.#child.ended(), this.#errorsLogged]);
      const inTime = await within(ended, this.#killGrace);
      const isGone = inTime && (!this.#group || await this.#groupEnds());
      if (!isGone) this.#child.signal("SIGKILL");
    }
    // What has left the group may hold the output open for ever.
    await this.#child.output.close();
  }

  /**
   * Whether nothing of the group is left after a moment. Only its parent is
   * told when a process ends, so all there is to do is ask again; not for
   * long, because a zombie that nobody collects still counts.
   */
  async #groupEnds(): Promise<boolean> {
    for (let pause = 1; pause < STRAGGLER_GRACE; pause *= 2) {
      if (!this.#child.signal("SIGCONT")) return true;
      await within(new Promise(() => {}), pause);
    }
    return false;
  }
}
