// What `socketserver` gives to handlers of raw connections, and what every
// handler class shares: where it reads, where it writes, who is at the other
// end, and the life `setup` → `handle` → `finish`.

import type { ByteReader } from "../bytes/byte_reader.ts";
import type { ByteWriter } from "../bytes/byte_writer.ts";
import type { Reader, Writer } from "../bytes/stream.ts";
import { ConnectionLost } from "../facts/errors.ts";
import type { Limits } from "../facts/limits.ts";
import { report } from "./error_report.ts";
import type { LateCodeGuard } from "./late_code.ts";

/** What a handler sees of the server that it belongs to. */
export interface ServerInfo {
  /** The name of the host, as Python's `server_name`. */
  readonly serverName: string;
  /** The port that clients connect to; 0 for a Unix socket. */
  readonly serverPort: number;
  /** Whether connections are encrypted. */
  readonly isSecure: boolean;
  /**
   * The names by which clients may ask, besides addresses and `localhost`;
   * undefined where any will do.
   */
  readonly hosts?: readonly string[] | undefined;
  /** The limits in force. */
  readonly limits: Readonly<Limits>;
  /** Takes the lines of the access log; absent where nobody wants them. */
  readonly accessLog: ((line: string) => void) | undefined;
  /**
   * Reports an error that the client is told nothing of.
   *
   * @param error What was thrown.
   * @param clientAddress Whose request it was.
   */
  handleError(error: unknown, clientAddress: Deno.Addr): void;
}

/** Where a handler reads and writes, and between whom. */
export interface Endpoint {
  /** What the client sends. */
  readonly rfile: Reader;
  /** What the client gets. */
  readonly wfile: Writer;
  /** Where the client is. */
  readonly clientAddress: Deno.Addr;
  /** Where the client has reached the server, if that is known. */
  readonly localAddress?: Deno.Addr | undefined;
  /** The server. */
  readonly server: ServerInfo;
  /**
   * Sets how long reads may wait.
   *
   * @param timeout Milliseconds.
   */
  setTimeout?(timeout: number): void;
  /** Sends small writes at once instead of joining them in the kernel. */
  setNoDelay?(): void;
  /** Tells late code, if the connection is served with such a guard. */
  readonly guard?: LateCodeGuard | undefined;
}

/** One connection of a server. */
export interface Connection extends Endpoint {
  /** What the client sends. */
  readonly rfile: ByteReader;
  /** What the client gets. */
  readonly wfile: ByteWriter;
}

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
export abstract class StreamRequestHandler {
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

  #endpoint: Endpoint;

  /**
   * Makes the handler of one connection; the server then calls `setup`,
   * `handle` and `finish`.
   *
   * @param endpoint Where to read and write.
   */
  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
    this.clientAddress = endpoint.clientAddress;
    this.localAddress = endpoint.localAddress;
    this.server = endpoint.server;
  }

  /**
   * Where to read: the connection, or the body of the current request. Whoever
   * keeps that body reads no other one.
   */
  get rfile(): Reader {
    return this.#endpoint.rfile;
  }

  /**
   * Where to write: the connection, or the body of the current response.
   * Whoever keeps that body writes to no other one: when the response is
   * complete its writes are rejected.
   */
  get wfile(): Writer {
    return this.#endpoint.wfile;
  }

  /**
   * Applies `timeout` and `disableNagle`; called before `handle`. May be
   * overridden.
   */
  setup(): void | Promise<void> {
    if (this.timeout !== Infinity) this.#endpoint.setTimeout?.(this.timeout);
    if (this.disableNagle) this.#endpoint.setNoDelay?.();
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

  /** Ends the conversation at the next good moment: the server shuts down. */
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
