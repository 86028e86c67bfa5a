import { assertEquals, assertMatch } from "@std/assert";
import {
  fileEntityTag,
  matchesStrongly,
  matchesWeakly,
  parseEntityTag,
  parseEntityTags,
  variantEntityTag,
} from "../../lib/static/entity_tag.ts";

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

const state = { size: 26, modified: 1000, changed: 1000, inode: 7 };

Deno.test("fileEntityTag() is weak while the file may still be written", () => {
  const tag = fileEntityTag(state, 3000);
  assertMatch(tag, /^"rs-q-[0-9a-z]{1,7}"$/);
  assertEquals(fileEntityTag(state, 2999), `W/${tag}`);
  const changed = { ...state, changed: 2000 };
  assertMatch(fileEntityTag(changed, 3999), /^W/);
  assertMatch(fileEntityTag(changed, 4000), /^"/);
});

Deno.test("fileEntityTag() tells states apart by each of their facts", () => {
  const tags = [
    state,
    { ...state, size: 27 },
    { ...state, modified: 1001 },
    { ...state, changed: 1001 },
    { ...state, inode: 8 },
    { ...state, changed: undefined },
    { ...state, inode: undefined },
  ].map((state) => fileEntityTag(state, 10_000));
  assertEquals(new Set(tags).size, tags.length);
});

Deno.test("variantEntityTag() keeps weakness and differs by coding", () => {
  assertEquals(variantEntityTag('"rs-q"', "br"), '"rs-q-br"');
  assertEquals(variantEntityTag('W/"rs-q"', "gzip"), 'W/"rs-q-gzip"');
});
