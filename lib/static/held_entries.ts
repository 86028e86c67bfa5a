// How many entries of folders are in memory at once. A listing holds the names
// of its folder until its client has read it, an archive those of the folders
// it is in: a thousand slow clients of a large folder would fill the memory.

import { HttpError } from "../facts/errors.ts";

/** Entries held for all clients together: some 70 MB where names are long. */
export const MAX_HELD_ENTRIES = 200_000;

let held = 0;

/** The entries that one response holds. */
export class HeldEntries implements Disposable {
  #count = 0;

  /** Entries held for all clients. */
  static get total(): number {
    return held;
  }

  /**
   * Counts one entry more.
   *
   * @param weight For how many it counts, where it takes more memory than a name
   * in a folder does.
   * @throws {HttpError} 503 if too many are held for other clients, too: one
   * alone may hold a larger folder.
   */
  add(weight = 1): void {
    if (held >= MAX_HELD_ENTRIES && held > this.#count) {
      throw new HttpError(503, "Too many folders are being read", {
        headers: [["Retry-After", "1"]],
      });
    }
    held += weight;
    this.#count += weight;
  }

  /** Gives some of them back. */
  drop(count: number): void {
    held -= count;
    this.#count -= count;
  }

  /** Gives all of them back. */
  [Symbol.dispose](): void {
    this.drop(this.#count);
  }
}
