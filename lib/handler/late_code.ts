// Late code: what a request has left running when its response was complete, as
// a timer or a promise that nobody waits for. The next request of the connection
// has the same handler, so a late `this.wfile.write()` would stand in the
// response to somebody else. What a method has taken from `this` in time, as by
// `const { wfile } = this`, needs no guard: it belongs to one request.

/** Tells late code from the code of the current request of a connection. */
export interface LateCodeGuard {
  /** Whether some code is kept apart. */
  readonly isActive: boolean;
  /** Whether the caller is late code. */
  readonly isLate: boolean;
  /**
   * Does the work of a request: what earlier ones have left running is late from
   * here on, until `leave()`.
   *
   * @param work The work.
   */
  enter<T>(work: () => T): T;
  /**
   * Does work within that of a request, and ends with it: what has entered
   * before is late meanwhile, and goes on then.
   *
   * @param work The work.
   * @param isForAll Whether it serves all requests, as `setup()`: what it leaves
   * running is never late.
   */
  within(
    work: () => void | Promise<void>,
    isForAll: boolean,
  ): Promise<void>;
  /** The response is complete: there is nothing that late code could reach. */
  leave(): void;
  /**
   * Takes the error of a write of late code, which may have nobody else to hear
   * of it.
   *
   * @param error What the code is told.
   */
  report(error: Error): void;
}
