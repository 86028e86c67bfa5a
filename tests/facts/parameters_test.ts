import { assertEquals } from "@std/assert";
import { parseParameters } from "../../lib/facts/parameters.ts";

const ROWS: {
  name: string;
  value: string;
  want: [essence: string, parameters: Record<string, string>] | undefined;
}[] = [
  { name: "no parameters", value: "text/plain", want: ["text/plain", {}] },
  { name: "nothing", value: "", want: ["", {}] },
  {
    name: "names and essence in any case, values as they are",
    value: "Form-Data; NAME=Ab",
    want: ["form-data", { name: "Ab" }],
  },
  {
    name: "whitespace around parameters",
    value: "a \t;\t b=1 ; c=2 ",
    want: ["a", { b: "1", c: "2" }],
  },
  { name: "empty parameters", value: "a;; b=1;", want: ["a", { b: "1" }] },
  {
    name: "a quoted value with what would end an unquoted one",
    value: 'a; b="x; c=\\"y\\" = z"; d=1',
    want: ["a", { b: 'x; c="y" = z', d: "1" }],
  },
  { name: "nothing but parameters", value: "; b=1", want: ["", { b: "1" }] },
  { name: "an empty quoted value", value: 'a; b=""', want: ["a", { b: "" }] },
  {
    name: "a backslash that escapes nothing",
    value: 'a; b="C:\\dir\\\\x"',
    want: ["a", { b: "C:\\dir\\x" }],
  },
  {
    name: "an unquoted value wider than a token",
    value: "a; b=----=_Part:/1",
    want: ["a", { b: "----=_Part:/1" }],
  },
  {
    name: "quoted text beyond ASCII",
    value: 'a; b="\u00e9\u{1f600}"',
    want: ["a", { b: "\u00e9\u{1f600}" }],
  },
  { name: "a parameter twice", value: "a; b=1; B=1", want: undefined },
  { name: "no name", value: "a; =1", want: undefined },
  { name: "a name that is no token", value: 'a; b c="1"', want: undefined },
  { name: "no value", value: "a; b=", want: undefined },
  { name: "a space before the equals sign", value: "a; b =1", want: undefined },
  { name: "a space behind the equals sign", value: "a; b= 1", want: undefined },
  { name: "no equals sign", value: "a; b", want: undefined },
  { name: "an open quotation", value: 'a; b="1', want: undefined },
  {
    name: "a quotation that ends in an escape",
    value: 'a; b="1\\"',
    want: undefined,
  },
  { name: "text behind a quotation", value: 'a; b="1"2', want: undefined },
  {
    name: "a parameter right behind a quotation",
    value: 'a; b="1"c=2',
    want: undefined,
  },
  { name: "a quotation within a value", value: 'a; b=1"2"', want: undefined },
  { name: "a space within a value", value: "a; b=1 2", want: undefined },
  { name: "an unquoted comma", value: "a; b=1,2", want: undefined },
  { name: "an unquoted control", value: "a; b=\x01", want: undefined },
  { name: "unquoted text beyond ASCII", value: "a; b=\u00e9", want: undefined },
];

Deno.test("parseParameters() splits a value, or refuses it", async (t) => {
  for (const { name, value, want } of ROWS) {
    await t.step(name, () => {
      const parsed = parseParameters(value);
      const shown = parsed &&
        [parsed.essence, Object.fromEntries(parsed.parameters)];
      assertEquals(shown, want);
    });
  }
});

Deno.test("parseParameters() keeps __proto__ a name like others", () => {
  const parsed = parseParameters("a; __proto__=1");
  assertEquals([...parsed?.parameters ?? []], [["__proto__", "1"]]);
});
