// How many programs run at once. Who finds every slot taken waits in a queue
// of bounded length for a bounded time; who finds the queue full is refused at
// once, so that load turns into fast 503 answers and not into processes.

import { Deadline } from "./deadline.ts";

/** The size of a set of slots. */
export interface SlotLimits {
  /** Programs at once. */
  readonly slots: number;
  /** Requests that may wait for a slot. */
  readonly queue: number;
  /** Milliseconds that one may wait. */
  readonly wait: number;
}

/** Slots that a run takes before it starts and gives back when it is over. */
export class Slots {
  readonly #limits: SlotLimits;
  readonly #waiting = new Set<(got: boolean) => void>();
  #taken = 0;

  /** Starts with every slot free. */
  constructor(limits: SlotLimits) {
    this.#limits = limits;
  }

  /**
   * Takes a slot, after a wait if need be.
   *
   * @param signal Ends the wait when nobody wants the slot any more.
   * @returns The slot, given back when it is disposed of; `undefined` when
   *   there is none to be had.
   */
  async take(signal?: AbortSignal): Promise<Disposable | undefined> {
    const slot = this.tryTake() ?? await this.#await(signal);
    if (!signal?.aborted) return slot;
    // The client left in the turn in which its slot was freed.
    slot?.[Symbol.dispose]();
    return undefined;
  }

  /** Takes a slot if one is free. */
  tryTake(): Disposable | undefined {
    if (this.#taken >= this.#limits.slots) return undefined;
    this.#taken++;
    return this.#slot();
  }

  async #await(
    signal: AbortSignal | undefined,
  ): Promise<Disposable | undefined> {
    if (this.#waiting.size >= this.#limits.queue) return undefined;
    return await this.#wait(signal) ? this.#slot() : undefined;
  }

  /** A slot that is given back once, however often it is disposed of. */
  #slot(): Disposable {
    let isTaken = true;
    return {
      [Symbol.dispose]: () => {
        if (isTaken) this.#giveBack();
        isTaken = false;
      },
    };
  }

  async #wait(signal: AbortSignal | undefined): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    // Leaving the queue decides: a slot is handed to those in it only, so none
    // is handed to one who gives up in the same turn.
    const giveUp = () => {
      if (this.#waiting.delete(resolve)) resolve(false);
    };
    using _deadline = new Deadline(this.#limits.wait, giveUp);
    this.#waiting.add(resolve);
    signal?.addEventListener("abort", giveUp);
    if (signal?.aborted) giveUp();
    try {
      return await promise;
    } finally {
      signal?.removeEventListener("abort", giveUp);
    }
  }

  /** Hands the slot to the one who waits longest, if there is one. */
  #giveBack(): void {
    for (const next of this.#waiting) {
      this.#waiting.delete(next);
      next(true);
      return;
    }
    this.#taken--;
  }
}
