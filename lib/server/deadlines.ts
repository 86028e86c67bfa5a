// The one timer of a server. Connections note when what they wait for must have
// come; one look at all of them, a few times a second, finds those that are
// late. A request sets no timer of its own.

import { type Place, Roster } from "./roster.ts";

/** What has deadlines. */
export interface Expiring {
  /**
   * Ends what is late.
   *
   * @param now Epoch milliseconds.
   */
  expire(now: number): void;
}

/** The longest time between two looks, in milliseconds. */
const MAX_INTERVAL = 500;
/** The shortest. */
const MIN_INTERVAL = 5;

/** Looks after the deadlines of a server's connections. */
export class Deadlines {
  #interval: number;
  #watched = new Roster<Expiring>();
  #timer: AbortSignal | undefined;

  /**
   * Makes a watch that looks as often as the shortest deadline needs.
   *
   * @param timeouts All timeouts in force, in milliseconds.
   */
  constructor(timeouts: readonly number[]) {
    const shortest = Math.min(...timeouts);
    this.#interval = Math.max(
      MIN_INTERVAL,
      Math.min(MAX_INTERVAL, shortest / 4),
    );
  }

  /**
   * Starts to look after `expiring`.
   *
   * @param expiring What has deadlines.
   * @returns What `delete` takes.
   */
  add(expiring: Expiring): Place<Expiring> {
    // Kept running between connections: setting it costs more than a look.
    if (this.#timer === undefined) this.#start();
    return this.#watched.add(expiring);
  }

  /** Stops to look after what is at a place. */
  delete(place: Place<Expiring>): void {
    this.#watched.delete(place);
  }

  /** Stops the timer; `add` starts it again. */
  stop(): void {
    this.#timer?.removeEventListener("abort", this.#look);
    this.#timer = undefined;
  }

  /**
   * Not by `setInterval`: the first use of that in a process loads a part of
   * the platform that takes longer to load than all of this server.
   */
  #start(): void {
    this.#timer = AbortSignal.timeout(this.#interval);
    this.#timer.addEventListener("abort", this.#look);
  }

  readonly #look = (): void => {
    this.#timer = undefined;
    if (this.#watched.size === 0) return;
    this.#start();
    const now = Date.now();
    for (const expiring of this.#watched.items()) expiring.expire(now);
  };
}
