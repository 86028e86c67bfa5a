/**
 * Takes the figures: all targets of a row are up at once and take turns, so
 * that what else the machine does falls on all of them alike.
 *
 * @module
 */

import type { Load } from "./load.ts";
import type { Peer } from "./peers.ts";
import { Target } from "./server.ts";

/** How much is measured. */
export interface Pace {
  /** Rounds that are counted; one before them is not. */
  readonly rounds: number;
  /** How long a load without an end of its own lasts. */
  readonly seconds: number;
  /** How long the round that is not counted lasts. */
  readonly warmup: number;
}

/** A server and the load that is put on it. */
export interface Entry {
  /** The name in the tables. */
  readonly title: string;
  /** The server. */
  readonly peer: Peer;
  /** The load. */
  readonly load: Load;
}

/**
 * The figures of each entry, in the order of the rounds.
 *
 * @throws {Error} If a server does not start or a load fails.
 */
export async function measure(
  entries: readonly Entry[],
  { folder, pace }: { folder: string; pace: Pace },
): Promise<Map<string, number[]>> {
  await using stack = new AsyncDisposableStack();
  const turns = entries.map(({ title, peer, load }) => ({
    title,
    load,
    target: stack.use(new Target(peer, folder)),
  }));

  const figures = new Map(turns.map(({ title }) => [title, emptyList()]));
  for (const { load, target } of turns) await load(target, pace.warmup);
  for (let round = 0; round < pace.rounds; round++) {
    for (const { title, load, target } of rotated(turns, round)) {
      figures.get(title)?.push(await load(target, pace.seconds));
    }
  }
  return figures;
}

function emptyList(): number[] {
  return [];
}

/** The same list begun elsewhere: nobody always comes first. */
function rotated<T>(list: readonly T[], by: number): T[] {
  const start = by % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}
