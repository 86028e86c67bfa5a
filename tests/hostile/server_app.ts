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

class Steady extends HttpRequestHandler {
  /** Takes a millisecond for each request. */
  @verb("GET", "/millisecond")
  work(): Response {
    const until = performance.now() + 1;
    while (performance.now() < until);
    return new Response("done\n");
  }

  /** Waits for its client, and for nothing else. */
  @verb("GET", "/rows")
  async write(): Promise<void> {
    this.sendResponse(200);
    this.endHeaders();
    for (;;) await this.wfile.write("a row\n");
  }
}

class Failing extends HttpRequestHandler {
  /** Fails with an error that quotes the client, as those of files do. */
  @verb("GET", "/fails/:name")
  fail({ name }: { name: string }): never {
    throw new Error(`Cannot open '${name}'`);
  }

  /** Fails with an error that quotes a body, as those of parsers do. */
  @verb("POST", "/fails")
  async failToParse(): Promise<never> {
    throw new Error(`Cannot parse '${await this.text()}'`);
  }
}

class Patient extends HttpRequestHandler {
  /** Begins to read, and waits for something else before it takes the text. */
  @verb("POST", "/begins")
  async begin(): Promise<Response> {
    const reading = this.text();
    await new Promise((resolve) => setTimeout(resolve, 100));
    return new Response(await reading);
  }
}

class Endless extends HttpRequestHandler {
  @verb("GET", "/silent")
  async beSilent(): Promise<void> {
    await new Promise<void>(() => {});
  }

  /** Does not look at what becomes of what it writes. */
  @verb("GET", "/writing")
  async write(): Promise<void> {
    this.sendResponse(200);
    this.endHeaders();
    for (;;) {
      this.wfile.write("more");
      this.wfile.flush();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

await serve([Endless, Busy, Steady, Failing, Patient]);
