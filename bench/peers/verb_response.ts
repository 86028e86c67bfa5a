/**
 * Ours, with the library's defaults: a verb method that returns a `Response`.
 *
 * @module
 */

import { HttpRequestHandler, HttpServer, verb } from "../../mod.ts";

const TEXT = { "Content-Type": "text/plain; charset=utf-8" };

class Greeter extends HttpRequestHandler {
  @verb("GET", "/")
  hello(): Response {
    return new Response("Hello, World!\n", { headers: TEXT });
  }
}

await using server = new HttpServer({ port: Number(Deno.args[0]) }, Greeter);
await server.serveForever();
