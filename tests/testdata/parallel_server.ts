// A server in two isolates that names the one that answers. Ends at the end of
// its standard input; with the argument "at-once" before the other isolate has
// started, with "blocked" though the other one is in an endless loop.
import { HttpRequestHandler, HttpServer, verb } from "../../mod.ts";
import { isPeer } from "../../lib/server/parallel.ts";

const isolate = crypto.randomUUID();

class WhichIsolate extends HttpRequestHandler {
  @verb("GET")
  which() {
    return new Response(isolate, { headers: { Connection: "close" } });
  }
}

const [way] = Deno.args;
await using server = new HttpServer(
  { port: 0, parallel: 2, drainTimeout: way === "blocked" ? 200 : 10_000 },
  WhichIsolate,
);
if (!isPeer() && way === "at-once") {
  await server.shutdown();
} else if (isPeer() && way === "blocked") {
  for (;;);
} else if (!isPeer()) {
  await Deno.stdout.write(new TextEncoder().encode(`${server.serverPort}`));
  const input = Deno.stdin.readable.pipeTo(new WritableStream());
  void input.then(() => server.shutdown());
}
await server.serveForever();
// The platform would wait for the endless loop, though it was terminated.
if (!isPeer() && way === "blocked") Deno.exit();
