import { assertEquals } from "@std/assert";
import { compareNaturally } from "../../lib/static/natural_order.ts";

const collator = new Intl.Collator("en", { numeric: true });

/** Numbers that look random and are the same in each run. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed;;) {
    state = Math.imul(state ^ state >>> 15, 0x2c1b3c6d) + 0x9e3779b9 | 0;
    yield (state ^ state >>> 13) >>> 0;
  }
}

/** What names are made of: much that is nearly alike. */
const PIECES = [
  ..."abABzZ019.-_ ~!$'(+",
  "00",
  "10",
  "9".repeat(210),
  "é",
  "e",
  "e\u0301",
  "ß",
  "ss",
  "\u0301",
  "\u0661",
  "２",
  "日",
  "\u200b",
  "\x01",
  "\t",
  "😀",
];

function nameOf(random: Generator<number, never>): string {
  let name = "";
  for (let left = random.next().value % 6; left >= 0; left--) {
    name += PIECES[random.next().value % PIECES.length] ?? "";
  }
  return name;
}

Deno.test("compareNaturally() gives the order of the collator", () => {
  const random = numbers(13);
  for (let count = 0; count < 100_000; count++) {
    const a = nameOf(random);
    const b = nameOf(random);
    assertEquals(
      Math.sign(compareNaturally(a, b)),
      Math.sign(collator.compare(a, b)),
      JSON.stringify([a, b]),
    );
  }
});

Deno.test("compareNaturally() knows each character of ASCII", () => {
  const characters = Array.from(
    { length: 128 },
    (_, code) => String.fromCharCode(code),
  );
  for (const a of characters) {
    for (const b of characters) {
      assertEquals(
        Math.sign(compareNaturally(`x${a}1`, `x${b}1`)),
        Math.sign(collator.compare(`x${a}1`, `x${b}1`)),
        JSON.stringify([a, b]),
      );
    }
  }
});

Deno.test("compareNaturally() orders names as people do", () => {
  const names = ["b", "a10", "A2", "a2", "a1", "_", "B", "a02", "10", "9"];
  assertEquals(names.sort(compareNaturally), [
    "_",
    "9",
    "10",
    "a1",
    "a2",
    "a02",
    "A2",
    "a10",
    "b",
    "B",
  ]);
});
