/**
 * Load by connections that have had one answer each and then say nothing:
 * the memory a server holds for each. They are held by `idle_client.ts`.
 *
 * @module
 */

import type { Load } from "../load.ts";
import { HOSTNAME } from "../server.ts";
import { runWrk } from "./wrk.ts";

const KIBIBYTE = 1024;

/** Kibibytes a connection, on a server that was warm before they came. */
export function idleConnections(wanted: number): Load {
  return async (target) => {
    const server = await target.start();
    await runWrk(server, { seconds: 1 });
    const before = server.memory();

    const holder = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        `--allow-net=${HOSTNAME}`,
        new URL("idle_client.ts", import.meta.url).href,
        String(server.port),
        String(wanted),
      ],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    try {
      await untilHeld(holder);
      return (server.memory() - before) / wanted / KIBIBYTE;
    } finally {
      await holder.stdin.close();
      await holder.status;
      await server.stop();
    }
  };
}

async function untilHeld(holder: Deno.ChildProcess): Promise<void> {
  for await (const _said of holder.stdout) return;
  throw new Error("The connections could not be opened");
}
