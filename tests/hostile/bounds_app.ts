// What `bounds_test.ts` makes hold something: collected bodies until the client
// leaves, output without end, files, and programs that end only with it.

import { HttpRequestHandler, verb } from "../../mod.ts";
import { CgiRequestHandler } from "../../lib/cgi/mod.ts";
import { StaticRequestHandler } from "../../lib/static/mod.ts";
import { serve } from "./_serve.ts";

class Holding extends HttpRequestHandler {
  static override prefix = "/hold";

  @verb("POST", "/bytes")
  holdBytes(): Promise<void> {
    return this.#holdWhile(this.bytes());
  }

  @verb("POST", "/json")
  holdJson(): Promise<void> {
    return this.#holdWhile(this.json());
  }

  @verb("POST", "/form")
  holdForm(): Promise<void> {
    return this.#holdWhile(this.formData());
  }

  @verb("GET", "/output")
  async writeOnAndOn(): Promise<void> {
    this.sendResponse(200);
    this.endHeaders();
    const piece = new Uint8Array(10_000);
    while (!this.signal.aborted) await this.wfile.write(piece);
  }

  /** Keeps what was collected until the client has gone. */
  async #holdWhile(collecting: Promise<unknown>): Promise<void> {
    const held = await collecting;
    this.sendResponse(200);
    this.endHeaders();
    this.wfile.write("held\n");
    await this.wfile.flush();
    const { signal } = this;
    if (!signal.aborted) {
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    }
    if (held === undefined) throw new Error("Nothing was collected");
  }
}

const [root = "."] = Deno.args;

class Site extends StaticRequestHandler {
  static override prefix = "/site";
  override root = root;
  override archives = ["tar", "zip"] as const;
}

class Programs extends CgiRequestHandler {
  static override prefix = "/programs";
  override root = root;
}

await serve([Holding, Site, Programs], {
  idleTimeout: 600_000,
  headTimeout: 600_000,
  bodyTimeout: 600_000,
  writeTimeout: 600_000,
});
