// Tells late code by the platform's async context, which timers and promises
// carry with them from where they were made.

import { AsyncLocalStorage } from "node:async_hooks";

import type { LateCodeGuard } from "../handler/late_code.ts";

/** To which work of a connection some code belongs. */
class Origin {
  /** The guard of the connection; undefined for code of no request. */
  readonly guard: AsyncContextGuard | undefined;

  constructor(guard?: AsyncContextGuard) {
    this.guard = guard;
  }
}

const origins = new AsyncLocalStorage<Origin>();

/**
 * Guards the requests of one connection. Code of other connections is never
 * late: it may well write to a response here, as to all who take part in a chat.
 */
export class AsyncContextGuard implements LateCodeGuard {
  /** The origin of what receives requests. */
  readonly #loop = new Origin(this);
  /** The origin of the work that is waited for. */
  #current: Origin | undefined;
  #onLateWrite: (error: Error) => void;

  /**
   * Makes the guard of a connection.
   *
   * @param onLateWrite Takes what late code is told.
   */
  constructor(onLateWrite: (error: Error) => void) {
    this.#onLateWrite = onLateWrite;
  }

  /** Whether some code is kept apart; see {@linkcode LateCodeGuard}. */
  get isActive(): boolean {
    return this.#current !== undefined;
  }

  /** Whether the caller is late code; see {@linkcode LateCodeGuard}. */
  get isLate(): boolean {
    if (this.#current === undefined) return false;
    const origin = origins.getStore();
    return origin !== this.#current && origin?.guard === this;
  }

  /**
   * Serves the connection.
   *
   * @param loop What receives its requests.
   */
  run<T>(loop: () => T): T {
    return origins.run(this.#loop, loop);
  }

  /** Does the work of a request; see {@linkcode LateCodeGuard}. */
  enter<T>(work: () => T): T {
    this.#current = new Origin(this);
    return origins.run(this.#current, work);
  }

  /** Does work within that of a request; see {@linkcode LateCodeGuard}. */
  async within(
    work: () => void | Promise<void>,
    isForAll: boolean,
  ): Promise<void> {
    const outer = this.#current;
    const origin = this.#current = new Origin(isForAll ? undefined : this);
    try {
      await origins.run(origin, work);
    } finally {
      // Late work ends too, and must not end what is current.
      if (this.#current === origin) this.#current = outer;
    }
  }

  /** The response is complete. */
  leave(): void {
    this.#current = undefined;
  }

  /** Takes what late code is told; see {@linkcode LateCodeGuard}. */
  report(error: Error): void {
    this.#onLateWrite(error);
  }
}
