// A server in two isolates that names the one that answers. Ends at the end of
// its standard input.
import { HttpRequestHandler, HttpServer, verb } from "../../mod.ts";
import { peerPort } from "../../lib/server/parallel.ts";

const isolate = crypto.randomUUID();

class WhichIsolate extends HttpRequestHandler {
  @verb("GET")
  which() {
    return new Response(isolate, { headers: { Connection: "close" } });
  }
}

await using server = new HttpServer({ port: 0, parallel: 2 }, WhichIsolate);
if (peerPort() === undefined) {
  await Deno.stdout.write(new TextEncoder().encode(`${server.serverPort}`));
  const input = Deno.stdin.readable.pipeTo(new WritableStream());
  void input.then(() => server.shutdown());
}
await server.serveForever();
