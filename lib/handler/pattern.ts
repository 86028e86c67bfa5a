// Path patterns in the URLPattern syntax. In: the text given to `@verb`. Out:
// its segments if it is made of literals, `:name` and a trailing `*`, which the
// router matches by table; else an automaton, behind the literal segments that it
// starts with. The platform's own URLPattern backtracks: of `/:a-:b-:c` it takes
// time by the cube of a path.

import { Automaton } from "./automaton.ts";
import { parsePattern } from "./pattern_syntax.ts";

/** One segment of a simple pattern. */
export type Segment =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "param"; readonly name: string }
  | { readonly kind: "wildcard" };

/** A compiled pattern. */
export type Pattern =
  | {
    readonly kind: "segments";
    readonly segments: readonly Segment[];
    /** The same for patterns that match the same paths. */
    readonly shape: string;
  }
  | {
    readonly kind: "rich";
    /** The literal segments before the first that is none. */
    readonly literals: readonly string[];
    readonly matcher: Automaton;
    readonly shape: string;
  };

/** Characters that mean something to URLPattern beyond `:name` and `*`. */
const RICH = /[{}()?+\\]|\*(?!$)|[^/]\*|[^/]:|:[^/]*[^\w/]/;

/** The characters that make a segment more than a literal. */
const SPECIAL = /[:*{}()?+\\]/;

const PARAM = /^:[A-Za-z_]\w*$/;

/**
 * Compiles a pattern.
 *
 * @param text The pattern, which starts with `/`.
 * @returns Its segments, or a matcher.
 * @throws {TypeError} If it is no pattern.
 */
export function compilePattern(text: string): Pattern {
  if (!text.startsWith("/")) {
    throw new TypeError(
      `Cannot use the pattern "${text}": it has no leading "/"`,
    );
  }
  if (RICH.test(text)) return compileRich(text);
  const segments = text.slice(1).split("/").map((part) =>
    compileSegment(part, text)
  );
  const names = segments.flatMap((s) => s.kind === "param" ? [s.name] : []);
  if (new Set(names).size < names.length) {
    throw new TypeError(
      `Cannot use the pattern "${text}": a name stands in it twice`,
    );
  }
  const shape = segments.map((s) =>
    s.kind === "literal"
      ? encodeURIComponent(s.text)
      : s.kind === "param"
      ? ":"
      : ":*"
  );
  return { kind: "segments", segments, shape: "/" + shape.join("/") };
}

function compileSegment(part: string, text: string): Segment {
  if (part === "*") return { kind: "wildcard" };
  if (!part.startsWith(":")) return { kind: "literal", text: decode(part) };
  if (PARAM.test(part)) return { kind: "param", name: part.slice(1) };
  throw new TypeError(
    `Cannot use the pattern "${text}": "${part}" has no name`,
  );
}

function compileRich(text: string): Pattern {
  const parts = text.slice(1).split("/");
  const first = parts.findIndex((part) => SPECIAL.test(part));
  const literals = parts.slice(0, first).map(decode);
  try {
    const matcher = new Automaton(parsePattern(text, decode));
    return { kind: "rich", literals, matcher, shape: text };
  } catch (cause) {
    if (!(cause instanceof SyntaxError || cause instanceof RangeError)) {
      throw cause;
    }
    const message = `Cannot use the pattern "${text}": ${cause.message}`;
    throw new TypeError(message, { cause });
  }
}

/** A literal may be written encoded; paths are decoded. */
function decode(literal: string): string {
  try {
    return decodeURIComponent(literal);
  } catch (cause) {
    throw new TypeError(
      `Cannot use "${literal}" in a pattern: it holds a malformed escape`,
      { cause },
    );
  }
}

/**
 * Matches a canonical path against a rich pattern.
 *
 * @returns The groups that took something, or `undefined` if it does not match.
 */
export function matchRich(
  matcher: Automaton,
  pathname: string,
): Record<string, string> | undefined {
  return matcher.match(pathname).groups;
}

/**
 * The parameters of a pattern: `"/a/:id/*"` has `{ id: string; 0: string }`.
 * A pattern with anything richer has any names, each perhaps absent.
 */
export type PatternParams<P extends string> = string extends ParamNames<P>
  ? Record<string, string | undefined>
  : { [Name in ParamNames<P>]: string };

/** The names of the parameters of a simple pattern; `string` of a rich one. */
export type ParamNames<P extends string> = string extends P ? string
  : P extends `${string}${"{" | "}" | "(" | ")" | "?" | "+"}${string}` ? string
  : P extends `${infer Head}/${infer Tail}`
    ? ParamNames<Head> | ParamNames<Tail>
  : P extends "*" ? "0"
  : P extends `${string}${"-" | "." | "~" | "@" | "," | ";" | "="}${string}`
    ? (P extends `${string}${":" | "*"}${string}` ? string : never)
  : P extends `:${infer Name}` ? Name
  : P extends `${string}${":" | "*"}${string}` ? string
  : never;
