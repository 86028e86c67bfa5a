// Turns of the event loop. A task whose input is always here already, or whose
// output is always taken, goes on in microtasks, and nobody else is served
// meanwhile: as a body of line ends, read line by line, requests that were sent
// ahead, or a response in small pieces to a client that reads fast.

/** How many reads may go without a wait before others get a turn. */
const READS_A_TURN = 256;

/** After how many of them the clock is looked at. */
const READS_A_LOOK = 16;

/** How long all tasks of one turn may take together, in milliseconds. */
const TURN_TIME = 10;

/** Epoch milliseconds; 0 until somebody asks in the turn under way. */
let turnEndsAt = 0;

/** Counts what one task does without a wait. */
export class TurnCounter {
  #reads = 0;

  /** Begins anew, after a wait. */
  start(): void {
    this.#reads = 0;
  }

  /** Counts a read that needs no wait; true when others are to get a turn. */
  get isOver(): boolean {
    this.#reads = (this.#reads + 1) % READS_A_TURN;
    return this.#reads === 0 ||
      this.#reads % READS_A_LOOK === 0 && isTurnLong();
  }
}

/**
 * Whether the turn under way has lasted so long that others are to get theirs.
 * It is the turn of all tasks, not one for each: who waits to be served waits
 * for all of them.
 */
export function isTurnLong(): boolean {
  const now = Date.now();
  if (turnEndsAt === 0) {
    turnEndsAt = now + TURN_TIME;
    setTimeout(forgetTurn, 0);
  }
  return now >= turnEndsAt;
}

/**
 * Settles in a later turn of the event loop, when others got on. By a timer: the
 * platform looks for new input of connections before it fires one, but not
 * before each `setImmediate`.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}

function forgetTurn(): void {
  turnEndsAt = 0;
}
