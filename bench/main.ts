/**
 * Measures our server beside its peers.
 *
 * ```sh
 * bench/install.sh                        # once: wrk, nginx, lighttpd, Express
 * deno task bench                         # everything, writes docs/bench.md
 * deno task bench --quick                 # two minutes, writes nothing
 * deno task bench --quick --only=hello,p99
 * ```
 *
 * Ends with an error when a server or a load fails, never because of a figure.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";

import { GROWTHS } from "./growth.ts";
import { describeMachine } from "./machine.ts";
import { writeDocument } from "./document.ts";
import { formatRow, type Row, TABLE_HEAD, type Trend } from "./report.ts";
import { type Entry, measure, type Pace } from "./rounds.ts";
import { makeSite } from "./site.ts";
import { WORKLOADS } from "./workloads.ts";

const QUICK: Pace = { rounds: 2, seconds: 1, warmup: 1 };
const FULL: Pace = { rounds: 5, seconds: 3, warmup: 2 };

/** What the command line asks for. */
interface Options {
  readonly quick: boolean;
  readonly only: readonly string[];
  readonly docs: string;
  readonly pace: Pace;
}

async function main(options: Options): Promise<boolean> {
  await using site = await makeSite();
  const { folder } = site;
  const { quick, pace, docs } = options;
  const rows: Row[] = [];
  const trends: Trend[] = [];
  const failures: string[] = [];

  print(TABLE_HEAD);
  for (const workload of chosen(WORKLOADS, options)) {
    const { ours, against, beside = [], load } = workload;
    const entries = [ours, against, ...(quick ? [] : beside)]
      .map((peer): Entry => ({ title: peer.title, peer, load }));
    try {
      const figures = await measure(entries, { folder, pace });
      const row = { workload, figures };
      rows.push(row);
      print(formatRow(row));
    } catch (error) {
      failures.push(`${workload.id}: ${error}`);
    }
  }

  for (const growth of quick ? [] : chosen(GROWTHS, options)) {
    const entries = growth.points
      .map(({ size, ...point }): Entry => ({ title: String(size), ...point }));
    try {
      trends.push({
        growth,
        figures: await measure(entries, { folder, pace }),
      });
    } catch (error) {
      failures.push(`${growth.id}: ${error}`);
    }
  }

  if (docs !== "") {
    await writeDocument({ rows, trends, machine: describeMachine() }, docs);
  }
  for (const failure of failures) print(`FAILED ${failure}`);
  return failures.length === 0;
}

function chosen<T extends { id: string }>(
  list: readonly T[],
  { only }: Options,
): readonly T[] {
  return only.length === 0 ? list : list.filter(({ id }) => only.includes(id));
}

function readOptions(args: readonly string[]): Options {
  const flags = parseArgs([...args], {
    boolean: ["quick"],
    string: ["only", "docs", "rounds", "seconds"],
  });
  const quick = flags["quick"] === true;
  const pace = quick ? QUICK : FULL;
  return {
    quick,
    only: typeof flags["only"] === "string" ? flags["only"].split(",") : [],
    docs: String(flags["docs"] ?? (quick ? "" : "docs")),
    pace: {
      ...pace,
      rounds: Number(flags["rounds"] ?? pace.rounds),
      seconds: Number(flags["seconds"] ?? pace.seconds),
    },
  };
}

function print(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

if (import.meta.main) {
  const succeeded = await main(readOptions(Deno.args));
  Deno.exit(succeeded ? 0 : 1);
}
