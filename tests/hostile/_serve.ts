// Serves handler classes in a process of their own, as a target of attacks.

import {
  type HttpHandlerClass,
  HttpRequestHandler,
  HttpServer,
  type TcpServerOptions,
  verb,
} from "../../mod.ts";

/** What bystanders ask for. */
class Bystander extends HttpRequestHandler {
  @verb("GET", "/bystander.txt")
  bystander(): Response {
    return new Response("bystander\n");
  }
}

/**
 * Serves the classes until the process is ended. Their routes leave the path of
 * the bystanders free.
 */
export async function serve(
  classes: readonly HttpHandlerClass[],
  options: TcpServerOptions = {},
): Promise<void> {
  await using server = new HttpServer({
    port: 0,
    // deno-lint-ignore no-console -- this is part of a program
    accessLog: (line) => console.error(line),
    ...options,
  }, [...classes, Bystander]);
  // deno-lint-ignore no-console -- this is part of a program
  console.log(`port ${server.serverPort}`);
  await server.serveForever();
}
