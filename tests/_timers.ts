// Timers that fire when a test says so, and not by a clock.

/** A timer that runs, as `setTimeout` returns it. */
export class Timer {
  /** Does nothing: no process waits for it. */
  unref(): void {}
}

/** Takes the place of the platform's timers until it is disposed of. */
export class Timers implements Disposable {
  readonly #platform = { setTimeout, clearTimeout };
  readonly #actions = new Map<Timer | undefined, () => void>();

  /** Begins at once. */
  constructor() {
    const set = (action: () => void) => {
      const timer = new Timer();
      this.#actions.set(timer, action);
      return timer;
    };
    const clear = (timer?: Timer) => void this.#actions.delete(timer);
    Object.assign(globalThis, { setTimeout: set, clearTimeout: clear });
  }

  /** The timers that run, in the order in which they were set. */
  get running(): (Timer | undefined)[] {
    return [...this.#actions.keys()];
  }

  /** Fires a timer, if it still runs. */
  fire(timer: Timer | undefined): void {
    const action = this.#actions.get(timer);
    this.#actions.delete(timer);
    action?.();
  }

  /** Gives the platform's timers back. */
  [Symbol.dispose](): void {
    Object.assign(globalThis, this.#platform);
  }
}
