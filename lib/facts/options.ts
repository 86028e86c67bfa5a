// Options that nothing would read, or that are of a type that nothing takes, are
// mistakes: types are gone at run time, and plain JavaScript has none.

import { kindOf } from "./kind.ts";
import { DEFAULT_LIMITS } from "./limits.ts";

/** The type that an option has. */
export type OptionType =
  | "array"
  | "boolean"
  | "function"
  | "number"
  | "object"
  | "string";

/**
 * Makes sure that options have known names and the right types. What limits are
 * is checked where they are taken.
 *
 * @param options What was given for the options; those that are undefined do
 * not count.
 * @param types The names that there are besides those of the limits, and their
 * types.
 * @throws {TypeError} If it is no object, or one with a name that is unknown or
 * a value of another type.
 */
export function requireOptions(
  options: unknown,
  types: Readonly<Record<string, OptionType>> = {},
): void {
  if (
    typeof options !== "object" || options === null || Array.isArray(options)
  ) {
    throw new TypeError(
      `Cannot take ${kindOf(options)} for the options: want an object`,
    );
  }
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || Object.hasOwn(DEFAULT_LIMITS, name)) continue;
    if (!Object.hasOwn(types, name)) {
      const known = [...Object.keys(types), ...Object.keys(DEFAULT_LIMITS)];
      throw new TypeError(
        `There is no option "${name}": there are ${known.join(", ")}`,
      );
    }
    const type = types[name];
    if ((Array.isArray(value) ? "array" : typeof value) === type) continue;
    throw new TypeError(
      `Cannot take ${kindOf(value)} for the option "${name}": ` +
        `want ${withArticle(type)}`,
    );
  }
}

function withArticle(noun = ""): string {
  return `${/^[ao]/.test(noun) ? "an" : "a"} ${noun}`;
}
