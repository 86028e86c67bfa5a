// One connection to a FastCGI application: records out and in. It serves one
// request at a time, since hardly any application multiplexes, and stays open
// between requests.

import { filled } from "../bytes/byte_buffer.ts";
import { type FastCgiRecord, RecordDecoder } from "./fastcgi_record.ts";

/** Octets asked for at once: a whole record and its padding mostly fit. */
const READ_SIZE = 65_536;

/** An id is 16 bits, and 0 is the connection itself. */
const MAX_REQUEST_ID = 0xffff;

/** The part of a `Deno.Conn` that the client uses. */
export interface FastCgiStream {
  /** Reads octets into `p`; `null` at the end. */
  read(p: Uint8Array): Promise<number | null>;
  /** Writes octets from the start of `p`; how many were taken. */
  write(p: Uint8Array): Promise<number>;
  /** Closes both directions. */
  close(): void;
  /** Lets the process exit while a read is waiting. */
  unref?(): void;
  /** Undoes `unref`. */
  ref?(): void;
}

/** Where an application listens. */
export type ApplicationAddress =
  | Deno.ConnectOptions
  | Deno.UnixConnectOptions;

/**
 * Parses where an application listens: `host:port`, or `unix:` and a path.
 *
 * @throws {TypeError} If the text is neither.
 */
export function parseAddress(address: string): ApplicationAddress {
  if (address.startsWith("unix:") && address.length > 5) {
    return { transport: "unix", path: address.slice(5) };
  }
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]/]*)):([0-9]{1,5})$/
    .exec(address);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) {
    throw new TypeError(
      `Cannot connect to ${JSON.stringify(address)}: want host:port or ` +
        "unix:/path",
    );
  }
  return { hostname: match[1] ?? (match[2] || "127.0.0.1"), port };
}

/** A connection to an application. */
export class FastCgiConnection {
  readonly #stream: FastCgiStream;
  readonly #decoder = new RecordDecoder();
  #reading: Promise<Uint8Array | null> | undefined;
  #served = 0;

  /** Takes over an open stream. */
  constructor(stream: FastCgiStream) {
    this.#stream = stream;
  }

  /** Whether a request was served on it before the current one. */
  get isReused(): boolean {
    return this.#served > 0;
  }

  /**
   * The id of the current request. Each gets its own, so that what an
   * application sends late does not pass for a response to the next request,
   * which may be another user's.
   */
  get requestId(): number {
    return this.#served % MAX_REQUEST_ID + 1;
  }

  /** Whether all that was received has been taken out. */
  get isDrained(): boolean {
    return this.#decoder.isBetweenRecords;
  }

  /** Resolves to the next record, `null` when the application closed. */
  async nextRecord(): Promise<FastCgiRecord | null> {
    for (;;) {
      const record = this.#decoder.next();
      if (record !== undefined) return record;
      const octets = await this.#read();
      if (octets === null) return null;
      this.#decoder.push(octets);
    }
  }

  /** Writes the octets; `false` if the application is gone. */
  async write(octets: Uint8Array): Promise<boolean> {
    try {
      for (let at = 0; at < octets.length;) {
        at += await this.#stream.write(octets.subarray(at));
      }
      return true;
    } catch {
      return false;
    }
  }

  /**
   * Rests until the next request. An application may close a connection at
   * any time, and must say nothing unasked: `onBroken` is called in both
   * cases, and the connection is then of no use.
   */
  rest(onBroken: () => void): void {
    this.#served++;
    this.#stream.unref?.();
    this.#reading ??= this.#readMore();
    void this.#reading.then(onBroken);
  }

  /** Ends the rest. */
  wake(): void {
    this.#stream.ref?.();
  }

  /** Closes the connection; whoever reads is told of the end. */
  close(): void {
    try {
      this.#stream.close();
    } catch {
      // It was closed before.
    }
  }

  #read(): Promise<Uint8Array | null> {
    const reading = this.#reading ?? this.#readMore();
    this.#reading = undefined;
    return reading;
  }

  /** A stream that breaks off has ended, for all that its user can do. */
  async #readMore(): Promise<Uint8Array | null> {
    const octets = new Uint8Array(READ_SIZE);
    try {
      const count = await this.#stream.read(octets);
      return count === null ? null : filled(octets, count);
    } catch {
      return null;
    }
  }
}
