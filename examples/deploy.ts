// deno run --allow-net=127.0.0.1 examples/deploy.ts 8000
// deno serve --parallel --port 8000 examples/deploy.ts
//
// One class, two carriers: with a port it listens on the TCP loop; without one
// it is what a platform asks for, which runs as many isolates as it likes.
//
// curl localhost:8000/hello/Ada

import { HttpRequestHandler, HttpServer, verb } from "@verb/http";
import { toFetch } from "@verb/http/fetch";

const isolate = crypto.randomUUID();

class Greeter extends HttpRequestHandler {
  @verb("GET", "/hello/:name")
  hello({ name }: { name: string }) {
    this.sendResponse(200);
    this.sendHeader("Content-Type", "text/plain; charset=utf-8");
    this.sendHeader("X-Isolate", isolate);
    this.endHeaders();
    this.wfile.write(`Hello, ${name}\n`);
  }
}

export default { fetch: toFetch(Greeter) } satisfies Deno.ServeDefaultExport;

const [port] = Deno.args;
if (port !== undefined) {
  await using server = new HttpServer({ port: Number(port) }, Greeter);
  console.log(`http://127.0.0.1:${server.serverPort}/hello/Ada`);
  await server.serveForever();
}
