// The connections to one FastCGI application. Each serves one request at a
// time and occupies one of the application's processes for as long as it is
// open, so there are never more than `connections` of them, idle ones are
// taken first, and none stays idle for long.

import { HttpError } from "../facts/errors.ts";
import { requireGranted } from "../facts/permission.ts";
import { Deadline } from "./deadline.ts";
import {
  type ApplicationAddress,
  FastCgiConnection,
  parseAddress,
} from "./fastcgi_connection.ts";
import { ProgramError } from "./program_run.ts";
import { Slots } from "./slots.ts";

/** How many connections there are, and for how long. */
export interface PoolLimits {
  /** Connections at once: no more than the application has processes. */
  readonly connections: number;
  /** Requests that may wait for a connection. */
  readonly queue: number;
  /** Milliseconds that one may wait. */
  readonly wait: number;
  /** Milliseconds that a connection stays open without a request. */
  readonly idle: number;
  /** Milliseconds in which the application must accept a connection. */
  readonly connect: number;
}

/** A connection held for one request. */
export interface Lease {
  /** The connection. */
  readonly connection: FastCgiConnection;
  /**
   * Replaces a connection that turned out to be closed.
   *
   * @throws {DOMException} If the lease is released meanwhile.
   */
  renew(): Promise<void>;
  /** Ends the hold; the connection is kept if it may serve again. */
  release(mayServeAgain: boolean): void;
}

/** Keeps connections between requests. */
export class FastCgiPool {
  readonly #address: string;
  readonly #limits: PoolLimits;
  readonly #slots: Slots;
  readonly #idle = new Map<FastCgiConnection, Deadline>();

  /** Starts without a connection. */
  constructor(address: string, limits: PoolLimits) {
    this.#address = address;
    this.#limits = limits;
    this.#slots = new Slots({
      slots: limits.connections,
      queue: limits.queue,
      wait: limits.wait,
    });
  }

  /**
   * Takes an idle connection or opens one, after a wait if all are taken.
   *
   * @param signal Ends the wait.
   * @param client Whose request it is for.
   * @returns The lease; `undefined` when there is none to be had.
   * @throws {ProgramError} If the application does not accept connections.
   * @throws {HttpError} 504 if it takes too long to.
   * @throws {unknown} The reason of `signal`, once it is aborted.
   */
  async take(
    signal?: AbortSignal,
    client?: string,
  ): Promise<Lease | undefined> {
    const slot = await this.#slots.take(signal, client);
    if (slot === undefined) return undefined;
    try {
      const connection = this.#takeIdle() ?? await this.#connect(signal);
      return this.#lease(connection, slot);
    } catch (error) {
      slot[Symbol.dispose]();
      throw error;
    }
  }

  /** Closes the idle connections. */
  close(): void {
    for (const connection of [...this.#idle.keys()]) this.#drop(connection);
  }

  #lease(connection: FastCgiConnection, slot: Disposable): Lease {
    const released = new AbortController();
    const lease = {
      connection,
      renew: async () => {
        lease.connection.close();
        const next = await this.#connect(released.signal);
        // Released in the turn in which the application accepted.
        if (released.signal.aborted) next.close();
        released.signal.throwIfAborted();
        lease.connection = next;
      },
      release: (mayServeAgain: boolean) => {
        released.abort();
        if (mayServeAgain) this.#keep(lease.connection);
        else lease.connection.close();
        slot[Symbol.dispose]();
      },
    };
    return lease;
  }

  #keep(connection: FastCgiConnection): void {
    const drop = () => this.#drop(connection);
    this.#idle.set(connection, new Deadline(this.#limits.idle, drop).unref());
    connection.rest(drop);
  }

  /** The one used last: the others may then reach the end of their time. */
  #takeIdle(): FastCgiConnection | undefined {
    const connection = [...this.#idle.keys()].at(-1);
    if (connection === undefined) return undefined;
    this.#idle.get(connection)?.[Symbol.dispose]();
    this.#idle.delete(connection);
    connection.wake();
    return connection;
  }

  #drop(connection: FastCgiConnection): void {
    // A connection that has been taken meanwhile is not idle any more.
    const deadline = this.#idle.get(connection);
    if (deadline === undefined) return;
    deadline[Symbol.dispose]();
    this.#idle.delete(connection);
    connection.close();
  }

  async #connect(signal?: AbortSignal): Promise<FastCgiConnection> {
    const address = parseAddress(this.#address);
    requireConnect(address);
    const late = new AbortController();
    using _deadline = new Deadline(this.#limits.connect, () => {
      late.abort(
        new HttpError(504, "The program took too long to accept a connection"),
      );
    });
    const giveUp = AbortSignal.any(
      signal ? [late.signal, signal] : [late.signal],
    );
    try {
      return new FastCgiConnection(await connectUntil(giveUp, address));
    } catch (error) {
      giveUp.throwIfAborted();
      if (error instanceof Deno.errors.NotCapable) throw error;
      throw new ProgramError(`Cannot connect to ${this.#address}`, {
        cause: error,
      });
    }
  }
}

function requireConnect(address: ApplicationAddress): void {
  if ("path" in address) {
    requireGranted({ name: "read", path: address.path });
    requireGranted({ name: "write", path: address.path });
    return;
  }
  const { hostname = "127.0.0.1", port } = address;
  const host = hostname.includes(":") ? `[${hostname}]` : hostname;
  requireGranted({ name: "net", host: `${host}:${port}` });
}

/** The platform heeds the signal for TCP only: a late connection is closed. */
async function connectUntil(
  giveUp: AbortSignal,
  address: ApplicationAddress,
): Promise<Deno.Conn> {
  giveUp.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(giveUp.reason);
  giveUp.addEventListener("abort", abort);
  const connecting: Promise<Deno.Conn> = "path" in address
    ? Deno.connect(address)
    : Deno.connect({ ...address, signal: giveUp });
  try {
    return await Promise.race([connecting, aborted]);
  } catch (error) {
    connecting.then((late) => late.close(), () => {});
    throw error;
  } finally {
    giveUp.removeEventListener("abort", abort);
  }
}
