/**
 * Header or trailer fields in the order and spelling in which they came, with
 * repeated ones kept apart: framing is decided on this list, before any map
 * could merge duplicates (RFC 9110 section 5.2). It cannot be changed: requests
 * that repeat their fields share one.
 *
 * @example Look at fields
 * ```ts
 * import { FieldList } from "@verb/http";
 * import { assertEquals } from "@std/assert";
 *
 * const fields = new FieldList(
 *   ["Accept", "accept"],
 *   ["text/html", "text/plain"],
 * );
 * assertEquals(fields.get("accept"), "text/html, text/plain");
 * assertEquals([...fields], [["Accept", "text/html"], ["accept", "text/plain"]]);
 * ```
 */
export class FieldList implements Iterable<readonly [string, string]> {
  #names: readonly string[];
  #values: readonly string[];
  #lowerNames: readonly string[];

  /**
   * Makes a list of field lines.
   *
   * @param names The names as written, tokens.
   * @param values As many values, without whitespace around them.
   * @param lowerNames The names in lower case, if the caller has them.
   */
  constructor(
    names: readonly string[],
    values: readonly string[],
    lowerNames: readonly string[] = names.map((name) => name.toLowerCase()),
  ) {
    this.#names = names;
    this.#values = values;
    this.#lowerNames = lowerNames;
  }

  /** The number of field lines. */
  get size(): number {
    return this.#names.length;
  }

  /**
   * A list in which a value stands in the place of the first line of a field,
   * or at the end.
   *
   * @param name The name as written, a token.
   * @param value The value without whitespace around it.
   */
  with(name: string, value: string): FieldList {
    const at = this.#lowerNames.indexOf(name.toLowerCase());
    return at < 0
      ? new FieldList([...this.#names, name], [...this.#values, value])
      : new FieldList(this.#names, this.#values.with(at, value));
  }

  /**
   * The value of a field; those of repeated lines joined with `, `, those of
   * `Cookie` with `; ` (RFC 9113 section 8.2.3): no cookie parser splits at a
   * comma.
   *
   * @param name The name; names compare without case (RFC 9110 section 5.1).
   * @returns The value, or `undefined` if there is no such field.
   */
  get(name: string): string | undefined {
    const lowerName = name.toLowerCase();
    const first = this.#lowerNames.indexOf(lowerName);
    if (first < 0) return undefined;
    if (this.#lowerNames.indexOf(lowerName, first + 1) < 0) {
      return this.#values[first];
    }
    const separator = lowerName === "cookie" ? "; " : ", ";
    return this.getAll(lowerName).join(separator);
  }

  /**
   * The values of all lines of a field, in order.
   *
   * @param name The name; case does not matter.
   */
  getAll(name: string): string[] {
    const lowerName = name.toLowerCase();
    return this.#values.filter((_, i) => this.#lowerNames[i] === lowerName);
  }

  /**
   * Tells whether there is such a field.
   *
   * @param name The name; case does not matter.
   */
  has(name: string): boolean {
    return this.#lowerNames.includes(name.toLowerCase());
  }

  /** The lower-case name of line `index`, or `""` past the end. */
  lowerNameAt(index: number): string {
    return this.#lowerNames[index] ?? "";
  }

  /** The value of line `index`, or `""` past the end. */
  valueAt(index: number): string {
    return this.#values[index] ?? "";
  }

  /** The lines as `[name, value]`, the names as they were written. */
  *[Symbol.iterator](): Iterator<readonly [string, string]> {
    for (const [i, name] of this.#names.entries()) {
      yield [name, this.valueAt(i)];
    }
  }
}
