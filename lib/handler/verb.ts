// The `@verb` decorator and what it records. In: methods of handler classes.
// Out: for a class the list of its routes, its ancestors' included, nearest
// first wins. What is recorded is a method's name, so a subclass that overrides
// the method keeps its verb.

import { isToken } from "../facts/grammar.ts";
import { compilePattern, type Pattern, type PatternParams } from "./pattern.ts";

/** A method that answers a verb: asynchronous or not, with a `Response` or not. */
export type VerbMethod<This, Params> = (
  this: This,
  params: Params,
) => void | Response | Promise<void | Response>;

/** What tells an HTTP handler from other classes, in which no verb is found. */
export interface VerbOwner {
  /** Takes the request through the steps of its class. */
  handleOneRequest(): Promise<void>;
}

/** What `verb()` returns: a decorator of methods of handlers. */
export type VerbDecorator<Params> = <This extends VerbOwner>(
  method: VerbMethod<This, Params>,
  context: ClassMethodDecoratorContext<This, VerbMethod<This, Params>>,
) => void;

/** What one `@verb` says. */
export interface VerbEntry {
  /** The method of the request: `"GET"`, `"PROPFIND"`, or `"*"` for all. */
  readonly verb: string;
  /** The pattern of the path; absent where every path will do. */
  readonly pattern: string | undefined;
  /** The pattern compiled. */
  readonly compiled: Pattern | undefined;
  /** The name of the class's method. */
  readonly method: PropertyKey;
}

// Engines without decorators lack the symbol too: Node.js, Cloudflare Workers.
// What compiles decorators for them looks for it when a class is defined, and
// makes no metadata, or hides it under a symbol of its own, where it is missing.
if (!Reflect.has(Symbol, "metadata")) {
  Object.defineProperty(Symbol, "metadata", {
    value: Symbol.for("Symbol.metadata"),
  });
}

/** What was declared, by the metadata object of the class that declares it. */
const registry = new WeakMap<object, VerbEntry[]>();

/**
 * Declares that a method of a handler class answers a verb.
 *
 * Several on one method are fine. A method without a pattern answers every path
 * that no pattern of its class matches. `"*"` answers every verb that has no
 * method of its own. The parameters are checked against the pattern when the
 * class is compiled.
 *
 * @example Two verbs on one path
 * ```ts
 * import { HttpRequestHandler, verb } from "@verb/http";
 * import { toFetch } from "@verb/http/fetch";
 * import { assertEquals } from "@std/assert";
 *
 * class Notes extends HttpRequestHandler {
 *   @verb("GET", "/notes/:id")
 *   read({ id }: { id: string }) {
 *     return new Response(`note ${id}`);
 *   }
 *
 *   @verb("PUT", "/notes/:id")
 *   write() {
 *     return new Response(null, { status: 204 });
 *   }
 * }
 *
 * const response = await toFetch(Notes)(new Request("http://host/notes/7"));
 * assertEquals(await response.text(), "note 7");
 * ```
 *
 * @typeParam P The pattern, as a literal type.
 * @param method The verb: a token in upper case, or `"*"`.
 * @param pattern A URLPattern pathname: literals, `:name`, a trailing `*`, or
 * anything richer, which takes a microsecond more to match and never more than
 * linear time. Its regular expressions match the decoded path and do not anchor,
 * look around or refer back.
 * @returns The decorator.
 * @throws {TypeError} When the class is defined: on a lower-case verb or one
 * that is no token, a malformed pattern, a static or private method, or the
 * same verb twice in a class for the same paths.
 */
export function verb<const P extends string = never>(
  method: string,
  pattern?: P,
): VerbDecorator<
  [P] extends [never] ? Record<never, never> : PatternParams<P>
> {
  if (!isToken(method) || method !== method.toUpperCase()) {
    throw new TypeError(
      `Cannot declare the verb "${method}": it is not a token in upper case`,
    );
  }
  const compiled = pattern === undefined ? undefined : compilePattern(pattern);
  return (_method, context) => {
    if (context.static || context.private) {
      throw new TypeError(
        `Cannot declare ${method} on ${String(context.name)}: a verb needs a ` +
          "public method of the instance",
      );
    }
    const entries = registry.get(context.metadata) ?? [];
    registry.set(context.metadata, entries);
    const entry = { verb: method, pattern, compiled, method: context.name };
    if (entries.some((other) => routeKey(other) === routeKey(entry))) {
      throw new TypeError(
        `Cannot declare ${method} ${pattern ?? "on every path"} twice`,
      );
    }
    entries.push(entry);
  };
}

/** What two entries share of which only one can be reached. */
function routeKey(entry: VerbEntry): string {
  return entry.verb + " " + (entry.compiled?.shape ?? "");
}

/**
 * The entries of a class and its ancestors; of two with the same verb for the
 * same paths, that of the nearer class.
 *
 * @param handlerClass The class.
 */
export function verbEntries(handlerClass: object): VerbEntry[] {
  const found = new Map<string, VerbEntry>();
  // A subclass's metadata object is not linked to its parent's.
  for (
    let ancestor: unknown = handlerClass;
    typeof ancestor === "function" && ancestor !== Function.prototype;
    ancestor = Object.getPrototypeOf(ancestor)
  ) {
    // A class without decorators of its own shows its parent's metadata: its
    // entries are found again, and change nothing.
    for (const entry of ownEntries(ancestor)) {
      const key = routeKey(entry);
      if (!found.has(key)) found.set(key, entry);
    }
  }
  return [...found.values()];
}

function ownEntries(handlerClass: object): VerbEntry[] {
  const metadata: unknown = Reflect.get(handlerClass, Symbol.metadata);
  return typeof metadata === "object" && metadata !== null
    ? registry.get(metadata) ?? []
    : [];
}
