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
  // What was not asked for yet is a hole: of most fields of most requests no
  // strings are made.
  readonly #names: string[];
  readonly #values: string[];
  #size: number;
  #text = "";
  #offsets: readonly number[] = [];

  /**
   * Makes a list of field lines.
   *
   * @param names The names as written, tokens.
   * @param values As many values, without whitespace around them.
   */
  constructor(names: readonly string[], values: readonly string[]) {
    this.#names = names.slice();
    this.#values = values.slice();
    this.#size = names.length;
  }

  /**
   * A list of what stands in a text.
   *
   * @param text The text.
   * @param offsets For each line the start and end of its name, then of its
   * value. Neither may be changed afterwards.
   */
  static within(text: string, offsets: readonly number[]): FieldList {
    const list = new FieldList([], []);
    list.#text = text;
    list.#offsets = offsets;
    list.#size = offsets.length / 4;
    return list;
  }

  /** The number of field lines. */
  get size(): number {
    return this.#size;
  }

  /**
   * A list in which a value stands in the place of the first line of a field,
   * or at the end.
   *
   * @param name The name as written, a token.
   * @param value The value without whitespace around it.
   */
  with(name: string, value: string): FieldList {
    const names = Array.from({ length: this.size }, (_, i) => this.#nameAt(i));
    const values = names.map((_, i) => this.valueAt(i));
    const at = this.#find(name.toLowerCase(), 0);
    if (at < 0) return new FieldList([...names, name], [...values, value]);
    return new FieldList(names, values.with(at, value));
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
    const first = this.#find(lowerName, 0);
    if (first < 0) return undefined;
    if (this.#find(lowerName, first + 1) < 0) return this.valueAt(first);
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
    const values: string[] = [];
    for (let at = -1; (at = this.#find(lowerName, at + 1)) >= 0;) {
      values.push(this.valueAt(at));
    }
    return values;
  }

  /**
   * Tells whether there is such a field.
   *
   * @param name The name; case does not matter.
   */
  has(name: string): boolean {
    return this.#find(name.toLowerCase(), 0) >= 0;
  }

  /** The lower-case name of line `index`, or `""` past the end. */
  lowerNameAt(index: number): string {
    return index < this.size ? this.#nameAt(index).toLowerCase() : "";
  }

  /** The value of line `index`, or `""` past the end. */
  valueAt(index: number): string {
    if (index >= this.size) return "";
    return this.#values[index] ??= this.#cut(4 * index + 2);
  }

  /** The lines as `[name, value]`, the names as they were written. */
  *[Symbol.iterator](): Iterator<readonly [string, string]> {
    for (let i = 0; i < this.size; i++) {
      yield [this.#nameAt(i), this.valueAt(i)];
    }
  }

  /** The first line of a field from `from` on, or -1. */
  #find(lowerName: string, from: number): number {
    for (let i = from; i < this.size; i++) {
      if (this.#nameSize(i) !== lowerName.length) continue;
      if (this.#nameAt(i).toLowerCase() === lowerName) return i;
    }
    return -1;
  }

  /** How long a name is: most are told apart by that. */
  #nameSize(index: number): number {
    const offsets = this.#offsets;
    return offsets.length > 0
      ? offsets[4 * index + 1]! - offsets[4 * index]!
      : this.#nameAt(index).length;
  }

  #nameAt(index: number): string {
    return this.#names[index] ??= this.#cut(4 * index);
  }

  #cut(at: number): string {
    return this.#text.slice(this.#offsets[at], this.#offsets[at + 1]);
  }
}
