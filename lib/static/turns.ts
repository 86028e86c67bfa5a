// Work that is done one piece at a time, in the order in which it came.

/** A queue with one server. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();
  #length = 0;

  /** The pieces of work that have not ended, the one in progress included. */
  get length(): number {
    return this.#length;
  }

  /**
   * Does a piece of work once all before it have ended, well or not.
   *
   * @param work The work.
   * @returns What it returns.
   */
  async take<T>(work: () => Promise<T>): Promise<T> {
    this.#length++;
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => {});
    try {
      return await turn;
    } finally {
      this.#length--;
    }
  }
}
