/**
 * Ours, with the library's defaults: the static handler.
 *
 * @module
 */

import { HttpServer } from "../../mod.ts";
import { StaticRequestHandler } from "../../lib/static/mod.ts";

const [port, root = "."] = Deno.args;
await using server = new HttpServer(
  { port: Number(port) },
  StaticRequestHandler.with({ root }),
);
await server.serveForever();
