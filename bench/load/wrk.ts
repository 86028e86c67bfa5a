/**
 * Load by `wrk`: one thread on its own core, for as long as a round lasts.
 *
 * @module
 */

import type { Load } from "../load.ts";
import { loadPrefix } from "../cores.ts";
import { HOSTNAME, type Server } from "../server.ts";

/** What `wrk.lua` prints when a round is over. */
export interface WrkSummary {
  /** Answers received. */
  readonly requests: number;
  /** Octets received, heads included. */
  readonly octets: number;
  /** How long the round lasted. */
  readonly seconds: number;
  /** Median latency in milliseconds. */
  readonly p50: number;
  /** 99th percentile of the latency in milliseconds. */
  readonly p99: number;
  /** Connections that could not be made. */
  readonly refused: number;
  /** Reads and writes that failed. */
  readonly broken: number;
  /** Answers that took longer than two seconds. */
  readonly late: number;
  /** Answers with a status of 400 or more. */
  readonly status: number;
}

/** The requests of one round. */
export interface WrkOptions {
  /** The request target. @default {"/"} */
  readonly target?: string;
  /** Connections held open. @default {64} */
  readonly connections?: number;
  /** Request fields beside Host. @default {[]} */
  readonly fields?: readonly string[];
  /** Requests sent at once on a connection. @default {1} */
  readonly pipelined?: number;
  /** The request method. @default {"GET"} */
  readonly method?: string;
  /** The request body. @default {no body} */
  readonly body?: string;
  /** The name of a field whose value is another one in each request. */
  readonly changing?: string;
  /** Threads of the generator. @default {1} */
  readonly threads?: number;
  /** Whether server and generator keep to a core each. @default {true} */
  readonly pinned?: boolean;
}

/** Requests a second. */
export function requestsPerSecond(summary: WrkSummary): number {
  return summary.requests / summary.seconds;
}

/** The 99th percentile of the latency in milliseconds. */
export function tailLatency(summary: WrkSummary): number {
  return summary.p99;
}

/** A workload that `wrk` makes and one figure of it that is kept. */
export function wrk(
  options: WrkOptions = {},
  figure: (summary: WrkSummary) => number = requestsPerSecond,
): Load {
  return async (target, seconds) => {
    const { pinned = true } = options;
    const server = await target.standing({ pinned });
    return figure(await runWrk(server, { ...options, seconds }));
  };
}

/**
 * Runs `wrk` against a server.
 *
 * @throws {Error} If it fails, or an answer is refused, broken or 4xx/5xx.
 */
export async function runWrk(
  server: Server,
  options: WrkOptions & { seconds: number },
): Promise<WrkSummary> {
  const prefix = options.pinned === false ? [] : loadPrefix();
  const [program = "wrk", ...args] = [
    ...prefix,
    ...commandLine(server, options),
  ];
  const { success, stdout, stderr } = await new Deno.Command(program, { args })
    .output();
  const text = new TextDecoder().decode(stdout);
  const found = text.match(/^summary (.+)$/m)?.[1];
  if (!success || found === undefined) {
    throw new Error(`wrk failed: ${text}${new TextDecoder().decode(stderr)}`);
  }

  const summary: WrkSummary = JSON.parse(found);
  const { requests, refused, broken, status } = summary;
  if (requests === 0 || refused + broken + status > 0) {
    throw new Error(`wrk was answered badly: ${found}`);
  }
  return summary;
}

function commandLine(
  server: Server,
  options: WrkOptions & { seconds: number },
): string[] {
  const { target = "/", connections = 64, threads = 1 } = options;
  return [
    "wrk",
    `--threads=${threads}`,
    `--connections=${connections}`,
    `--duration=${options.seconds}s`,
    "--latency",
    `--script=${new URL("wrk.lua", import.meta.url).pathname}`,
    ...(options.fields ?? []).map((field) => `--header=${field}`),
    `http://${HOSTNAME}:${server.port}${target}`,
    "--",
    String(options.pipelined ?? 1),
    options.method ?? "GET",
    options.body ?? "-",
    options.changing ?? "-",
  ];
}
