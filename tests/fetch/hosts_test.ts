// Handler classes under hosts that are not ours: Deno.serve, a Hono app, an oak
// app.

import { assertEquals } from "@std/assert";
import { Application as OakApplication } from "@oakserver/oak";
import { Hono } from "hono";
import { HttpError, HttpRequestHandler, verb } from "../../mod.ts";
import { type FetchHandler, toFetch } from "../../lib/fetch/mod.ts";

class Notes extends HttpRequestHandler {
  @verb("GET", "/notes/:id")
  read({ id }: { id: string }) {
    this.sendResponse(200);
    this.sendHeader("X-Client", this.addressString());
    this.endHeaders();
    this.wfile.write(`note ${id}`);
  }

  @verb("POST", "/notes")
  async add() {
    return Response.json(await this.json(), { status: 201 });
  }

  @verb("GET", "/refused")
  refuse() {
    throw new HttpError(402, "Pay first");
  }
}

/** The same below a path of its own. */
class Api extends Notes {
  static override prefix = "/api";
}

async function told(response: Response): Promise<[number, string]> {
  return [response.status, await response.text()];
}

const GET_NOTE = "http://host/api/notes/7";
const POST_NOTE = () =>
  new Request("http://host/api/notes", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: `{"a":1}`,
  });

const mounts: Record<string, (request: Request) => Promise<Response>> = {
  "Hono's mount, which takes the path away": async (request) => {
    const app = new Hono();
    app.mount("/api", toFetch(Notes));
    return await app.fetch(request);
  },
  "a Hono route, which leaves it": async (request) => {
    const app = new Hono();
    const handler = toFetch(Api);
    app.all("/api/*", (c) => handler(c.req.raw));
    return await app.fetch(request);
  },
  "an oak middleware": async (request) => {
    const app = new OakApplication();
    const handler = toFetch(Api);
    app.use(async (context) => {
      const response = await handler(request);
      context.response.status = response.status;
      context.response.body = response.body;
    });
    return await Reflect.apply(app.handle, app, [request]);
  },
};

Deno.test("toFetch() is mounted in other frameworks", async (t) => {
  for (const [name, send] of Object.entries(mounts)) {
    await t.step(name, async () => {
      assertEquals(
        [
          await told(await send(new Request(GET_NOTE))),
          await told(await send(POST_NOTE())),
        ],
        [[200, "note 7"], [201, `{"a":1}`]],
      );
    });
  }
});

Deno.test("toFetch() throws to the error handler of its host", async () => {
  const app = new Hono();
  app.mount("/api", toFetch(Notes, { errors: "throw" }));
  app.onError((error, c) => c.text(`caught: ${error.message}`, 418));
  const response = await app.request("/api/refused");
  assertEquals(await told(response), [418, "caught: Pay first"]);
});

/** Serves under Deno.serve for the time of a test. */
async function served(
  handler: FetchHandler,
  use: (origin: string) => Promise<void>,
): Promise<void> {
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    handler,
  );
  await use(`http://127.0.0.1:${server.addr.port}`);
}

Deno.test("a handler under Deno.serve knows its client", async () => {
  await served(toFetch(Notes), async (origin) => {
    const response = await fetch(`${origin}/notes/7`);
    assertEquals(response.headers.get("x-client"), "127.0.0.1");
    await response.body?.cancel();
  });
});

Deno.test("a client of Deno.serve that goes aborts signal and write", async () => {
  const aborted = Promise.withResolvers<string>();
  const ended = Promise.withResolvers<string>();
  const reported: unknown[] = [];
  class Endless extends HttpRequestHandler {
    @verb("GET")
    async endless() {
      const { signal } = this;
      signal.addEventListener(
        "abort",
        () => aborted.resolve(signal.reason.name),
      );
      this.sendResponse(200);
      this.endHeaders();
      try {
        for (;;) await this.wfile.write(new Uint8Array(10_000));
      } catch (error) {
        ended.resolve(error instanceof Error ? error.name : "?");
        throw error;
      }
    }
  }
  const handler = toFetch(Endless, {
    onError: (error) => reported.push(error),
  });
  await served(handler, async (origin) => {
    const response = await fetch(origin);
    const reader = response.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    assertEquals(await aborted.promise, "ConnectionLost");
    assertEquals(await ended.promise, "ConnectionLost");
  });
  assertEquals(reported, []);
});

Deno.test("a client of Deno.serve that goes while nothing is sent is heard", async () => {
  const aborted = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  class Waiting extends HttpRequestHandler {
    @verb("GET")
    async wait() {
      this.signal.addEventListener("abort", () => aborted.resolve());
      begun.resolve();
      await aborted.promise;
      return new Response("nobody reads this");
    }
  }
  await served(toFetch(Waiting), async (origin) => {
    const client = new AbortController();
    const answer = fetch(origin, { signal: client.signal }).catch(() => "left");
    await begun.promise;
    client.abort();
    await aborted.promise;
    assertEquals(await answer, "left");
  });
});

Deno.test("a client of Deno.serve sends and gets a body piece by piece", async () => {
  class Upper extends HttpRequestHandler {
    @verb("POST")
    async upper() {
      this.sendResponse(200);
      this.endHeaders();
      for (let line; (line = await this.rfile.readLine()) !== null;) {
        await this.wfile.write(new TextDecoder().decode(line).toUpperCase());
        await this.wfile.flush();
      }
    }
  }
  await served(toFetch(Upper), async (origin) => {
    using conn = await Deno.connect({ port: Number(new URL(origin).port) });
    const send = (text: string) => conn.write(new TextEncoder().encode(text));
    const buffer = new Uint8Array(10_000);
    let text = "";
    const until = async (end: string) => {
      while (!text.endsWith(end)) {
        const count = await conn.read(buffer);
        if (count === null) break;
        text += new TextDecoder().decode(buffer.subarray(0, count));
      }
      return text.slice(-end.length);
    };
    await send(
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
    );
    await send("4\r\none\n\r\n");
    assertEquals(await until("4\r\nONE\n\r\n"), "4\r\nONE\n\r\n");
    await send("4\r\ntwo\n\r\n");
    assertEquals(await until("4\r\nTWO\n\r\n"), "4\r\nTWO\n\r\n");
    await send("0\r\n\r\n");
    assertEquals(await until("0\r\n\r\n"), "0\r\n\r\n");
  });
});
