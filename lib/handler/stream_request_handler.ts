// What `socketserver` gives to handlers of raw connections, and what every
// handler class shares: where it reads, where it writes, who is at the other
// end, and the life `setup` → `handle` → `finish`.

import type { Reader, Writer } from "../bytes/stream.ts";
import { ConnectionLost } from "../facts/errors.ts";
import type {
  Connection,
  ConnectionHandler,
  ServerInfo,
} from "./connection.ts";
import { report } from "./error_report.ts";

/**
 * Handles one connection of a `TcpServer`: Python's `StreamRequestHandler`.
 *
 * - Fields to use: `rfile`, `wfile`, `clientAddress`, `server`.
 * - Methods to override: `handle`; perhaps `setup` and `finish`.
 * - Fields to override: `timeout`, `disableNagle`.
 *
 * @example A server that answers each line in upper case
 * ```ts
 * import { StreamRequestHandler, TcpServer } from "@verb/http";
 * import { assertEquals } from "@std/assert";
 *
 * class Shout extends StreamRequestHandler {
 *   override async handle() {
 *     let line;
 *     while ((line = await this.rfile.readLine()) !== null) {
 *       await this.wfile.write(new TextDecoder().decode(line).toUpperCase());
 *       await this.wfile.flush();
 *     }
 *   }
 * }
 *
 * await using server = new TcpServer({ port: 0 }, Shout);
 * const serving = server.handleRequest();
 * const client = await Deno.connect({ port: server.serverPort });
 * await client.write(new TextEncoder().encode("hello\n"));
 * const answer = new Uint8Array(6);
 * await client.read(answer);
 * assertEquals(new TextDecoder().decode(answer), "HELLO\n");
 * client.close();
 * await serving;
 * ```
 */
export abstract class StreamRequestHandler implements ConnectionHandler {
  /** Where the client is. */
  readonly clientAddress: Deno.Addr;
  /**
   * Where the client has reached the server, of a server that listens on every
   * address the one that it used; undefined where there is no connection, as
   * under `fetch`.
   */
  readonly localAddress: Deno.Addr | undefined;
  /** The server. */
  readonly server: ServerInfo;
  /**
   * How long one read may wait for the client, in milliseconds; past it the
   * read throws a `ConnectionLost` and the connection is closed. On a server of
   * several classes that of the class that responds counts, and between requests
   * that of the first class.
   *
   * @default {Infinity}
   */
  timeout: number = Infinity;
  /**
   * Whether small writes are sent at once instead of being joined in the kernel
   * (`TCP_NODELAY`).
   *
   * @default {false}
   */
  disableNagle = false;

  #connection: Connection;

  /**
   * Makes the handler of one connection; the server then calls `setup`,
   * `handle` and `finish`.
   *
   * @param connection Where to read and write.
   */
  constructor(connection: Connection) {
    this.#connection = connection;
    this.clientAddress = connection.clientAddress;
    this.localAddress = connection.localAddress;
    this.server = connection.server;
  }

  /**
   * Where to read: the connection, or the body of the current request. Whoever
   * keeps that body reads no other one.
   */
  get rfile(): Reader {
    return this.#connection.rfile;
  }

  /**
   * Where to write: the connection, or the body of the current response.
   * Whoever keeps that body writes to no other one: when the response is
   * complete its writes are rejected.
   */
  get wfile(): Writer {
    return this.#connection.wfile;
  }

  /**
   * Applies `timeout` and `disableNagle`; called before `handle`. May be
   * overridden.
   */
  setup(): void | Promise<void> {
    if (this.timeout !== Infinity) this.#connection.setTimeout?.(this.timeout);
    if (this.disableNagle) this.#connection.setNoDelay?.();
  }

  /** Serves the connection. Must be overridden. */
  abstract handle(): void | Promise<void>;

  /**
   * Sends what is left to send; called after `handle`, also if it has thrown.
   * May be overridden.
   */
  finish(): void | Promise<void> {
    return this.wfile.flush();
  }

  /**
   * Decides what becomes of the connection after `handle` has thrown; called by
   * the connection loop, which holds the only catch. Reports the error unless
   * it only says that the client is gone.
   *
   * @param error What was thrown.
   * @returns Whether `handle` is to be called again.
   */
  recover(error: unknown): boolean | Promise<boolean> {
    if (!(error instanceof ConnectionLost)) {
      report(this.server, error, this.clientAddress);
    }
    return false;
  }

  /** Begins with nothing new: the server shuts down. */
  drain(): void {}

  /**
   * Sends the client something that it ignores, where the protocol has that. The
   * client has ended its side: if it has closed the connection it answers with a
   * reset, which no read would tell of.
   */
  probe(): void {}

  /** Whether the client may still be sending when the connection closes. */
  get needsLinger(): boolean {
    return false;
  }
}
