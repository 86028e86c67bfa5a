import { assertEquals } from "@std/assert";
import { mediaTypeOf, parameterOf } from "../../lib/facts/content_type.ts";

Deno.test("mediaTypeOf() leaves the parameters away", () => {
  assertEquals(mediaTypeOf("text/html"), "text/html");
  assertEquals(mediaTypeOf(" Text/HTML ; charset=utf-8"), "text/html");
  assertEquals(mediaTypeOf(""), "");
});

const VALUES: readonly { text: string; want: string | undefined }[] = [
  { text: "a/b; x=1", want: "1" },
  { text: "a/b;X=1", want: "1" },
  { text: "a/b ; y=2 ;\tx=1 ; z=3", want: "1" },
  { text: "a/b;; x=1;", want: "1" },
  { text: "a/b; x=1; x=2", want: "1" },
  { text: 'a/b; x=" 1; x=2"', want: " 1; x=2" },
  { text: 'a/b; y="; x=2"; x=1', want: "1" },
  { text: String.raw`a/b; x="\"1\\"`, want: String.raw`"1\ `.trim() },
  { text: 'a/b; x=""', want: "" },
  // No token, but sent without quotes.
  { text: "a/b; x==_1/(2)", want: "=_1/(2)" },
  { text: "a/b", want: undefined },
  { text: "a/b;", want: undefined },
  { text: "a/b; xx=1", want: undefined },
  { text: "a/b; x", want: undefined },
  { text: "a/b; x=", want: undefined },
  { text: "a/b; x =1", want: undefined },
  { text: 'a/b; x="1', want: undefined },
  { text: "a/b; ?; x=1", want: undefined },
];

Deno.test("parameterOf() finds the first of a name", async (t) => {
  for (const { text, want } of VALUES) {
    await t.step(text, () => assertEquals(parameterOf(text, "x"), want));
  }
});
