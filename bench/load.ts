/**
 * What a workload is to the harness: something that puts a target under load
 * once and returns one figure.
 *
 * @module
 */

import type { Target } from "./server.ts";

/**
 * One measurement of a target.
 *
 * @param target The server to measure.
 * @param seconds How long a load that has no end of its own lasts.
 */
export type Load = (target: Target, seconds: number) => Promise<number>;
