// The real connection loop over octets in memory: no socket, no permission.

import { joined, latin1Octets } from "../bytes/octets.ts";
import { type ByteStream, DONE } from "../bytes/stream.ts";
import { type Limits, withLimits } from "../facts/limits.ts";
import { requireOptions } from "../facts/options.ts";
import { HttpConnection } from "../handler/http_connection.ts";
import { printError } from "../handler/error_report.ts";
import type { HttpHandlerClass } from "../handler/http_request_handler.ts";
import { routerOf } from "../handler/served_classes.ts";
import type { ServerInfo } from "../handler/connection.ts";
import { WireExchange } from "../protocol/wire_exchange.ts";
import { serveConnection, TransportConnection } from "../server/connection.ts";

/** Settings of {@linkcode exchange}: limits of the server, and what is seen. */
export interface ExchangeOptions extends Partial<Limits> {
  /**
   * Where the input is cut into reads: offsets in rising order, or `"each"` for
   * one octet a read. By default it comes whole.
   */
  splits?: readonly number[] | "each";
  /** Takes each write with the octets it had. */
  onWrite?: (octets: Uint8Array) => void;
  /** Takes the lines of the access log. */
  accessLog?: (line: string) => void;
  /**
   * Takes errors that no client is told of; by default `console.error` does, as
   * on a real server.
   */
  onError?: (error: unknown) => void;
}

/** The options that are no limits and always of one type. */
const OTHER_OPTIONS = {
  onWrite: "function",
  accessLog: "function",
  onError: "function",
} as const;

/** The address that clients in memory have. */
const CLIENT: Deno.NetAddr = {
  transport: "tcp",
  hostname: "127.0.0.1",
  port: 50_000,
};

/**
 * Sends octets to handler classes through the real connection loop, in memory.
 * The client half-closes behind the input, and reads all answers.
 *
 * Arrays are treated as badly as a socket may treat them: a write takes its
 * bytes a turn of the event loop after the call, and a read overwrites all of
 * the array that it fills. A handler that fills a buffer again before `write`
 * has settled is seen to send the wrong bytes.
 *
 * @example A test that needs no permission
 * ```ts
 * import { HttpRequestHandler, verb } from "@verb/http";
 * import { exchange } from "@verb/http/testing";
 * import { assertEquals } from "@std/assert";
 *
 * class Hello extends HttpRequestHandler {
 *   override serverVersion = "test";
 *   override dateTimeString() {
 *     return "Thu, 01 Jan 1970 00:00:00 GMT";
 *   }
 *
 *   @verb("GET")
 *   hello() {
 *     return new Response("hello");
 *   }
 * }
 *
 * const answer = await exchange(Hello, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
 * assertEquals(new TextDecoder().decode(answer), [
 *   "HTTP/1.1 200 OK",
 *   "Server: test",
 *   "Date: Thu, 01 Jan 1970 00:00:00 GMT",
 *   "content-type: text/plain;charset=UTF-8",
 *   "Content-Length: 5",
 *   "",
 *   "hello",
 * ].join("\r\n"));
 * ```
 *
 * @param classes The handler class, or several.
 * @param input What the client sends: octets, or text of which each character
 * is one octet.
 * @param options Limits, and where the input is cut.
 * @returns All octets that the client got.
 */
export async function exchange(
  classes: HttpHandlerClass | readonly HttpHandlerClass[],
  input: string | Uint8Array,
  options: ExchangeOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  requireOptions({ ...options, splits: undefined }, OTHER_OPTIONS);
  const { splits = [], onWrite, accessLog, onError = printError } = options;
  const router = routerOf(classes);
  const octets = typeof input === "string" ? latin1Octets(input) : input;
  const stream = new MemoryStream(cut(octets, splits), onWrite);
  const server: ServerInfo = {
    serverName: "127.0.0.1",
    serverPort: 8000,
    isSecure: false,
    limits: withLimits(options),
    accessLog,
    handleError: onError,
  };
  const connection = new TransportConnection(stream, CLIENT, server);
  const http = new HttpConnection(
    new WireExchange(connection.rfile, connection.wfile, server.limits),
    router,
    connection,
  );
  await serveConnection(connection, http);
  return stream.written;
}

/**
 * What a read leaves in the rest of the array: neither a line end nor a digit,
 * so that nobody takes it for a part of a request.
 */
const POISON = 0xdb;

/**
 * The octets of a client, cut into reads, and what it gets. It treats the arrays
 * as badly as a socket may: what a read has not filled is overwritten, and what
 * a write was given is looked at as late as possible.
 */
class MemoryStream implements ByteStream {
  #pieces: Uint8Array[];
  #written: Uint8Array<ArrayBuffer>[] = [];
  #onWrite: ((octets: Uint8Array) => void) | undefined;

  constructor(
    pieces: Uint8Array[],
    onWrite: ((octets: Uint8Array) => void) | undefined,
  ) {
    this.#pieces = pieces;
    this.#onWrite = onWrite;
  }

  /** What was written so far. */
  get written(): Uint8Array<ArrayBuffer> {
    return joined(this.#written);
  }

  async read(p: Uint8Array): Promise<number | null> {
    // A view of what this array held before shows the wrong bytes from now on.
    p.fill(POISON);
    if (this.#pieces.length === 0) return null;
    await nextTurn();
    const piece = this.#pieces[0];
    if (piece === undefined) return null;
    const count = Math.min(p.length, piece.length);
    p.set(piece.subarray(0, count));
    if (count === piece.length) this.#pieces.shift();
    else this.#pieces[0] = piece.subarray(count);
    return count;
  }

  /** Whoever fills the array again before this settles changes what is sent. */
  async write(p: Uint8Array): Promise<number> {
    await nextTurn();
    const octets = p.slice();
    this.#written.push(octets);
    this.#onWrite?.(octets);
    return p.length;
  }

  closeWrite(): Promise<void> {
    return DONE;
  }

  close(): void {
    this.#pieces = [];
  }
}

/**
 * Waits for a turn of the event loop: not by a timer, which takes a millisecond,
 * and which tests of time replace.
 */
function nextTurn(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  const turn = Promise.withResolvers<void>();
  port2.onmessage = () => {
    // Open ports keep a process running.
    port1.close();
    port2.close();
    turn.resolve();
  };
  port1.postMessage(null);
  return turn.promise;
}

/** The pieces of `input` between the offsets, none of them empty. */
function cut(
  input: Uint8Array,
  splits: readonly number[] | "each",
): Uint8Array[] {
  const offsets = splits === "each" ? input.keys() : splits;
  const pieces: Uint8Array[] = [];
  let start = 0;
  for (const offset of [...offsets, input.length]) {
    if (offset > start) pieces.push(input.subarray(start, offset));
    start = Math.max(start, offset);
  }
  return pieces;
}
