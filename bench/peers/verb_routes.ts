/**
 * Ours with as many routes as asked for.
 *
 * @module
 */

import { HttpRequestHandler, HttpServer, verb } from "../../mod.ts";
import { manyRoutes } from "../many_routes.ts";

const [port = 0, count = 1] = Deno.args.map(Number);
const routesOn = await manyRoutes(count);

await using server = new HttpServer(
  { port },
  routesOn(HttpRequestHandler, verb),
);
await server.serveForever();
