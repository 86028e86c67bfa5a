// The current request of a connection: its head, and the class that it goes to.

import { latin1Text } from "../bytes/octets.ts";
import { HttpError } from "../facts/errors.ts";
import type { Exchange } from "../protocol/exchange.ts";
import type { RequestHead } from "../protocol/request_head.ts";
import { splitByteTarget } from "../protocol/target.ts";
import type { Match, RoutableClass, Router } from "./router.ts";

/** How often one request may be forwarded before it counts as a circle. */
const MAX_FORWARDS = 10;

const NO_FIELDS: readonly (readonly [name: string, value: string])[] = [];

/** One request after the other, each with the class that it is for. */
export class RoutedRequest<C extends RoutableClass> {
  /** The head; that of a forwarded request has another path. */
  head: RequestHead | undefined;
  /** Whether it has reached a method. */
  isDispatched = false;
  /** Fields that whoever forwarded it adds to its response. */
  carried: readonly (readonly [name: string, value: string])[] = NO_FIELDS;

  readonly #router: Router<C>;
  #forwards = 0;
  #match: Match<C> | undefined;
  #matchMethod = "";
  #matchPath = "";

  /**
   * Makes a request that is not here yet.
   *
   * @param router Where requests go.
   */
  constructor(router: Router<C>) {
    this.#router = router;
  }

  /** Forgets all of it: the next one comes. */
  forget(): void {
    this.head = undefined;
    this.isDispatched = false;
    this.carried = NO_FIELDS;
    this.#forwards = 0;
    this.#match = undefined;
  }

  /**
   * Gives it another target.
   *
   * @param parts What it is now.
   * @throws {HttpError} 508 if that was done too often.
   */
  forward(parts: Pick<RequestHead, "method" | "path" | "fields">): void {
    if (++this.#forwards > MAX_FORWARDS) throw new HttpError(508);
    if (this.head !== undefined) this.head = { ...this.head, ...parts };
  }

  /**
   * The class whose steps it goes through; its `parseRequest` or `dispatch`
   * meets what is wrong with the head again. A request without a path goes to
   * the first class.
   *
   * @param exchange Which has received it.
   */
  classFor(exchange: Exchange): C {
    const { first } = this.#router;
    try {
      this.head ??= exchange.parseHead();
      const { method, path } = this.head;
      return this.route(method, path)?.handler ?? first;
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      return this.#classOfLine(exchange.rawRequestLine) ?? first;
    }
  }

  /**
   * Where a request goes; asked twice, it is looked up once.
   *
   * @param method The method.
   * @param path The target.
   * @returns Undefined where the target is no path.
   * @throws {HttpError} 400 for a malformed path.
   */
  route(method: string, path: string): Match<C> | undefined {
    if (!path.startsWith("/")) return undefined;
    if (
      this.#match === undefined || method !== this.#matchMethod ||
      path !== this.#matchPath
    ) {
      this.#match = this.#router.match(method, splitByteTarget(path).pathname);
      this.#matchMethod = method;
      this.#matchPath = path;
    }
    return this.#match;
  }

  /** By the request line alone: the rest of the head is refused. */
  #classOfLine(rawLine: Uint8Array): C | undefined {
    const [method = "", path = ""] = latin1Text(rawLine).split(" ", 2);
    try {
      return this.route(method, path)?.handler;
    } catch {
      return undefined; // a malformed path
    }
  }
}
