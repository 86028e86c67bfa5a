import { assert, assertEquals } from "@std/assert";
import { CgiRequestHandler } from "../../lib/cgi/cgi_request_handler.ts";
import { Serving, Site } from "./_serve.ts";

const SIZE = 1_000_000_000;

Deno.test("memory stays flat while a program emits a gigabyte", async () => {
  await using site = new Site({
    "cgi-bin/flood": "#!/bin/sh\nprintf 'Content-Type: a/b\\n\\n'\n" +
      `exec head -c ${SIZE} /dev/zero\n`,
  });
  const Cgi = CgiRequestHandler.with({ root: site.root });
  await using serving = new Serving(Cgi);
  using client = await Deno.connect({ port: serving.port });
  await client.write(
    new TextEncoder().encode("GET /cgi-bin/flood HTTP/1.0\r\n\r\n"),
  );
  const buffer = new Uint8Array(1 << 20);
  let received = 0;
  let most = 0;
  const before = Deno.memoryUsage().rss;
  for (;;) {
    const count = await client.read(buffer);
    if (count === null) break;
    received += count;
    most = Math.max(most, Deno.memoryUsage().rss);
  }
  assert(received > SIZE, `${received} octets`);
  const grown = Math.round((most - before) / 1_000_000);
  assertEquals(grown < 200, true, `the server grew by ${grown} MB`);
});
