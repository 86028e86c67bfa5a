// The regular expressions that stand in patterns, as `:id(\d+)`: what is regular
// about them. What looks around, refers back or anchors is refused; nothing of it
// is of use for a part of a path, and no automaton could match it.

import type { PatternNode, PointSet } from "./automaton.ts";

type Range = readonly [first: number, last: number];

const MAX_POINT = 0x10ffff;
/** The most times that may be asked for in figures. */
const MAX_TIMES = 100;

const DIGITS: readonly Range[] = [[0x30, 0x39]];
const WORD: readonly Range[] = [[0x30, 0x39], [0x41, 0x5a], [0x5f, 0x5f], [
  0x61,
  0x7a,
]];
const SPACE: readonly Range[] = [
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
];

/** Classes by the letter behind the backslash. */
const CLASSES: Readonly<Record<string, PointSet>> = {
  d: { ranges: DIGITS, isNegated: false },
  D: { ranges: DIGITS, isNegated: true },
  w: { ranges: WORD, isNegated: false },
  W: { ranges: WORD, isNegated: true },
  s: { ranges: SPACE, isNegated: false },
  S: { ranges: SPACE, isNegated: true },
};

/** Control characters by the letter behind the backslash. */
const CONTROLS: Readonly<Record<string, number>> = {
  t: 0x09,
  n: 0x0a,
  v: 0x0b,
  f: 0x0c,
  r: 0x0d,
};

/** A path is decoded: even a line end is a character like others. */
const ANY: PatternNode = {
  kind: "set",
  set: { ranges: [], isNegated: true },
};

/** A regular expression, and where it ends. */
export interface ParsedGroup {
  /** What it is made of. */
  readonly node: PatternNode;
  /** The index behind its closing parenthesis. */
  readonly end: number;
}

/**
 * Parses the regular expression of a parameter.
 *
 * @param points The characters of the pattern.
 * @param start Where its opening parenthesis stands.
 * @throws {SyntaxError} If it is none, or not a regular one.
 */
export function parseGroup(
  points: readonly string[],
  start: number,
): ParsedGroup {
  return new GroupParser(points, start + 1).parse();
}

class GroupParser {
  readonly #points: readonly string[];
  #at: number;

  constructor(points: readonly string[], at: number) {
    this.#points = points;
    this.#at = at;
  }

  parse(): ParsedGroup {
    if (this.#next === ")") throw new SyntaxError('"()" is empty');
    if (this.#next === "?") throw new SyntaxError('"(?" opens nothing');
    const node = this.#parseChoice();
    this.#expect(")");
    return { node, end: this.#at };
  }

  #parseChoice(): PatternNode {
    const nodes = [this.#parseSequence()];
    while (this.#next === "|") {
      this.#at++;
      nodes.push(this.#parseSequence());
    }
    return { kind: "choice", nodes };
  }

  #parseSequence(): PatternNode {
    const nodes: PatternNode[] = [];
    while (
      this.#next !== undefined && this.#next !== "|" && this.#next !== ")"
    ) {
      nodes.push(this.#parseTimes(this.#parseAtom()));
    }
    return { kind: "sequence", nodes };
  }

  #parseTimes(node: PatternNode): PatternNode {
    const times = this.#parseQuantifier();
    if (times === undefined) return node;
    const isLazy = this.#next === "?";
    if (isLazy) this.#at++;
    const [min, max] = times;
    return { kind: "repeat", node, min, max, isLazy };
  }

  #parseQuantifier(): readonly [min: number, max: number] | undefined {
    switch (this.#next) {
      case "*":
        this.#at++;
        return [0, Infinity];
      case "+":
        this.#at++;
        return [1, Infinity];
      case "?":
        this.#at++;
        return [0, 1];
      case "{":
        this.#at++;
        return this.#parseCounts();
    }
    return undefined;
  }

  #parseCounts(): readonly [min: number, max: number] {
    const min = this.#parseCount();
    const max = this.#next === "," ? this.#parseMax() : min;
    this.#expect("}");
    if (min > max) throw new SyntaxError(`"{${min},${max}}" is no range`);
    return [min, max];
  }

  #parseMax(): number {
    this.#at++;
    return this.#next === "}" ? Infinity : this.#parseCount();
  }

  #parseCount(): number {
    let digits = "";
    while (this.#next !== undefined && /^[0-9]$/.test(this.#next)) {
      digits += this.#next;
      this.#at++;
    }
    const count = digits === "" ? NaN : Number(digits);
    if (!(count <= MAX_TIMES)) {
      throw new SyntaxError(`"{" wants a number up to ${MAX_TIMES}`);
    }
    return count;
  }

  #parseAtom(): PatternNode {
    const point = this.#take();
    switch (point) {
      case ".":
        return ANY;
      case "[":
        return { kind: "set", set: this.#parseSet() };
      case "(":
        return this.#parseInner();
      case "\\": {
        const escape = this.#parseEscape();
        return typeof escape === "number"
          ? { kind: "text", text: String.fromCodePoint(escape) }
          : { kind: "set", set: escape };
      }
    }
    if ("^$*+?{}]".includes(point)) {
      throw new SyntaxError(`"${point}" means nothing in a part of a path`);
    }
    return { kind: "text", text: point };
  }

  /** Only what takes no parameter of its own: `(?:…)`. */
  #parseInner(): PatternNode {
    this.#expect("?");
    this.#expect(":");
    const node = this.#parseChoice();
    this.#expect(")");
    return node;
  }

  #parseSet(): PointSet {
    const isNegated = this.#next === "^";
    if (isNegated) this.#at++;
    const ranges: Range[] = [];
    while (this.#next !== "]") {
      const first = this.#parseMember();
      if (typeof first !== "number") {
        ranges.push(...rangesOf(first));
        continue;
      }
      ranges.push([first, this.#parseRangeEnd() ?? first]);
      const [low = 0, high = 0] = ranges.at(-1) ?? [];
      if (low > high) throw new SyntaxError("a range runs backwards");
    }
    this.#at++;
    return { ranges, isNegated };
  }

  /** What stands behind the hyphen of a range; a last hyphen is one. */
  #parseRangeEnd(): number | undefined {
    if (this.#next !== "-" || this.#points[this.#at + 1] === "]") {
      return undefined;
    }
    this.#at++;
    const last = this.#parseMember();
    if (typeof last !== "number") {
      throw new SyntaxError("a range ends with a class");
    }
    return last;
  }

  #parseMember(): number | PointSet {
    const point = this.#take();
    if (point === "[") throw new SyntaxError('"[" stands in a class');
    if (point !== "\\") return point.codePointAt(0) ?? 0;
    if (this.#next !== "-") return this.#parseEscape();
    this.#at++;
    return 0x2d;
  }

  #parseEscape(): number | PointSet {
    const point = this.#take();
    const set = CLASSES[point];
    if (set !== undefined) return set;
    const control = CONTROLS[point];
    if (control !== undefined) return control;
    if (point === "x") return this.#parseHex(2);
    if (point === "u") return this.#parseHex(4);
    if (/^[a-zA-Z0-9]$/.test(point)) {
      throw new SyntaxError(`"\\${point}" cannot be matched`);
    }
    return point.codePointAt(0) ?? 0;
  }

  #parseHex(length: number): number {
    const digits = this.#points.slice(this.#at, this.#at + length).join("");
    if (digits.length !== length || !/^[0-9a-fA-F]+$/.test(digits)) {
      throw new SyntaxError("an escape has no hexadecimal digits");
    }
    this.#at += length;
    return parseInt(digits, 16);
  }

  get #next(): string | undefined {
    return this.#points[this.#at];
  }

  #take(): string {
    const point = this.#next;
    if (point === undefined) throw new SyntaxError('"(" is not closed');
    this.#at++;
    return point;
  }

  #expect(wanted: string): void {
    const point = this.#take();
    if (point !== wanted) {
      throw new SyntaxError(`"${point}" stands where "${wanted}" belongs`);
    }
  }
}

/** The code points of a class as ranges. */
function rangesOf({ ranges, isNegated }: PointSet): Range[] {
  if (!isNegated) return [...ranges];
  const others: Range[] = [];
  let start = 0;
  for (const [first, last] of ranges) {
    if (first > start) others.push([start, first - 1]);
    start = last + 1;
  }
  others.push([start, MAX_POINT]);
  return others;
}
