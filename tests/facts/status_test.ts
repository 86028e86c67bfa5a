import { assertEquals } from "@std/assert";
import { forbidsContent, RESPONSES } from "../../lib/facts/status.ts";

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
