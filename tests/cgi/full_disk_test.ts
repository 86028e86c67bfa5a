// A body that a program gets from a temporary file, where there is no room for
// one: the client is told so, and the log is spared a stack.

import { assertEquals } from "@std/assert";
import { CgiRequestHandler } from "../../lib/cgi/cgi_request_handler.ts";
import { Serving, Site } from "./_serve.ts";

const BODY = "x".repeat(100_000);

function full(): Promise<number> {
  const error = new Error("No space left on device");
  return Promise.reject(Object.assign(error, { code: "ENOSPC" }));
}

Deno.test("a body for which the disk has no room is 507", async () => {
  await using site = new Site({ "cgi-bin/count": "#!/bin/sh\nwc -c\n" });
  await using serving = new Serving(
    CgiRequestHandler.with({ root: site.root }),
  );
  const { open } = Deno;
  Deno.open = async (path, options) => {
    const file = await open(path, options);
    if (String(path).includes("verb-cgi-")) file.write = () => full();
    return file;
  };
  try {
    const response = await serving.exchange(
      "POST /cgi-bin/count HTTP/1.1\r\nHost: h\r\nConnection: close\r\n" +
        `Transfer-Encoding: chunked\r\n\r\n186a0\r\n${BODY}\r\n0\r\n\r\n`,
    );
    assertEquals(response.split("\r\n", 1), [
      "HTTP/1.1 507 Insufficient Storage",
    ]);
  } finally {
    Deno.open = open;
  }
  assertEquals(serving.errors, []);
  assertEquals(serving.log, [
    "code 507, message There is no room on the disk",
    '"POST /cgi-bin/count HTTP/1.1" 507 -',
  ]);
});
