// Turns of the event loop. A task whose input is always here already goes on in
// microtasks, and nobody else is served meanwhile: as a body of line ends, read
// line by line.

/** How many reads may go without a wait before others get a turn. */
const READS_A_TURN = 256;

/** Counts what one task does without a wait. */
export class TurnCounter {
  #reads = 0;

  /** Counts a read that needs no wait; true when others are to get a turn. */
  get isOver(): boolean {
    this.#reads = (this.#reads + 1) % READS_A_TURN;
    return this.#reads === 0;
  }
}

/** Settles in a later turn of the event loop, when others got on. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
