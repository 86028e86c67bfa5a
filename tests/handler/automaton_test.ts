// No path takes more than linear time to match, whatever the pattern. Steps are
// counted, not time.

import { assert, assertEquals, assertThrows } from "@std/assert";
import { compilePattern } from "../../lib/handler/pattern.ts";
import { Automaton } from "../../lib/handler/automaton.ts";

interface HeavyRow {
  readonly pattern: string;
  /** What a path is made of, between its start and its end. */
  readonly start: string;
  readonly middle: string;
  readonly end: string;
}

/** Each takes the platform's URLPattern more than linear time. */
const HEAVY: readonly HeavyRow[] = [
  { pattern: "/g/:a-:b", start: "/g/", middle: "-", end: "/" },
  { pattern: "/g/:a-:b-:c", start: "/g/", middle: "-", end: "/" },
  { pattern: "/g/:a-:b-:c-:d-:e-:f", start: "/g/", middle: "-", end: "/" },
  { pattern: "/:a.:b.:c", start: "/", middle: ".", end: "/" },
  { pattern: "/*/a/*/a/*/b", start: "/", middle: "a/", end: "" },
  { pattern: "/*a*a*a*b", start: "/", middle: "a", end: "" },
  { pattern: "/:a+/x/:b+/x/:c+/y", start: "/", middle: "x/", end: "" },
  { pattern: "/:a*/:b*/:c*/y", start: "/", middle: "x/", end: "" },
  { pattern: "/{:a-}+{:b-}+y", start: "/", middle: "x-", end: "" },
  { pattern: "/x/:a(.*)x:b(.*)x:c(.*)y", start: "/x/", middle: "x", end: "" },
  { pattern: "/x/((?:a+)+)", start: "/x/", middle: "a", end: "!" },
  { pattern: "/x/((?:a|a)*)", start: "/x/", middle: "a", end: "!" },
  { pattern: "/x/((?:a*)*)", start: "/x/", middle: "a", end: "!" },
  { pattern: "/x/((?:a?){20}a{20})", start: "/x/", middle: "a", end: "!" },
  { pattern: "/x/(\\d+)+", start: "/x/", middle: "1", end: "!" },
];

function heavyPath({ start, middle, end }: HeavyRow, times: number): string {
  return start + middle.repeat(times) + end;
}

function compiled(pattern: string): Automaton {
  const found = compilePattern(pattern);
  assert(found.kind === "rich");
  return found.matcher;
}

Deno.test("Automaton takes each step at most once at each place", async (t) => {
  for (const row of HEAVY) {
    await t.step(row.pattern, () => {
      const matcher = compiled(row.pattern);
      const steps = [500, 1000, 2000, 4000].map((times) => {
        const path = heavyPath(row, times);
        const outcome = matcher.match(path);
        assertEquals(outcome.groups, undefined);
        assert(outcome.steps <= matcher.size * (path.length + 1));
        return outcome.steps;
      });
      for (const [i, count] of steps.entries()) {
        const before = steps[i - 1];
        // Twice the path, twice the steps.
        if (before !== undefined) assert(count < 2.2 * before, `${steps}`);
      }
    });
  }
});

Deno.test("Automaton refuses what is too large", () => {
  const node = { kind: "text", text: "x".repeat(501) } as const;
  const error = assertThrows(() => new Automaton(node), RangeError);
  assertEquals(error.message, "it is too large");
  assertEquals(
    new Automaton({ ...node, text: "x".repeat(500) }).size,
    500,
  );
});

Deno.test("a pattern that is too large is refused when the class is defined", () => {
  const error = assertThrows(
    () => compilePattern("/:id((?:(?:\\d{100}){100}){100})"),
    TypeError,
  );
  assert(error.cause instanceof RangeError);
});
