// The one timer of a server. Connections note when what they wait for must have
// come; one look at all of them, a few times a second, finds those that are
// late. A request sets no timer of its own.

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
  #watched = new Set<Expiring>();
  #timer: ReturnType<typeof setInterval> | undefined;

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

  /** Starts to look after `expiring`. */
  add(expiring: Expiring): void {
    this.#watched.add(expiring);
    // Kept running between connections: setting it costs more than a look.
    this.#timer ??= setInterval(() => this.#look(), this.#interval);
  }

  /** Stops to look after `expiring`. */
  delete(expiring: Expiring): void {
    this.#watched.delete(expiring);
  }

  /** Stops the timer; `add` starts it again. */
  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    if (this.#watched.size === 0) return this.stop();
    const now = Date.now();
    for (const expiring of this.#watched) expiring.expire(now);
  }
}
