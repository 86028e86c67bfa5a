// Applications of other frameworks on the TCP loop: a Hono app and an oak app
// over real sockets, with a client that sees each octet as it comes.

import { assertEquals, assertThrows } from "@std/assert";
import { Application as OakApplication } from "@oakserver/oak";
import { Hono } from "hono";
import { HttpServer } from "../../mod.ts";
import { fromFetch, type FromFetchInfo } from "../../lib/fetch/mod.ts";
import { exchange } from "../../lib/testing/mod.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

type Fetch = (request: Request, info: FromFetchInfo) => Promise<Response>;

/** What each framework is asked to do. */
interface Tasks {
  /** Called when an endless answer is cancelled, and when its request is aborted. */
  readonly gone: (how: string) => void;
}

/** An answer that comes in pieces and never ends. */
function endless(signal: AbortSignal, { gone }: Tasks): ReadableStream {
  signal.addEventListener("abort", () => gone("aborted"));
  return new ReadableStream({
    start: (controller) => controller.enqueue(encoder.encode("first")),
    cancel: () => gone("cancelled"),
  });
}

/** A megabyte in pieces, each made when it is asked for. */
function pieces(): ReadableStream<Uint8Array<ArrayBuffer>> {
  let left = 16;
  return new ReadableStream({
    pull(controller) {
      if (left-- === 0) controller.close();
      else controller.enqueue(new Uint8Array(65_536).fill(left));
    },
  });
}

async function sizeOf(stream: ReadableStream | null): Promise<number> {
  let size = 0;
  for await (const chunk of stream ?? []) size += chunk.length;
  return size;
}

function hono(tasks: Tasks): Fetch {
  const app = new Hono();
  app.get("/users/:id", (c) => c.json({ id: c.req.param("id") }, 201));
  app.post("/size", async (c) => c.text(`${await sizeOf(c.req.raw.body)}`));
  app.get("/pieces", (c) => c.body(pieces()));
  app.post("/echo", (c) => new Response(c.req.raw.body));
  app.get("/endless", (c) => c.body(endless(c.req.raw.signal, tasks)));
  app.post("/json", async (c) => c.json(await c.req.json()));
  app.post("/form", async (c) => c.json([...await c.req.formData()]));
  return async (request) => await app.fetch(request);
}

function oak(tasks: Tasks): Fetch {
  const app = new OakApplication({ logErrors: false });
  let signal = AbortSignal.abort();
  app.use(async ({ request, response }) => {
    const { pathname } = request.url;
    const id = /^\/users\/(.+)$/.exec(pathname)?.[1];
    if (id !== undefined) {
      response.status = 201;
      response.body = { id };
    } else if (pathname === "/size") {
      response.body = `${await sizeOf(request.body.stream)}`;
    } else if (pathname === "/pieces") {
      response.body = pieces();
    } else if (pathname === "/echo") {
      response.body = request.body.stream;
    } else if (pathname === "/json") {
      response.body = await request.body.json();
    } else if (pathname === "/form") {
      response.body = [...await request.body.formData()];
    } else if (pathname === "/endless") {
      response.body = endless(signal, tasks);
    }
  });
  return (request) => {
    signal = request.signal;
    // oak's types name the `Request` of a package.
    return Reflect.apply(app.handle, app, [request]);
  };
}

const frameworks = { hono, oak };

/** Serves an application for the time of a test. */
async function served(
  make: (tasks: Tasks) => Fetch,
  use: (origin: string, gone: Promise<string[]>) => Promise<void>,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<string[]>();
  const heard: string[] = [];
  const gone = (how: string) => {
    heard.push(how);
    if (heard.length === 2) resolve(heard.sort());
  };
  const App = fromFetch(make({ gone }));
  await using server = new HttpServer({ port: 0 }, App);
  void server.serveForever();
  await use(`http://127.0.0.1:${server.serverPort}`, promise);
}

/** A connection that is read up to a text. */
class Client implements Disposable {
  #conn: Deno.Conn;
  #text = "";

  constructor(conn: Deno.Conn) {
    this.#conn = conn;
  }

  static async connect(origin: string): Promise<Client> {
    return new Client(
      await Deno.connect({ port: Number(new URL(origin).port) }),
    );
  }

  async send(text: string): Promise<void> {
    await this.#conn.write(encoder.encode(text));
  }

  /** Reads on until all that came ends with `end`. */
  async until(end: string): Promise<string> {
    const buffer = new Uint8Array(65_536);
    while (!this.#text.endsWith(end)) {
      const count = await this.#conn.read(buffer);
      if (count === null) break;
      this.#text += decoder.decode(buffer.subarray(0, count));
    }
    const text = this.#text;
    this.#text = "";
    return text;
  }

  [Symbol.dispose](): void {
    this.#conn.close();
  }
}

for (const [name, make] of Object.entries(frameworks)) {
  Deno.test(`fromFetch() serves ${name}: an answer`, async () => {
    await served(make, async (origin) => {
      const response = await fetch(`${origin}/users/7`);
      assertEquals(response.status, 201);
      assertEquals(await response.json(), { id: "7" });
      const missing = await fetch(`${origin}/none`);
      assertEquals(missing.status, 404);
      await missing.body?.cancel();
    });
  });

  Deno.test(`fromFetch() serves ${name}: a streamed body each way`, async () => {
    await served(make, async (origin) => {
      const up = await fetch(`${origin}/size`, {
        method: "POST",
        body: pieces(),
      });
      assertEquals(await up.text(), "1048576");
      const down = await fetch(`${origin}/pieces`);
      assertEquals(await sizeOf(down.body), 1_048_576);
      const both = await fetch(`${origin}/echo`, {
        method: "POST",
        body: pieces(),
      });
      assertEquals(
        new Uint8Array(await both.arrayBuffer()),
        new Uint8Array(await new Response(pieces()).arrayBuffer()),
      );
    });
  });

  Deno.test(`fromFetch() serves ${name}: each piece as it comes`, async () => {
    await served(make, async (origin) => {
      using client = await Client.connect(origin);
      await client.send(
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
      );
      await client.send("3\r\none\r\n");
      const head = await client.until("\r\n3\r\none\r\n");
      assertEquals(head.split("\r\n")[0], "HTTP/1.1 200 OK");
      await client.send("3\r\ntwo\r\n");
      assertEquals(await client.until("\r\ntwo\r\n"), "3\r\ntwo\r\n");
      await client.send("0\r\n\r\n");
      assertEquals(await client.until("0\r\n\r\n"), "0\r\n\r\n");
    });
  });

  Deno.test(`fromFetch() serves ${name}: a client that goes away`, async () => {
    await served(make, async (origin, gone) => {
      {
        using client = await Client.connect(origin);
        await client.send("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n");
        await client.until("\r\n5\r\nfirst\r\n");
      }
      assertEquals(await gone, ["aborted", "cancelled"]);
    });
  });
}

const FORM = "application/x-www-form-urlencoded";
const MULTIPART = "multipart/form-data; boundary=B";

const BODIES: readonly (readonly [
  path: string,
  type: string,
  body: string,
  status: number,
])[] = [
  ["/json", "application/json", "[1]", 200],
  ["/json", "application/json", `[${"1,".repeat(600_000)}1]`, 413],
  ["/form", FORM, "a=b", 200],
  ["/form", FORM, "a&".repeat(10_001), 413],
  ["/form", MULTIPART, "--B\r\nno form", 400],
];

for (const [name, make] of Object.entries(frameworks)) {
  Deno.test(`fromFetch() serves ${name}: bodies that are refused`, async () => {
    await served(make, async (origin) => {
      for (const [path, type, body, status] of BODIES) {
        const headers = { "Content-Type": type };
        const response = await fetch(origin + path, {
          method: "POST",
          headers,
          body,
        });
        await response.body?.cancel();
        // oak makes 400 of whatever went wrong with JSON.
        const want = name === "oak" && path === "/json" && status === 413
          ? 400
          : status;
        assertEquals(response.status, want, `${path} ${body.slice(0, 9)}`);
      }
    });
  });
}

Deno.test("fromFetch() gives its own status to what an app makes 500 of", async () => {
  const statuses: number[] = [];
  for (const caught of [500, 422]) {
    const App = fromFetch(async (request) => {
      try {
        return new Response(await request.clone().json());
      } catch {
        return new Response("caught", { status: caught });
      }
    });
    const response = await exchange(
      App,
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n[",
    );
    statuses.push(Number(decoder.decode(response).slice(9, 12)));
  }
  assertEquals(statuses, [400, 422]);
});

Deno.test("fromFetch() gives the Request and the client's address", async () => {
  const App = fromFetch(async (request, info) =>
    Response.json([
      request.method,
      request.url,
      [...request.headers],
      await request.text(),
      info.remoteAddr,
    ])
  );
  const answer = await exchange(
    App,
    "PUT /a%20b?c HTTP/1.1\r\nHost: here:81\r\nX-A: 1\r\nx-a: 2\r\n" +
      "Content-Length: 4\r\n\r\nbody",
  );
  assertEquals(JSON.parse(decoder.decode(answer).split("\r\n\r\n")[1] ?? ""), [
    "PUT",
    "http://here:81/a%20b?c",
    [["content-length", "4"], ["host", "here:81"], ["x-a", "1, 2"]],
    "body",
    { transport: "tcp", hostname: "127.0.0.1", port: 50_000 },
  ]);
});

Deno.test("fromFetch() answers what a fetch handler throws with 500", async () => {
  const errors: string[] = [];
  const App = fromFetch(() => Promise.reject(new Error("secret")));
  const answer = await exchange(App, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", {
    onError: (error) => errors.push(String(error)),
  });
  assertEquals(
    decoder.decode(answer).split("\r\n")[0],
    "HTTP/1.1 500 Internal Server Error",
  );
  assertEquals(errors, ["Error: secret"]);
});

Deno.test("fromFetch() says 400 of a Host that no URL has", async () => {
  const App = fromFetch(() => new Response("never"));
  const answer = await exchange(App, "GET / HTTP/1.1\r\nHost: a:99999\r\n\r\n");
  assertEquals(
    decoder.decode(answer).split("\r\n")[0],
    "HTTP/1.1 400 Bad Request",
  );
});

Deno.test("fromFetch() says 501 of methods that no Request has", async () => {
  const App = fromFetch(() => new Response("never"));
  const answer = await exchange(App, "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n");
  assertEquals(
    decoder.decode(answer).split("\r\n")[0],
    "HTTP/1.1 501 Not Implemented",
  );
});

for (
  const [returned, named] of [
    [undefined, "undefined"],
    ["text", "text"],
    [{ ok: true }, "an object of the class Object"],
  ] as const
) {
  Deno.test(`fromFetch() reports a function that returns ${named}`, async () => {
    const App = fromFetch(() => returned as unknown as Response);
    const errors: string[] = [];
    const response = await exchange(App, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", {
      onError: (error) => void errors.push(String(error)),
    });
    assertEquals(
      decoder.decode(response).split("\r\n")[0],
      "HTTP/1.1 500 Internal Server Error",
    );
    assertEquals(errors, [
      `TypeError: Cannot respond with ${named}: the function of fromFetch ` +
      "returned no Response",
    ]);
  });
}

for (const method of ["post", "Post", "put", "delete", "get", "options"]) {
  Deno.test(`fromFetch() gives no function ${method} as another method`, async () => {
    const App = fromFetch((request) => new Response(request.method));
    const response = await exchange(
      App,
      `${method} / HTTP/1.1\r\nHost: a\r\n\r\n`,
    );
    assertEquals(
      decoder.decode(response).split("\r\n")[0],
      "HTTP/1.1 501 Not Implemented",
    );
  });
}

Deno.test("fromFetch() takes functions only", () => {
  for (const app of [new Hono(), undefined]) {
    assertThrows(
      () => Reflect.apply(fromFetch, undefined, [app]),
      TypeError,
      `Cannot make a handler class of ${
        app === undefined ? "undefined" : "an object (Hono)"
      }: want a function, as (request) => app.fetch(request)`,
    );
  }
});
