// What kind of value somebody has given who gave a wrong one: for the messages
// of errors.

/**
 * Names the kind of a value.
 *
 * @param value Any value.
 * @returns As `"a number"`, `"null"` or `"an object (Map)"`.
 */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value !== "object") return `a ${typeof value}`;
  const { name } = value.constructor ?? Object;
  return name === "Object" ? "an object" : `an object (${name})`;
}
