// The routes of one handler class. Patterns of literals, `:name` and a trailing
// `*` stand in a tree of segments: a match takes as long as the path is, however
// many routes there are; one of literals only takes one look-up. A richer
// pattern hangs where its literal segments end, and is tried only for paths that
// begin with them.

import type { Automaton } from "./automaton.ts";
import { matchRich, type Pattern, type Segment } from "./pattern.ts";
import type { VerbEntry } from "./verb.ts";

/** The parameters of a matched path. */
export type Params = Readonly<Record<string, string>>;

/** The methods of one path, by verb. */
export type Methods = ReadonlyMap<string, Target>;

/** A method that answers a verb on a path. */
export interface Target {
  /** Its name. */
  readonly method: PropertyKey;
  /** The names of the parameters, in the order of the path. */
  readonly names: readonly string[];
}

/** A method, and the parameters that the path gives it. */
export interface Found {
  /** Its name. */
  readonly method: PropertyKey;
  /** The parameters. */
  readonly params: Params;
}

interface Node {
  readonly literals: Map<string, Node>;
  readonly rich: Rich[];
  param: Node | undefined;
  wildcard: Map<string, Target> | undefined;
  here: Map<string, Target> | undefined;
}

interface Rich {
  readonly shape: string;
  readonly matcher: Automaton;
  readonly methods: Map<string, Target>;
}

/** Where the methods of a pattern stand. */
interface Place {
  readonly methods: Map<string, Target>;
  readonly names: readonly string[];
}

/** One search: the path, and what picks a method where a pattern matches. */
interface Search {
  readonly pathname: string;
  readonly segments: readonly string[];
  readonly pick: (methods: Methods) => Target | undefined;
}

const NO_PARAMS: Params = Object.freeze({});
const NO_VALUES: readonly string[] = [];

/** Finds the methods of one class by path. */
export class RouteTable {
  /** The verbs that the class answers on some path. */
  readonly verbs: Set<string> = new Set();

  /** Patterns of literals only, by their whole text: most routes are such. */
  #literal = new Map<string, Map<string, Target>>();
  #root = newNode();
  #hasTree = false;
  #anyPath = new Map<string, Target>();

  /**
   * Compiles routes.
   *
   * @param entries What the class declares; no two for the same verb and paths.
   */
  constructor(entries: readonly VerbEntry[]) {
    for (const { verb, compiled, method } of entries) {
      this.verbs.add(verb);
      const { methods, names } = this.#place(compiled);
      methods.set(verb, { method, names });
    }
  }

  /**
   * Finds the best match: at each segment a literal before a richer pattern,
   * that before a parameter, that before a wildcard; no pattern comes last.
   *
   * @param pathname The canonical path, below the class's prefix.
   * @param pick Picks one of the methods of a matching pattern; where there is
   * none to its liking the next best pattern is asked.
   */
  find(pathname: string, pick: Search["pick"]): Found | undefined {
    const literal = this.#literal.get(pathname);
    let found = literal && bind(pick(literal), NO_VALUES);
    if (found === undefined && this.#hasTree) {
      const segments = pathname.slice(1).split("/");
      const search = { pathname, segments, pick };
      found = findBelow(this.#root, search, 0, NO_VALUES);
    }
    return found ?? bind(pick(this.#anyPath), NO_VALUES);
  }

  #place(pattern: Pattern | undefined): Place {
    if (pattern === undefined) return { methods: this.#anyPath, names: [] };
    if (pattern.kind === "segments") {
      const path = literalPath(pattern.segments);
      if (path === undefined) return this.#placeInTree(pattern.segments);
      const methods = this.#literal.get(path) ?? new Map<string, Target>();
      this.#literal.set(path, methods);
      return { methods, names: [] };
    }
    this.#hasTree = true;
    let node = this.#root;
    for (const literal of pattern.literals) node = literalBelow(node, literal);
    return { methods: richAt(node, pattern), names: [] };
  }

  #placeInTree(segments: readonly Segment[]): Place {
    this.#hasTree = true;
    const names: string[] = [];
    let node = this.#root;
    for (const segment of segments) {
      switch (segment.kind) {
        case "literal":
          node = literalBelow(node, segment.text);
          break;
        case "param":
          names.push(segment.name);
          node = node.param ??= newNode();
          break;
        case "wildcard":
          names.push("0");
          return { methods: node.wildcard ??= new Map(), names };
      }
    }
    return { methods: node.here ??= new Map(), names };
  }
}

/** The path that a pattern of literals only is. */
function literalPath(segments: readonly Segment[]): string | undefined {
  let path = "";
  for (const segment of segments) {
    if (segment.kind !== "literal") return undefined;
    path += "/" + segment.text;
  }
  return path;
}

function richAt(
  node: Node,
  pattern: Pick<Rich, "shape" | "matcher">,
): Map<string, Target> {
  const { shape, matcher } = pattern;
  const known = node.rich.find((rich) => rich.shape === shape);
  if (known !== undefined) return known.methods;
  const methods = new Map<string, Target>();
  node.rich.push({ shape, matcher, methods });
  return methods;
}

function findBelow(
  node: Node,
  search: Search,
  at: number,
  values: readonly string[],
): Found | undefined {
  const { segments, pick } = search;
  const segment = segments[at];
  if (segment === undefined) {
    const here = node.here && bind(pick(node.here), values);
    return here ?? findRich(node, search);
  }
  const literal = node.literals.get(segment);
  let found = literal && findBelow(literal, search, at + 1, values);
  if (found === undefined && node.rich.length > 0) {
    found = findRich(node, search);
  }
  if (found === undefined && node.param !== undefined && segment !== "") {
    found = findBelow(node.param, search, at + 1, [...values, segment]);
  }
  if (found === undefined && node.wildcard !== undefined) {
    const rest = segments.slice(at).join("/");
    found = bind(pick(node.wildcard), [...values, rest]);
  }
  return found;
}

function findRich(node: Node, search: Search): Found | undefined {
  for (const { matcher, methods } of node.rich) {
    const params = matchRich(matcher, search.pathname);
    if (params === undefined) continue;
    const target = search.pick(methods);
    if (target !== undefined) return { method: target.method, params };
  }
  return undefined;
}

/** Gives the parameters of a path their names. */
function bind(
  target: Target | undefined,
  values: readonly string[],
): Found | undefined {
  if (target === undefined) return undefined;
  const { method, names } = target;
  if (names.length === 0) return { method, params: NO_PARAMS };
  const params: Record<string, string> = {};
  for (const [i, name] of names.entries()) params[name] = values[i] ?? "";
  return { method, params };
}

function literalBelow(node: Node, text: string): Node {
  const next = node.literals.get(text) ?? newNode();
  node.literals.set(text, next);
  return next;
}

function newNode(): Node {
  return {
    literals: new Map(),
    rich: [],
    param: undefined,
    wildcard: undefined,
    here: undefined,
  };
}
