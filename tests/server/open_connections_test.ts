import { assertEquals } from "@std/assert";
import { HttpRequestHandler, HttpServer, verb } from "../../mod.ts";

Deno.test("serveForever() settles for each who has called it", async () => {
  const asked = Promise.withResolvers<void>();
  const mayEnd = Promise.withResolvers<void>();
  class Slow extends HttpRequestHandler {
    @verb("GET")
    async slow(): Promise<Response> {
      asked.resolve();
      await mayEnd.promise;
      return new Response("slow");
    }
  }
  const limits = { connections: 1, whenFull: "wait" } as const;
  const server = new HttpServer({ ...limits, port: 0 }, Slow);
  const serving = [server.serveForever(), server.serveForever()];
  const url = `http://127.0.0.1:${server.serverPort}/`;
  const responding = fetch(url);
  await asked.promise;
  // The other one accepts it, and then there is room for neither.
  const refused = await fetch(url);
  await refused.body?.cancel();
  assertEquals(refused.status, 503);
  const closing = server.shutdown();
  mayEnd.resolve();
  assertEquals(await (await responding).text(), "slow");
  await closing;
  await Promise.all(serving);
});
