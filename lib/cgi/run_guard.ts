// Ends a run that must not go on: too long without an answer, too long in all,
// a client that went away, a request body that broke off. The first reason
// counts, and is what the request fails with.

import { HttpError } from "../facts/errors.ts";
import { Deadline } from "./deadline.ts";
import type { ProgramRun } from "./program_run.ts";
import type { OutputSink } from "./relay.ts";
import type { Slots } from "./slots.ts";

/** How long a run may take, in milliseconds. */
export interface RunLimits {
  /** From the last octet of the request to the first of the output. */
  readonly firstByte: number;
  /** From its start to its end. */
  readonly whole: number;
  /**
   * After which the client counts as slow if the program has waited for it most
   * of the time.
   */
  readonly client: number;
  /** The places for runs with a slow client, which must not hold every slot. */
  readonly slow: Pick<Slots, "tryTake">;
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
  #lookedAt: number;
  /** Milliseconds of waiting for the client since the last look. */
  #waited = 0;
  #waitsSince: number | undefined;
  #place: Disposable | undefined;
  #interrupt: ((reason: unknown) => void) | undefined;

  /** Starts both deadlines. */
  constructor(run: Pick<ProgramRun, "stop">, limits: RunLimits) {
    const now = performance.now();
    this.#run = run;
    this.#limits = limits;
    this.#endBy = now + limits.whole;
    this.#answerBy = now + limits.firstByte;
    this.#lookedAt = now;
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

  /** The output, with the time counted that the client takes for it. */
  watchOutput(wfile: OutputSink): OutputSink {
    return {
      write: (octets) => this.#waitForClient(wfile.write(octets)),
      flush: () => this.#waitForClient(wfile.flush()),
    };
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
    this.#interrupt?.(this.#reason.error);
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
    this.#givePlaceBack();
    this.#timer[Symbol.dispose]();
    this.#signal?.removeEventListener("abort", this.#aborted);
  }

  /** A run that was ended does not wait for its client to read. */
  async #waitForClient(wait: Promise<void>): Promise<void> {
    const { promise: ended, reject } = Promise.withResolvers<never>();
    this.#interrupt = reject;
    this.#waitsSince = performance.now();
    try {
      if (this.#reason !== undefined) reject(this.#reason.error);
      await Promise.race([wait, ended]);
    } finally {
      this.#waited += performance.now() - this.#waitsSince;
      this.#waitsSince = undefined;
      this.#interrupt = undefined;
    }
  }

  #aborted = (): void => this.end(this.#signal?.reason);

  #start(now: number): Deadline {
    const lookAt = now + this.#limits.client;
    const next = Math.min(this.#endBy, this.#answerBy, lookAt);
    return new Deadline(next - now, this.#look);
  }

  #look = (): void => {
    const now = performance.now();
    if (now >= this.#endBy) return this.#late("to end");
    if (now >= this.#answerBy) return this.#late("to answer");
    this.#timer = this.#start(now);
    if (this.#clientIsSlow(now)) this.#requirePlace();
    else this.#givePlaceBack();
  };

  #clientIsSlow(now: number): boolean {
    const waited = this.#waited + now - (this.#waitsSince ?? now);
    const isSlow = waited > (now - this.#lookedAt) / 2;
    this.#lookedAt = now;
    this.#waited = 0;
    if (this.#waitsSince !== undefined) this.#waitsSince = now;
    return isSlow;
  }

  #requirePlace(): void {
    this.#place ??= this.#limits.slow.tryTake();
    if (this.#place !== undefined) return;
    this.end(new HttpError(503, "Too many clients read slowly"));
  }

  #givePlaceBack(): void {
    this.#place?.[Symbol.dispose]();
    this.#place = undefined;
  }

  #late(what: string): void {
    this.end(new HttpError(504, `The program took too long ${what}`));
  }
}
