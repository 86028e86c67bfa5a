// Connections that are turned away because the server is full. Each is told
// 503 and is lingered on, so that what it was sending does not destroy the
// answer; these are counted apart, and past a number they are cut at once.

import type { TransportConnection } from "./connection.ts";
import type { Deadlines } from "./deadlines.ts";

/** How many connections are turned away in a polite manner at once. */
const MAX_POLITE = 256;

const ANSWER = "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n" +
  "Retry-After: 1\r\nContent-Length: 0\r\n\r\n";

/** Turns connections away. */
export class Refusals {
  #deadlines: Deadlines;
  #pending = new Map<TransportConnection, Promise<void>>();

  /**
   * Makes an empty set.
   *
   * @param deadlines What cuts those that do not go.
   */
  constructor(deadlines: Deadlines) {
    this.#deadlines = deadlines;
  }

  /** How many are being turned away. */
  get size(): number {
    return this.#pending.size;
  }

  /**
   * Answers 503 and closes.
   *
   * @param connection The connection.
   * @returns Settles when it is closed.
   */
  refuse(connection: TransportConnection): Promise<void> {
    if (this.#pending.size >= MAX_POLITE) {
      connection.close();
      return Promise.resolve();
    }
    const watch = this.#deadlines.add(connection);
    const refusing = this.#answer(connection).finally(() => {
      this.#deadlines.delete(watch);
      this.#pending.delete(connection);
    });
    this.#pending.set(connection, refusing);
    return refusing;
  }

  /** Cuts those that are still there. */
  async close(): Promise<void> {
    for (const connection of this.#pending.keys()) connection.close();
    await Promise.all(this.#pending.values());
  }

  async #answer(connection: TransportConnection): Promise<void> {
    try {
      await connection.secure();
      await connection.wfile.write(ANSWER);
      await connection.wfile.flush();
      await connection.linger();
    } catch {
      // The client is gone already.
    } finally {
      connection.close();
    }
  }
}
