// How long a body may keep the server waiting: see `Limits.bodyTimeout`.

import { HttpError } from "../facts/errors.ts";
import type { Limits } from "../facts/limits.ts";

/** Adds up the waits for one body. */
export class BodyPace {
  /** How often the client had to be waited for. */
  waits = 0;

  readonly #limits: Limits;
  #waited = 0;

  /**
   * Makes the pace of a body that was not waited for.
   *
   * @param limits The limits of bodies.
   */
  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Begins with the next body. */
  start(): void {
    this.waits = this.#waited = 0;
  }

  /** Counts a wait that has ended, in milliseconds. */
  add(wait: number): void {
    this.#waited += wait;
  }

  /**
   * How many milliseconds the next wait may take.
   *
   * @param received How many bytes have come so far.
   */
  allowance(received: number): number {
    const { bodyTimeout, minimumRate } = this.#limits;
    const earned = received / minimumRate * 1000;
    const left = bodyTimeout + earned - this.#waited;
    return Math.max(1, Math.min(bodyTimeout, left));
  }
}

/** The refusal of a body that takes longer. */
export function bodyTooLate(): HttpError {
  return new HttpError(408, "The request body took too long to arrive");
}
