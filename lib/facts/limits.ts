/**
 * Every limit of the server in one place: its unit, its default and what the
 * client is told when it is passed. Times are in milliseconds, sizes in bytes;
 * `Infinity` lifts a limit.
 */
export interface Limits {
  /**
   * The request line without its line end; past it 414 (400 when not even the
   * method has ended).
   *
   * @default {16_384}
   */
  requestLineBytes: number;
  /**
   * All header fields of a request together with their line ends; past it 431.
   *
   * @default {65_536}
   */
  headBytes: number;
  /**
   * The number of header field lines; past it 431.
   *
   * @default {100}
   */
  headerCount: number;
  /**
   * A request body after its transfer coding is removed; past it 413.
   *
   * @default {1_073_741_824}
   */
  bodyBytes: number;
  /**
   * A request body that is collected in memory by `bytes()`, `text()`,
   * `json()` or `formData()`; past it 413.
   *
   * @default {16_777_216}
   */
  bufferedBodyBytes: number;
  /**
   * A request body that `json()` parses, and that `text()` of the web `Request`
   * collects, from which frameworks parse JSON; past it 413. What it becomes may
   * take forty times the memory, and parsing it keeps everybody waiting.
   *
   * @default {1_048_576}
   */
  jsonBytes: number;
  /**
   * The fields of a form, files among them; past it 413. A body full of empty
   * fields becomes objects of a hundred times its size.
   *
   * @default {10_000}
   */
  formFields: number;
  /**
   * The header section of one part of a multipart form; past it 413.
   *
   * @default {8_192}
   */
  partHeadBytes: number;
  /**
   * The trailer section of a chunked request; past it 431.
   *
   * @default {8_192}
   */
  trailerBytes: number;
  /**
   * The extensions of all chunks of one body together; past it 400.
   *
   * @default {16_384}
   */
  chunkExtensionBytes: number;
  /**
   * What is read of a body that the handler left unread, so that the next
   * request can be found; past it the connection closes after the answer.
   *
   * @default {262_144}
   */
  discardBytes: number;
  /**
   * The time from a request's first byte to the end of its head; past it 408.
   * A TLS handshake has the same time; past it the connection is closed.
   *
   * @default {15_000}
   */
  headTimeout: number;
  /**
   * How long a body may keep the server waiting, in all and in one wait; what
   * arrives at `minimumRate` earns that time back, but never more: a client that
   * has begun fast must not be slow for long. Past it 408.
   *
   * @default {30_000}
   */
  bodyTimeout: number;
  /**
   * How long a client that does not read may keep the server waiting, in all
   * and in one wait; what it reads at `minimumRate` earns that time back, but
   * never more. Past it the connection is cut.
   *
   * @default {30_000}
   */
  writeTimeout: number;
  /**
   * Bytes per second under which a body or an answer counts as stalled. By 0
   * there is no such rate: it is stalled when no byte has moved in time.
   *
   * @default {500}
   */
  minimumRate: number;
  /**
   * The time a connection may stay open with no request on it, empty lines not
   * being one; past it the connection is closed without a word.
   *
   * @default {60_000}
   */
  idleTimeout: number;
  /**
   * The time a handler method may take; past it 503 if no head was sent, and
   * the connection is closed. Without it a method that never ends keeps the
   * connection of a client that has closed its side and still reads; one that
   * is reset, or on which a write has failed, is closed in any case.
   *
   * @default {Infinity}
   */
  handlerTimeout: number;
  /**
   * How long the connection of a refused request is kept after the answer, so
   * that the client can read it before the close (RFC 9112 section 9.6). What
   * still comes is dropped; it is not kept in memory. And how long a handler
   * may work for a client that has closed its side before that is asked, by
   * `100 Continue` or a zero in a chunk's size, whether it still reads.
   *
   * @default {2_000}
   */
  lingerTimeout: number;
  /**
   * How long `shutdown()` and `close()` wait for requests in flight; past it
   * their connections are cut.
   *
   * @default {10_000}
   */
  drainTimeout: number;
  /**
   * Connections served at once. By `whenFull` further ones wait in the listen
   * queue or are told 503.
   *
   * @default {Infinity}
   */
  connections: number;
  /**
   * What happens to a connection over `connections`.
   *
   * @default {"wait"}
   */
  whenFull: "wait" | "refuse";
  /**
   * Requests served on one connection; the last one is answered with
   * `Connection: close`.
   *
   * @default {Infinity}
   */
  requestsPerConnection: number;
}

/** The limits of a server that sets none. */
export const DEFAULT_LIMITS: Readonly<Limits> = {
  requestLineBytes: 16_384,
  headBytes: 65_536,
  headerCount: 100,
  bodyBytes: 1_073_741_824,
  bufferedBodyBytes: 16_777_216,
  jsonBytes: 1_048_576,
  formFields: 10_000,
  partHeadBytes: 8_192,
  trailerBytes: 8_192,
  chunkExtensionBytes: 16_384,
  discardBytes: 262_144,
  headTimeout: 15_000,
  bodyTimeout: 30_000,
  writeTimeout: 30_000,
  minimumRate: 500,
  idleTimeout: 60_000,
  handlerTimeout: Infinity,
  lingerTimeout: 2_000,
  drainTimeout: 10_000,
  connections: Infinity,
  whenFull: "wait",
  requestsPerConnection: Infinity,
};

/**
 * The default limits with those of `settings` laid over them.
 *
 * @param settings The limits to change; settings that are no limits are left
 * out, and so are those that are undefined.
 * @returns A whole set of limits.
 * @throws {TypeError} If a limit is of the wrong type.
 * @throws {RangeError} If it is out of range.
 */
export function withLimits(settings: Partial<Limits> = {}): Readonly<Limits> {
  const changes = Object.entries(settings).filter(([name, value]) =>
    Object.hasOwn(DEFAULT_LIMITS, name) && value !== undefined
  );
  for (const [name, value] of changes) requireLimit(name, value);
  return { ...DEFAULT_LIMITS, ...Object.fromEntries(changes) };
}

/** Plain JavaScript may give anything, and what is no limit limits nothing. */
function requireLimit(name: string, value: unknown): void {
  const cannot = `Cannot set the limit ${name} to ` +
    (typeof value === "string" ? JSON.stringify(value) : String(value));
  if (name === "whenFull") {
    if (value === "wait" || value === "refuse") return;
    throw new TypeError(`${cannot}: want "wait" or "refuse"`);
  }
  if (typeof value !== "number") {
    throw new TypeError(`${cannot}: want a number`);
  }
  // A server that serves no connection would wait for ever.
  const least = name === "connections" ? 1 : 0;
  if (!(value >= least)) {
    throw new RangeError(`${cannot}: want ${least} or more`);
  }
}
