// TLS on a listener for TCP. What speaks TLS takes long to load: it is loaded with
// the first wait for a connection, and not at all where there is no TLS.

import type { TlsStream } from "./tls_stream.ts";

/** A certificate chain and its key. */
export interface TlsPair {
  /** The certificate chain in PEM format. */
  readonly cert: string;
  /** The private key in PEM format, not encrypted. */
  readonly key: string;
}

/** Puts TLS on each connection that it accepts. */
export class TlsListener {
  /** Where it listens. */
  readonly addr: Deno.Addr;

  #listener: Deno.TcpListener;
  #pair: TlsPair;
  #begin: ((conn: Deno.TcpConn) => TlsStream) | undefined;

  /**
   * Takes over a listener.
   *
   * @param listener The listener.
   * @param pair The certificate and its key, which were checked.
   */
  constructor(listener: Deno.TcpListener, pair: TlsPair) {
    this.addr = listener.addr;
    this.#listener = listener;
    this.#pair = pair;
  }

  /** Waits for a connection, whose handshake is then still to come. */
  async accept(): Promise<TlsStream> {
    const begin = this.#begin ??= await this.#load();
    return begin(await this.#listener.accept());
  }

  /** Stops listening. */
  close(): void {
    this.#listener.close();
  }

  async #load(): Promise<(conn: Deno.TcpConn) => TlsStream> {
    const { tlsContext, TlsStream } = await import("./tls_stream.ts");
    const context = tlsContext(this.#pair);
    return (conn) => new TlsStream(conn, context);
  }
}

/**
 * Checks that a certificate and a key can be read, and belong together. What
 * speaks TLS would only say so of each connection.
 *
 * @param pair The certificate and its key.
 * @throws {Deno.errors.InvalidData} If one of them cannot be read.
 * @throws {TypeError} If they do not belong together.
 */
export function checkPair({ cert, key }: TlsPair): void {
  // What checks the certificate of a client: without a permission, and at once.
  Deno.createHttpClient({ cert, key }).close();
}
