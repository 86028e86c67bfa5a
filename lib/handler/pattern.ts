// Path patterns in the URLPattern syntax. In: the text given to `@verb`. Out:
// its segments if it is made of literals, `:name` and a trailing `*`, which the
// router matches by table; else a matcher around the platform's URLPattern.

/** One segment of a simple pattern. */
export type Segment =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "param"; readonly name: string }
  | { readonly kind: "wildcard" };

/** A compiled pattern. */
export type Pattern =
  | { readonly kind: "segments"; readonly segments: readonly Segment[] }
  | { readonly kind: "rich"; readonly matcher: URLPattern };

/** Characters that mean something to URLPattern beyond `:name` and `*`. */
const RICH = /[{}()?+\\]|\*(?!$)|[^/]\*|[^/]:|:[^/]*[^\w/]/;

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
  if (RICH.test(text)) return { kind: "rich", matcher: toUrlPattern(text) };
  const segments: Segment[] = [];
  for (const part of text.slice(1).split("/")) {
    if (part === "*") segments.push({ kind: "wildcard" });
    else if (!part.startsWith(":")) {
      segments.push({ kind: "literal", text: decodeLiteral(part) });
    } else if (PARAM.test(part)) {
      segments.push({ kind: "param", name: part.slice(1) });
    } else {
      throw new TypeError(
        `Cannot use the pattern "${text}": "${part}" has no name`,
      );
    }
  }
  const names = segments.flatMap((s) => s.kind === "param" ? [s.name] : []);
  if (new Set(names).size < names.length) {
    throw new TypeError(
      `Cannot use the pattern "${text}": a name stands in it twice`,
    );
  }
  return { kind: "segments", segments };
}

/** A literal is compared with decoded paths. */
function decodeLiteral(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (cause) {
    throw new TypeError(`Cannot use the pattern segment "${part}"`, { cause });
  }
}

function toUrlPattern(text: string): URLPattern {
  try {
    return new URLPattern({ pathname: text });
  } catch (cause) {
    throw new TypeError(`Cannot use the pattern "${text}"`, { cause });
  }
}

/**
 * Matches a canonical path against a rich pattern, which wants it encoded.
 *
 * @returns The named groups, decoded, or `undefined` if it does not match.
 */
export function matchRich(
  matcher: URLPattern,
  pathname: string,
): Record<string, string> | undefined {
  const encoded = pathname.split("/").map(encodeURIComponent).join("/");
  const groups = matcher.exec({ pathname: encoded })?.pathname.groups;
  if (groups === undefined) return undefined;
  const params: Record<string, string> = {};
  for (const [name, value] of Object.entries(groups)) {
    if (value !== undefined) params[name] = decodeURIComponent(value);
  }
  return params;
}

/**
 * The parameters of a pattern: `"/a/:id/*"` has `{ id: string; 0: string }`.
 * A pattern with groups or modifiers has any names, each perhaps absent.
 */
export type PatternParams<P extends string> = string extends P
  ? Record<string, string>
  : P extends `${string}${"{" | "(" | "?" | "+"}${string}`
    ? Record<string, string | undefined>
  : { [Name in ParamNames<P>]: string };

/** The names of the parameters of a simple pattern. */
export type ParamNames<P extends string> = P extends
  `${infer Head}/${infer Tail}` ? ParamNames<Head> | ParamNames<Tail>
  : P extends `:${infer Name}` ? Name
  : P extends "*" ? "0"
  : never;
