// Stands in for the listener of a parallel server in an isolate that was started
// for another server of the same module.

import type { AcceptedStream, ConnectionSource } from "./acceptor.ts";

/** A listener that nobody connects to. */
export class IdleListener implements ConnectionSource {
  /** Where it would listen. */
  readonly addr: Deno.NetAddr;

  #closed = Promise.withResolvers<never>();

  /**
   * Makes a listener.
   *
   * @param hostname The address to listen on.
   * @param port The port.
   */
  constructor(hostname: string, port: number) {
    this.addr = { transport: "tcp", hostname, port };
    this.#closed.promise.catch(() => {});
  }

  /** Waits for its end. */
  accept(): Promise<AcceptedStream> {
    return this.#closed.promise;
  }

  /** Stops the wait. */
  close(): void {
    this.#closed.reject(new Deno.errors.BadResource("It is closed"));
  }
}
