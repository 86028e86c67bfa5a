// A folder of programs is swapped for a link to a folder outside at every step
// of a request. Links to programs are followed, but nothing is ever sent as a
// file: neither the source of a program, nor what has its name outside.

import { assertEquals, assertMatch } from "@std/assert";
import { CgiRequestHandler } from "../../lib/cgi/mod.ts";
import { type FetchHandler, toFetch } from "../../lib/fetch/mod.ts";
import { StaticRequestHandler } from "../../lib/static/mod.ts";
import { schedules } from "../static/_schedules.ts";
import { type Swapper, swapperOf } from "../static/_swap.ts";

const PROGRAM = "#!/bin/sh\n# INSIDE source\nprintf 'Status: 200\\n\\nran'\n";

Deno.test("A folder of programs is swapped while one is run", async (t) => {
  await using swapper = await swapperOf(false);
  const { root } = swapper;
  await Deno.writeTextFile(`${root}/in/hello`, PROGRAM, { mode: 0o755 });
  await Deno.writeTextFile(`${root}/../out/hello`, "OUTSIDE source");
  await Deno.symlink("in", `${root}/page`);
  for (const path of ["/in/hello", "/in/hello/info", "/page/hello"]) {
    await t.step(path, () => withstand(swapper, path));
  }
});

async function withstand(swapper: Swapper, path: string): Promise<void> {
  const steps = await swapper.during(new Set(), async () => {
    const text = await ask(handlerOf(swapper), path);
    // A link in the way of a program leads nowhere, swapped or not.
    const want = path.startsWith("/page") ? /<h1>404<\/h1>/ : /^ran$/;
    assertMatch(text, want);
  });
  for (const schedule of schedules(steps)) {
    const handler = handlerOf(swapper);
    const heard: string[] = [];
    await swapper.during(schedule, async () => {
      heard.push(await ask(handler, path));
    });
    swapper.swap();
    heard.push(await ask(handler, path));
    swapper.rest();
    const leaks = heard.filter((text) => text.includes("source"));
    assertEquals(leaks, [], `swapped at ${[...schedule].join(", ")}`);
  }
}

function handlerOf({ root }: Swapper): FetchHandler {
  const Programs = class extends CgiRequestHandler.with({
    root,
    cgiDirectories: ["/in"],
  }) {
    override logError(): void {
      // What cannot be started is no surprise here.
    }
  };
  const Files = StaticRequestHandler.with({ root, precompressed: true });
  return toFetch([Programs, Files]);
}

async function ask(handler: FetchHandler, path: string): Promise<string> {
  const response = await handler(new Request(`http://localhost${path}`));
  return await response.text();
}
