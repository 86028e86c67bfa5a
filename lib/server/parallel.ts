// One isolate per core on a shared port. The main module runs once in each: in
// the first it starts the others as workers, in a worker it finds by the
// worker's name that it is one, for which of its servers, and on which port. The
// kernel deals out the connections (`SO_REUSEPORT`).

import { endsWithin } from "../handler/deadline.ts";

/** A worker's name: that it serves, for which server, and the port. */
const PEER_NAME = /^verb peer (\d+) (\d+)$/;

/** What the isolates of a port tell each other. */
type Notice = "ready" | "shut down" | "ended";

/** Milliseconds for an isolate to say that its server has ended. */
const NOTICE_GRACE = 500;

/** For which server this isolate was started, and on which port. */
function peerOf(): { index: number; port: number } | undefined {
  const name: unknown = Reflect.get(globalThis, "name");
  const match = typeof name === "string" ? PEER_NAME.exec(name) : null;
  if (match === null) return undefined;
  return { index: Number(match[1]), port: Number(match[2]) };
}

/**
 * Tells whether this isolate was started by a parallel server, and its main
 * module runs to serve beside that one.
 */
export function isPeer(): boolean {
  return peerOf() !== undefined;
}

/** The indices of the parallel servers that are open in this isolate. */
const indices = new Set<number>();

/**
 * Which of the parallel servers of an isolate one is. The main module makes them
 * in the same order everywhere, so that a worker knows its own.
 */
export class ParallelPlace {
  /** How many were open before it, unless one of them has ended since. */
  readonly index: number;

  /** Takes the first free place. */
  constructor() {
    let index = 0;
    while (indices.has(index)) index++;
    indices.add(index);
    this.index = index;
  }

  /**
   * The port that the first isolate has; `undefined` in that one, or if this
   * isolate serves for another server.
   */
  get port(): number | undefined {
    const peer = peerOf();
    return peer?.index === this.index ? peer.port : undefined;
  }

  /** Whether this isolate serves for another server. */
  get isIdle(): boolean {
    return isPeer() && this.port === undefined;
  }

  /** Gives the place to the next server. */
  free(): void {
    indices.delete(this.index);
  }
}

/**
 * Ends this isolate's server when the first isolate says so. For an isolate
 * that is a peer.
 *
 * @param port The port that the isolates share.
 * @param shutdown Ends the server.
 */
export function obeyFirst(port: number, shutdown: () => Promise<void>): void {
  const channel = new BroadcastChannel(channelName(port));
  channel.onmessage = async ({ data }) => {
    if (data !== notice("shut down")) return;
    channel.onmessage = null;
    await shutdown();
    channel.postMessage(notice("ended"));
  };
  // The first may have been told to end before anybody listened here.
  channel.postMessage(notice("ready"));
}

/** The isolates that serve beside the first one. */
export class Peers {
  #workers: Worker[] = [];
  #channel: BroadcastChannel;
  #running: number;
  #allEnded = Promise.withResolvers<void>();
  #isEnding = false;

  /**
   * Starts isolates that run the main module.
   *
   * @param count How many.
   * @param index Which of the parallel servers they serve for.
   * @param port The port that they share.
   * @param onError Takes what ends one of them; the others go on.
   */
  constructor(
    count: number,
    index: number,
    port: number,
    onError: (error: unknown) => void,
  ) {
    this.#running = count;
    this.#channel = new BroadcastChannel(channelName(port));
    this.#channel.onmessage = ({ data }) => {
      if (data === notice("ended")) this.#countEnd();
      else if (data === notice("ready") && this.#isEnding) this.#tellToEnd();
    };
    for (let i = 0; i < count; i++) {
      const name = `verb peer ${index} ${port}`;
      const worker = new Worker(Deno.mainModule, { type: "module", name });
      worker.addEventListener("error", (event) => {
        // Unprevented it would end this isolate too.
        event.preventDefault();
        onError(new Error(`A parallel isolate has ended: ${event.message}`));
        this.#countEnd();
      });
      this.#workers.push(worker);
    }
  }

  /**
   * Lets each finish its requests, and ends it.
   *
   * @param timeout How long they may take, in milliseconds; an isolate that does
   * not answer, as in an endless loop, is ended then.
   */
  async shutdown(timeout: number): Promise<void> {
    this.#isEnding = true;
    this.#tellToEnd();
    await endsWithin(this.#allEnded.promise, timeout + NOTICE_GRACE);
    for (const worker of this.#workers) worker.terminate();
    this.#channel.close();
  }

  #tellToEnd(): void {
    this.#channel.postMessage(notice("shut down"));
  }

  #countEnd(): void {
    this.#running--;
    if (this.#running === 0) this.#allEnded.resolve();
  }
}

function channelName(port: number): string {
  return `verb peers ${port}`;
}

/** A notice as it is sent: other users of the channel's name are not heeded. */
function notice(text: Notice): string {
  return `verb: ${text}`;
}
