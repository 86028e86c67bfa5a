// Signal-driven input and output: the kernel sends SIGCHLD when a child has
// ended, and, because it was told to, when a pipe of ours can be read or
// written. The signal does not say which, so everybody who waits looks again.
// There are at most a few dozen children, and most end before the first look.

/** Milliseconds between looks that no signal has caused. */
const BACKSTOP = 1_000;

/** Wakes those who wait for something to happen to a child. */
export class ChildSignals {
  #next: PromiseWithResolvers<void> | undefined;
  #children = 0;
  #backstop: ReturnType<typeof setInterval> | undefined;
  #listens = false;

  /** Says that there is one child more: call it before it is started. */
  add(): void {
    if (!this.#listens) {
      this.#listens = true;
      Deno.addSignalListener("SIGCHLD", this.wake);
    }
    // Signal listeners do not keep the server running: this does.
    if (this.#children++ === 0) {
      this.#backstop = setInterval(this.wake, BACKSTOP);
    }
  }

  /** Says that a child was collected. */
  remove(): void {
    if (--this.#children === 0) clearInterval(this.#backstop);
  }

  /** Resolves when something may have happened to any child. */
  next(): Promise<void> {
    return (this.#next ??= Promise.withResolvers<void>()).promise;
  }

  /** Lets everybody look who waits. */
  readonly wake = (): void => {
    const next = this.#next;
    this.#next = undefined;
    next?.resolve();
  };
}
