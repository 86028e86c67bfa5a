import { assertEquals, assertMatch } from "@std/assert";
import {
  fileEntityTag,
  variantEntityTag,
} from "../../lib/static/file_entity_tag.ts";

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
