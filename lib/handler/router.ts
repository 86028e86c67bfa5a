// From a verb and a path to a method. In: one or several handler classes. Out:
// the class, the method's name and the path's parameters, or why there are none.

import { HttpError } from "../facts/errors.ts";
import { checkHandlerClass } from "./handler_class.ts";
import { belowPrefix } from "./prefix.ts";
import {
  NO_PROGRAMS,
  type ProgramFiles,
  ProgramGuard,
  runsFiles,
} from "./program_guard.ts";
import {
  type Found,
  type Methods,
  type Params,
  RouteTable,
  type Target,
} from "./route_table.ts";
import { requireGuardedUploads, type UploadPlace } from "./upload_check.ts";
import { verbEntries } from "./verb.ts";

/** What the router needs of a handler class. */
export interface RoutableClass {
  /** The class's name, for listings. */
  readonly name: string;
  /** Where the class is mounted: `""`, or as `"/api"`. */
  readonly prefix?: string;
  /** Whether a path below the prefix is this class's at all. */
  owns?(pathname: string): boolean;
  /** Whether a path comes here that is not UTF-8; else it is 400. */
  readonly takesPathBytes?: boolean;
  /** Which files the class runs: no other class sends or takes these as files. */
  programFiles?(): ProgramFiles;
  /** Where the class stores what clients send. */
  uploadPlace?(): UploadPlace;
  /**
   * Called when a server is made of the class.
   *
   * @throws {TypeError} If the class cannot serve with the settings that it has.
   */
  checkSettings?(): void;
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

/**
 * Where a request goes, or which class refuses it: where the path is unknown,
 * that with the longest prefix of it, else the first.
 */
export type Match<C> =
  | {
    readonly kind: "found";
    readonly handler: C;
    readonly method: PropertyKey;
    readonly params: Params;
  }
  /** The path is known, to `handler` first, but not with this verb: 405. */
  | {
    readonly kind: "no verb";
    readonly handler: C;
    readonly allow: readonly string[];
  }
  /** The path is unknown: 404. */
  | { readonly kind: "no path"; readonly handler: C }
  /** No class has this verb on any path: 501. */
  | { readonly kind: "unknown verb"; readonly handler: C };

/**
 * Methods that this server knows to exist (RFC 9110 section 9, RFC 5789): on a
 * known path they are 405 even where no class has them.
 */
const STANDARD = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"];

/** Chooses one of the methods of a path. */
type Chooser = (methods: Methods) => Target | undefined;

/** Those of the usual verbs: a request makes none of its own. */
const CHOOSERS: ReadonlyMap<string, Chooser> = new Map(
  STANDARD.map((verb) => [verb, makeChooser(verb)]),
);

/** One class of a server, where it is mounted. */
interface Mount<C> {
  readonly handler: C;
  readonly prefix: string;
  readonly table: RouteTable;
}

/** Finds methods by verb and path over the classes of a server. */
export class Router<C extends RoutableClass> {
  /** The first class. */
  readonly first: C;

  /** The class with the longest prefix first, of equal ones as they came. */
  #mounts: readonly Mount<C>[];
  #classes: readonly C[];
  #verbs = new Set<string>();
  #programGuard: ProgramGuard | undefined;

  /**
   * Compiles the routes of handler classes.
   *
   * @param classes The classes; of several that match, the one with the longest
   * prefix gets the request, of equal prefixes the first.
   * @throws {TypeError} If there is no class, a prefix is malformed, or a class
   * takes files from everybody where another one runs them.
   */
  constructor(classes: readonly C[]) {
    const [first] = classes;
    if (first === undefined) {
      throw new TypeError("Cannot route requests: there is no handler class");
    }
    this.first = first;
    for (const handlerClass of classes) checkHandlerClass(handlerClass);
    requireGuardedUploads(classes);
    this.#classes = [...classes];
    this.#mounts = classes.map((handler) => ({
      handler,
      prefix: handler.prefix ?? "",
      table: new RouteTable(verbEntries(handler)),
    })).sort((a, b) => b.prefix.length - a.prefix.length);
    for (const { table } of this.#mounts) {
      for (const verb of table.verbs) this.#verbs.add(verb);
    }
    if (this.#verbs.has("GET")) this.#verbs.add("HEAD");
  }

  /** All verbs that some class answers, and OPTIONS, sorted. */
  get verbs(): string[] {
    return allowed(this.#verbs);
  }

  /** Knows which files some class runs. */
  get programGuard(): ProgramGuard {
    return this.#programGuard ??= guardOf(this.#classes);
  }

  /**
   * Finds where a request goes. HEAD goes to GET where it has no method of its
   * own (RFC 9110 section 9.3.2).
   *
   * @param verb The method of the request.
   * @param pathname The canonical path.
   * @throws {HttpError} 400 for a path that is not UTF-8, where the class that
   * it is for takes no such path.
   */
  match(verb: string, pathname: string): Match<C> {
    const choose = chooserOf(verb);
    for (const mount of this.#mounts) {
      const found = findIn(mount, pathname, choose);
      if (found === undefined) continue;
      if (!mount.handler.takesPathBytes) requireText(pathname);
      const { method, params } = found;
      return { kind: "found", handler: mount.handler, method, params };
    }
    requireText(pathname);
    return this.#refuse(verb, pathname);
  }

  /** Looks again, for the verbs that the path does have. */
  #refuse(verb: string, pathname: string): Match<C> {
    const allow = new Set<string>();
    const collect = (methods: Methods) => {
      for (const verb of methods.keys()) allow.add(verb);
      return undefined;
    };
    let known: C | undefined;
    for (const mount of this.#mounts) {
      findIn(mount, pathname, collect);
      if (allow.size > 0) known ??= mount.handler;
    }
    const isKnown = this.#answers(verb) || STANDARD.includes(verb);
    if (known !== undefined && isKnown) {
      return { kind: "no verb", handler: known, allow: allowed(allow) };
    }
    return {
      kind: this.#answers(verb) ? "no path" : "unknown verb",
      handler:
        this.#mounts.find(({ prefix }) =>
          belowPrefix(pathname, prefix) !== undefined
        )?.handler ?? this.first,
    };
  }

  #answers(verb: string): boolean {
    return this.#verbs.has(verb) || this.#verbs.has("*") || verb === "OPTIONS";
  }

  /** All routes, in the order of the classes. */
  list(): Route[] {
    return this.#classes.flatMap((handler) =>
      verbEntries(handler).map((entry) => ({
        verb: entry.verb,
        pattern: entry.pattern === undefined
          ? undefined
          : (handler.prefix ?? "") + entry.pattern,
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

/** To skip a class that takes text alone would lead around what it guards. */
function requireText(pathname: string): void {
  if (pathname.isWellFormed()) return;
  throw new HttpError(400, "The path holds a malformed escape");
}

function guardOf(classes: readonly RoutableClass[]): ProgramGuard {
  const runners = classes.filter(runsFiles);
  return runners.length === 0 ? NO_PROGRAMS : new ProgramGuard(runners);
}

function chooserOf(verb: string): Chooser {
  return CHOOSERS.get(verb) ?? makeChooser(verb);
}

/** HEAD goes to GET where it has no method of its own. */
function makeChooser(verb: string): Chooser {
  return verb === "HEAD"
    ? (methods) => methods.get("HEAD") ?? methods.get("GET") ?? methods.get("*")
    : (methods) => methods.get(verb) ?? methods.get("*");
}

/** Looks for a method of one class, if the path is below its prefix. */
function findIn<C extends RoutableClass>(
  { handler, prefix, table }: Mount<C>,
  pathname: string,
  choose: Chooser,
): Found | undefined {
  const below = belowPrefix(pathname, prefix);
  if (below === undefined) return undefined;
  if (handler.owns !== undefined && !handler.owns(below)) return undefined;
  return table.find(below, choose);
}

function allowed(verbs: ReadonlySet<string>): string[] {
  const all = new Set(verbs).add("OPTIONS");
  if (all.has("GET")) all.add("HEAD");
  all.delete("*");
  return [...all].sort();
}
