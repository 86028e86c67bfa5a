// Accepting connections. Neither a client that has left before it was accepted
// nor a system without a free descriptor ends the server; only the latter holds
// it up.

import type { ByteStream } from "../bytes/stream.ts";

/** A connection that was accepted: a `Deno.Conn`, or one under TLS. */
export interface AcceptedStream extends ByteStream {
  /** Where the client is. */
  readonly remoteAddr: Deno.Addr;
  /** Where the client has reached the server. */
  readonly localAddr: Deno.Addr;
}

/** What is accepted from: the part of `Deno.Listener` that is used. */
export interface ConnectionSource {
  /** Waits for a connection. */
  accept(): Promise<AcceptedStream>;
  /** Stops listening; a waiting `accept` fails. */
  close(): void;
}

/** How long to wait when a system resource has run out, in milliseconds. */
const EXHAUSTION_PAUSE = 100;

/** For how long what was reported is not reported again, in milliseconds. */
const REPORT_INTERVAL = 10_000;

/**
 * What accept(2) reports of a connection that was lost while it waited in the
 * listen queue, or that a firewall forbids; the next one may be sound.
 */
const LOST = new Set([
  "ECONNABORTED",
  "ECONNRESET",
  "EHOSTDOWN",
  "EHOSTUNREACH",
  "ENETDOWN",
  "ENETUNREACH",
  "ENOTCONN",
  "EPERM",
  "EPROTO",
  "ETIMEDOUT",
]);

/** Accepts the connections of a listener until it is closed. */
export class Acceptor {
  #source: ConnectionSource;
  #report: (error: unknown) => void;
  #isClosed = false;
  /** Epoch milliseconds. */
  #reportedAt = -Infinity;
  #resume: (() => void) | undefined;
  /** Settles when the accept that is pending has ended. */
  #turn: PromiseWithResolvers<void> | undefined;

  /**
   * Makes an acceptor.
   *
   * @param source The listener, which it closes.
   * @param report Takes what keeps connections from being accepted, once in ten
   * seconds.
   */
  constructor(source: ConnectionSource, report: (error: unknown) => void) {
    this.#source = source;
    this.#report = report;
  }

  /**
   * Waits for a connection. The platform takes one wait at a time: a second call
   * waits for its turn.
   *
   * @returns The connection, or undefined once the acceptor is closed.
   * @throws {Deno.errors.BadResource} If someone else has closed the listener.
   */
  async accept(): Promise<AcceptedStream | undefined> {
    while (this.#turn !== undefined) await this.#turn.promise;
    const turn = this.#turn = Promise.withResolvers<void>();
    try {
      return await this.#acceptNext();
    } finally {
      this.#turn = undefined;
      turn.resolve();
    }
  }

  /** Stops accepting, also where a pause is on. */
  close(): void {
    this.#isClosed = true;
    this.#resume?.();
    this.#source.close();
  }

  async #acceptNext(): Promise<AcceptedStream | undefined> {
    while (!this.#isClosed) {
      try {
        return await this.#source.accept();
      } catch (error) {
        if (this.#isClosed) return undefined;
        if (error instanceof Deno.errors.BadResource) throw error;
        if (!isLostConnection(error)) await this.#pause(error);
      }
    }
    return undefined;
  }

  /** Other connections have to end first: without a pause this would spin. */
  async #pause(error: unknown): Promise<void> {
    const now = Date.now();
    if (now - this.#reportedAt >= REPORT_INTERVAL) {
      this.#reportedAt = now;
      this.#report(error);
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#resume = resolve;
    const timer = setTimeout(resolve, EXHAUSTION_PAUSE);
    await promise;
    clearTimeout(timer);
    this.#resume = undefined;
  }
}

function isLostConnection(error: unknown): boolean {
  return error instanceof Error && "code" in error &&
    LOST.has(String(error.code));
}
