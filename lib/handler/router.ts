// From a verb and a path to a method. In: the entries of one or several handler
// classes. Out: the class, the method's name and the path's parameters, or why
// there are none. Patterns of literals, `:name` and a trailing `*` stand in a
// tree of segments: a match takes as long as the path is, however many routes
// there are.

import { compilePattern, matchRich, type Segment } from "./pattern.ts";
import { verbEntries, type VerbEntry } from "./verb.ts";

/** The parameters of a matched path. */
export type Params = Readonly<Record<string, string>>;

/** What the router needs of a handler class. */
export interface RoutableClass {
  /** The class's name, for listings. */
  readonly name: string;
  /** Where the class is mounted: `""`, or as `"/api"`. */
  readonly prefix?: string;
  /** Whether a path below the prefix is this class's at all. */
  owns?(pathname: string): boolean;
}

/** One route, for listings. */
export interface Route {
  /** The verb, or `"*"` for all. */
  readonly verb: string;
  /** The whole pattern with the class's prefix; absent for every path. */
  readonly pattern: string | undefined;
  /** The name of the handler class. */
  readonly handler: string;
  /** The name of its method. */
  readonly method: string;
}

/** Where a request goes. */
export type Match<C> =
  | {
    readonly kind: "found";
    readonly handler: C;
    readonly method: PropertyKey;
    readonly params: Params;
    /** The path below the class's prefix. */
    readonly pathname: string;
  }
  /** The path is known, but not with this verb: 405. */
  | { readonly kind: "no verb"; readonly allow: readonly string[] }
  /** The path is unknown: 404. */
  | { readonly kind: "no path" }
  /** No class has this verb on any path: 501. */
  | { readonly kind: "unknown verb" };

/** The methods of one path, by verb. */
type Methods = Map<string, Target>;

interface Target {
  readonly method: PropertyKey;
  /** The names of the parameters, in the order of the path. */
  readonly names: readonly string[];
}

interface Node {
  readonly literals: Map<string, Node>;
  param: Node | undefined;
  wildcard: Methods | undefined;
  here: Methods | undefined;
}

interface Found {
  readonly method: PropertyKey;
  readonly params: Params;
}

const NO_PARAMS: Params = Object.freeze({});
const NO_VALUES: readonly string[] = [];

/**
 * Methods that this server knows to exist (RFC 9110 section 9, RFC 5789): on a
 * known path they are 405 even where no class has them.
 */
const STANDARD = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"];

/** The routes of one class. */
class Table {
  readonly verbs = new Set<string>();
  /** Patterns of literals only, by their whole text: most routes are such. */
  #literal = new Map<string, Methods>();
  #root = newNode();
  #hasTree = false;
  #anyPath: Methods = new Map();
  #rich: { readonly matcher: URLPattern; readonly methods: Methods }[] = [];

  constructor(entries: readonly VerbEntry[]) {
    for (const entry of entries) this.#add(entry);
  }

  /** Calls `use` for the methods of each matching pattern, best first. */
  find(
    pathname: string,
    use: (methods: Methods, values: readonly string[]) => Found | undefined,
  ): Found | undefined {
    const literal = this.#literal.get(pathname);
    let found = literal && use(literal, NO_VALUES);
    if (found === undefined && this.#hasTree) {
      const segments = pathname.slice(1).split("/");
      found = search(this.#root, segments, 0, NO_VALUES, use);
    }
    if (found !== undefined) return found;
    for (const { matcher, methods } of this.#rich) {
      const params = matchRich(matcher, pathname);
      const rich = params && use(methods, NO_VALUES);
      if (rich) return { method: rich.method, params };
    }
    return use(this.#anyPath, NO_VALUES);
  }

  #add(entry: VerbEntry): void {
    this.verbs.add(entry.verb);
    const target = { method: entry.method, names: [] };
    if (entry.pattern === undefined) {
      this.#anyPath.set(entry.verb, target);
      return;
    }
    const pattern = compilePattern(entry.pattern);
    if (pattern.kind === "rich") {
      const methods = new Map([[entry.verb, target]]);
      this.#rich.push({ matcher: pattern.matcher, methods });
      return;
    }
    const path = literalPath(pattern.segments);
    if (path === undefined) return this.#insert(entry, pattern.segments);
    const methods = this.#literal.get(path) ?? new Map();
    this.#literal.set(path, methods.set(entry.verb, target));
  }

  #insert(entry: VerbEntry, segments: readonly Segment[]): void {
    this.#hasTree = true;
    const names: string[] = [];
    const target = { method: entry.method, names };
    let node = this.#root;
    for (const segment of segments) {
      if (segment.kind === "wildcard") {
        names.push("0");
        node.wildcard ??= new Map();
        node.wildcard.set(entry.verb, target);
        return;
      }
      if (segment.kind === "param") {
        names.push(segment.name);
        node = node.param ??= newNode();
        continue;
      }
      const next = node.literals.get(segment.text) ?? newNode();
      node.literals.set(segment.text, next);
      node = next;
    }
    node.here ??= new Map();
    node.here.set(entry.verb, target);
  }
}

/** One class of a server, where it is mounted. */
interface Mount<C> {
  readonly handler: C;
  readonly prefix: string;
  readonly table: Table;
}

/** Finds methods by verb and path over the classes of a server. */
export class Router<C extends RoutableClass> {
  /** The first class. */
  readonly leader: C;

  #mounts: readonly Mount<C>[];
  #verbs = new Set<string>();

  /**
   * Compiles the routes of handler classes.
   *
   * @param classes The classes; of two that match, the first gets the request.
   * @throws {TypeError} If there is no class, or a prefix is malformed.
   */
  constructor(classes: readonly C[]) {
    const [leader] = classes;
    if (leader === undefined) {
      throw new TypeError("Cannot route requests: there is no handler class");
    }
    this.leader = leader;
    for (const { name, prefix = "" } of classes) {
      if (prefix !== "" && !/^\/.*[^/]$/.test(prefix)) {
        throw new TypeError(
          `Cannot mount ${name} at "${prefix}": a prefix starts with "/" and ` +
            "does not end with it",
        );
      }
    }
    this.#mounts = classes.map((handler) => ({
      handler,
      prefix: handler.prefix ?? "",
      table: new Table(verbEntries(handler)),
    }));
    for (const { table } of this.#mounts) {
      for (const verb of table.verbs) this.#verbs.add(verb);
    }
    if (this.#verbs.has("GET")) this.#verbs.add("HEAD");
  }

  /** All verbs that some class answers, and OPTIONS, sorted. */
  get verbs(): string[] {
    return allowed(this.#verbs);
  }

  /**
   * Finds where a request goes. HEAD goes to GET where it has no method of its
   * own (RFC 9110 section 9.3.2).
   *
   * @param verb The method of the request.
   * @param pathname The canonical path.
   */
  match(verb: string, pathname: string): Match<C> {
    const allow = new Set<string>();
    const use = (methods: Methods, values: readonly string[]) =>
      pick(methods, verb, values, allow);
    for (const { handler, prefix, table } of this.#mounts) {
      const below = belowPrefix(pathname, prefix);
      if (below === undefined) continue;
      if (handler.owns !== undefined && !handler.owns(below)) continue;
      const found = table.find(below, use);
      if (found === undefined) continue;
      const { method, params } = found;
      return { kind: "found", handler, method, params, pathname: below };
    }
    if (allow.size > 0 && (this.#answers(verb) || STANDARD.includes(verb))) {
      return { kind: "no verb", allow: allowed(allow) };
    }
    return { kind: this.#answers(verb) ? "no path" : "unknown verb" };
  }

  #answers(verb: string): boolean {
    return this.#verbs.has(verb) || this.#verbs.has("*") || verb === "OPTIONS";
  }

  /** All routes, in the order of the classes. */
  list(): Route[] {
    return this.#mounts.flatMap(({ handler, prefix }) =>
      verbEntries(handler).map((entry) => ({
        verb: entry.verb,
        pattern: entry.pattern === undefined
          ? undefined
          : prefix + entry.pattern,
        handler: handler.name,
        method: String(entry.method),
      }))
    );
  }
}

/**
 * Lists the routes of handler classes: what a server of them answers.
 *
 * @example Print the routes
 * ```ts
 * import { HttpRequestHandler, listRoutes, verb } from "@verb/http";
 * import { assertEquals } from "@std/assert";
 *
 * class Api extends HttpRequestHandler {
 *   static override prefix = "/api";
 *
 *   @verb("GET", "/users/:id")
 *   user() {}
 * }
 *
 * assertEquals(listRoutes(Api), [{
 *   verb: "GET",
 *   pattern: "/api/users/:id",
 *   handler: "Api",
 *   method: "user",
 * }]);
 * ```
 *
 * @param classes One class or several.
 */
export function listRoutes(
  classes: RoutableClass | readonly RoutableClass[],
): Route[] {
  return new Router("name" in classes ? [classes] : classes).list();
}

/** The path below a prefix, which ends where a segment ends. */
function belowPrefix(pathname: string, prefix: string): string | undefined {
  if (prefix === "") return pathname;
  if (!pathname.startsWith(prefix)) return undefined;
  if (pathname.length === prefix.length) return "/";
  return pathname[prefix.length] === "/"
    ? pathname.slice(prefix.length)
    : undefined;
}

/** The only path that a pattern without parameters matches. */
function literalPath(segments: readonly Segment[]): string | undefined {
  let path = "";
  for (const segment of segments) {
    if (segment.kind !== "literal") return undefined;
    path += "/" + segment.text;
  }
  return path;
}

/** Literal before parameter before wildcard, at each segment. */
function search(
  node: Node,
  segments: readonly string[],
  at: number,
  values: readonly string[],
  use: (methods: Methods, values: readonly string[]) => Found | undefined,
): Found | undefined {
  const segment = segments[at];
  if (segment === undefined) {
    return node.here && use(node.here, values);
  }
  const literal = node.literals.get(segment);
  let found = literal && search(literal, segments, at + 1, values, use);
  if (found === undefined && node.param !== undefined && segment !== "") {
    found = search(node.param, segments, at + 1, [...values, segment], use);
  }
  if (found === undefined && node.wildcard !== undefined) {
    found = use(node.wildcard, [...values, segments.slice(at).join("/")]);
  }
  return found;
}

/** The method for a verb; collects what the path allows where there is none. */
function pick(
  methods: Methods,
  verb: string,
  values: readonly string[],
  allow: Set<string>,
): Found | undefined {
  const target = methods.get(verb) ??
    (verb === "HEAD" ? methods.get("GET") : undefined) ?? methods.get("*");
  if (target === undefined) {
    for (const verb of methods.keys()) allow.add(verb);
    return undefined;
  }
  if (target.names.length === 0) {
    return { method: target.method, params: NO_PARAMS };
  }
  const params: Record<string, string> = {};
  for (const [i, name] of target.names.entries()) {
    params[name] = values[i] ?? "";
  }
  return { method: target.method, params };
}

function allowed(verbs: ReadonlySet<string>): string[] {
  const all = new Set(verbs).add("OPTIONS");
  if (all.has("GET")) all.add("HEAD");
  all.delete("*");
  return [...all].sort();
}

function newNode(): Node {
  return {
    literals: new Map(),
    param: undefined,
    wildcard: undefined,
    here: undefined,
  };
}
