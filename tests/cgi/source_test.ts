import { assertEquals } from "@std/assert";
import { CgiRequestHandler } from "../../lib/cgi/cgi_request_handler.ts";
import { StaticRequestHandler } from "../../lib/static/mod.ts";
import { Serving, Site } from "./_serve.ts";

const SECRET = "the source";

const FILES = {
  "cgi-bin/hello":
    `#!/bin/sh\n# ${SECRET}\nprintf 'Content-Type: a/b\\n\\nran'\n`,
  "cgi-bin/lib.txt": SECRET,
  "page.php": `<?php # ${SECRET}`,
  "plain.txt": "a file",
  "sub/plain.txt": "another file",
};

/** Spellings of paths, as sent, and their statuses. */
const SPELLINGS: readonly (readonly [target: string, status: number])[] = [
  ["/cgi-bin/hello", 200],
  ["/cgi-bin%2fhello", 200],
  ["/%63%67i-bin/hello", 200],
  ["//cgi-bin//hello", 200],
  ["/./cgi-bin/./hello", 200],
  ["/sub/../cgi-bin/hello", 200],
  ["/sub/%2e%2e/cgi-bin/hello", 200],
  ["/sub%2f..%2fcgi-bin%2fhello", 400],
  ["/../../cgi-bin/hello", 200],
  ["/cgi-bin/../cgi-bin/hello", 200],
  ["http://h/cgi-bin/hello", 200],
  ["/cgi-bin/hello/", 200],
  ["/cgi-bin/hello%20", 404],
  ["/cgi-bin/hello.", 404],
  ["/cgi-bin/hello%00", 400],
  ["/cgi-bin/hello%zz", 400],
  ["/CGI-BIN/hello", 404],
  ["/cgi-bin%5chello", 404],
  ["/cgi-bin\\hello", 400],
  ["/sub/..%5ccgi-bin/hello", 404],
  ["/cgi-bin/lib.txt", 403],
  ["/cgi-bin%2flib.txt", 403],
  ["/sub/../cgi-bin/lib.txt", 403],
  ["/cgi-bin/", 403],
  ["/page.php", 200],
  ["/page%2ephp", 200],
  ["/sub/..//page.php", 200],
  ["/page.php/", 200],
  ["/page.php/x.txt", 200],
  ["/page.PHP", 404],
  ["/page.php%20", 404],
  ["/plain.txt", 200],
  ["/plain.txt/x.php", 404],
];

Deno.test("no spelling of a path shows a program's source", async (t) => {
  await using site = new Site(FILES);
  const { root } = site;
  const Cgi = CgiRequestHandler.with({
    root,
    interpreters: {
      ".php": `${root}/cgi-bin/hello`,
    },
  });
  await using serving = new Serving([Cgi, StaticRequestHandler.with({ root })]);
  for (const [target, want] of SPELLINGS) {
    await t.step(target, async () => {
      const response = await serving.exchange(
        `GET ${target} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n`,
      );
      assertEquals(response.includes(SECRET), false, response);
      assertEquals(Number(response.slice(9, 12)), want);
    });
  }
});
