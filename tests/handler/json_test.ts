import { assertEquals, assertThrows } from "@std/assert";
import { HttpError } from "../../lib/facts/errors.ts";
import { parseJson } from "../../lib/handler/content.ts";

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

Deno.test("parseJson() outlives arrays inside each other, ended or not", () => {
  const depth = 1_000_000;
  const open = bytesOf("[".repeat(depth));
  const error = assertThrows(() => parseJson(open, undefined), HttpError);
  assertEquals(error.status, 400);
  let value = parseJson(
    bytesOf("[".repeat(depth) + "]".repeat(depth)),
    undefined,
  );
  let count = 0;
  for (; Array.isArray(value); value = value[0]) count++;
  assertEquals(count, depth);
});
