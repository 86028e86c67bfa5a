// Two servers, each in two isolates, that name themselves and the isolate. Ends
// at the end of its standard input.
import { HttpRequestHandler, HttpServer, verb } from "../../mod.ts";
import { isPeer } from "../../lib/server/parallel.ts";

const isolate = crypto.randomUUID();

class Who extends HttpRequestHandler {
  @verb("GET")
  who() {
    return new Response(`${this.constructor.name} ${isolate}`, {
      headers: { Connection: "close" },
    });
  }
}
class First extends Who {}
class Second extends Who {}

await using first = new HttpServer({ port: 0, parallel: 2 }, First);
await using second = new HttpServer({ port: 0, parallel: 2 }, Second);
const servers = [first, second];
if (!isPeer()) {
  const ports = servers.map((server) => server.serverPort).join(" ");
  await Deno.stdout.write(new TextEncoder().encode(ports));
  const input = Deno.stdin.readable.pipeTo(new WritableStream());
  void input.then(() => Promise.all(servers.map((one) => one.shutdown())));
}
await Promise.all(servers.map((server) => server.serveForever()));
