// Ends a run that must not go on: too long without an answer, too long in all,
// a client that went away, a request body that broke off. The first reason
// counts, and is what the request fails with.

import { HttpError } from "../facts/errors.ts";
import { Deadline } from "./deadline.ts";
import type { ProgramRun } from "./program_run.ts";

/** How long a run may take, in milliseconds. */
export interface RunLimits {
  /** From the last octet of the request to the first of the output. */
  readonly firstByte: number;
  /** From its start to its end. */
  readonly whole: number;
}

/** Watches over one run. */
export class RunGuard implements Disposable {
  readonly #run: Pick<ProgramRun, "stop">;
  readonly #limits: RunLimits;
  readonly #endBy: number;
  // One timer serves both deadlines: few runs live to see it.
  #timer: Deadline;
  #answerBy: number;
  #reason: { readonly error: unknown } | undefined;
  #signal: AbortSignal | undefined;

  /** Starts both deadlines. */
  constructor(run: Pick<ProgramRun, "stop">, limits: RunLimits) {
    const now = performance.now();
    this.#run = run;
    this.#limits = limits;
    this.#endBy = now + limits.whole;
    this.#answerBy = now + limits.firstByte;
    this.#timer = this.#start(now);
  }

  /** The program was given something to read: its time to answer restarts. */
  restart(): void {
    if (this.#answerBy === Infinity) return;
    this.#answerBy = performance.now() + this.#limits.firstByte;
  }

  /** The program has begun to answer. */
  answered(): void {
    this.#answerBy = Infinity;
  }

  /** Ends the run once the signal is aborted. */
  watch(signal: AbortSignal): void {
    this.#signal = signal;
    signal.addEventListener("abort", this.#aborted);
    if (signal.aborted) this.#aborted();
  }

  /** Ends the run; the request fails with `error`. */
  end(error: unknown): void {
    this.#reason ??= { error };
    this.#run.stop();
  }

  /** Whether the run was ended. */
  get hasEnded(): boolean {
    return this.#reason !== undefined;
  }

  /** Throws the reason why the run was ended, if it was. */
  check(): void {
    if (this.#reason !== undefined) throw this.#reason.error;
  }

  /** Calls the deadlines off. */
  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]();
    this.#signal?.removeEventListener("abort", this.#aborted);
  }

  #aborted = (): void => this.end(this.#signal?.reason);

  #start(now: number): Deadline {
    const next = Math.min(this.#endBy, this.#answerBy);
    return new Deadline(next - now, this.#look);
  }

  #look = (): void => {
    const now = performance.now();
    if (now >= this.#endBy) this.#late("to end");
    else if (now >= this.#answerBy) this.#late("to answer");
    else this.#timer = this.#start(now);
  };

  #late(what: string): void {
    this.end(new HttpError(504, `The program took too long ${what}`));
  }
}
