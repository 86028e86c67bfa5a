/**
 * Puts figures into Markdown tables.
 *
 * @module
 */

import type { Growth } from "./growth.ts";
import { median, spread } from "./statistics.ts";
import type { Workload } from "./workloads.ts";

/** The figures of one workload, by the title of the server. */
export interface Row {
  /** The workload. */
  readonly workload: Workload;
  /** The figures of each server, in the order of the rounds. */
  readonly figures: ReadonlyMap<string, readonly number[]>;
}

/** The figures of one quantity that grows, by its size. */
export interface Trend {
  /** The quantity. */
  readonly growth: Growth;
  /** The figures of each size, in the order of the rounds. */
  readonly figures: ReadonlyMap<string, readonly number[]>;
}

/** The first two lines of the table of workloads. */
export const TABLE_HEAD: string =
  "| workload | ours | against | ratio | aim (floor) | |\n" +
  "| --- | ---: | ---: | ---: | ---: | --- |";

/** One line of the table of workloads. */
export function formatRow(row: Row): string {
  const { workload: { title, ours, against, aim, floor, unit } } = row;
  const cells = [
    title,
    `${formatSample(figuresOf(row, ours.title))} ${unit}`,
    `${against.title} ${formatSample(figuresOf(row, against.title))}`,
    ratioOf(row).toFixed(2),
    `${aim} (${floor})`,
    verdictOf(row),
  ];
  return `| ${cells.join(" | ")} |`;
}

/** Our median divided by the other's. */
export function ratioOf(row: Row): number {
  const { ours, against } = row.workload;
  return median(figuresOf(row, ours.title)) /
    median(figuresOf(row, against.title));
}

/** Whether the ratio reaches the aim, only the floor, or neither. */
export function verdictOf(row: Row): "aim" | "floor" | "below" {
  const { aim, floor, wants } = row.workload;
  const ratio = ratioOf(row);
  const reaches = (wanted: number): boolean =>
    wants === "more" ? ratio >= wanted : ratio <= wanted;
  if (reaches(aim)) return "aim";
  return reaches(floor) ? "floor" : "below";
}

/** Every server of a workload with all its figures: the raw numbers. */
export function formatRaw(row: Row): string {
  const lines = [...row.figures].map(([title, figures]) =>
    `| ${title} | ${formatSample(figures)} | ` +
    `${figures.map(formatFigure).join(", ")} |`
  );
  return [
    `### ${row.workload.title} (${row.workload.unit})`,
    "",
    "| server | median | rounds |",
    "| --- | ---: | --- |",
    ...lines,
  ].join("\n");
}

/** One line for a quantity that grows. */
export function formatTrend({ growth, figures }: Trend): string {
  const cells = [...figures].map(([size, sample]) =>
    `${Number(size).toLocaleString("en")}: ${formatSample(sample)}`
  );
  return `| ${growth.title} | ${growth.unit} | ${cells.join(" | ")} |`;
}

function figuresOf({ figures }: Row, title: string): readonly number[] {
  return figures.get(title) ?? [];
}

/** The median and, where there are more rounds than one, their spread. */
function formatSample(figures: readonly number[]): string {
  const middle = formatFigure(median(figures));
  if (figures.length < 2) return middle;
  return `${middle} ±${(spread(figures) * 50).toFixed(0)} %`;
}

/** Three digits, or all of a larger number. */
function formatFigure(figure: number): string {
  return figure >= 999.5
    ? Math.round(figure).toLocaleString("en")
    : figure.toPrecision(3);
}
