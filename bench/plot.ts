/**
 * Draws the figures as SVG, by Vega-Lite.
 *
 * @module
 */

import * as vega from "npm:vega@^6.2.0";
import { compile, type TopLevelSpec } from "npm:vega-lite@^6.4.0";

import { ratioOf, type Row, type Trend, verdictOf } from "./report.ts";
import { median } from "./statistics.ts";

const WIDTH = 480;
const LOOK = {
  background: "white",
  padding: 8,
  config: { axis: { labelLimit: 300 } },
};
const COLORS = {
  domain: ["aim", "floor", "below"],
  range: ["#2a7f62", "#c9a227", "#b3423a"],
};

/** A bar for each workload: our ratio; ticks for the aim and the floor. */
export function plotRatios(rows: readonly Row[]): Promise<string> {
  const values = rows.map((row) => ({
    title: row.workload.title,
    ratio: ratioOf(row),
    aim: row.workload.aim,
    floor: row.workload.floor,
    reached: verdictOf(row),
  }));
  const y = {
    field: "title",
    type: "nominal",
    sort: null,
    title: null,
  } as const;
  const tick = { type: "tick", thickness: 2 } as const;
  return draw({
    data: { values },
    width: WIDTH,
    encoding: { y },
    layer: [
      {
        mark: "bar",
        encoding: {
          x: {
            field: "ratio",
            type: "quantitative",
            title:
              "ours divided by the other's; lines: aim (black), floor (gray)",
          },
          color: { field: "reached", type: "nominal", scale: COLORS },
        },
      },
      {
        mark: { ...tick, color: "black" },
        encoding: { x: { field: "aim", type: "quantitative" } },
      },
      {
        mark: { ...tick, color: "gray" },
        encoding: { x: { field: "floor", type: "quantitative" } },
      },
    ],
  });
}

/** A bar for each server of the first workload: requests a second. */
export function plotHello(rows: readonly Row[]): Promise<string> {
  const hello = rows.find(({ workload }) => workload.id === "hello");
  const values = [...(hello?.figures ?? [])].map(([server, figures]) => ({
    server,
    rate: median(figures),
  }));
  return draw({
    data: { values },
    width: WIDTH,
    mark: { type: "bar", color: "#4a6fa5" },
    encoding: {
      x: { field: "rate", type: "quantitative", title: "requests a second" },
      y: { field: "server", type: "nominal", sort: "-x", title: null },
    },
  });
}

/** A small picture for each quantity: cost against size. */
export function plotTrends(trends: readonly Trend[]): Promise<string> {
  const values = trends.flatMap(({ growth, figures }) =>
    [...figures].map(([size, sample]) => ({
      what: `${growth.title} (${growth.unit})`,
      size: Number(size),
      cost: median(sample),
    }))
  );
  return draw({
    data: { values },
    facet: { field: "what", type: "nominal", title: null },
    columns: 3,
    spec: {
      width: WIDTH / 3,
      height: WIDTH / 4,
      mark: { type: "line", point: true },
      encoding: {
        x: {
          field: "size",
          type: "quantitative",
          scale: { type: "log" },
          axis: { tickCount: 4, grid: false },
          title: null,
        },
        y: { field: "cost", type: "quantitative", title: null },
      },
    },
    resolve: { scale: { x: "independent", y: "independent" } },
  });
}

function draw(spec: TopLevelSpec): Promise<string> {
  const runtime = vega.parse(compile({ ...LOOK, ...spec }).spec);
  return new vega.View(runtime, { renderer: "none" }).toSVG();
}
