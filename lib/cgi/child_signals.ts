// What happens to children: SIGCHLD says that one has ended, not which, so
// everybody who waits looks again. There are at most a few dozen.

/** Milliseconds between looks for an end that no signal has caused. */
const BACKSTOP = 1_000;

/** Milliseconds in which most programs have ended. */
const SOON = 5;

/** Wakes those who wait for the end of a child. */
export class ChildSignals {
  #soon: PromiseWithResolvers<void> | undefined;
  #ended: PromiseWithResolvers<void> | undefined;
  #children = 0;
  #backstop: ReturnType<typeof setInterval> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #listens = false;

  /** Says that there is one child more: before anybody looks at it. */
  add(): void {
    if (!this.#listens) {
      this.#listens = true;
      Deno.addSignalListener("SIGCHLD", this.#look);
    }
    // Signal listeners do not keep the server running: this does.
    if (this.#children++ === 0) {
      this.#backstop = setInterval(this.#look, BACKSTOP);
    }
  }

  /** Says that a child was collected. */
  remove(): void {
    if (--this.#children > 0) return;
    clearInterval(this.#backstop);
    // What a child has left running may still write.
    if (this.#soon === undefined) this.#stopTimer();
  }

  /** Resolves when a child may have ended. */
  ended(): Promise<void> {
    return (this.#ended ??= Promise.withResolvers<void>()).promise;
  }

  /** Resolves when a child may have ended, or after a moment. */
  soon(): Promise<void> {
    // One timer for all, and none for each wait.
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.wake();
    }, SOON);
    return (this.#soon ??= Promise.withResolvers<void>()).promise;
  }

  /** Lets those look who wait for `soon`. */
  wake(): void {
    const soon = this.#soon;
    this.#soon = undefined;
    if (this.#children === 0) this.#stopTimer();
    soon?.resolve();
  }

  readonly #look = (): void => {
    this.wake();
    const ended = this.#ended;
    this.#ended = undefined;
    ended?.resolve();
  };

  #stopTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
