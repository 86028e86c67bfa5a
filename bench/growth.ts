/**
 * How cost grows: our server alone, each quantity at three sizes.
 *
 * @module
 */

import type { Load } from "./load.ts";
import { idleConnections } from "./load/idle.ts";
import { wrk, type WrkSummary } from "./load/wrk.ts";
import * as peers from "./peers.ts";
import { LISTINGS } from "./site.ts";

/** One quantity that grows. */
export interface Growth {
  /** The word that `--only` takes. */
  readonly id: string;
  /** What grows. */
  readonly title: string;
  /** What a figure counts. */
  readonly unit: string;
  /** The sizes, smallest first. */
  readonly points: readonly GrowthPoint[];
}

/** One size. */
export interface GrowthPoint {
  /** How many, or how large. */
  readonly size: number;
  /** The server. */
  readonly peer: peers.Peer;
  /** How a figure is taken. */
  readonly load: Load;
}

const COST = "µs a request";

/** Every quantity. */
export const GROWTHS: readonly Growth[] = [
  {
    id: "grow-fields",
    title: "request fields",
    unit: COST,
    points: [1, 8, 64].map((size) => ({
      size,
      peer: peers.VERB,
      load: wrk({ fields: fields(size) }, microseconds),
    })),
  },
  {
    id: "grow-routes",
    title: "routes",
    unit: COST,
    points: [1, 100, 1_000].map((size) => ({
      size,
      peer: peers.verbRoutes(size),
      load: wrk({ target: `/route-${size - 1}/world` }, microseconds),
    })),
  },
  {
    id: "grow-connections",
    title: "busy connections",
    unit: COST,
    points: [16, 256, 4_096].map((size) => ({
      size,
      peer: peers.VERB,
      load: wrk({ connections: size }, microseconds),
    })),
  },
  {
    id: "grow-idle",
    title: "idle connections",
    unit: "KiB a connection",
    points: [100, 1_000, 10_000].map((size) => ({
      size,
      peer: peers.VERB,
      load: idleConnections(size),
    })),
  },
  {
    id: "grow-body",
    title: "octets of a JSON body, echoed",
    unit: COST,
    points: [100, 10_000, 100_000].map((size) => ({
      size,
      peer: peers.VERB,
      load: wrk({
        target: "/echo",
        method: "POST",
        body: JSON.stringify("a".repeat(size - 2)),
        fields: ["Content-Type: application/json"],
      }, microseconds),
    })),
  },
  {
    id: "grow-listing",
    title: "entries of a folder, listed",
    unit: COST,
    points: LISTINGS.map((size) => ({
      size,
      peer: peers.VERB_FILES,
      load: wrk({ target: `/list${size}/`, connections: 8 }, microseconds),
    })),
  },
];

function microseconds({ seconds, requests }: WrkSummary): number {
  return seconds / requests * 1e6;
}

function fields(count: number): string[] {
  return Array.from({ length: count }, (_, nth) => `X-Field-${nth}: value`);
}
