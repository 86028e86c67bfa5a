/**
 * Ours, with the library's defaults: the CGI handler.
 *
 * @module
 */

import { HttpServer } from "../../mod.ts";
import { CgiRequestHandler } from "../../lib/cgi/mod.ts";

const [port, root = "."] = Deno.args;
await using server = new HttpServer(
  { port: Number(port) },
  CgiRequestHandler.with({ root }),
);
await server.serveForever();
