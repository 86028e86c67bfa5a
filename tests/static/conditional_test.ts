import { assertEquals } from "@std/assert";
import {
  evaluatePreconditions,
  ifRangeHolds,
  type Precondition,
  type Validators,
} from "../../lib/static/conditional.ts";

const MODIFIED = Date.UTC(2024, 0, 2, 3, 4, 5);
const SAME = "Tue, 02 Jan 2024 03:04:05 GMT";
const BEFORE = "Tue, 02 Jan 2024 03:04:04 GMT";
const LATER = "Wed, 01 Jan 2025 00:00:00 GMT";
const strong: Validators = { etag: '"a"', lastModified: MODIFIED };
const weak: Validators = { etag: 'W/"a"', lastModified: MODIFIED };
const none: Validators = {};

const cases: {
  fields: Record<string, string>;
  validators?: Validators;
  want: Precondition;
}[] = [
  { fields: {}, want: "holds" },
  // Step 1: If-Match, strong comparison.
  { fields: { "if-match": '"a"' }, want: "holds" },
  { fields: { "if-match": '"b", "a"' }, want: "holds" },
  { fields: { "if-match": "*" }, want: "holds" },
  { fields: { "if-match": '"b"' }, want: "failed" },
  { fields: { "if-match": 'W/"a"' }, want: "failed" },
  { fields: { "if-match": '"a"' }, validators: weak, want: "failed" },
  { fields: { "if-match": "*" }, validators: none, want: "holds" },
  { fields: { "if-match": '"a"' }, validators: none, want: "failed" },
  { fields: { "if-match": "garbage" }, want: "failed" },
  { fields: { "if-match": "" }, want: "failed" },
  // Step 2: If-Unmodified-Since, only without If-Match.
  { fields: { "if-unmodified-since": SAME }, want: "holds" },
  { fields: { "if-unmodified-since": LATER }, want: "holds" },
  { fields: { "if-unmodified-since": BEFORE }, want: "failed" },
  { fields: { "if-unmodified-since": "yesterday" }, want: "holds" },
  {
    fields: { "if-unmodified-since": BEFORE },
    validators: none,
    want: "holds",
  },
  {
    fields: { "if-match": "*", "if-unmodified-since": BEFORE },
    want: "holds",
  },
  {
    fields: { "if-match": '"b"', "if-unmodified-since": SAME },
    want: "failed",
  },
  // Step 3: If-None-Match, weak comparison.
  { fields: { "if-none-match": '"a"' }, want: "not modified" },
  { fields: { "if-none-match": 'W/"a"' }, want: "not modified" },
  {
    fields: { "if-none-match": '"a"' },
    validators: weak,
    want: "not modified",
  },
  { fields: { "if-none-match": '"b" , W/"a"' }, want: "not modified" },
  { fields: { "if-none-match": "*" }, want: "not modified" },
  { fields: { "if-none-match": "*" }, validators: none, want: "not modified" },
  { fields: { "if-none-match": '"b"' }, want: "holds" },
  { fields: { "if-none-match": "a" }, want: "holds" },
  { fields: { "if-none-match": '"b"' }, validators: none, want: "holds" },
  // Step 4: If-Modified-Since, only without If-None-Match.
  { fields: { "if-modified-since": SAME }, want: "not modified" },
  { fields: { "if-modified-since": LATER }, want: "not modified" },
  { fields: { "if-modified-since": BEFORE }, want: "holds" },
  {
    fields: { "if-modified-since": "Tuesday, 02-Jan-24 03:04:05 GMT" },
    want: "not modified",
  },
  {
    fields: { "if-modified-since": "Tue Jan  2 03:04:05 2024" },
    want: "not modified",
  },
  { fields: { "if-modified-since": "yesterday" }, want: "holds" },
  { fields: { "if-modified-since": `${SAME}, ${SAME}` }, want: "holds" },
  { fields: { "if-modified-since": LATER }, validators: none, want: "holds" },
  {
    fields: { "if-none-match": '"b"', "if-modified-since": SAME },
    want: "holds",
  },
  // A failed step ends the matter before a later one is looked at.
  { fields: { "if-match": '"b"', "if-none-match": '"a"' }, want: "failed" },
  {
    fields: { "if-match": '"a"', "if-none-match": '"a"' },
    want: "not modified",
  },
  {
    fields: { "if-unmodified-since": BEFORE, "if-modified-since": SAME },
    want: "failed",
  },
];

Deno.test("evaluatePreconditions() follows RFC 9110 13.2.2", async (t) => {
  for (const { fields, validators = strong, want } of cases) {
    const name = `${JSON.stringify(fields)} on ${JSON.stringify(validators)}`;
    await t.step(name, () => {
      const source = new Map(Object.entries(fields));
      assertEquals(evaluatePreconditions(source, validators), want);
    });
  }
});

const ifRanges: {
  text: string;
  validators?: Validators;
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
