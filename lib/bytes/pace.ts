// How long a peer may keep the server waiting. It has some time to begin with,
// and what it sends or takes earns further time, but never more than it had at
// first: one fast second would otherwise pay for days of slowness.

/** What limits the waits for a peer. */
export interface Pace {
  /** Milliseconds of waiting that a peer is given at first, and at most. */
  readonly timeout: number;
  /** Bytes per second that earn further time; 0 if any byte earns all of it. */
  readonly rate: number;
}

/**
 * Tells how long a peer may still be waited for.
 *
 * @param pace The limits.
 * @param left Milliseconds that were left before.
 * @param waited Milliseconds of waiting since then.
 * @param bytes Bytes that have moved since then.
 * @returns Milliseconds; not over 0 if the peer is too slow.
 */
export function timeLeft(
  { timeout, rate }: Pace,
  left: number,
  waited: number,
  bytes: number,
): number {
  // By a rate of 0 every byte earns all of it, but none earns nothing.
  const earned = bytes === 0 ? 0 : bytes / rate * 1000;
  return Math.min(timeout, left - waited + earned);
}
