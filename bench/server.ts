/**
 * Starts and stops the servers under measurement. Each one listens on
 * loopback, on a port that was free a moment before.
 *
 * @module
 */

import { serverPrefix } from "./cores.ts";
import type { Peer } from "./peers.ts";

/** Every server listens here and every load goes here. */
export const HOSTNAME = "127.0.0.1";

const START_DEADLINE_MS = 10_000;
const PROBE_DEADLINE_MS = 2_000;
const STOP_DEADLINE_MS = 2_000;
const PROBE = new TextEncoder().encode("GET / HTTP/1.0\r\n\r\n");

/** How one server is started. */
export interface StartOptions {
  /** Isolates (or workers) that share the port. @default {1} */
  readonly isolates?: number;
  /** Whether it is kept to the server's core. @default {true} */
  readonly pinned?: boolean;
}

/** A peer in one workload: starts its servers and stops them all at the end. */
export class Target {
  /** What is started. */
  readonly peer: Peer;
  /** The folder of files and scripts that it serves. */
  readonly folder: string;
  readonly #servers: Server[] = [];
  #standing: Promise<Server> | undefined;

  /** Names a peer; starts nothing yet. */
  constructor(peer: Peer, folder: string) {
    this.peer = peer;
    this.folder = folder;
  }

  /** The server that stays up for all rounds. */
  standing(options: StartOptions = {}): Promise<Server> {
    return this.#standing ??= this.start(options);
  }

  /** Starts one more server and waits for its first answer. */
  async start(options: StartOptions = {}): Promise<Server> {
    const server = new Server(this, options);
    this.#servers.push(server);
    await server.answers();
    return server;
  }

  /** Stops every server that was started. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#servers.map((server) => server.stop()));
  }
}

/** One server process. */
export class Server {
  /** The port it listens on. */
  readonly port: number = freePort();
  readonly #command: readonly string[];
  readonly #process: Deno.ChildProcess;
  #stopped = false;

  /** Starts the process. */
  constructor({ peer, folder }: Target, options: StartOptions) {
    const { isolates = 1, pinned = true } = options;
    this.#command = [
      ...(pinned ? serverPrefix() : []),
      ...peer.command({ port: this.port, folder, isolates }),
    ];
    const [program = "", ...args] = this.#command;
    this.#process = new Deno.Command(program, {
      args,
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
  }

  /**
   * Waits until a request is answered, whatever the answer is.
   *
   * @throws {Error} If there is none before the deadline.
   */
  async answers(): Promise<void> {
    const deadline = performance.now() + START_DEADLINE_MS;
    while (performance.now() < deadline) {
      if (await isAnswered(this.port)) return;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    throw new Error(`No answer from: ${this.#command.join(" ")}`);
  }

  /** The memory that the process and its children hold, in octets. */
  memory(): number {
    const pid = this.#process.pid;
    const status = Deno.readTextFileSync(`/proc/${pid}/status`);
    return Number(status.match(/^VmRSS:\s+(\d+) kB$/m)?.[1]) * 1024;
  }

  /** Asks the process to stop, and makes it stop when it does not. */
  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    const timer = setTimeout(() => this.#kill("SIGKILL"), STOP_DEADLINE_MS);
    this.#kill("SIGTERM");
    await this.#process.status;
    clearTimeout(timer);
  }

  #kill(signal: Deno.Signal): void {
    try {
      this.#process.kill(signal);
    } catch {
      // It has ended by itself.
    }
  }
}

function freePort(): number {
  using listener = Deno.listen({ hostname: HOSTNAME, port: 0 });
  return listener.addr.port;
}

async function isAnswered(port: number): Promise<boolean> {
  try {
    const conn = await Deno.connect({ hostname: HOSTNAME, port });
    const timer = setTimeout(() => conn.close(), PROBE_DEADLINE_MS);
    try {
      await conn.write(PROBE);
      return await conn.read(new Uint8Array(1024)) !== null;
    } finally {
      clearTimeout(timer);
      conn.close();
    }
  } catch {
    return false;
  }
}
