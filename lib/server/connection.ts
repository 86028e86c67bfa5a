// The life of a connection:
//
// 1. The server accepts it and gives it to a handler of its own.
// 2. `serveConnection` brackets the handler's `handle` with `setup` and
//    `finish`, and holds the only catch: what a handler throws is answered by
//    its `recover`, or the connection ends.
// 3. It ends so that the client can read the answer to the last octet: when
//    more may still be coming in, the server half-closes, reads on for a while
//    and closes then (RFC 9112 section 9.6). Closed at once, the kernel would
//    answer that input with RST, and RST destroys what the client has not read.

import { ByteReader } from "../bytes/byte_reader.ts";
import { ByteWriter } from "../bytes/byte_writer.ts";
import type { ByteStream } from "../bytes/stream.ts";
import { ConnectionLost } from "../facts/errors.ts";
import { attempt, report } from "../handler/error_report.ts";
import type {
  Connection,
  ConnectionHandler,
  ServerInfo,
} from "../handler/connection.ts";
import type { LateCodeGuard } from "../handler/late_code.ts";
import type { Expiring } from "./deadlines.ts";
import { EndedClient } from "./ended_client.ts";
import type { AsyncContextGuard } from "./late_code.ts";

/** How much is read at once of what nobody wants. */
const DROP_SIZE = 16_384;

/** One connection of a server: its octets both ways, and its deadlines. */
export class TransportConnection implements Connection, Expiring {
  /** What the client sends. */
  readonly rfile: ByteReader;
  /** What the client gets. */
  readonly wfile: ByteWriter;
  /** Where the client is. */
  readonly clientAddress: Deno.Addr;
  /** Where the client has reached the server, if that is known. */
  readonly localAddress: Deno.Addr | undefined;
  /** The server. */
  readonly server: ServerInfo;

  /** Keeps apart what requests leave running, once the connection is served. */
  guard: LateCodeGuard | undefined;

  #handler: ConnectionHandler | undefined;
  #isDraining = false;
  #stream: ByteStream;
  #isClosed = false;
  #isSecuring = false;
  #securedBy = Infinity;
  #lingersUntil = Infinity;
  /** Set while the client has ended its side and may read on. */
  #endedClient: EndedClient | undefined;

  /**
   * Wraps an accepted connection.
   *
   * @param stream The connection.
   * @param clientAddress Where the client is.
   * @param server The server.
   * @param localAddress Where the client has reached it, if that is known.
   */
  constructor(
    stream: ByteStream,
    clientAddress: Deno.Addr,
    server: ServerInfo,
    localAddress?: Deno.Addr,
  ) {
    this.#stream = stream;
    this.rfile = new ByteReader(stream);
    this.wfile = new ByteWriter(stream);
    this.clientAddress = clientAddress;
    this.localAddress = localAddress;
    this.server = server;
    const { writeTimeout, minimumRate } = server.limits;
    this.wfile.pace = { timeout: writeTimeout, rate: minimumRate };
  }

  /**
   * Ends what is late, and what is of no more use because the client has reset
   * it: a handler that goes on keeps no descriptor. See {@linkcode Expiring}.
   */
  expire(now: number): void {
    const { rfile, wfile } = this;
    if (rfile.expiresAt <= now) rfile.expire();
    // A client that does not read cannot be told anything.
    const isLate = wfile.expiresAt <= now || this.#lingersUntil <= now ||
      this.#securedBy <= now;
    if (isLate || wfile.failed || rfile.failed) return this.close();
    rfile.lookAhead();
    // What no read would tell of.
    if (this.#isOpenForWriting && (rfile.atEnd || rfile.available > 0)) {
      wfile.probe();
      if (rfile.atEnd) this.#askEndedClient(now);
    }
  }

  /**
   * Takes note of who serves the connection.
   *
   * @param handler Its handler.
   */
  begin(handler: ConnectionHandler): void {
    this.#handler = handler;
    if (this.#isDraining) this.drain();
  }

  /**
   * Waits until the connection is encrypted, if it is to be: the client has the
   * time of a head for it, and is closed without a word when that is over.
   *
   * @throws {ConnectionLost} If it cannot be.
   */
  secure(): Promise<void> | undefined {
    const handshake = this.#stream.handshake?.();
    return handshake && this.#shakeHands(handshake);
  }

  /** Ends at the next good moment: the server shuts down. */
  drain(): void {
    this.#isDraining = true;
    // Nothing was asked yet.
    if (this.#isSecuring) return this.close();
    attempt(
      () => this.#handler?.drain(),
      (error) => report(this.server, error, this.clientAddress),
    );
  }

  /** Sets how long `rfile` waits. */
  setTimeout(timeout: number): void {
    this.rfile.timeout = timeout;
  }

  /** Sends small writes at once, over TCP; other sockets always do. */
  setNoDelay(): void {
    try {
      this.#stream.setNoDelay?.();
    } catch {
      // The client has gone, as the next read will tell.
    }
  }

  /**
   * Half-closes, drops what still comes, and returns when the client has closed
   * or its time is up.
   */
  async linger(): Promise<void> {
    try {
      if (!await this.#halfClose()) return;
      // Past `rfile`, in which a wait may have been given up.
      const dropped = new Uint8Array(DROP_SIZE);
      while (await this.#stream.read(dropped) !== null);
    } catch {
      // The client has gone: there is nobody left to wait for.
    }
  }

  /**
   * Lets a client of TLS tell the end from a cut (RFC 8446 section 6.1). Of plain
   * TCP the close itself says so.
   */
  async sayGoodbye(): Promise<void> {
    if (this.#stream.handshake === undefined) return;
    try {
      await this.#halfClose();
    } catch {
      // The client has gone.
    }
  }

  /** Closes the connection; waiting reads and writes fail. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.rfile.release();
    this.#stream.close();
    this.wfile.release();
  }

  get #isOpenForWriting(): boolean {
    return !this.#isSecuring && this.#lingersUntil === Infinity;
  }

  #askEndedClient(now: number): void {
    const { lingerTimeout } = this.server.limits;
    this.#endedClient ??= new EndedClient(now, lingerTimeout);
    if (!this.#endedClient.isToBeAsked(now)) return;
    attempt(
      () => this.#handler?.probe(),
      (error) => report(this.server, error, this.clientAddress),
    );
  }

  async #shakeHands(handshake: Promise<void>): Promise<void> {
    this.#isSecuring = true;
    this.#securedBy = Date.now() + this.server.limits.headTimeout;
    if (this.#isDraining) this.close();
    // Its messages must not wait for each other's acknowledgement.
    this.setNoDelay();
    try {
      await handshake;
    } catch (cause) {
      throw new ConnectionLost("Cannot begin TLS", { cause });
    } finally {
      this.#isSecuring = false;
      this.#securedBy = Infinity;
    }
  }

  /** Half-closes within `lingerTimeout`, and tells whether that was possible. */
  async #halfClose(): Promise<boolean> {
    const { closeWrite } = this.#stream;
    if (closeWrite === undefined || this.wfile.failed) return false;
    this.#lingersUntil = Date.now() + this.server.limits.lingerTimeout;
    await closeWrite.call(this.#stream);
    return true;
  }
}

/** Loaded with the first connection: the platform takes 3 ms for it. */
let guardModule: typeof import("./late_code.ts") | undefined;

async function guardAgainstLateCode(
  connection: TransportConnection,
): Promise<AsyncContextGuard> {
  guardModule ??= await import("./late_code.ts");
  const guard = new guardModule.AsyncContextGuard((error) =>
    report(connection.server, error, connection.clientAddress)
  );
  connection.guard = guard;
  return guard;
}

/**
 * Serves a connection from its first octet to its end. Never throws: what is
 * wrong is answered, reported, or both.
 *
 * @param connection The connection, which is closed at the end.
 * @param handler Its handler.
 */
export async function serveConnection(
  connection: TransportConnection,
  handler: ConnectionHandler,
): Promise<void> {
  connection.begin(handler);
  try {
    const securing = connection.secure();
    if (securing !== undefined) await securing;
    await runHandler(connection, handler);
    if (handler.needsLinger) await connection.linger();
    else await connection.sayGoodbye();
  } catch (error) {
    reportUnlessLost(connection, error);
  } finally {
    connection.close();
  }
}

async function runHandler(
  connection: TransportConnection,
  handler: ConnectionHandler,
): Promise<void> {
  await handler.setup();
  try {
    const guard = await guardAgainstLateCode(connection);
    for (;;) {
      try {
        await guard.run(() => handler.handle());
        return;
      } catch (error) {
        if (!(await handler.recover(error))) return;
      }
    }
  } finally {
    await finishHandler(connection, handler);
  }
}

/** Whatever its `finish` does, the client gets what was written before. */
async function finishHandler(
  connection: TransportConnection,
  handler: ConnectionHandler,
): Promise<void> {
  try {
    await handler.finish();
  } catch (error) {
    reportUnlessLost(connection, error);
  }
  await connection.wfile.flush();
}

function reportUnlessLost(
  connection: TransportConnection,
  error: unknown,
): void {
  if (error instanceof ConnectionLost) return;
  report(connection.server, error, connection.clientAddress);
}
