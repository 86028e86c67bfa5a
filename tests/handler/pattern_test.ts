import { assertEquals, assertThrows } from "@std/assert";
import { compilePattern, matchRich } from "../../lib/handler/pattern.ts";

interface SimpleRow {
  readonly pattern: string;
  /** Literals as they are, parameters as `:name`, a wildcard as `*`. */
  readonly segments: readonly string[];
  readonly shape: string;
}

const SIMPLE: readonly SimpleRow[] = [
  { pattern: "/", segments: [""], shape: "/" },
  { pattern: "/a", segments: ["a"], shape: "/a" },
  { pattern: "/a/", segments: ["a", ""], shape: "/a/" },
  { pattern: "/a/:id", segments: ["a", ":id"], shape: "/a/:" },
  { pattern: "/:_x9/b", segments: [":_x9", "b"], shape: "/:/b" },
  { pattern: "/*", segments: ["*"], shape: "/:*" },
  { pattern: "/a/:b/*", segments: ["a", ":b", "*"], shape: "/a/:/:*" },
  { pattern: "/größe", segments: ["größe"], shape: "/gr%C3%B6%C3%9Fe" },
  { pattern: "/%2A", segments: ["*"], shape: "/*" },
  { pattern: "/a%20b", segments: ["a b"], shape: "/a%20b" },
  {
    pattern: "/~a.b-c;d=e@f,g",
    segments: ["~a.b-c;d=e@f,g"],
    shape: "/~a.b-c%3Bd%3De%40f%2Cg",
  },
];

Deno.test("compilePattern() takes simple patterns apart", async (t) => {
  for (const { pattern, segments, shape } of SIMPLE) {
    await t.step(pattern, () => {
      const compiled = compilePattern(pattern);
      const seen = compiled.kind !== "segments"
        ? []
        : compiled.segments.map((s) =>
          s.kind === "literal"
            ? s.text
            : s.kind === "param"
            ? ":" + s.name
            : "*"
        );
      assertEquals(seen, [...segments]);
      assertEquals(compiled.shape, shape);
    });
  }
});

interface RichRow {
  readonly pattern: string;
  readonly literals?: readonly string[];
  /** Canonical paths, and what they match to. */
  readonly paths: Readonly<Record<string, Record<string, string> | undefined>>;
}

const RICH: readonly RichRow[] = [
  {
    pattern: "/a/:id(\\d+)",
    literals: ["a"],
    paths: { "/a/12": { id: "12" }, "/a/b": undefined, "/a/": undefined },
  },
  {
    pattern: "/a/:id?",
    literals: ["a"],
    paths: { "/a": {}, "/a/x": { id: "x" }, "/a/x/y": undefined },
  },
  {
    pattern: "/a/:path+",
    literals: ["a"],
    paths: { "/a": undefined, "/a/x/y": { path: "x/y" } },
  },
  {
    pattern: "/:name.:type",
    paths: { "/a.b": { name: "a", type: "b" }, "/ab": undefined },
  },
  { pattern: "/img-:id", paths: { "/img-7": { id: "7" }, "/img7": undefined } },
  {
    pattern: "/@:user",
    paths: { "/@bob": { user: "bob" }, "/bob": undefined },
  },
  {
    pattern: "/a b/{draft-}?:id",
    literals: ["a b"],
    paths: { "/a b/7": { id: "7" }, "/a b/draft-7": { id: "7" } },
  },
  {
    pattern: "/a%20b/(x+)",
    literals: ["a b"],
    paths: { "/a b/xx": { 0: "xx" } },
  },
  { pattern: "/a*/b", paths: { "/axx/b": { 0: "xx" }, "/a/x/b": { 0: "/x" } } },
  {
    pattern: "/f/:name(.+)",
    literals: ["f"],
    paths: {
      "/f/ä 100%?#x": { name: "ä 100%?#x" },
      "/f/%25": { name: "%25" },
      "/f/a\\b": { name: "a\\b" },
      "/f/a\tb\r\nc": { name: "a\tb\r\nc" },
      "/f/;,:@&=+$|^[]{}": { name: ";,:@&=+$|^[]{}" },
    },
  },
  {
    pattern: "/größe:x(.*)",
    paths: { "/größe42": { x: "42" } },
  },
  {
    pattern: "/g/:a-:b-:c",
    literals: ["g"],
    paths: {
      "/g/1-2-3": { a: "1", b: "2", c: "3" },
      "/g/1-2-3-4": { a: "1", b: "2", c: "3-4" },
      "/g/---": undefined,
      "/g/-----": { a: "-", b: "-", c: "-" },
      "/g/1-2": undefined,
    },
  },
  {
    pattern: "/a/:year(\\d{4})-:month(\\d{1,2})",
    literals: ["a"],
    paths: {
      "/a/2026-1": { year: "2026", month: "1" },
      "/a/2026-123": undefined,
      "/a/26-1": undefined,
    },
  },
  {
    pattern: "/:lang(de|en|pt-(?:br|pt))/*",
    paths: {
      "/de/x/y": { lang: "de", 0: "x/y" },
      "/pt-br/": { lang: "pt-br", 0: "" },
      "/pt/": undefined,
    },
  },
  {
    pattern: "/:name([^.]+).:type([a-z\\d]{2,}?)",
    paths: {
      "/a-b.m4a": { name: "a-b", type: "m4a" },
      "/a.b.c": undefined,
      "/a.B": undefined,
    },
  },
  {
    // A path is matched decoded: a character is one, whatever its bytes.
    pattern: "/:flag(.)/:word(\\S+)/:dash([\\w\\-\\x2e\\u00e9]+)",
    paths: {
      "/😀/ü/a-é.b": { flag: "😀", word: "ü", dash: "a-é.b" },
      "/ab/ü/a": undefined,
      "/a/\u2028/a": undefined,
    },
  },
  {
    pattern: "/a{/:id}*",
    paths: {
      "/a": {},
      "/a/1/2": { id: "1/2" },
      "/a1": undefined,
    },
  },
  { pattern: "/\\:a/:b?", literals: [], paths: { "/:a/x": { b: "x" } } },
];

/** What URLPattern does not take, and what no automaton can match. */
const REFUSED: readonly string[] = [
  "/a?",
  "/a+",
  "/{a",
  "/a}",
  "/{a{b}}",
  "/:a(",
  "/:a()",
  "/:a(b",
  "/:a((b))",
  "/:a(?b)",
  "/:a(b**)",
  "/:a(b{2,1})",
  "/:a(b{)",
  "/:a(b{101})",
  "/:a([b)",
  "/:a([c-b])",
  "/:a([a-\\d])",
  "/:a(b\\)",
  "/:a(^b)",
  "/:a(b$)",
  "/:a(b\\b)",
  "/:a((?=b)b)",
  "/:a((?<!b)c)",
  "/:a((?<n>b))",
  "/:a(\\p{L})",
  "/:a(b)\\",
  "/:a-:a",
  "/:a(b)/:a(c)",
  "/:(b)",
  "/:a-%zz",
];

Deno.test("compilePattern() refuses what cannot be matched in linear time", async (t) => {
  for (const pattern of REFUSED) {
    await t.step(pattern, () => {
      assertThrows(() => compilePattern(pattern), TypeError);
    });
  }
});

Deno.test("matchRich() matches what the tree cannot", async (t) => {
  for (const { pattern, literals = [], paths } of RICH) {
    await t.step(pattern, () => {
      const compiled = compilePattern(pattern);
      assertEquals(compiled.kind, "rich");
      if (compiled.kind !== "rich") return;
      assertEquals(compiled.literals, [...literals]);
      for (const [path, want] of Object.entries(paths)) {
        assertEquals([path, matchRich(compiled.matcher, path)], [path, want]);
      }
    });
  }
});
