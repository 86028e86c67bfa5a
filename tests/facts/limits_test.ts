import { assertEquals, assertThrows } from "@std/assert";
import { DEFAULT_LIMITS, withLimits } from "../../lib/facts/limits.ts";

Deno.test("withLimits() lays changes over the defaults", () => {
  assertEquals(withLimits(), DEFAULT_LIMITS);
  assertEquals(withLimits({ headBytes: 1, whenFull: "refuse" }), {
    ...DEFAULT_LIMITS,
    headBytes: 1,
    whenFull: "refuse",
  });
  assertEquals(withLimits({ bodyBytes: Infinity }).bodyBytes, Infinity);
});

Deno.test("withLimits() takes the least that limits, and its own defaults", () => {
  assertEquals(withLimits({ ...DEFAULT_LIMITS }), DEFAULT_LIMITS);
  assertEquals(DEFAULT_LIMITS.whenFull, "wait");
  const least = { connections: 1, idleTimeout: 0 };
  assertEquals(withLimits(least), { ...DEFAULT_LIMITS, ...least });
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
