/**
 * The time from the start of a process to its first answer.
 *
 * @module
 */

import type { Load } from "../load.ts";

/** Milliseconds; the module cache is warm, as it is from the second start. */
export function startTime(): Load {
  return async (target) => {
    const begin = performance.now();
    const server = await target.start();
    const taken = performance.now() - begin;
    await server.stop();
    return taken;
  };
}
