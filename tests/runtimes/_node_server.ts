// The handler under `node:http`, by `toFetch`: bundled and run by Node.js. Prints
// its port, and ends with its standard input.

import { createServer } from "node:http";
import process from "node:process";
import { Readable } from "node:stream";
import { toFetch } from "../../lib/fetch/mod.ts";
import { Echo } from "./_echo.ts";

const handler = toFetch(Echo);

const server = createServer((incoming, outgoing) => {
  void (async () => {
    const headers = new Headers();
    for (let i = 0; i < incoming.rawHeaders.length; i += 2) {
      headers.append(
        incoming.rawHeaders[i] ?? "",
        incoming.rawHeaders[i + 1] ?? "",
      );
    }
    const { method = "" } = incoming;
    const hasBody = method !== "GET" && method !== "HEAD";
    const init = {
      method,
      headers,
      body: hasBody ? Readable.toWeb(incoming) as ReadableStream : null,
      duplex: "half",
    };
    const response = await handler(
      new Request(`http://host${incoming.url}`, init),
    );
    outgoing.writeHead(response.status, [...response.headers].flat());
    if (response.body !== null) {
      for await (const chunk of response.body) outgoing.write(chunk);
    }
    outgoing.end();
  })();
});

server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  // deno-lint-ignore no-console -- what the test reads
  console.log(typeof address === "object" ? address?.port : address);
});
process.stdin.on("end", () => process.exit(0)).resume();
