// The body of a response that has none on the wire: to HEAD, and of 204 and 304
// (RFC 9110 section 6.4.1). A handler writes it all the same, and no client sets
// the pace: without an end of its own such a handler would keep the event loop,
// and the connection of a client that has left.

import { DONE, handled } from "../bytes/stream.ts";
import { nextTurn } from "../bytes/turn.ts";
import { ConnectionLost } from "../facts/errors.ts";

/** Bytes that a handler may write for nobody; then it is told to stop. */
const MAX_SIZE = 1_048_576;

/** Bytes after which others get a turn of the event loop. */
const TURN_SIZE = 65_536;

/** Writes after which others get one. */
const TURN_WRITES = 64;

/** Takes what is not sent. */
export class UnsentBody {
  #size = 0;
  #writes = 0;

  /**
   * Takes some bytes.
   *
   * @param size How many.
   * @param isGone Whether the client has ended its side: it waits for nothing
   * but the head.
   * @returns Settles when more may be written; rejects with a `ConnectionLost`
   * when nothing more is worth writing.
   */
  take(size: number, isGone: boolean): Promise<void> {
    const isTurn = ++this.#writes % TURN_WRITES === 0 ||
      this.#size % TURN_SIZE + size >= TURN_SIZE;
    this.#size += size;
    if (this.#size > MAX_SIZE || isGone && this.#writes > 1) {
      const reason = "Nobody reads the body of a response that has none";
      return handled(Promise.reject(new ConnectionLost(reason)));
    }
    return isTurn ? nextTurn() : DONE;
  }
}
