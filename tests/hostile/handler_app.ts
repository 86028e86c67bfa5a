// The classes that `handler_test.ts` attacks.

import { HttpError, HttpRequestHandler, verb } from "../../mod.ts";
import { fromFetch } from "../../lib/fetch/mod.ts";
import { Hono } from "hono";
import { serve } from "./_serve.ts";

const LATE = new TextEncoder().encode("LATE");

class Collecting extends HttpRequestHandler {
  @verb("POST", "/bytes")
  async readBytes(): Promise<Response> {
    return new Response(`${(await this.bytes()).length}\n`);
  }

  @verb("POST", "/text")
  async readText(): Promise<Response> {
    return new Response(`${(await this.text()).length}\n`);
  }

  @verb("POST", "/json")
  async readJson(): Promise<Response> {
    return new Response(`${JSON.stringify(await this.json()).length}\n`);
  }

  @verb("POST", "/form")
  async readForm(): Promise<Response> {
    return new Response(`${[...await this.formData()].length}\n`);
  }
}

class Failing extends HttpRequestHandler {
  @verb("GET", "/error-with-line-ends")
  failWithLineEnds(): never {
    throw new HttpError(503, "", { headers: [["X", "a\r\nSet-Cookie: b=c"]] });
  }
}

/** Goes on with a response that is complete, as nobody should. */
class Leaving extends HttpRequestHandler {
  @verb("GET", "/late")
  leave(): void {
    const { wfile } = this;
    this.#begin();
    setTimeout(() => this.wfile.write("LATE"), 10);
    setTimeout(() => wfile.write("LATE"), 20);
    setTimeout(
      () => wfile.writable.getWriter().write(LATE).catch(() => {}),
      30,
    );
  }

  @verb("GET", "/slow")
  async wait(): Promise<void> {
    this.#begin();
    await new Promise((resolve) => setTimeout(resolve, 60));
    this.wfile.write("slow\n");
  }

  #begin(): void {
    this.sendResponse(200);
    this.endHeaders();
    this.wfile.write("begun, ");
  }
}

/** Patterns of which a path can be taken apart in many ways. */
class Ambiguous extends HttpRequestHandler {
  @verb("GET", "/parts/:a-:b-:c")
  @verb("GET", "/nested/:a((?:x+)+)")
  @verb("GET", "/wild/*/x/*/x/*/y")
  take(): Response {
    return new Response("taken\n");
  }
}

/** Refuses everybody. */
class Guarded extends HttpRequestHandler {
  static override prefix = "/guarded";

  override dispatch(): void {
    throw new HttpError(403);
  }

  @verb("GET", "/secret")
  secret(): Response {
    return new Response("SECRET");
  }
}

/** Does without an end, or a piece at a time, what a client asks for. */
class Tireless extends HttpRequestHandler {
  @verb("GET", "/zeros")
  async send(): Promise<void> {
    this.sendResponse(200);
    this.endHeaders();
    for (;;) await this.wfile.write(LATE);
  }

  @verb("POST", "/lines")
  async count(): Promise<Response> {
    let lines = 0;
    while (await this.rfile.readLine() !== null) lines++;
    return new Response(`${lines}\n`);
  }
}

/** A function of the web, which reads the `Request` itself. */
class Application extends fromFetch(async (request) => {
  const form = await request.formData();
  return new Response(`${request.method} ${[...form].length}\n`);
}) {
  static override prefix = "/application";
}

const hono = new Hono().basePath("/hono");
hono.post(
  "/form",
  async (c) => c.text(`${[...await c.req.formData()].length}`),
);
hono.post("/parsed", async (c) => c.json(Object.keys(await c.req.parseBody())));
hono.post("/json", async (c) => c.text(`${(await c.req.json()).length}`));
hono.post("/text", async (c) => c.text(`${(await c.req.text()).length}`));
hono.post(
  "/bytes",
  async (c) => c.text(`${(await c.req.arrayBuffer()).byteLength}`),
);
hono.all("/guarded", (c) => c.text("SECRET"));

/** An application that reads the body as its framework does. */
class HonoApplication extends fromFetch((request) => hono.fetch(request)) {
  static override prefix = "/hono";

  override async dispatch(): Promise<void> {
    const isWrite = ["POST", "PUT", "DELETE"].includes(this.command);
    if (isWrite && this.pathname === "/guarded") throw new HttpError(403);
    await super.dispatch();
  }
}

hono.all("/kept/:page", (c) => c.text(`SECRET ${c.req.param("page")}`));

/** Guards what the application has below a path, by the prefix of a class. */
class HonoGuard extends fromFetch((request) => hono.fetch(request)) {
  static override prefix = "/hono/kept";

  override dispatch(): void {
    throw new HttpError(403);
  }
}

/** Reads the web `Request` of a handler. */
class Requesting extends HttpRequestHandler {
  @verb("POST", "/request/form")
  async readForm(): Promise<Response> {
    return new Response(`${[...await this.request.formData()].length}\n`);
  }
}

/** Shows in its error page what it takes for the request. */
class Telling extends HttpRequestHandler {
  static override prefix = "/telling";

  override sendError(code: number): void {
    this.sendResponse(code);
    this.endHeaders();
    this.wfile.write(`${this.requestLine} ${this.headers.get("cookie")}`);
  }

  @verb("GET", "/page")
  page(): Response {
    return new Response("page");
  }
}

/** Serves nobody. */
class Unserving extends HttpRequestHandler {
  static override prefix = "/unserving";

  override handleOneRequest(): Promise<void> {
    return Promise.resolve();
  }

  @verb("GET")
  page(): Response {
    return new Response("page");
  }
}

await serve([
  Telling,
  Unserving,
  Collecting,
  Failing,
  Leaving,
  Ambiguous,
  Guarded,
  Tireless,
  Application,
  HonoApplication,
  HonoGuard,
  Requesting,
]);
