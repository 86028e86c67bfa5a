// The one place of this folder that waits for time to pass.

/** Whether the promise is fulfilled within so many milliseconds. */
export async function within(
  promise: Promise<unknown>,
  milliseconds: number,
): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), milliseconds);
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The longest time that a timer takes; it would fire at once past it. */
const LONGEST = 2 ** 31 - 1;

/** Runs an action once after a delay, unless it is disposed of before. */
export class Deadline implements Disposable {
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Starts the delay, in milliseconds; without end if it is not finite. */
  constructor(milliseconds: number, action: () => void) {
    if (!Number.isFinite(milliseconds)) return;
    this.#timer = setTimeout(action, Math.min(milliseconds, LONGEST));
  }

  /** Lets the process exit before the action has run. */
  unref(): this {
    this.#timer?.unref();
    return this;
  }

  /** Calls the action off. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}
