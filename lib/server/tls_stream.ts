// The server's side of TLS over an accepted connection. Deno's own listener for
// TLS closes nothing before a handshake has ended or while a client does not
// read, and says of no connection how far it is: a silent client would keep its
// descriptor for ever. Here the connection is ours, and TLS is put on it.

import { createSecureContext, type SecureContext, TLSSocket } from "node:tls";
import { type ByteStream, handled } from "../bytes/stream.ts";
import type { AcceptedStream } from "./acceptor.ts";
import { TlsTransport } from "./tls_transport.ts";

/**
 * The most that is encrypted at once. A client must read so much within the
 * limit `writeTimeout`, as nobody sees it read a part of that.
 */
const WRITE_SIZE = 16_384;

/** What is said of a connection that was closed here. */
const CLOSED = "The connection is closed";

/** A certificate and its key, for many connections. */
export type TlsContext = SecureContext;

/**
 * Prepares a certificate.
 *
 * @param pair The certificate chain and the key in PEM format.
 */
export function tlsContext(pair: { cert: string; key: string }): TlsContext {
  return createSecureContext(pair);
}

/** The decrypted bytes of a connection. */
export class TlsStream implements ByteStream {
  /** Where the client is. */
  readonly remoteAddr: Deno.Addr;
  /** Where the client has reached the server. */
  readonly localAddr: Deno.Addr;

  #stream: AcceptedStream;
  #transport: TlsTransport;
  #socket: TLSSocket;
  #handshake = Promise.withResolvers<void>();
  #isSecure = false;
  #isEnded = false;
  #failure: unknown;
  /** Decrypted bytes that nobody has read. */
  #chunks: Uint8Array[] = [];
  /** Wake those who wait to read. */
  #waiting: (() => void)[] = [];
  #writing: PromiseWithResolvers<number> | undefined;

  /**
   * Begins TLS on a connection.
   *
   * @param stream The connection, which belongs to this object from now on.
   * @param context The certificate.
   */
  constructor(stream: AcceptedStream, context: TlsContext) {
    this.#stream = stream;
    this.remoteAddr = stream.remoteAddr;
    this.localAddr = stream.localAddr;
    this.#transport = new TlsTransport(stream);
    this.#socket = new TLSSocket(this.#transport, {
      isServer: true,
      secureContext: context,
      ALPNProtocols: ["http/1.1"],
    });
    handled(this.#handshake.promise);
    this.#listen();
  }

  /** Settles when the connection is encrypted; rejects if it cannot be. */
  handshake(): Promise<void> {
    return this.#handshake.promise;
  }

  /** Reads decrypted bytes; see {@linkcode ByteStream}. */
  async read(p: Uint8Array): Promise<number | null> {
    while (this.#chunks.length === 0) {
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#isEnded) return null;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiting.push(resolve);
      this.#transport.isWanted = true;
      await promise;
    }
    return this.#take(p);
  }

  /** Encrypts and writes; see {@linkcode ByteStream}. */
  write(p: Uint8Array): Promise<number> {
    // Of the TLS of the platform, which writes no empty record, it tells nothing.
    if (p.length === 0) return this.#stream.write(p);
    const piece = p.subarray(0, WRITE_SIZE);
    const writing = Promise.withResolvers<number>();
    this.#writing = writing;
    if (this.#failure !== undefined) writing.reject(this.#failure);
    else {
      this.#socket.write(piece, (error) => {
        if (error) writing.reject(error);
        else writing.resolve(piece.length);
      });
    }
    return writing.promise;
  }

  /** Says that nothing more is sent: the end can be told from a cut. */
  async closeWrite(): Promise<void> {
    if (!this.#isSecure || this.#failure !== undefined) return;
    await new Promise<void>((resolve) => {
      this.#socket.once("close", resolve);
      this.#socket.end(resolve);
    });
    await this.#transport.flushed();
  }

  /** Sends small writes at once. */
  setNoDelay(): void {
    this.#stream.setNoDelay?.();
  }

  /** Closes the connection, without a word to the client. */
  close(): void {
    this.#fail(new Deno.errors.Interrupted(CLOSED));
    this.#socket.destroy();
    this.#transport.destroy();
  }

  #listen(): void {
    const fail = (error: unknown) => this.#fail(error);
    this.#transport.on("error", fail);
    this.#socket.on("error", fail);
    // What is wrong after the handshake is told by this event alone.
    this.#socket.on("_tlsError", fail);
    this.#socket.once("close", () => {
      this.#fail(new Deno.errors.ConnectionReset("The client has gone"));
    });
    this.#socket.once("secure", () => {
      this.#isSecure = true;
      this.#transport.isWanted = this.#waiting.length > 0;
      this.#handshake.resolve();
    });
    this.#socket.on("data", (chunk: Uint8Array) => {
      this.#chunks.push(chunk);
      this.#wake();
    });
    this.#socket.once("end", () => {
      this.#isEnded = true;
      this.#wake();
      if (!this.#isSecure) fail(new Deno.errors.UnexpectedEof("No handshake"));
    });
  }

  #take(p: Uint8Array): number {
    const [chunk = p] = this.#chunks;
    const count = Math.min(p.length, chunk.length);
    p.set(chunk.subarray(0, count));
    if (count === chunk.length) this.#chunks.shift();
    else this.#chunks[0] = chunk.subarray(count);
    return count;
  }

  #wake(): void {
    if (this.#isSecure) this.#transport.isWanted = false;
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** Only the first failure counts: the others are its consequences. */
  #fail(error: unknown): void {
    this.#failure ??= error;
    this.#handshake.reject(this.#failure);
    this.#writing?.reject(this.#failure);
    this.#wake();
  }
}
