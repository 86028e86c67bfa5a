import { assertEquals } from "@std/assert";
import { kindOf } from "../../lib/facts/kind.ts";

Deno.test("kindOf() names the kind of every value", () => {
  const rows: readonly [value: unknown, kind: string][] = [
    [undefined, "undefined"],
    [null, "null"],
    ["", "a string"],
    [1, "a number"],
    [1n, "a bigint"],
    [true, "a boolean"],
    [Symbol.iterator, "a symbol"],
    [() => {}, "a function"],
    [{}, "an object"],
    [Object.create(null), "an object"],
    [[], "an object (Array)"],
    [new ArrayBuffer(1), "an object (ArrayBuffer)"],
  ];
  for (const [value, kind] of rows) assertEquals(kindOf(value), kind);
});
