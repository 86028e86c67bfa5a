// A folder is swapped for a link to one outside at every step of a request, and
// at two to four steps at once: nothing of what lies outside is ever sent.

import { assert, assertEquals } from "@std/assert";
import { type FetchHandler, toFetch } from "../../lib/fetch/mod.ts";
import { StaticRequestHandler } from "../../lib/static/static_request_handler.ts";
import { type Swapper, swapperOf } from "./_swap.ts";
import { schedules } from "./_schedules.ts";
import { testByDescriptors, testByPaths } from "./_ways.ts";

interface Row {
  readonly name: string;
  readonly path: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly settings?: Partial<StaticRequestHandler>;
  /** What is sent while nothing is swapped. */
  readonly wants: string;
}

const ROWS: readonly Row[] = [
  { name: "a file", path: "/in/page.txt", wants: "INSIDE page" },
  { name: "a file below", path: "/in/sub/deep.txt", wants: "INSIDE deep" },
  {
    name: "a range",
    path: "/in/page.txt",
    fields: { Range: "bytes=0-6" },
    wants: "INSIDE ",
  },
  {
    name: "a file too large for the cache",
    path: "/in/page.txt",
    settings: { cacheFileBytes: 1 },
    wants: "INSIDE page",
  },
  {
    name: "a stored gzip",
    path: "/in/page.txt",
    fields: { "Accept-Encoding": "gzip" },
    settings: { precompressed: true },
    wants: "INSIDE gzip",
  },
  {
    name: "a stored Brotli",
    path: "/in/page.txt",
    fields: { "Accept-Encoding": "br" },
    settings: { precompressed: true },
    wants: "INSIDE brotli",
  },
  { name: "an index page", path: "/in/", wants: "INSIDE index" },
  {
    name: "a clean URL",
    path: "/in/clean",
    settings: { cleanUrls: true },
    wants: "INSIDE clean",
  },
  {
    name: "the page of an application",
    path: "/none",
    fields: { Accept: "text/html" },
    settings: { spaPage: "in/page.txt" },
    wants: "INSIDE page",
  },
  {
    name: "the page for what is not there",
    path: "/none",
    settings: { notFoundPage: "in/page.txt" },
    wants: "INSIDE page",
  },
  { name: "a listing", path: "/in/listed/", wants: "INSIDE.txt" },
  {
    name: "a listing by size",
    path: "/in/listed/?sort=size",
    wants: "INSIDE.txt",
  },
  {
    name: "a listing as JSON",
    path: "/in/listed/",
    fields: { Accept: "application/json" },
    wants: "INSIDE.txt",
  },
  {
    name: "a README",
    path: "/in/",
    settings: { readme: true, indexPages: [] },
    wants: "INSIDE readme",
  },
  {
    name: "a tar",
    path: "/in/?archive=tar",
    settings: { archives: ["tar"], indexPages: [] },
    wants: "INSIDE deep",
  },
  {
    name: "a tar of what is above",
    path: "/?archive=tar",
    settings: { archives: ["tar"] },
    wants: "INSIDE deep",
  },
  {
    name: "a zip of what is above",
    path: "/?archive=zip",
    settings: { archives: ["zip"] },
    wants: "INSIDE deep",
  },
];

testByDescriptors("A folder is swapped while it is read", async (t) => {
  await withstandAll(t, false);
});

testByPaths("A folder is swapped while it is read", async (t) => {
  await withstandAll(t, false);
});

testByPaths("A folder left alone is swapped while it is read", async (t) => {
  await withstandAll(t, true);
});

async function withstandAll(
  t: Deno.TestContext,
  isSettled: boolean,
): Promise<void> {
  await using swapper = await swapperOf(isSettled);
  for (const row of ROWS) {
    await t.step(row.name, () => withstand(swapper, row));
  }
}

async function withstand(swapper: Swapper, row: Row): Promise<void> {
  const steps = await swapper.during(new Set(), async () => {
    assert((await ask(handlerOf(swapper, row), row)).includes(row.wants));
  });
  for (const schedule of schedules(steps)) {
    const handler = handlerOf(swapper, row);
    const heard: string[] = [];
    await swapper.during(schedule, async () => {
      heard.push(await ask(handler, row));
    });
    // What was taken for inside once must not stay so.
    swapper.swap();
    heard.push(await ask(handler, row));
    swapper.rest();
    const leaks = heard.filter((text) => text.includes("OUTSIDE"));
    assertEquals(leaks, [], `swapped at ${[...schedule].join(", ")}`);
    assert((await ask(handler, row)).includes(row.wants), "back as it was");
  }
}

/** A class of its own has a cache of its own. */
function handlerOf({ root }: Swapper, { settings }: Row): FetchHandler {
  return toFetch(StaticRequestHandler.with({ ...settings, root }));
}

async function ask(handler: FetchHandler, row: Row): Promise<string> {
  const url = `http://localhost${row.path}`;
  const response = await handler(
    new Request(url, { headers: { ...row.fields } }),
  );
  try {
    return await response.text();
  } catch {
    return ""; // what has begun was broken off
  }
}
