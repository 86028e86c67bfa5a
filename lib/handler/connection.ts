// What a handler is made on, and what serves a connection.

import type { Reader, Writer } from "../bytes/stream.ts";
import type { Limits } from "../facts/limits.ts";
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

/** Who is at the two ends of a connection, and what may be asked of it. */
export interface ConnectionInfo {
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

/** What a handler reads and writes: a connection, or the bodies of HTTP on one. */
export interface Connection extends ConnectionInfo {
  /** What the client sends. */
  readonly rfile: Reader;
  /** What the client gets. */
  readonly wfile: Writer;
}

/** What serves a connection from its first byte to its end. */
export interface ConnectionHandler {
  /** Called before `handle`. */
  setup(): void | Promise<void>;
  /** Serves the connection. */
  handle(): void | Promise<void>;
  /**
   * Decides what becomes of the connection after `handle` has thrown.
   *
   * @param error What was thrown.
   * @returns Whether `handle` is to be called again.
   */
  recover(error: unknown): boolean | Promise<boolean>;
  /** Called after `handle`, also if it has thrown. */
  finish(): void | Promise<void>;
  /** Begins with nothing new: the server shuts down. */
  drain(): void;
  /**
   * Sends the client something that it ignores, where the protocol has that. The
   * client has ended its side: if it has closed the connection it answers with a
   * reset, which no read would tell of.
   */
  probe(): void;
  /** Whether the client may still be sending when the connection closes. */
  readonly needsLinger: boolean;
}
