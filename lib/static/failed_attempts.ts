// Failed attempts to log in, counted by the client's address. After a few of
// them an address has to wait before it may try again, longer each time: so
// many guesses in a row, and so much work for the server, are not to be had
// from one place. The wait is short, because others may share the address.

import { networkOf } from "../facts/network.ts";

/** How many may fail, and how long one then waits. */
export interface AttemptLimits {
  /** Attempts that may fail before the first wait: a slip of the finger. */
  readonly free: number;
  /** Milliseconds of the first wait; each further one is twice as long. */
  readonly firstWait: number;
  /** Milliseconds of the longest wait. */
  readonly longestWait: number;
  /** Milliseconds after which an address has a clean slate. */
  readonly memory: number;
  /** Addresses counted; the one that failed least recently makes room. */
  readonly addresses: number;
}

const LIMITS: AttemptLimits = {
  free: 5,
  firstWait: 1_000,
  longestWait: 16_000,
  memory: 600_000,
  addresses: 10_000,
};

interface Failures {
  count: number;
  /** When the last one was. */
  last: number;
  /** When the next attempt may be. */
  next: number;
}

/** Counts attempts that were not right. */
export class FailedAttempts {
  readonly #limits: AttemptLimits;
  /** By network, in the order in which they failed last. */
  readonly #failures = new Map<string, Failures>();

  /** Starts with nothing counted. */
  constructor(limits: AttemptLimits = LIMITS) {
    this.#limits = limits;
  }

  /** How many networks are counted. */
  get size(): number {
    return this.#failures.size;
  }

  /**
   * How long an address has to wait before its next attempt.
   *
   * @param address Where the client is.
   * @param now Milliseconds of a clock that does not go back.
   * @returns Milliseconds; 0 if it need not wait.
   */
  waitFor(address: Deno.Addr, now: number): number {
    const failures = this.#failures.get(networkOf(address));
    return Math.max(0, (failures?.next ?? 0) - now);
  }

  /**
   * Counts an attempt that was not right.
   *
   * @param address Where the client is.
   * @param now Milliseconds of the same clock.
   */
  add(address: Deno.Addr, now: number): void {
    const network = networkOf(address);
    const count = this.#countOf(network, now) + 1;
    // The map keeps its order: who is seen again is at its end.
    this.#failures.delete(network);
    this.#failures.set(network, {
      count,
      last: now,
      next: now + this.#waitAfter(count),
    });
    if (this.#failures.size > this.#limits.addresses) this.#dropOldest();
  }

  /**
   * Gives an address a clean slate: an attempt was right.
   *
   * @param address Where the client is.
   */
  forgive(address: Deno.Addr): void {
    this.#failures.delete(networkOf(address));
  }

  #countOf(network: string, now: number): number {
    const failures = this.#failures.get(network);
    const isFresh = failures !== undefined &&
      now - failures.last < this.#limits.memory;
    return isFresh ? failures.count : 0;
  }

  #waitAfter(count: number): number {
    const { free, firstWait, longestWait } = this.#limits;
    if (count < free) return 0;
    return Math.min(firstWait * 2 ** (count - free), longestWait);
  }

  #dropOldest(): void {
    for (const network of this.#failures.keys()) {
      this.#failures.delete(network);
      return;
    }
  }
}
