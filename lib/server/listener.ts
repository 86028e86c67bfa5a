// Where a server listens: TCP, TLS or a Unix socket.

import { requireRuntime } from "../facts/runtime.ts";
import type { ConnectionSource } from "./acceptor.ts";
import { IdleListener } from "./idle_listener.ts";
import type { ParallelPlace } from "./parallel.ts";
import { checkPair, TlsListener, type TlsPair } from "./tls_listener.ts";

/** Where a server listens. */
export interface ListenOptions {
  /**
   * The port to listen on; 0 for a free one.
   *
   * @default {8000}
   */
  port?: number;
  /**
   * The address to listen on. The default is reached from this machine only.
   *
   * @default {"127.0.0.1"}
   */
  hostname?: string;
  /** The path of a Unix socket to listen on instead of a port. */
  path?: string;
  /** The certificate chain in PEM format; with `key`, connections are TLS. */
  cert?: string;
  /** The private key in PEM format, not encrypted. */
  key?: string;
  /**
   * How many connections may wait to be accepted.
   *
   * @default {511}
   */
  backlog?: number;
  /**
   * Lets several servers share the port (`SO_REUSEPORT`); Linux only.
   *
   * @default {false}
   */
  reusePort?: boolean;
  /**
   * How many isolates serve the port, each of which runs the main module: as
   * many threads. Linux only, and with the flag `--unstable-net`, which lets
   * sockets share a port. Limits count for each isolate. Of several servers each
   * has isolates of its own, in which the others get no connections; the module
   * must make them in the same order each time.
   *
   * @default {1}
   */
  parallel?: number;
}

/** Something that listens. */
export interface StreamListener extends ConnectionSource {
  /** Where it listens. */
  readonly addr: Deno.Addr;
}

/** Python's. */
const DEFAULT_PORT = 8000;

/**
 * Listens.
 *
 * @param options Where, and how.
 * @param place Which of the parallel servers of the isolate it is for.
 * @throws {Deno.errors.AddrInUse} If the port is taken.
 * @throws {TypeError} If TLS is set up by halves, with an encrypted key, one that
 * is not that of the certificate, or on a Unix socket, or if a Unix socket is to
 * be served in parallel.
 * @throws {Deno.errors.InvalidData} If the certificate or the key is none.
 * @throws {Error} If the version of Deno is too old, or a port is to be shared
 * without `--unstable-net`.
 */
export function listen(
  options: ListenOptions,
  place?: ParallelPlace,
): StreamListener {
  requireRuntime();
  const tls = tlsOf(options);
  const { path } = options;
  if (path !== undefined) return Deno.listen({ transport: "unix", path });
  const { hostname = "127.0.0.1", backlog = 511, reusePort = false } = options;
  if (hostname === "") {
    throw new TypeError(
      'Cannot listen on "": every address is "0.0.0.0", or "::" for IPv6',
    );
  }
  const port = place?.port ?? options.port ?? DEFAULT_PORT;
  if (place?.isIdle) return new IdleListener(hostname, port);
  const where = {
    hostname,
    port,
    tcpBacklog: backlog,
    reusePort: reusePort || place !== undefined,
  };
  if (where.reusePort) requireSharing();
  if (tls === undefined) return Deno.listen(where);
  checkPair(tls);
  return new TlsListener(Deno.listen(where), tls);
}

function tlsOf(options: ListenOptions): TlsPair | undefined {
  const { cert, key, path } = options;
  if (path !== undefined && isParallel(options)) {
    throw new TypeError("Cannot serve a Unix socket in parallel");
  }
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined) {
    throw new TypeError("Cannot use TLS: it needs both a cert and a key");
  }
  if (path !== undefined) {
    throw new TypeError("Cannot use TLS: it is not for Unix sockets");
  }
  if (key.includes("ENCRYPTED")) {
    throw new TypeError("Cannot use TLS: the key is encrypted");
  }
  return { cert, key };
}

/** Sharing a port is an unstable API of Deno, which would end the process. */
function requireSharing(): void {
  if ("listenDatagram" in Deno) return;
  throw new Error("Sharing a port needs deno run --unstable-net");
}

/** Tells whether several isolates are to serve the port. */
export function isParallel(options: ListenOptions): boolean {
  return (options.parallel ?? 1) > 1;
}

/** Removes a Unix socket's name, which stays behind when its listener closes. */
export function removeSocket(path: string | undefined): void {
  if (path === undefined) return;
  try {
    Deno.removeSync(path);
  } catch {
    // It was removed by someone else, or may not be: the next listener says so.
  }
}
