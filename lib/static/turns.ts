// Work that is done a few pieces at a time, in the order in which it came.

/** A queue with one server, or a few. */
export class Turns {
  readonly #waiting: (() => void)[] = [];
  #free: number;
  #length = 0;

  /**
   * Makes an empty queue.
   *
   * @param atOnce How many pieces of work are done at once.
   */
  constructor(atOnce = 1) {
    this.#free = atOnce;
  }

  /** The pieces of work that have not ended, those in progress included. */
  get length(): number {
    return this.#length;
  }

  /**
   * Does a piece of work when its turn has come, however those before it ended.
   *
   * @param work The work.
   * @returns What it returns.
   */
  async take<T>(work: () => Promise<T>): Promise<T> {
    this.#length++;
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      this.#length--;
      const next = this.#waiting.shift();
      if (next === undefined) this.#free++;
      else next();
    }
  }
}
