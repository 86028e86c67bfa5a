// The connections that a server has open: each is watched for its deadlines
// from its first octet to its end, and all of them end with the server.

import { endsWithin } from "../handler/deadline.ts";
import type { TransportConnection } from "./connection.ts";
import type { Deadlines } from "./deadlines.ts";
import { Roster } from "./roster.ts";

/** What handlers get to end when their connections were cut, in milliseconds. */
const CUT_PAUSE = 100;

/** The connections that are being served. */
export class OpenConnections {
  #deadlines: Deadlines;
  #open = new Roster<TransportConnection>();
  /** Settles when the next one has ended; there while somebody waits for it. */
  #change: PromiseWithResolvers<void> | undefined;
  #isEnding = false;

  /**
   * Makes an empty set.
   *
   * @param deadlines What ends those that are late.
   */
  constructor(deadlines: Deadlines) {
    this.#deadlines = deadlines;
  }

  /** How many there are. */
  get size(): number {
    return this.#open.size;
  }

  /**
   * Serves one more, which belongs to the set until it has ended.
   *
   * @param connection The connection.
   * @param serve Serves it to its end, and never rejects.
   * @returns Settles when it has ended.
   */
  async add(
    connection: TransportConnection,
    serve: () => Promise<void>,
  ): Promise<void> {
    const watch = this.#deadlines.add(connection);
    const place = this.#open.add(connection);
    try {
      await serve();
    } finally {
      this.#deadlines.delete(watch);
      this.#open.delete(place);
      this.#wake();
    }
  }

  /** Waits while there are `count` or more, but not once they are to end. */
  async awaitFewerThan(count: number): Promise<void> {
    while (this.size >= count && !this.#isEnding) await this.#nextChange();
  }

  /**
   * Lets each end at its next good moment, and cuts those that take longer.
   *
   * @param timeout How long they may take, in milliseconds.
   */
  async end(timeout: number): Promise<void> {
    this.#isEnding = true;
    this.#wake();
    for (const connection of this.#open.items()) connection.drain();
    const ended = this.#empty();
    if (await endsWithin(ended, timeout)) return;
    for (const connection of this.#open.items()) connection.close();
    // What waits for a client ends now. A handler that waits for something
    // else, perhaps for the end of the server, is not waited for.
    await endsWithin(ended, CUT_PAUSE);
  }

  async #empty(): Promise<void> {
    while (this.size > 0) await this.#nextChange();
  }

  #nextChange(): Promise<void> {
    this.#change ??= Promise.withResolvers();
    return this.#change.promise;
  }

  #wake(): void {
    const change = this.#change;
    this.#change = undefined;
    change?.resolve();
  }
}
