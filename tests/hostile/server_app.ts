// The classes that `server_test.ts` attacks.

import { HttpRequestHandler, verb } from "../../mod.ts";
import { serve } from "./_serve.ts";

class Busy extends HttpRequestHandler {
  /** Keeps the server from accepting, for long enough to fill its queue. */
  @verb("GET", "/busy")
  work(): Response {
    const until = performance.now() + 500;
    while (performance.now() < until);
    return new Response("done\n");
  }
}

await serve([Busy]);
