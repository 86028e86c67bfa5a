import { assertEquals } from "@std/assert";
import {
  type FileValidators,
  ifRangeHolds,
} from "../../lib/static/if_range.ts";

const MODIFIED = Date.UTC(2024, 0, 2, 3, 4, 5);
const SAME = "Tue, 02 Jan 2024 03:04:05 GMT";
const BEFORE = "Tue, 02 Jan 2024 03:04:04 GMT";
const LATER = "Wed, 01 Jan 2025 00:00:00 GMT";
const strong: FileValidators = { etag: '"a"', lastModified: MODIFIED };
const weak: FileValidators = { etag: 'W/"a"', lastModified: MODIFIED };
const none: FileValidators = {};

const ifRanges: {
  text: string;
  validators?: FileValidators;
  age?: number;
  want: boolean;
}[] = [
  { text: '"a"', want: true },
  { text: '"b"', want: false },
  { text: 'W/"a"', want: false },
  { text: '"a", "b"', want: false },
  { text: '"a"', validators: weak, want: false },
  { text: 'W/"a"', validators: weak, want: false },
  { text: '"a"', validators: none, want: false },
  { text: SAME, want: true },
  { text: "Tue Jan  2 03:04:05 2024", want: true },
  { text: BEFORE, want: false },
  { text: LATER, want: false },
  { text: SAME, validators: none, want: false },
  { text: SAME, age: 1000, want: false },
  { text: "garbage", want: false },
  { text: "", want: false },
  { text: "*", want: false },
  // What was changed later, as by a copy that keeps its date, was so long ago.
  { text: SAME, validators: { ...strong, changed: MODIFIED }, want: true },
  {
    text: SAME,
    validators: { ...strong, changed: MODIFIED + 58_000 },
    want: true,
  },
  {
    text: SAME,
    validators: { ...strong, changed: MODIFIED + 58_001 },
    want: false,
  },
  {
    text: '"a"',
    validators: { ...strong, changed: MODIFIED + 60_000 },
    want: true,
  },
];

Deno.test("ifRangeHolds() takes only strong validators", async (t) => {
  for (const { text, validators = strong, age = 60_000, want } of ifRanges) {
    await t.step(`${text} aged ${age}`, () => {
      assertEquals(ifRangeHolds(text, validators, MODIFIED + age), want);
    });
  }
});
