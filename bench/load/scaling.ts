/**
 * How far a second isolate helps: the same load on one and on two, server and
 * generator free to use every core.
 *
 * @module
 */

import type { Load } from "../load.ts";
import type { Target } from "../server.ts";
import { requestsPerSecond, runWrk } from "./wrk.ts";

/** Requests a second with two isolates, divided by those with one. */
export function scaling(): Load {
  return async (target, seconds) => {
    const one = await throughput(target, { isolates: 1, seconds });
    const two = await throughput(target, { isolates: 2, seconds });
    return two / one;
  };
}

async function throughput(
  target: Target,
  { isolates, seconds }: { isolates: number; seconds: number },
): Promise<number> {
  const server = await target.start({ isolates, pinned: false });
  await runWrk(server, { seconds: 1, pinned: false });
  const summary = await runWrk(server, { seconds, pinned: false });
  await server.stop();
  return requestsPerSecond(summary);
}
