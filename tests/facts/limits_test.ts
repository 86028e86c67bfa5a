import { assertEquals, assertThrows } from "@std/assert";
import { DEFAULT_LIMITS, withLimits } from "../../lib/facts/limits.ts";
import { requireKnownNames } from "../../lib/facts/option_names.ts";
import { forbidsContent, RESPONSES } from "../../lib/facts/status.ts";

Deno.test("withLimits() lays changes over the defaults", () => {
  assertEquals(withLimits(), DEFAULT_LIMITS);
  assertEquals(withLimits({ headBytes: 1, whenFull: "refuse" }), {
    ...DEFAULT_LIMITS,
    headBytes: 1,
    whenFull: "refuse",
  });
  assertEquals(withLimits({ bodyBytes: Infinity }).bodyBytes, Infinity);
});

Deno.test("withLimits() leaves out what is no limit, and undefined", () => {
  const options = { port: -1, hostname: "a", headBytes: 5 };
  const want = { ...DEFAULT_LIMITS, headBytes: 5 };
  assertEquals(withLimits(options), want);
  assertEquals(
    // As plain JavaScript may give it.
    withLimits(
      JSON.parse(
        '{"headBytes": 5}',
        (name, value) =>
          name === "" ? { ...value, bodyBytes: undefined } : value,
      ),
    ),
    want,
  );
});

Deno.test("withLimits() refuses numbers that limit nothing", () => {
  for (const value of [-1, NaN, -Infinity]) {
    assertThrows(
      () => withLimits({ headTimeout: value }),
      RangeError,
      `Cannot set the limit headTimeout to ${value}`,
    );
  }
});

Deno.test("withLimits() refuses what plain JavaScript may give", () => {
  const rows: [limits: string, problem: typeof Error, message: string][] = [
    ['{"headTimeout":"5s"}', TypeError, 'headTimeout to "5s": want a number'],
    ['{"headTimeout":null}', TypeError, "headTimeout to null: want a number"],
    ['{"whenFull":"drop"}', TypeError, 'to "drop": want "wait" or "refuse"'],
    ['{"whenFull":1}', TypeError, 'to 1: want "wait" or "refuse"'],
    ['{"connections":0}', RangeError, "connections to 0: want 1 or more"],
    ['{"idleTimeout":-1}', RangeError, "idleTimeout to -1: want 0 or more"],
  ];
  for (const [limits, problem, message] of rows) {
    assertThrows(() => withLimits(JSON.parse(limits)), problem, message);
  }
});

Deno.test("requireKnownNames() refuses misspelt names", () => {
  requireKnownNames({ prot: undefined, headTimeout: 1, port: 1 }, ["port"]);
  for (const name of ["headTimout", "prot", "toString", "__proto__"]) {
    assertThrows(
      () => requireKnownNames(JSON.parse(`{"${name}": 0}`), ["port"]),
      TypeError,
      `There is no option "${name}": there are port, requestLineBytes, `,
    );
  }
});

Deno.test("forbidsContent() names 1xx, 204, 205 and 304", () => {
  const codes = Object.keys(RESPONSES).map(Number);
  assertEquals(codes.filter(forbidsContent), [
    100,
    101,
    102,
    103,
    204,
    205,
    304,
  ]);
});

Deno.test("Each registered status has a phrase and one sentence", () => {
  for (const [code, [phrase, sentence]] of Object.entries(RESPONSES)) {
    assertEquals(/^[A-Z][\w' -]+$/.test(phrase), true, `${code} ${phrase}`);
    assertEquals(/^[A-Z].*[^.]$/.test(sentence), true, `${code} ${sentence}`);
  }
});
