// Sorts many items without holding up the other connections: in runs, with a
// turn of the event loop after each, which are then merged as they are asked
// for. Sorting 100,000 names at once would stop the server for a second.

import { nextTurn } from "../bytes/turn.ts";

/** Items sorted in one go: some ten milliseconds of names. */
const RUN = 2048;

/**
 * Gives items in order.
 *
 * @param items The items; the array itself is left as it is.
 * @param compare Negative when its first argument comes first.
 * @param size How many to give at once.
 * @returns Batches of items.
 */
export async function* sortedBatches<Item>(
  items: readonly Item[],
  compare: (a: Item, b: Item) => number,
  size: number,
): AsyncGenerator<Item[]> {
  const runs: Item[][] = [];
  for (let start = 0; start < items.length; start += RUN) {
    if (start > 0) await nextTurn();
    // Backwards, so that the first item is the cheap one to take: the last.
    runs.push(
      items.slice(start, start + RUN).sort((a, b) => compare(b, a)),
    );
  }
  // The run whose next item comes first is at the end as well.
  runs.sort((a, b) => compareNext(b, a, compare));
  let batch: Item[] = [];
  for (let run = runs.pop(); run !== undefined; run = runs.pop()) {
    const item = run.pop();
    if (item !== undefined) batch.push(item);
    if (run.length > 0) insert(runs, run, compare);
    if (batch.length === size) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

function insert<Item>(
  runs: Item[][],
  run: Item[],
  compare: (a: Item, b: Item) => number,
): void {
  let low = 0;
  let high = runs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = runs[middle];
    const isBefore = other !== undefined &&
      compareNext(run, other, compare) < 0;
    if (isBefore) low = middle + 1;
    else high = middle;
  }
  runs.splice(low, 0, run);
}

function compareNext<Item>(
  a: Item[],
  b: Item[],
  compare: (a: Item, b: Item) => number,
): number {
  const x = a.at(-1);
  const y = b.at(-1);
  return x === undefined || y === undefined ? 0 : compare(x, y);
}
