// A client that has ended its side behind its last request may read on, or may
// have closed the connection: TCP sends the same FIN for both. Only something
// that is sent to it tells them apart, as a closed connection answers with a
// reset. So while a handler works for such a client, it is asked now and then.

/**
 * How often a client is asked. Each question may be a zero in front of the size
 * of one chunk, for which clients take some 16 digits.
 */
const MAX_QUESTIONS = 8;

/** When to ask a client that has ended its side whether it is still there. */
export class EndedClient {
  #pause: number;
  #askAt: number;
  #left = MAX_QUESTIONS;

  /**
   * Begins at the end of the client's side.
   *
   * @param now Epoch milliseconds.
   * @param pause Milliseconds until the first question; each later one takes
   * twice as long.
   */
  constructor(now: number, pause: number) {
    this.#pause = pause;
    this.#askAt = now + pause;
  }

  /**
   * Whether to ask now, which counts as asked.
   *
   * @param now Epoch milliseconds.
   */
  isToBeAsked(now: number): boolean {
    if (now < this.#askAt || this.#left === 0) return false;
    this.#left--;
    this.#pause *= 2;
    this.#askAt = now + this.#pause;
    return true;
  }
}
