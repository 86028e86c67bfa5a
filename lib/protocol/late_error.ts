// What code is told that comes too late: its response is complete, and may be
// followed by the response to somebody else.

import { handled } from "../bytes/stream.ts";

/**
 * The error of whoever changes a response that is complete.
 *
 * @param action What was tried, as `"write the body"`.
 */
export function lateError(action: string): Error {
  return new Error(`Cannot ${action}: the response is complete`);
}

/**
 * What a write returns that comes too late. Who waits for it is told; who does
 * not, as a timer, must not end the process.
 *
 * @param error What it is told.
 */
export function lateWrite(
  error: Error = lateError("write the body"),
): Promise<never> {
  return handled(Promise.reject(error));
}
