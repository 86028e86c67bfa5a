// Options by names that nobody knows are mistakes.

import { DEFAULT_LIMITS } from "./limits.ts";

/**
 * Makes sure that options have known names.
 *
 * @param options The options; those that are undefined do not count.
 * @param names The names that there are besides those of the limits.
 * @throws {TypeError} If there is another.
 */
export function requireKnownNames(
  options: object,
  names: readonly string[],
): void {
  const known = [...names, ...Object.keys(DEFAULT_LIMITS)];
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || known.includes(name)) continue;
    throw new TypeError(
      `There is no option "${name}": there are ${known.join(", ")}`,
    );
  }
}
