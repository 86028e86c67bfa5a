/**
 * The table of workloads: what is loaded, how, against whom, and what ratio
 * is aimed at.
 *
 * @module
 */

import type { Load } from "./load.ts";
import { idleConnections } from "./load/idle.ts";
import { scaling } from "./load/scaling.ts";
import { startTime } from "./load/start.ts";
import { transfer } from "./load/transfer.ts";
import { tailLatency, wrk } from "./load/wrk.ts";
import * as peers from "./peers.ts";
import { SCRIPT } from "./site.ts";

/** One row of the table. */
export interface Workload {
  /** The word that `--only` takes. */
  readonly id: string;
  /** What is done. */
  readonly title: string;
  /** What a figure counts. */
  readonly unit: string;
  /** Whether a good figure is a large one. */
  readonly wants: "more" | "less";
  /** Ours. */
  readonly ours: peers.Peer;
  /** Whose figure ours is divided by. */
  readonly against: peers.Peer;
  /** Who else is measured, except in a quick run. */
  readonly beside?: readonly peers.Peer[];
  /** The ratio that is wanted. */
  readonly aim: number;
  /** The ratio that is bad enough to keep working. */
  readonly floor: number;
  /** How a figure is taken. */
  readonly load: Load;
}

const BROWSER_FIELDS: readonly string[] = [
  "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
  "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
  "Accept-Language: en-GB,en;q=0.5",
  "Accept-Encoding: gzip, deflate, br, zstd",
  "Cookie: session=0123456789abcdef0123456789abcdef; theme=dark",
  "Upgrade-Insecure-Requests: 1",
  "Sec-Fetch-Dest: document",
  "Sec-Fetch-Mode: navigate",
];

const JSON_BODY = JSON.stringify({
  id: 1234567,
  name: "Ada Lovelace",
  tags: ["analytical", "engine", "number"],
  note: "a body of 100.",
});

/** How many idle connections are held: fewer where descriptors are few. */
const IDLE_CONNECTIONS = 10_000;

const PER_SECOND = { unit: "req/s", wants: "more" } as const;
const MEGABYTES = { unit: "MB/s", wants: "more" } as const;

/** Every workload, in the order of the table. */
export const WORKLOADS: readonly Workload[] = [
  {
    id: "hello",
    title: "hello, 64 keep-alive connections",
    ...PER_SECOND,
    ours: peers.VERB,
    against: peers.DENO_SERVE,
    beside: [
      peers.BARE_TCP,
      peers.HONO,
      peers.OAK,
      peers.NODE_HTTP_ON_DENO,
      peers.NODE_HTTP,
      peers.EXPRESS,
      peers.PYTHON,
    ],
    aim: 1,
    floor: 0.8,
    load: wrk(),
  },
  {
    id: "fields",
    title: "hello with a browser's 8 fields",
    ...PER_SECOND,
    ours: peers.VERB,
    against: peers.DENO_SERVE,
    aim: 1,
    floor: 0.8,
    load: wrk({ fields: BROWSER_FIELDS }),
  },
  {
    id: "changing",
    title: "the same, Cookie is another one each time",
    ...PER_SECOND,
    ours: peers.VERB,
    against: peers.DENO_SERVE,
    aim: 1,
    floor: 0.8,
    load: wrk({
      fields: BROWSER_FIELDS.filter((field) => !field.startsWith("Cookie:")),
      changing: "Cookie",
    }),
  },
  {
    id: "param",
    title: "`:param` route, answer by the pipeline",
    ...PER_SECOND,
    ours: peers.VERB,
    against: peers.HONO,
    beside: [peers.BARE_TCP],
    aim: 1.2,
    floor: 1,
    load: wrk({ target: "/hello/world" }),
  },
  {
    id: "response",
    title: "handler that returns a `Response`",
    ...PER_SECOND,
    ours: peers.VERB_RESPONSE,
    against: peers.HONO,
    aim: 1,
    floor: 0.8,
    load: wrk(),
  },
  {
    id: "pipelined",
    title: "hello, 16 requests pipelined",
    ...PER_SECOND,
    ours: peers.VERB,
    against: peers.DENO_SERVE,
    aim: 4,
    floor: 3,
    load: wrk({ pipelined: 16 }),
  },
  {
    id: "json",
    title: "JSON POST echo, 100 octets",
    ...PER_SECOND,
    ours: peers.VERB,
    against: peers.DENO_SERVE,
    beside: [peers.BARE_TCP],
    aim: 2,
    floor: 1.5,
    load: wrk({
      target: "/echo",
      method: "POST",
      body: JSON_BODY,
      fields: ["Content-Type: application/json"],
    }),
  },
  {
    id: "upload",
    title: "100 MB upload drained",
    ...MEGABYTES,
    ours: peers.VERB,
    against: peers.DENO_SERVE,
    aim: 1,
    floor: 0.9,
    load: transfer("upload"),
  },
  {
    id: "download",
    title: "100 MB response streamed",
    ...MEGABYTES,
    ours: peers.VERB,
    against: peers.DENO_SERVE,
    aim: 1,
    floor: 0.9,
    load: transfer("download"),
  },
  {
    id: "file-1k",
    title: "1 KB file, hot",
    ...PER_SECOND,
    ours: peers.VERB_FILES,
    against: peers.NGINX,
    aim: 1,
    floor: 0.6,
    load: wrk({ target: "/1k.txt" }),
  },
  {
    id: "file-64k",
    title: "64 KB file, hot",
    ...PER_SECOND,
    ours: peers.VERB_FILES,
    against: peers.NGINX,
    aim: 0.8,
    floor: 0.5,
    load: wrk({ target: "/64k.bin" }),
  },
  {
    id: "file-10m",
    title: "10 MB file",
    ...PER_SECOND,
    ours: peers.VERB_FILES,
    against: peers.NGINX,
    aim: 1,
    floor: 0.9,
    load: wrk({ target: "/10m.bin", connections: 4 }),
  },
  {
    id: "cgi",
    title: "minimal CGI script",
    ...PER_SECOND,
    ours: peers.VERB_CGI,
    against: peers.LIGHTTPD,
    beside: [peers.VERB_CGI_WITHOUT_FFI, peers.PYTHON_CGI],
    aim: 1,
    floor: 0.95,
    load: wrk({ target: SCRIPT, connections: 8 }),
  },
  {
    id: "cgi-free",
    title: "the same, on all cores",
    ...PER_SECOND,
    ours: peers.VERB_CGI,
    against: peers.LIGHTTPD,
    beside: [peers.VERB_CGI_WITHOUT_FFI],
    aim: 1,
    floor: 0.95,
    load: wrk({ target: SCRIPT, connections: 8, pinned: false }),
  },
  {
    id: "cgi-python",
    title: "the same, on all cores",
    ...PER_SECOND,
    ours: peers.VERB_CGI,
    against: peers.PYTHON_CGI,
    aim: 5,
    floor: 5,
    load: wrk({ target: SCRIPT, connections: 8, pinned: false }),
  },
  {
    id: "p99",
    title: "hello, 64 connections, p99 latency",
    unit: "ms",
    wants: "less",
    ours: peers.VERB,
    against: peers.DENO_SERVE,
    aim: 1,
    floor: 1.3,
    load: wrk({}, tailLatency),
  },
  {
    id: "idle",
    title: "10,000 idle connections, memory each",
    unit: "KiB",
    wants: "less",
    ours: peers.VERB,
    against: peers.DENO_SERVE,
    aim: 1,
    floor: 1.5,
    load: idleConnections(IDLE_CONNECTIONS),
  },
  {
    id: "connect",
    title: "new connection for each request",
    ...PER_SECOND,
    ours: peers.VERB,
    against: peers.DENO_SERVE,
    aim: 1,
    floor: 0.85,
    load: wrk({ fields: ["Connection: close"] }),
  },
  {
    id: "routes",
    title: "1,000 routes against 1",
    ...PER_SECOND,
    ours: peers.verbRoutes(1_000),
    against: peers.verbRoutes(1),
    aim: 1,
    floor: 0.95,
    load: wrk({ target: "/route-0/world" }),
  },
  {
    id: "parallel",
    title: "two isolates against one",
    unit: "times",
    wants: "more",
    ours: peers.VERB,
    against: peers.DENO_SERVE_PARALLEL,
    aim: 1,
    floor: 0.95,
    load: scaling(),
  },
  {
    id: "start",
    title: "start to first answer",
    unit: "ms",
    wants: "less",
    ours: peers.VERB,
    against: peers.DENO_SERVE,
    aim: 1.2,
    floor: 1.5,
    load: startTime(),
  },
];
