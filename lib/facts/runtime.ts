// The runtime that the code is known to work on.

/** The oldest version of Deno: before it TLS stalls, or every path is 404. */
const OLDEST = [2, 9] as const;

/**
 * Makes sure that the runtime is recent enough: an older one would serve, but
 * wrongly.
 *
 * @param version The version of Deno.
 * @throws {Error} If it is too old.
 */
export function requireRuntime(version: string = Deno.version.deno): void {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldestMajor, oldestMinor] = OLDEST;
  if (major > oldestMajor) return;
  if (major === oldestMajor && minor >= oldestMinor) return;
  throw new Error(
    `needs Deno ${OLDEST.join(".")} or later, this is ${version}`,
  );
}
