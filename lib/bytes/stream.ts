import { kindOf } from "../facts/kind.ts";

/**
 * The part of a connection that this package uses: a slice of `Deno.Conn`, so
 * TCP, TLS and Unix sockets fit as they are, and a test passes an object of its
 * own.
 */
export interface ByteStream {
  /**
   * Reads octets into `p`.
   *
   * @returns How many, or `null` at the end of the stream.
   */
  read(p: Uint8Array): Promise<number | null>;
  /**
   * Writes octets from the start of `p`. Of an empty `p` nothing is sent, but it
   * fails once the peer has reset the connection.
   *
   * @returns How many were taken, at least one unless `p` is empty.
   */
  write(p: Uint8Array): Promise<number>;
  /**
   * Settles when the stream is encrypted, rejects if it cannot be; only where it
   * is to be.
   */
  handshake?(): Promise<void>;
  /** Sends the end of the stream; reading goes on. */
  closeWrite?(): Promise<void>;
  /** Sends small writes at once; where the transport has such a choice. */
  setNoDelay?(noDelay?: boolean): void;
  /** Closes both directions; waiting reads and writes fail. */
  close(): void;
}

/**
 * Where octets come from: the connection for a `StreamRequestHandler`, the body
 * of the current request for an `HttpRequestHandler`.
 */
export interface Reader {
  /**
   * Reads some octets, which then belong to the caller.
   *
   * @param max The most octets to return.
   * @returns At least one octet, or `null` at the end.
   */
  read(max?: number): Promise<Uint8Array | null>;
  /**
   * Reads up to and including the next LF.
   *
   * @param max The most octets to return; a longer line comes in pieces.
   * @returns The line with its LF (the last one may lack it), or `null` at the
   * end.
   */
  readLine(max?: number): Promise<Uint8Array | null>;
  /** The same octets as a web stream. */
  readonly readable: ReadableStream<Uint8Array>;
}

/**
 * Where octets go: the connection for a `StreamRequestHandler`, the body of the
 * current answer for an `HttpRequestHandler`.
 */
export interface Writer {
  /**
   * Writes text (as UTF-8) or octets. Writes keep their order even when they
   * are not awaited; awaiting them is what keeps memory flat when the client
   * reads slowly.
   *
   * @param chunk What to write; octets must stay unchanged until the promise
   * settles.
   * @returns Settles when more may be written.
   * @throws {TypeError} At once, if it is neither.
   */
  write(chunk: string | Uint8Array): Promise<void>;
  /** Sends what was written so far. */
  flush(): Promise<void>;
  /** The same sink as a web stream. */
  readonly writable: WritableStream<Uint8Array>;
}

/**
 * Makes sure that something can be written: types are gone at run time.
 *
 * @param chunk What somebody writes.
 * @throws {TypeError} If it is neither text nor bytes.
 */
export function requireChunk(chunk: string | Uint8Array): void {
  if (typeof chunk === "string" || chunk instanceof Uint8Array) return;
  throw new TypeError(
    `Cannot write ${kindOf(chunk)}: give a string or a Uint8Array`,
  );
}

/** A promise that is settled already: what needs no waiting returns this one. */
export const DONE: Promise<void> = Promise.resolve();

/**
 * Marks what a client has part in as handled: where nobody waits for it, or not
 * yet, its rejection is no uncaught error. Such an error ends the process, and
 * a client must not be able to bring that about.
 *
 * @param promise A promise of what the client sends.
 * @returns The same promise, which rejects as before for who waits for it.
 */
export function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(ignore);
  return promise;
}

function ignore(): void {}

/** The octets of `reader` as a web stream that reads only on demand. */
export function readableFrom(
  reader: Pick<Reader, "read">,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    async pull(controller) {
      const chunk = await reader.read();
      if (chunk === null) controller.close();
      else controller.enqueue(owned(chunk));
    },
  }, { highWaterMark: 0 });
}

/** `writer` as a web stream. */
export function writableTo(
  writer: Pick<Writer, "write" | "flush">,
): WritableStream<Uint8Array> {
  return new WritableStream({
    write: (chunk) => writer.write(chunk),
    close: () => writer.flush(),
  });
}

/**
 * `chunk` over a plain `ArrayBuffer`, as web bodies want it: the same object
 * unless its memory is shared between threads.
 */
export function owned(chunk: Uint8Array): Uint8Array<ArrayBuffer> {
  return isUnshared(chunk) ? chunk : new Uint8Array(chunk);
}

function isUnshared(chunk: Uint8Array): chunk is Uint8Array<ArrayBuffer> {
  return chunk.buffer instanceof ArrayBuffer;
}
