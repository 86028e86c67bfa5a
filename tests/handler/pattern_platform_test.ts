// The platform's URLPattern as a judge: random patterns, random paths, and the
// same parameters. What differs on purpose is left out: patterns are matched
// against the decoded path here, dot segments in a pattern are no syntax, and of
// a group that may take nothing as well as be absent only the path decides.

import { assertEquals } from "@std/assert";
import { compilePattern, matchRich } from "../../lib/handler/pattern.ts";

const PATTERNS = 1500;
const PATHS = 10;
const SEED = 20_260_101;

/** Makes patterns and paths of a few characters, so that many match. */
class Maker {
  #state: number;
  #names = 0;

  constructor(seed: number) {
    this.#state = seed;
  }

  pattern(): string {
    this.#names = 0;
    return "/" + this.#times(1, 5, () => this.#part());
  }

  path(): string {
    const pieces = ["a", "b", "-", "b.a", "/", "1", "c", ":", "*"];
    const path = "/" + this.#times(0, 9, () => this.#one(pieces));
    return path.replace(/\/+/g, "/");
  }

  #part(): string {
    if (this.#next(3) === 0) return this.#literal();
    if (this.#next(2) === 0) return this.#taking() + this.#modifier();
    const before = this.#next(2) === 0 ? this.#literal() : "";
    const after = this.#next(2) === 0 ? this.#literal() : "";
    const taking = this.#next(3) === 0 ? "" : this.#taking();
    return `{${before}${taking}${after}}` + this.#modifier();
  }

  #literal(): string {
    return this.#one(["a", "b", "-", "/", "/", "/a", "b.a", "1", "\\:", "\\*"]);
  }

  #taking(): string {
    const name = ":" + "klmnopqrs"[this.#names++ % 9];
    return this.#one([name, name, "*", `${name}(${this.#group(2)})`]);
  }

  #modifier(): string {
    return this.#one(["", "", "", "?", "*", "+"]);
  }

  #group(depth: number): string {
    const atoms = ["a", "b", ".", "[ab]", "[^a]", "\\d", "\\w", "[a-c\\d-]"];
    const inner = depth === 0 ? "a" : `(?:${this.#group(depth - 1)}|b)`;
    // The first takes something, so that the group does.
    return this.#one(atoms) +
      this.#times(0, 3, () =>
        this.#one([...atoms, inner]) +
        this.#one(["", "", "*", "+", "?", "{2}", "{1,2}", "{0,}"]));
  }

  #times(min: number, max: number, make: () => string): string {
    const count = min + this.#next(max - min + 1);
    return Array.from({ length: count }, make).join("");
  }

  #one(choices: readonly string[]): string {
    return choices[this.#next(choices.length)] ?? "";
  }

  /** A number below `limit` (mulberry32). */
  #next(limit: number): number {
    this.#state = this.#state + 0x6d2b79f5 | 0;
    let t = Math.imul(this.#state ^ this.#state >>> 15, 1 | this.#state);
    t = t + Math.imul(t ^ t >>> 7, 61 | t) ^ t;
    return ((t ^ t >>> 14) >>> 0) % limit;
  }
}

/** What the platform says; undefined where it takes the text for no pattern. */
function platformPattern(text: string): URLPattern | undefined {
  try {
    return new URLPattern({ pathname: text });
  } catch {
    return undefined;
  }
}

function ourPattern(
  text: string,
): ReturnType<typeof compilePattern> | undefined {
  try {
    return compilePattern(text);
  } catch {
    return undefined;
  }
}

Deno.test("matchRich() finds what the platform's URLPattern does", () => {
  const maker = new Maker(SEED);
  let matches = 0;
  for (let i = 0; i < PATTERNS; i++) {
    const text = maker.pattern();
    const judge = platformPattern(text);
    const compiled = ourPattern(text);
    assertEquals([text, compiled !== undefined], [text, judge !== undefined]);
    if (compiled?.kind !== "rich") continue;
    for (let j = 0; j < PATHS; j++) {
      const path = maker.path();
      const want = judge?.exec({ pathname: path })?.pathname.groups;
      const seen = matchRich(compiled.matcher, path);
      assertEquals([text, path, seen], [text, path, withoutAbsent(want)]);
      if (seen !== undefined) matches++;
    }
  }
  // Else nothing was compared.
  assertEquals(matches > PATTERNS, true);
});

function withoutAbsent(
  groups: Record<string, string | undefined> | undefined,
): Record<string, string | undefined> | undefined {
  return groups && Object.fromEntries(
    Object.entries(groups).filter(([, value]) => value !== undefined),
  );
}
