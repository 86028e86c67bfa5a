// At which steps of an action something happens.

/** Steps beyond which not each one has a schedule of its own. */
const MOST_SINGLE = 30;
const RANDOM = 50;
/** Where what counts is mostly decided: every other schedule stays within. */
const FIRST = 20;

/**
 * Each step alone, then a few at once: some near each other, some drawn by a seed.
 *
 * @param steps How many steps there are.
 */
export function* schedules(steps: number): Generator<Set<number>> {
  const stride = Math.ceil(steps / MOST_SINGLE);
  for (let step = 0; step < steps; step += stride) yield new Set([step]);
  // Into, out of and into the trap again, around single calls.
  for (let step = 0; step < Math.min(steps, FIRST); step++) {
    yield new Set([step, step + 2, step + 4]);
  }
  const random = randomOf(steps);
  for (let count = 0; count < RANDOM; count++) {
    const size = 2 + random(3);
    const below = count % 2 === 0 ? steps : Math.min(steps, FIRST);
    yield new Set(Array.from({ length: size }, () => random(below)));
  }
}

/** A linear congruential generator: the same numbers in each run. */
function randomOf(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor(state / 2 ** 32 * below);
  };
}
