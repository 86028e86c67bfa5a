// Clients that close their side behind a request for a program, as `nc -N` and
// scripts do. Other servers always respond to them.

import { assertEquals } from "@std/assert";
import { CgiRequestHandler } from "../../lib/cgi/cgi_request_handler.ts";
import { readToEnd, Serving, Site } from "./_serve.ts";

const TRIES = 50;

const encoder = new TextEncoder();

/** The body of the response to a client that half-closes behind its request. */
async function askAndEnd(port: number, request: string): Promise<string> {
  using client = await Deno.connect({ port });
  await client.write(encoder.encode(request));
  await client.closeWrite();
  const response = await readToEnd(client);
  return response.slice(response.indexOf("\r\n\r\n") + 4);
}

Deno.test("a program responds to a client that half-closes, each time", async (t) => {
  await using site = new Site({
    "cgi-bin/echo": "#!/bin/sh\nprintf 'Content-Type: text/plain\\n" +
      'Content-Length: 5\\n\\n\'\nsleep 0.01\nif [ -n "$CONTENT_LENGTH" ]\n' +
      "then cat\nelse echo 1234\nfi\n",
  });
  const Cgi = CgiRequestHandler.with({ root: site.root });
  await using serving = new Serving(Cgi);
  const rows = {
    "without a body": "GET /cgi-bin/echo HTTP/1.1\r\nHost: h\r\n\r\n",
    "in HTTP/1.0": "GET /cgi-bin/echo HTTP/1.0\r\n\r\n",
    "with a body":
      "POST /cgi-bin/echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n1234\n",
  };
  for (const [name, request] of Object.entries(rows)) {
    await t.step(name, async () => {
      const bodies: string[] = [];
      for (let i = 0; i < TRIES; i++) {
        bodies.push(await askAndEnd(serving.port, request));
      }
      assertEquals(bodies, Array(TRIES).fill("1234\n"));
      assertEquals(serving.errors, []);
    });
  }
});
