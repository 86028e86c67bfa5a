// How long a body may keep the server waiting: see `Limits.bodyTimeout`.

import { type Pace, timeLeft } from "../bytes/pace.ts";
import { HttpError } from "../facts/errors.ts";
import type { Limits } from "../facts/limits.ts";

/** Adds up the waits for one body. */
export class BodyPace {
  /** How often the client had to be waited for. */
  waits = 0;

  readonly #pace: Pace;
  /** Milliseconds that were left at the last look; what came until then. */
  #left = 0;
  #received = 0;
  #waited = 0;

  /**
   * Makes the pace of a body that was not waited for.
   *
   * @param limits The limits of bodies.
   */
  constructor({ bodyTimeout, minimumRate }: Limits) {
    this.#pace = { timeout: bodyTimeout, rate: minimumRate };
    this.start();
  }

  /** Begins with the next body. */
  start(): void {
    this.waits = this.#waited = this.#received = 0;
    this.#left = this.#pace.timeout;
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
    const bytes = received - this.#received;
    this.#left = timeLeft(this.#pace, this.#left, this.#waited, bytes);
    this.#received = received;
    this.#waited = 0;
    return Math.max(1, this.#left);
  }
}

/** The refusal of a body that takes longer. */
export function bodyTooLate(): HttpError {
  return new HttpError(408, "The request body took too long to arrive");
}
