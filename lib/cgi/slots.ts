// How many programs run at once. Who finds every slot taken waits in a queue
// of bounded length for a bounded time; who finds the queue full is refused at
// once, so that load turns into fast 503 answers and not into processes.
//
// Attack: one client with many connections takes every slot, and the queue, as
// fast as they are freed. So a freed slot goes to the client that holds the
// fewest, and a full queue makes room for who has fewer in it.

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

/** A request that waits for a slot. */
interface Waiter {
  readonly client: string;
  readonly settle: (got: boolean) => void;
}

/** Slots that a run takes before it starts and gives back when it is over. */
export class Slots {
  readonly #limits: SlotLimits;
  /** In the order in which they came. */
  readonly #waiting = new Set<Waiter>();
  /** How many slots each client holds; those that hold none are absent. */
  readonly #held = new Map<string, number>();
  #taken = 0;

  /** Starts with every slot free. */
  constructor(limits: SlotLimits) {
    this.#limits = limits;
  }

  /**
   * Takes a slot, after a wait if need be.
   *
   * @param signal Ends the wait when nobody wants the slot any more.
   * @param client Whose request it is for.
   * @returns The slot, given back when it is disposed of; `undefined` when
   *   there is none to be had.
   */
  async take(
    signal?: AbortSignal,
    client = "",
  ): Promise<Disposable | undefined> {
    const slot = this.tryTake(client) ?? await this.#await(signal, client);
    if (!signal?.aborted) return slot;
    // The client left in the turn in which its slot was freed.
    slot?.[Symbol.dispose]();
    return undefined;
  }

  /** Takes a slot if one is free. */
  tryTake(client = ""): Disposable | undefined {
    if (this.#taken >= this.#limits.slots) return undefined;
    this.#taken++;
    this.#count(client, 1);
    return this.#slot(client);
  }

  async #await(
    signal: AbortSignal | undefined,
    client: string,
  ): Promise<Disposable | undefined> {
    const isFull = this.#waiting.size >= this.#limits.queue;
    if (isFull && !this.#makeRoom(client)) return undefined;
    return await this.#wait(signal, client) ? this.#slot(client) : undefined;
  }

  /** A slot that is given back once, however often it is disposed of. */
  #slot(client: string): Disposable {
    let isTaken = true;
    return {
      [Symbol.dispose]: () => {
        if (isTaken) this.#giveBack(client);
        isTaken = false;
      },
    };
  }

  async #wait(
    signal: AbortSignal | undefined,
    client: string,
  ): Promise<boolean> {
    const { promise, resolve: settle } = Promise.withResolvers<boolean>();
    const waiter = { client, settle };
    // Leaving the queue decides: a slot is handed to those in it only, so none
    // is handed to one who gives up in the same turn.
    const giveUp = () => this.#refuse(waiter);
    using _deadline = new Deadline(this.#limits.wait, giveUp);
    this.#waiting.add(waiter);
    signal?.addEventListener("abort", giveUp);
    if (signal?.aborted) giveUp();
    try {
      return await promise;
    } finally {
      signal?.removeEventListener("abort", giveUp);
    }
  }

  #refuse(waiter: Waiter): void {
    if (this.#waiting.delete(waiter)) waiter.settle(false);
  }

  /** Refuses the last of the client that has most in the queue, if it has more. */
  #makeRoom(client: string): boolean {
    const counts = new Map<string, number>();
    let most: Waiter | undefined;
    for (const waiter of this.#waiting) {
      const count = (counts.get(waiter.client) ?? 0) + 1;
      counts.set(waiter.client, count);
      if (count >= (counts.get(most?.client ?? "") ?? 0)) most = waiter;
    }
    if (most === undefined) return false;
    const others = counts.get(most.client) ?? 0;
    if (others <= (counts.get(client) ?? 0) + 1) return false;
    this.#refuse(most);
    return true;
  }

  /** Hands the slot on: of those who hold the fewest, to who waits longest. */
  #giveBack(client: string): void {
    this.#count(client, -1);
    let next: Waiter | undefined;
    for (const waiter of this.#waiting) {
      const isFirst = next === undefined ||
        this.#heldBy(waiter) < this.#heldBy(next);
      if (isFirst) next = waiter;
    }
    if (next === undefined) {
      this.#taken--;
      return;
    }
    this.#waiting.delete(next);
    this.#count(next.client, 1);
    next.settle(true);
  }

  #heldBy({ client }: Waiter): number {
    return this.#held.get(client) ?? 0;
  }

  #count(client: string, change: number): void {
    const count = (this.#held.get(client) ?? 0) + change;
    if (count === 0) this.#held.delete(client);
    else this.#held.set(client, count);
  }
}
