// Python's `socketserver.TCPServer`: a listener, and a task for each connection
// that it accepts. TCP, TLS and Unix sockets differ only in how they listen.

import type { Limits } from "../facts/limits.ts";
import { attempt, printError, report } from "../handler/error_report.ts";
import { requireHandlerClass } from "../handler/handler_class.ts";
import type {
  Connection,
  ConnectionHandler,
  ServerInfo,
} from "../handler/connection.ts";
import type { StreamRequestHandler } from "../handler/stream_request_handler.ts";
import { type AcceptedStream, Acceptor } from "./acceptor.ts";
import { serveConnection, TransportConnection } from "./connection.ts";
import { Deadlines } from "./deadlines.ts";
import {
  isParallel,
  listen,
  type ListenOptions,
  removeSocket,
  type StreamListener,
} from "./listener.ts";
import { OpenConnections } from "./open_connections.ts";
import { isPeer, obeyFirst, ParallelPlace, Peers } from "./parallel.ts";
import { Refusals } from "./refusals.ts";
import { limitsOf } from "./server_limits.ts";

/** A class of handlers that can be made on a bare connection. */
export type ConnectionHandlerClass = new (
  connection: Connection,
) => StreamRequestHandler;

/** Settings of a server: where it listens, and its limits. */
export interface TcpServerOptions extends ListenOptions, Partial<Limits> {
  /** Closes the server when it is aborted, as `shutdown()` does. */
  signal?: AbortSignal;
  /** Takes the lines of the access log; without it there is none. */
  accessLog?: (line: string) => void;
}

/**
 * From so many connections on, descriptors may run out one day. To be ready for
 * that takes some 30 ms, and most servers never have so many at once.
 */
const GUARDED_FROM = 16;

/**
 * Serves connections with a handler class: Python's `TCPServer`. It listens
 * from the moment it is made.
 *
 * - Methods to use: `serveForever`, `handleRequest`, `shutdown`, `close`.
 * - Methods to override: `verifyRequest`, `processRequest`, `finishRequest`,
 *   `handleError`, `serviceActions`.
 * - Fields to use: `serverAddress`, `serverPort`, `serverName`, `limits`.
 *
 * @example Serve until the block ends
 * ```ts
 * import { HttpRequestHandler, TcpServer, verb } from "@verb/http";
 * import { assertEquals } from "@std/assert";
 *
 * class Hello extends HttpRequestHandler {
 *   @verb("GET")
 *   hello() {
 *     return new Response("hello");
 *   }
 * }
 *
 * await using server = new TcpServer({ port: 0 }, Hello);
 * void server.serveForever();
 * const response = await fetch(`http://127.0.0.1:${server.serverPort}/`);
 * assertEquals(await response.text(), "hello");
 * ```
 */
export class TcpServer implements ServerInfo, AsyncDisposable {
  /** The address that the server is bound to, with the real port. */
  readonly serverAddress: Deno.Addr;
  /** Whether connections are encrypted. */
  readonly isSecure: boolean;
  /** The limits in force. */
  readonly limits: Readonly<Limits>;
  /** Takes the lines of the access log; absent where nobody wants them. */
  readonly accessLog: ((line: string) => void) | undefined;

  #handlerClass: ConnectionHandlerClass;
  #acceptor: Acceptor;
  #deadlines: Deadlines;
  #connections: OpenConnections;
  #refusals: Refusals;
  /** Whether errors can be printed without a descriptor, as on other systems. */
  #isGuarded = Deno.build.os !== "linux";
  #isStopping = false;
  #closing: Promise<void> | undefined;
  #socketPath: string | undefined;
  #place: ParallelPlace | undefined;
  #peers: Peers | undefined;
  #signal: AbortSignal | undefined;
  #onAbort = () => void this.shutdown();

  /**
   * Makes a server and listens.
   *
   * @param options Where to listen, and the limits.
   * @param handlerClass The class of the handlers.
   * @throws {Deno.errors.AddrInUse} If the port is taken.
   * @throws {TypeError} If an option is unknown or of the wrong type, the class
   * is none of handlers, only one of `cert` and `key` is given, or the key is
   * encrypted or not that of the certificate.
   * @throws {RangeError} If a limit is out of range.
   * @throws {Error} If the version of Deno is too old.
   */
  constructor(options: TcpServerOptions, handlerClass: ConnectionHandlerClass) {
    this.limits = limitsOf(options);
    requireHandlerClass(handlerClass);
    this.#handlerClass = handlerClass;
    this.accessLog = options.accessLog;
    this.isSecure = options.cert !== undefined || options.key !== undefined;
    const place = isParallel(options) ? new ParallelPlace() : undefined;
    this.#place = place;
    const listener = this.#listen(options);
    this.#socketPath = options.path;
    this.serverAddress = listener.addr;
    this.#acceptor = new Acceptor(
      listener,
      (error) => this.#report(error),
    );
    if (place !== undefined) this.#startPeers(options.parallel ?? 1, place);
    const { headTimeout, bodyTimeout, writeTimeout, idleTimeout } = this.limits;
    this.#deadlines = new Deadlines([
      headTimeout,
      bodyTimeout,
      writeTimeout,
      idleTimeout,
      this.limits.lingerTimeout,
    ]);
    this.#connections = new OpenConnections(this.#deadlines);
    this.#refusals = new Refusals(this.#deadlines);
    this.#signal = options.signal;
    this.#signal?.addEventListener("abort", this.#onAbort);
    if (this.#signal?.aborted) this.#onAbort();
  }

  /** The port that the server is bound to; 0 for a Unix socket. */
  get serverPort(): number {
    return "port" in this.serverAddress ? this.serverAddress.port : 0;
  }

  /** The address or name that the server is bound to, or its socket's path. */
  get serverName(): string {
    const { serverAddress } = this;
    return "hostname" in serverAddress
      ? serverAddress.hostname
      : serverAddress.transport === "unix"
      ? serverAddress.path
      : "";
  }

  /** How many connections are open. */
  get connectionCount(): number {
    return this.#connections.size;
  }

  /**
   * Accepts connections until the server is shut down, each served in a task
   * of its own.
   *
   * @returns Settles when the last connection has ended.
   */
  async serveForever(): Promise<void> {
    const { connections, whenFull } = this.limits;
    while (!this.#isStopping) {
      if (whenFull === "wait") {
        await this.#connections.awaitFewerThan(connections);
      }
      if (!this.#isGuarded) await this.#guard();
      const stream = await this.#acceptor.accept();
      if (stream === undefined) continue;
      void this.#admit(stream);
      attempt(() => this.serviceActions(), (error) => this.#report(error));
    }
    await this.#closing;
  }

  /**
   * Accepts one connection and serves it to its end.
   *
   * @returns Settles when the connection has ended.
   */
  async handleRequest(): Promise<void> {
    const stream = await this.#acceptor.accept();
    if (stream === undefined) return;
    await this.#admit(stream);
  }

  /**
   * Stops accepting, lets the requests in flight finish, and closes. May be
   * called from anywhere, and more than once: `serveForever` settles after it.
   * A handler had better not wait for it: the wait is for that handler, too.
   *
   * @returns Settles when the last connection has ended; those that need longer
   * than the limit `drainTimeout` are cut.
   */
  shutdown(): Promise<void> {
    return this.#closing ??= this.#close();
  }

  /** The same as `shutdown`: Python's `server_close`. */
  close(): Promise<void> {
    return this.shutdown();
  }

  /** Closes the server at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown();
  }

  /**
   * Decides whether to serve a connection; one that is not served is closed
   * without a word. May be overridden.
   *
   * @param _clientAddress Where the client is.
   */
  verifyRequest(_clientAddress: Deno.Addr): boolean {
    return true;
  }

  /**
   * Serves a connection to its end. May be overridden, to do something before
   * or after. When it has ended the connection is closed.
   *
   * @param connection The connection.
   */
  async processRequest(connection: TransportConnection): Promise<void> {
    await serveConnection(connection, this.finishRequest(connection));
  }

  /**
   * Makes what serves a connection: its handler. May be overridden.
   *
   * @param connection The connection.
   */
  finishRequest(connection: TransportConnection): ConnectionHandler {
    return new this.#handlerClass(connection);
  }

  /**
   * Reports an error that a handler has thrown and that no client is told of:
   * on standard error, with its stack, control characters escaped as in the
   * access log. May be overridden.
   *
   * @param error What was thrown.
   * @param clientAddress Whose request it was.
   */
  handleError(error: unknown, clientAddress: Deno.Addr): void {
    printError(error, clientAddress);
  }

  /** Called after each connection that was accepted. May be overridden. */
  serviceActions(): void {}

  #listen(options: TcpServerOptions): StreamListener {
    try {
      return listen(options, this.#place);
    } catch (error) {
      this.#place?.free();
      throw error;
    }
  }

  #startPeers(isolates: number, place: ParallelPlace): void {
    const { serverPort } = this;
    if (place.isIdle) return;
    if (isPeer()) return obeyFirst(serverPort, () => this.shutdown());
    this.#peers = new Peers(
      isolates - 1,
      place.index,
      serverPort,
      (error) => this.#report(error),
    );
  }

  async #guard(): Promise<void> {
    if (this.#connections.size + this.#refusals.size < GUARDED_FROM) return;
    try {
      const { guardStacks } = await import("./stack_guard.ts");
      guardStacks();
      this.#isGuarded = true;
    } catch {
      // It cannot be loaded now: the next connection tries again.
    }
  }

  #admit(stream: AcceptedStream): Promise<void> {
    const { remoteAddr, localAddr } = stream;
    const connection = new TransportConnection(
      stream,
      remoteAddr,
      this,
      localAddr,
    );
    if (!this.#accepts(connection)) {
      connection.close();
      return Promise.resolve();
    }
    if (this.#connections.size >= this.limits.connections) {
      return this.#refusals.refuse(connection);
    }
    return this.#connections.add(connection, () => this.#serve(connection));
  }

  #accepts({ clientAddress }: TransportConnection): boolean {
    // The server may have been shut down while this one was accepted.
    if (this.#isStopping) return false;
    try {
      // A promise, where types are not checked, is no admission.
      return this.verifyRequest(clientAddress) === true;
    } catch (error) {
      this.#report(error, clientAddress);
      return false;
    }
  }

  /** Never rejects: nothing that a connection brings about ends the server. */
  async #serve(connection: TransportConnection): Promise<void> {
    try {
      await this.processRequest(connection);
    } catch (error) {
      this.#report(error, connection.clientAddress);
    } finally {
      connection.close();
    }
  }

  #report(error: unknown, address: Deno.Addr = this.serverAddress): void {
    report(this, error, address);
  }

  async #close(): Promise<void> {
    this.#isStopping = true;
    this.#signal?.removeEventListener("abort", this.#onAbort);
    this.#acceptor.close();
    this.#place?.free();
    removeSocket(this.#socketPath);
    await Promise.all([
      this.#connections.end(this.limits.drainTimeout),
      this.#peers?.shutdown(this.limits.drainTimeout),
    ]);
    await this.#refusals.close();
    this.#deadlines.stop();
  }
}
