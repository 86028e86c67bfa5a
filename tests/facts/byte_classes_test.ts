import { assertEquals } from "@std/assert";
import { TOKEN_BYTES, VALUE_BYTES } from "../../lib/facts/byte_classes.ts";
import { isFieldValue, isToken } from "../../lib/facts/grammar.ts";

Deno.test("The tables of bytes say of each byte what the grammar says", () => {
  for (
    const [table, is] of [
      [TOKEN_BYTES, isToken],
      [VALUE_BYTES, isFieldValue],
    ] as const
  ) {
    const want = Array.from(
      { length: 256 },
      (_, byte) => is(String.fromCharCode(byte)) ? 1 : 0,
    );
    assertEquals([...table], want);
  }
});
