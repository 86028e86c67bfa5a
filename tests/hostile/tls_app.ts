// What `tls_test.ts` attacks: handler classes over TLS, with short deadlines.

import { HttpRequestHandler, verb } from "../../mod.ts";
import { serve } from "./_serve.ts";

const PIECE = new Uint8Array(65_536);

class Large extends HttpRequestHandler {
  /** More than the system holds for a client that does not read. */
  @verb("GET", "/large")
  async large(): Promise<void> {
    this.sendResponse(200);
    this.endHeaders();
    for (let i = 0; i < 1000; i++) await this.wfile.write(PIECE);
  }
}

function read(name: string): Promise<string> {
  const url = new URL(`../testdata/tls/${name}`, import.meta.url);
  return Deno.readTextFile(url);
}

await serve([Large], {
  cert: await read("localhost.crt"),
  key: await read("localhost.key"),
  headTimeout: 1_000,
  writeTimeout: 1_000,
});
