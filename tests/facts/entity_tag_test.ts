import { assertEquals } from "@std/assert";
import {
  matchesStrongly,
  matchesWeakly,
  parseEntityTag,
  parseEntityTags,
} from "../../lib/facts/entity_tag.ts";

const a = { weak: false, opaque: '"a"' };
const weakA = { weak: true, opaque: '"a"' };
const b = { weak: false, opaque: '"b"' };

const lists: { text: string; want: ReturnType<typeof parseEntityTags> }[] = [
  { text: '"a"', want: [a] },
  { text: 'W/"a"', want: [weakA] },
  { text: '"a","b"', want: [a, b] },
  { text: ' "a" ,\t, W/"a" ,', want: [a, weakA] },
  { text: '"a,b", "b"', want: [{ weak: false, opaque: '"a,b"' }, b] },
  { text: '""', want: [{ weak: false, opaque: '""' }] },
  { text: '"\xe4"', want: [{ weak: false, opaque: '"\xe4"' }] },
  { text: "", want: [] },
  { text: "a", want: [] },
  { text: '"a', want: [] },
  { text: '"a" "b"', want: [] },
  { text: '"a b"', want: [] },
  { text: '"a"x"b"', want: [] },
  { text: '"a" x, "b"', want: [] },
  { text: 'w/"a"', want: [] },
  { text: 'W/ "a"', want: [] },
  { text: '"a", b', want: [] },
  { text: '"a", *', want: [] },
];

Deno.test("parseEntityTags() reads lists", async (t) => {
  for (const { text, want } of lists) {
    await t.step(JSON.stringify(text), () => {
      assertEquals(parseEntityTags(text), want);
    });
  }
});

Deno.test("parseEntityTag() reads exactly one", () => {
  assertEquals(parseEntityTag('"a"'), a);
  assertEquals(parseEntityTag('"a",'), undefined);
  assertEquals(parseEntityTag('"a","b"'), undefined);
  assertEquals(parseEntityTag(""), undefined);
});

// The table of RFC 9110 §8.8.3.2.
const pairs = [
  { x: weakA, y: weakA, strong: false, weak: true },
  { x: weakA, y: { weak: true, opaque: '"b"' }, strong: false, weak: false },
  { x: weakA, y: a, strong: false, weak: true },
  { x: a, y: a, strong: true, weak: true },
  { x: a, y: b, strong: false, weak: false },
];

Deno.test("entity tags compare strongly and weakly", () => {
  for (const { x, y, strong, weak } of pairs) {
    assertEquals(matchesStrongly(x, y), strong);
    assertEquals(matchesWeakly(x, y), weak);
  }
});
