import { assertEquals } from "@std/assert";
import { mediaTypeOf } from "../../lib/facts/content_type.ts";

Deno.test("mediaTypeOf() leaves the parameters away", () => {
  assertEquals(mediaTypeOf("text/html"), "text/html");
  assertEquals(mediaTypeOf(" Text/HTML ; charset=utf-8"), "text/html");
  assertEquals(mediaTypeOf(""), "");
});
