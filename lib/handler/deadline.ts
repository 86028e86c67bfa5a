/** The longest time that a timer takes; it would fire at once past it. */
const LONGEST = 2 ** 31 - 1;

/**
 * Waits for work, but not longer than its deadline.
 *
 * @param work The work; late work is left to itself.
 * @param timeout Milliseconds; `Infinity` for no deadline and no timer.
 * @returns Whether the work has ended in time.
 */
export function endsWithin(
  work: Promise<void>,
  timeout: number,
): Promise<boolean> {
  return timeout === Infinity ? work.then(inTime) : race(work, timeout);
}

async function race(work: Promise<void>, timeout: number): Promise<boolean> {
  const { promise: deadline, resolve } = Promise.withResolvers<false>();
  const timer = setTimeout(() => resolve(false), Math.min(timeout, LONGEST));
  try {
    return await Promise.race([work.then(inTime), deadline]);
  } finally {
    clearTimeout(timer);
  }
}

function inTime(): true {
  return true;
}
