/**
 * Writes `docs/bench.md` and its pictures from the figures of one run. What a
 * person has to say about them is kept in `bench/notes.md` and put at the end.
 *
 * @module
 */

import { plotHello, plotRatios, plotTrends } from "./plot.ts";
import {
  formatRaw,
  formatRow,
  formatTrend,
  type Row,
  TABLE_HEAD,
  type Trend,
  verdictOf,
} from "./report.ts";

/** The figures of one run. */
export interface Run {
  /** The workloads. */
  readonly rows: readonly Row[];
  /** The quantities that grow. */
  readonly trends: readonly Trend[];
  /** The machine, a line each. */
  readonly machine: readonly string[];
}

/** Writes the document into a folder, the pictures into `bench/` in it. */
export async function writeDocument(run: Run, folder: string): Promise<void> {
  await Deno.mkdir(`${folder}/bench`, { recursive: true });
  const pictures = {
    ratios: plotRatios(run.rows),
    hello: plotHello(run.rows),
    growth: plotTrends(run.trends),
  };
  for (const [name, svg] of Object.entries(pictures)) {
    await Deno.writeTextFile(`${folder}/bench/${name}.svg`, await svg);
  }
  await Deno.writeTextFile(`${folder}/bench.md`, documentOf(run));
}

function documentOf({ rows, trends, machine }: Run): string {
  const missed = rows.filter((row) => verdictOf(row) !== "aim");
  const sections = [
    "# Speed, beside others",
    "Written by `deno task bench`; the servers and the loads are in `bench/`. " +
    "Figures are medians of rounds in which the servers take turns, ± half " +
    "of the distance between the farthest. Only ratios can be compared from " +
    "one machine to another. In the last column: the aim is reached, only " +
    "the floor is, or the figure is below.",
    machine.map((line) => `- ${line}`).join("\n"),
    "![Ratios](bench/ratios.svg)",
    [TABLE_HEAD, ...rows.map(formatRow)].join("\n"),
    `Aims missed: ${
      missed.map(({ workload }) => workload.title).join("; ") || "none"
    }.`,
    "## Hello, beside others",
    "![Requests a second](bench/hello.svg)",
    "## How cost grows",
    "![Cost](bench/growth.svg)",
    [
      "| what grows | cost | small | middle | large |",
      "| --- | --- | ---: | ---: | ---: |",
      ...trends.map(formatTrend),
    ].join("\n"),
    Deno.readTextFileSync(new URL("notes.md", import.meta.url)).trim(),
    "## All figures",
    ...rows.map(formatRaw),
  ];
  return sections.join("\n\n") + "\n";
}
