// The syntax of URLPattern paths (https://urlpattern.spec.whatwg.org section 2),
// as far as it goes beyond literals, `:name` and a trailing `*`. In: the text of
// a pattern. Out: what it is made of, for an automaton.

import type { PatternNode } from "./automaton.ts";
import { parseGroup } from "./pattern_group.ts";

/** How often a part may stand there. */
type Modifier = "" | "?" | "*" | "+";

/** A part that takes something: `:name`, `*`, `(…)`. */
interface Taking {
  readonly name: string;
  readonly node: PatternNode;
}

const NAME_START = /[$_\p{ID_Start}]/u;
const NAME_PART = /[$\u200c\u200d\p{ID_Continue}]/u;

const ANY: PatternNode = {
  kind: "repeat",
  node: { kind: "set", set: { ranges: [], isNegated: true } },
  min: 0,
  max: Infinity,
  isLazy: false,
};

const SEGMENT: PatternNode = {
  kind: "repeat",
  node: { kind: "set", set: { ranges: [[0x2f, 0x2f]], isNegated: true } },
  min: 1,
  max: Infinity,
  isLazy: true,
};

/**
 * Parses a pattern.
 *
 * @param text The pattern.
 * @param decode Decodes its literal text.
 * @throws {SyntaxError} If it is no pattern.
 */
export function parsePattern(
  text: string,
  decode: (literal: string) => string,
): PatternNode {
  return new PatternParser(text, decode).parse();
}

class PatternParser {
  readonly #points: readonly string[];
  readonly #decode: (literal: string) => string;
  readonly #nodes: PatternNode[] = [];
  readonly #names = new Set<string>();
  #at = 0;
  #unnamed = 0;
  /** Literal text up to here. */
  #literal = "";

  constructor(text: string, decode: (literal: string) => string) {
    this.#points = [...text];
    this.#decode = decode;
  }

  parse(): PatternNode {
    while (this.#at < this.#points.length) this.#parsePart();
    this.#endLiteral();
    return { kind: "sequence", nodes: this.#nodes };
  }

  #parsePart(): void {
    // A slash right before a part belongs to it: `/a/:id?` takes `/a`, too.
    const hasPrefix = this.#next === "/" &&
      this.#begins(this.#points[this.#at + 1]);
    if (hasPrefix) this.#at++;
    const taking = this.#parseTaking();
    if (taking !== undefined) {
      this.#endLiteral();
      const prefix = hasPrefix ? "/" : "";
      return this.#add(prefix, taking, "", this.#parseModifier());
    }
    if (this.#next === "{") return this.#parseBraces();
    this.#literal += this.#parseCharacter();
  }

  #parseBraces(): void {
    this.#at++;
    const prefix = this.#parseText();
    const taking = this.#parseTaking();
    const suffix = this.#parseText();
    if (this.#next !== "}") throw new SyntaxError('"{" is not closed');
    this.#at++;
    const modifier = this.#parseModifier();
    if (taking === undefined && modifier === "") {
      this.#literal += prefix + suffix;
      return;
    }
    this.#endLiteral();
    this.#add(prefix, taking, suffix, modifier);
  }

  /** `:name`, `:name(…)`, `(…)` or `*`. */
  #parseTaking(): Taking | undefined {
    const name = this.#parseName();
    if (this.#next === "(") {
      const { node, end } = parseGroup(this.#points, this.#at);
      this.#at = end;
      return { name: name ?? this.#nextNumber(), node };
    }
    if (name !== undefined) return { name, node: SEGMENT };
    if (this.#next !== "*") return undefined;
    this.#at++;
    return { name: this.#nextNumber(), node: ANY };
  }

  #parseName(): string | undefined {
    if (this.#next !== ":") return undefined;
    const start = this.#at + 1;
    let end = start;
    while (end < this.#points.length) {
      const allowed = end === start ? NAME_START : NAME_PART;
      if (!allowed.test(this.#points[end] ?? "")) break;
      end++;
    }
    if (end === start) throw new SyntaxError('":" has no name behind it');
    this.#at = end;
    const name = this.#points.slice(start, end).join("");
    if (this.#names.has(name)) {
      throw new SyntaxError(`the name "${name}" stands in it twice`);
    }
    this.#names.add(name);
    return name;
  }

  #nextNumber(): string {
    return String(this.#unnamed++);
  }

  #parseModifier(): Modifier {
    const next = this.#next;
    if (next !== "?" && next !== "*" && next !== "+") return "";
    this.#at++;
    return next;
  }

  /** Literal text within braces. */
  #parseText(): string {
    let text = "";
    for (;;) {
      const next = this.#next;
      if (next === undefined || "{}:(*".includes(next)) return text;
      text += this.#parseCharacter();
    }
  }

  /** A literal character, perhaps behind a backslash. */
  #parseCharacter(): string {
    const isEscaped = this.#next === "\\";
    if (isEscaped) this.#at++;
    const character = this.#next;
    if (character === undefined) throw new SyntaxError('it ends with "\\"');
    if (!isEscaped && "}?+".includes(character)) {
      throw new SyntaxError(`"${character}" stands behind nothing`);
    }
    this.#at++;
    return character;
  }

  #endLiteral(): void {
    if (this.#literal === "") return;
    this.#nodes.push(this.#text(this.#literal));
    this.#literal = "";
  }

  #text(literal: string): PatternNode {
    return { kind: "text", text: this.#decode(literal) };
  }

  /** Adds a part with what stands around it. */
  #add(
    prefix: string,
    taking: Taking | undefined,
    suffix: string,
    modifier: Modifier,
  ): void {
    const before = this.#text(prefix);
    const after = this.#text(suffix);
    if (taking === undefined) {
      this.#nodes.push(times(inSequence(before, after), modifier));
      return;
    }
    const isBare = prefix === "" && suffix === "";
    const { name, node } = taking;
    if (modifier === "" || modifier === "?") {
      // What takes nothing has not been there, as regular expressions have it.
      const needsContent = isBare && modifier === "?";
      const group: PatternNode = { kind: "group", name, node, needsContent };
      this.#nodes.push(times(inSequence(before, group, after), modifier));
      return;
    }
    // All times together are one parameter, without what stands around it.
    const repeated = isBare
      ? times(node, modifier)
      : inSequence(node, times(inSequence(after, before, node), "*"));
    const group: PatternNode = {
      kind: "group",
      name,
      node: repeated,
      needsContent: false,
    };
    const whole = inSequence(before, group, after);
    const isOptional = modifier === "*" && !isBare;
    this.#nodes.push(isOptional ? times(whole, "?") : whole);
  }

  get #next(): string | undefined {
    return this.#points[this.#at];
  }

  #begins(point: string | undefined): boolean {
    return point === ":" || point === "(" || point === "*";
  }
}

function inSequence(...nodes: readonly PatternNode[]): PatternNode {
  return { kind: "sequence", nodes };
}

function times(node: PatternNode, modifier: Modifier): PatternNode {
  if (modifier === "") return node;
  return {
    kind: "repeat",
    node,
    min: modifier === "+" ? 1 : 0,
    max: modifier === "?" ? 1 : Infinity,
    isLazy: false,
  };
}
