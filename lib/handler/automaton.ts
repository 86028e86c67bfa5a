// Matches a path against a pattern by an automaton: each instruction is tried at
// most once at each place of the path, so that no path takes more than linear
// time, whatever the pattern (Thompson 1968; the order of tries, and so what a
// group takes, is that of a regular expression that backtracks).

/** Code points: those of the ranges, or all others. */
export interface PointSet {
  /** First and last code point of each range. */
  readonly ranges: readonly (readonly [first: number, last: number])[];
  /** Whether it is all the others. */
  readonly isNegated: boolean;
}

/** What a pattern is made of. */
export type PatternNode =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "set"; readonly set: PointSet }
  | { readonly kind: "sequence"; readonly nodes: readonly PatternNode[] }
  | { readonly kind: "choice"; readonly nodes: readonly PatternNode[] }
  | {
    readonly kind: "repeat";
    readonly node: PatternNode;
    readonly min: number;
    readonly max: number;
    /** Whether fewer times are tried first. */
    readonly isLazy: boolean;
  }
  | {
    readonly kind: "group";
    readonly name: string;
    readonly node: PatternNode;
    /** Whether it has taken nothing where it has taken an empty text. */
    readonly needsContent: boolean;
  };

type Instruction =
  | { readonly op: "point"; readonly point: string }
  | { readonly op: "set"; readonly set: PointSet }
  /** Goes on at `next`, and if that fails at `other`. */
  | { readonly op: "split"; next: number; other: number }
  | { readonly op: "jump"; next: number }
  | { readonly op: "save"; readonly slot: number };

/** What a match has found, and what it took. */
export interface Outcome {
  /** What each group took, by name; undefined if the path does not match. */
  readonly groups: Record<string, string> | undefined;
  /** How many instructions were run. */
  readonly steps: number;
}

/**
 * The most instructions of a pattern: a path of 8,000 characters takes each of
 * them so often.
 */
const MAX_SIZE = 500;

/** A compiled pattern. */
export class Automaton {
  readonly #program: Instruction[] = [];
  readonly #groups: { name: string; needsContent: boolean }[] = [];

  /**
   * Compiles a pattern.
   *
   * @param node The pattern.
   * @throws {RangeError} If it is too large.
   */
  constructor(node: PatternNode) {
    this.#compile(node);
  }

  /** How many instructions it has; a match runs each at most once a character. */
  get size(): number {
    return this.#program.length;
  }

  /**
   * Matches a whole text.
   *
   * @param text The text.
   */
  match(text: string): Outcome {
    const points = [...text];
    const slots: number[] = new Array(this.#groups.length * 2).fill(-1);
    const steps = { count: 0 };
    const isMatch = this.#run(points, slots, steps);
    const groups = isMatch ? this.#groupsOf(points, slots) : undefined;
    return { groups, steps: steps.count };
  }

  #groupsOf(
    points: readonly string[],
    slots: readonly number[],
  ): Record<string, string> {
    const groups: Record<string, string> = {};
    for (const [i, { name, needsContent }] of this.#groups.entries()) {
      const start = slots[2 * i] ?? -1;
      const end = slots[2 * i + 1] ?? -1;
      if (start < 0 || end < start || needsContent && end === start) continue;
      groups[name] = points.slice(start, end).join("");
    }
    return groups;
  }

  #run(
    points: readonly string[],
    slots: number[],
    steps: { count: number },
  ): boolean {
    const program = this.#program;
    const width = points.length + 1;
    const tried = new Uint8Array(Math.ceil((program.length + 1) * width / 8));
    // What is left to try, and what the slots were before: three numbers each.
    const stack: number[] = [0, 0, -1];
    while (stack.length > 0) {
      const slot = stack.pop() ?? -1;
      let at = stack.pop() ?? 0;
      let next = stack.pop() ?? 0;
      if (slot >= 0) {
        slots[slot] = at;
        continue;
      }
      for (;;) {
        if (marks(tried, next * width + at)) break;
        const instruction = program[next];
        if (instruction === undefined) {
          if (at === points.length) return true;
          break;
        }
        steps.count++;
        if (instruction.op === "split") {
          stack.push(instruction.other, at, -1);
          next = instruction.next;
        } else if (instruction.op === "jump") {
          next = instruction.next;
        } else if (instruction.op === "save") {
          stack.push(0, slots[instruction.slot] ?? -1, instruction.slot);
          slots[instruction.slot] = at;
          next++;
        } else if (takes(instruction, points[at])) {
          at++;
          next++;
        } else break;
      }
    }
    return false;
  }

  #emit<I extends Instruction>(instruction: I): I {
    if (this.#program.length >= MAX_SIZE) {
      throw new RangeError("it is too large");
    }
    this.#program.push(instruction);
    return instruction;
  }

  #compile(node: PatternNode): void {
    switch (node.kind) {
      case "text":
        for (const point of node.text) this.#emit({ op: "point", point });
        return;
      case "set":
        this.#emit({ op: "set", set: node.set });
        return;
      case "sequence":
        for (const part of node.nodes) this.#compile(part);
        return;
      case "choice":
        return this.#compileChoice(node.nodes);
      case "repeat":
        return this.#compileRepeat(node);
      case "group":
        return this.#compileGroup(node);
      default:
        node satisfies never;
    }
  }

  #compileChoice(nodes: readonly PatternNode[]): void {
    const jumps: { next: number }[] = [];
    for (const [i, node] of nodes.entries()) {
      if (i === nodes.length - 1) {
        this.#compile(node);
        break;
      }
      const split = this.#emit({ op: "split", next: this.size + 1, other: 0 });
      this.#compile(node);
      jumps.push(this.#emit({ op: "jump", next: 0 }));
      split.other = this.size;
    }
    for (const jump of jumps) jump.next = this.size;
  }

  #compileRepeat(
    { node, min, max, isLazy }: Extract<PatternNode, { kind: "repeat" }>,
  ): void {
    for (let i = 0; i < min; i++) this.#compile(node);
    if (max === Infinity) {
      const start = this.size;
      const split = this.#emit({ op: "split", next: 0, other: 0 });
      this.#compile(node);
      this.#emit({ op: "jump", next: start });
      return aim(split, start + 1, this.size, isLazy);
    }
    const splits: { at: number; split: Split }[] = [];
    for (let i = min; i < max; i++) {
      const at = this.size;
      splits.push({
        at,
        split: this.#emit({ op: "split", next: 0, other: 0 }),
      });
      this.#compile(node);
    }
    for (const { at, split } of splits) aim(split, at + 1, this.size, isLazy);
  }

  #compileGroup(
    { name, node, needsContent }: Extract<PatternNode, { kind: "group" }>,
  ): void {
    const slot = this.#groups.push({ name, needsContent }) * 2 - 2;
    this.#emit({ op: "save", slot });
    this.#compile(node);
    this.#emit({ op: "save", slot: slot + 1 });
  }
}

type Split = Extract<Instruction, { op: "split" }>;

/** Lets a split try once more first, or to go on first. */
function aim(split: Split, again: number, on: number, isLazy: boolean): void {
  split.next = isLazy ? on : again;
  split.other = isLazy ? again : on;
}

/** Sets a bit, and tells whether it was set before. */
function marks(bits: Uint8Array, index: number): boolean {
  const byte = bits[index >> 3] ?? 0;
  const mask = 1 << (index & 7);
  bits[index >> 3] = byte | mask;
  return (byte & mask) !== 0;
}

function takes(
  instruction: Extract<Instruction, { op: "point" | "set" }>,
  point: string | undefined,
): boolean {
  if (point === undefined) return false;
  if (instruction.op === "point") return instruction.point === point;
  const { ranges, isNegated } = instruction.set;
  const code = point.codePointAt(0) ?? 0;
  const isIn = ranges.some(([first, last]) => first <= code && code <= last);
  return isIn !== isNegated;
}
