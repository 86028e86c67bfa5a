import { HttpError } from "../facts/errors.ts";

/**
 * Waits for the work of a handler, but not longer than its deadline.
 *
 * @param work The work.
 * @param timeout Milliseconds; `Infinity` for no deadline and no timer.
 * @throws {HttpError} 503 past the deadline; the work is left to itself.
 */
export async function withinTime(
  work: Promise<void>,
  timeout: number,
): Promise<void> {
  if (timeout === Infinity) return await work;
  const { promise: deadline, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new HttpError(503, "The handler took too long")),
    timeout,
  );
  try {
    await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
