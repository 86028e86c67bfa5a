// What the handlers of one conversation share: the exchange, the router, who
// talks with whom, and each other.

import { latin1Text } from "../bytes/octets.ts";
import type { Reader, Writer } from "../bytes/stream.ts";
import { HttpError } from "../facts/errors.ts";
import type { Exchange } from "../protocol/exchange.ts";
import type { RequestHead } from "../protocol/request_head.ts";
import { splitByteTarget } from "../protocol/target.ts";
import type { LateCodeGuard } from "./late_code.ts";
import { LateExchange } from "./late_exchange.ts";
import type { Match, RoutableClass, Router } from "./router.ts";
import type { Endpoint, ServerInfo } from "./stream_request_handler.ts";

/** A class whose instances take part in conversations. */
export type Participant<H extends { readonly timeout: number }> =
  & RoutableClass
  & (new (conversation: Conversation<H>) => H);

/** Who talks with whom. */
type Between = Pick<
  Endpoint,
  | "clientAddress"
  | "guard"
  | "localAddress"
  | "server"
  | "setNoDelay"
  | "setTimeout"
>;

const NO_FIELDS: readonly (readonly [name: string, value: string])[] = [];

/** A conversation in HTTP, as it is given to its handlers. */
export class Conversation<H extends { readonly timeout: number }>
  implements Endpoint {
  /** Where requests go. */
  readonly router: Router<Participant<H>>;
  /** Where the client is. */
  readonly clientAddress: Deno.Addr;
  /** Where the client has reached the server, if that is known. */
  readonly localAddress: Deno.Addr | undefined;
  /** The server. */
  readonly server: ServerInfo;
  /** The head of the current request; a forwarded one has another path. */
  head: RequestHead | undefined;
  /** The handler that is to begin with the request whose head is here. */
  next: H | undefined;
  /** The handler that works on the current request. */
  serving: H | undefined;
  /** Whether the current request has reached a method. */
  isDispatched = false;
  /** How often the current request was forwarded to another target. */
  forwards = 0;
  /** Fields that whoever forwarded the current request adds to its response. */
  carried: readonly (readonly [name: string, value: string])[] = NO_FIELDS;

  readonly #exchange: Exchange;
  readonly #between: Between;
  #lateExchange: Exchange | undefined;
  #match: Match<Participant<H>> | undefined;
  #matchMethod = "";
  #matchPath = "";
  /** The first class and its instance, which the loop looks after. */
  #leaderClass: unknown;
  #leader: H | undefined;
  /** Those of other classes: most conversations have none. */
  #others: Map<unknown, H> | undefined;
  /** Which of the others are set up. */
  #joined: Set<H> | undefined;

  /**
   * Makes a conversation.
   *
   * @param exchange The requests and answers.
   * @param router Where requests go.
   * @param between Who talks with whom.
   */
  constructor(
    exchange: Exchange,
    router: Router<Participant<H>>,
    between: Between,
  ) {
    this.#exchange = exchange;
    this.router = router;
    this.clientAddress = between.clientAddress;
    this.localAddress = between.localAddress;
    this.server = between.server;
    this.#between = between;
  }

  /** The requests and answers; for late code one that is over. */
  get exchange(): Exchange {
    const { guard } = this.#between;
    if (guard === undefined || !guard.isLate) return this.#exchange;
    return this.#lateExchange ??= new LateExchange((e) => guard.report(e));
  }

  /** The body of the current request. */
  get rfile(): Reader {
    return this.exchange.content;
  }

  /** The body of the current answer. */
  get wfile(): Writer {
    return this.exchange.wfile;
  }

  /** Tells late code, where the connection has such a guard. */
  get guard(): LateCodeGuard | undefined {
    return this.#between.guard;
  }

  /** Sends small writes at once. */
  setNoDelay(): void {
    this.#between.setNoDelay?.();
  }

  /** Sets how long reads may wait, where that is less than the limits say. */
  setTimeout(timeout: number): void {
    this.#between.setTimeout?.(timeout);
  }

  /** Forgets what belongs to the last request. */
  startRequest(): void {
    this.guard?.leave();
    this.head = undefined;
    this.serving = undefined;
    this.isDispatched = false;
    this.forwards = 0;
    this.carried = NO_FIELDS;
    this.#match = undefined;
    if (this.#leader !== undefined) this.useTimeoutOf(this.#leader);
  }

  /**
   * Lets the `timeout` of a handler count: of several that of the first between
   * requests, and of the one that responds within them.
   *
   * @param handler The handler.
   */
  useTimeoutOf(handler: H): void {
    // Alone, it has said so in its `setup`.
    if (this.#others !== undefined) this.setTimeout(handler.timeout);
  }

  /** Lets the steps of a class begin. */
  beginSteps(): void {
    this.next = undefined;
    this.guard?.leave();
  }

  /**
   * Does work for the current request apart from what earlier ones have left
   * running, unless it is a part of such work.
   *
   * @param work The work.
   */
  apart(work: () => void | Promise<void>): void | Promise<void> {
    const { guard } = this;
    return guard === undefined || guard.isActive ? work() : guard.enter(work);
  }

  /**
   * The class whose steps the current request goes through; its `parseRequest`
   * or `dispatch` meets what is wrong with the head again. A request without a
   * path goes to the first class.
   */
  chooseClass(): Participant<H> {
    const { router } = this;
    try {
      this.head ??= this.exchange.parseHead();
      const { method, path } = this.head;
      return this.route(method, path)?.handler ?? router.leader;
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      return this.#classOfLine() ?? router.leader;
    }
  }

  /** By the request line alone: the rest of the head is refused. */
  #classOfLine(): Participant<H> | undefined {
    const line = latin1Text(this.exchange.rawRequestLine);
    const [method = "", path = ""] = line.split(" ", 2);
    try {
      return this.route(method, path)?.handler;
    } catch {
      return undefined; // a malformed path
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
  route(method: string, path: string): Match<Participant<H>> | undefined {
    if (!path.startsWith("/")) return undefined;
    if (
      this.#match === undefined || method !== this.#matchMethod ||
      path !== this.#matchPath
    ) {
      this.#match = this.router.match(method, splitByteTarget(path).pathname);
      this.#matchMethod = method;
      this.#matchPath = path;
    }
    return this.#match;
  }

  /**
   * The instance of a class in this conversation, made on first use: a server
   * of several classes makes at most one of each for a connection.
   *
   * @param handlerClass The class.
   */
  instanceOf(handlerClass: Participant<H>): H {
    if (handlerClass === this.#leaderClass && this.#leader !== undefined) {
      return this.#leader;
    }
    return this.#others?.get(handlerClass) ?? new handlerClass(this);
  }

  /**
   * Makes `instance` the one of its class; each calls it as it is made. The
   * first one leads: the connection loop sets it up and finishes it.
   *
   * @param handlerClass The class.
   * @param instance Its instance.
   */
  admit(handlerClass: unknown, instance: H): void {
    if (this.#leader !== undefined) {
      this.#others ??= new Map();
      this.#others.set(handlerClass, instance);
      return;
    }
    this.#leaderClass = handlerClass;
    this.#leader = instance;
  }

  /** Whether an instance is set up. */
  hasJoined(instance: H): boolean {
    return instance === this.#leader || this.#joined?.has(instance) === true;
  }

  /** Takes note that an instance is set up. */
  join(instance: H): void {
    this.#joined ??= new Set();
    this.#joined.add(instance);
  }

  /** Forgets the instance of a class, which could not be set up. */
  dismiss(handlerClass: unknown): void {
    this.#others?.delete(handlerClass);
  }

  /** Those that were set up besides the leader; each is given out once. */
  takeJoined(): H[] {
    const others = [...this.#joined ?? []];
    this.#joined = undefined;
    return others;
  }
}
