import { assertEquals } from "@std/assert";
import {
  evaluatePreconditions,
  type Precondition,
  type Validators,
} from "../../lib/facts/preconditions.ts";

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
