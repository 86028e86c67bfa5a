// What the system has run out of, descriptors or room on a disk, as what a
// client is told. Whoever wants to can bring that about: it is no fault of the
// code, and deserves no stack in the log for each request.

import { HttpError } from "./errors.ts";

const SHORTAGES: ReadonlyMap<unknown, readonly [number, string]> = new Map([
  ["EMFILE", [503, "Too many open files"]],
  ["ENFILE", [503, "Too many open files"]],
  ["ENOSPC", [507, "There is no room on the disk"]],
  ["EDQUOT", [507, "There is no room on the disk"]],
]);

/**
 * Tells whether the system has run out of something.
 *
 * @param cause What was thrown.
 * @returns The error for the client: 503 without descriptors, 507 without room;
 * undefined if it is another fault.
 */
export function exhaustionError(cause: unknown): HttpError | undefined {
  if (!(cause instanceof Error) || !("code" in cause)) return undefined;
  const [status, message] = SHORTAGES.get(cause.code) ?? [];
  if (status === undefined) return undefined;
  const headers: [string, string][] = status === 503
    ? [["Retry-After", "1"]]
    : [];
  return new HttpError(status, message, { cause, headers });
}
