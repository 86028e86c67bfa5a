/**
 * Load by large bodies, sent and received by `body_client.ts`.
 *
 * @module
 */

import type { Load } from "../load.ts";
import { loadPrefix } from "../cores.ts";
import { HOSTNAME } from "../server.ts";
import { DOWNLOAD_OCTETS } from "./download.ts";

const MEGABYTE = 1_000_000;
const TRANSFERS = 3;

/** Which way the body goes. */
export type Direction = "upload" | "download";

/** Megabytes a second, over a few transfers one after the other. */
export function transfer(direction: Direction): Load {
  return async (target) => {
    const { port } = await target.standing();
    const [program = "", ...args] = [
      ...loadPrefix(),
      Deno.execPath(),
      "run",
      `--allow-net=${HOSTNAME}`,
      new URL("body_client.ts", import.meta.url).href,
      direction,
      String(port),
      String(TRANSFERS),
    ];
    const { success, stdout, stderr } = await new Deno.Command(program, {
      args,
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    const seconds = Number(new TextDecoder().decode(stdout));
    return TRANSFERS * DOWNLOAD_OCTETS / MEGABYTE / seconds;
  };
}
