// How the command ends: the first SIGINT or SIGTERM lets the requests in flight
// finish, the second does not wait for them.

import type { HttpServer } from "../server/http_server.ts";

/** SIGTERM cannot be heard on Windows; closing the console is SIGHUP there. */
const SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT", "SIGBREAK", "SIGHUP"]
  : ["SIGINT", "SIGTERM"];

/** What a shell makes of a process that SIGINT has ended: 128 and its number. */
const INTERRUPTED = 130;

/** Milliseconds for the first isolate to end by itself. */
const EXIT_PAUSE = 100;

/**
 * Shuts servers down when the process is told to end.
 *
 * @param servers The servers.
 * @param hasPeers Whether other isolates serve, too.
 * @returns Stops listening for signals when it is disposed of.
 */
export function stopOnSignals(
  servers: readonly HttpServer[],
  hasPeers: boolean,
): Disposable {
  let isStopping = false;
  const stop = (message: string) => {
    if (isStopping) Deno.exit(INTERRUPTED);
    isStopping = true;
    const stopping = servers.map((server) => server.shutdown());
    // The platform would wait for an isolate in an endless loop, though it was
    // terminated.
    if (hasPeers) void Promise.all(stopping).then(exitSoon);
    // Last, because a full disk takes no message.
    // deno-lint-ignore no-console -- what Python prints here
    console.log(message);
  };
  const listeners = SIGNALS.map((signal) => {
    const message = signal === "SIGINT"
      ? "\nKeyboard interrupt received, exiting."
      : `${signal} received, exiting.`;
    const listener = () => stop(message);
    Deno.addSignalListener(signal, listener);
    return { signal, listener };
  });
  return {
    [Symbol.dispose](): void {
      for (const { signal, listener } of listeners) {
        Deno.removeSignalListener(signal, listener);
      }
    },
  };
}

function exitSoon(): void {
  setTimeout(() => Deno.exit(), EXIT_PAUSE);
}
