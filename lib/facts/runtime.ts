// The runtime that the code is known to work on.

/**
 * The oldest version of Deno on which deadlines hold. Before 2.9.5 `close()` did
 * not end a pending write, and on 2.8 no pending read either: a client could hold
 * a connection for ever. 2.9.5 panics on a key that is not that of its
 * certificate.
 */
export const OLDEST_DENO = "2.9.6";

/**
 * Makes sure that the runtime is recent enough: an older one would serve, but
 * wrongly.
 *
 * @param version The version of Deno.
 * @throws {Error} If it is too old.
 */
export function requireRuntime(version: string = Deno.version.deno): void {
  if (compare(numbersOf(version), numbersOf(OLDEST_DENO)) >= 0) return;
  throw new Error(`needs Deno ${OLDEST_DENO} or later, this is ${version}`);
}

/** Major, minor and patch; of a release candidate those of its release. */
function numbersOf(version: string): number[] {
  return version.split(/[-+]/, 1).join("").split(".").map(Number);
}

function compare(a: readonly number[], b: readonly number[]): number {
  const differing = a.findIndex((number, index) => number !== b[index]);
  return (a[differing] ?? 0) - (b[differing] ?? 0);
}
