// What is wrong with a program: its client learns a status, and the owner of the
// server the reason, in the log or, without one, by `handleError`.

import { assertEquals } from "@std/assert";
import { CgiRequestHandler } from "../../lib/cgi/cgi_request_handler.ts";
import { toFetch } from "../../lib/fetch/mod.ts";
import { Serving, Site } from "./_serve.ts";

const SCRIPT = "#!/bin/sh\n";
const HEAD = `${SCRIPT}printf 'Content-Type: text/plain\\n\\n'\n`;

const ROWS = [
  {
    name: "standard error",
    program: `${SCRIPT}echo one >&2\necho two >&2\n` +
      "printf 'Content-Type: text/plain\\n\\nfine'\n",
    status: 200,
    reasons: ["one", "two"],
  },
  {
    name: "no output",
    program: SCRIPT,
    status: 502,
    reasons: ["Cannot answer: the program wrote nothing"],
  },
  {
    name: "an exit status",
    program: `${HEAD}exit 3\n`,
    status: 200,
    reasons: ["exit status 3"],
  },
  {
    name: "nothing",
    program: HEAD,
    status: 200,
    reasons: [],
  },
];

Deno.test("what is wrong with a program is told without a log, too", async (t) => {
  for (const { name, program, status, reasons } of ROWS) {
    await t.step(name, async () => {
      await using site = new Site({ "cgi-bin/it": program });
      const Cgi = CgiRequestHandler.with({ root: site.root });
      const want = reasons.map((reason) => `/cgi-bin/it: ${reason}`);

      const errors: unknown[] = [];
      const send = toFetch(Cgi, { onError: (error) => errors.push(error) });
      const response = await send(new Request("http://host/cgi-bin/it"));
      await response.body?.pipeTo(new WritableStream());
      assertEquals(response.status, status);
      assertEquals(
        errors.map(String),
        want.map((reason) => `Error: ${reason}`),
      );

      const logged = new Serving(Cgi);
      await (await fetch(`${logged.origin}/cgi-bin/it`)).body?.cancel();
      await logged[Symbol.asyncDispose]();
      assertEquals(
        logged.log.filter((line) => line.startsWith("/cgi-bin/it: ")),
        want,
      );
      assertEquals(logged.errors, []);
    });
  }
});
