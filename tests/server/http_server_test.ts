import { assertEquals, assertThrows } from "@std/assert";
import { HttpRequestHandler, HttpServer, TcpServer, verb } from "../../mod.ts";
import { Client, testdata } from "./_client.ts";

const GET = "GET / HTTP/1.1\nHost: a\n\n";

/** A server that keeps what it would print. */
class Watched extends HttpServer {
  readonly errors: string[] = [];

  override handleError(error: unknown): void {
    this.errors.push(String(error));
  }
}

class App extends HttpRequestHandler {
  override serverVersion = "test";

  override dateTimeString(): string {
    return "Thu, 01 Jan 1970 00:00:00 GMT";
  }

  @verb("GET", "/")
  index() {
    return new Response("index");
  }

  @verb("POST", "/echo")
  async echo() {
    return new Response(await this.text());
  }

  @verb("GET", "/large")
  async large() {
    this.sendResponse(200);
    this.endHeaders();
    for (let i = 0; i < 1000; i++) {
      await this.wfile.write(new Uint8Array(100_000));
    }
  }

  @verb("GET", "/broken")
  broken() {
    throw new Error("broken");
  }
}

Deno.test("HttpServer answers fetch", async () => {
  await using server = new Watched({ port: 0 }, App);
  void server.serveForever();
  const origin = `http://127.0.0.1:${server.serverPort}`;
  for (let i = 0; i < 3; i++) {
    assertEquals(await (await fetch(origin)).text(), "index");
    const response = await fetch(`${origin}/echo`, {
      method: "POST",
      body: "x".repeat(100_000),
    });
    assertEquals(await response.text(), "x".repeat(100_000));
  }
  assertEquals(server.errors, []);
});

Deno.test("HttpServer answers fetch over TLS", async () => {
  await using server = new Watched({
    port: 0,
    cert: testdata("tls/localhost.crt"),
    key: testdata("tls/localhost.key"),
  }, App);
  void server.serveForever();
  using client = Deno.createHttpClient({ caCerts: [testdata("tls/ca.crt")] });
  const url = `https://localhost:${server.serverPort}/echo`;
  const response = await fetch(url, { method: "POST", body: "hello", client });
  assertEquals(await response.text(), "hello");
});

Deno.test("HttpServer answers pipelined requests in order", async () => {
  await using server = new Watched({ port: 0 }, App);
  void server.serveForever();
  using client = await Client.connect(server);
  const answer = "HTTP/1.1 200 OK\nServer: test\n" +
    "Date: Thu, 01 Jan 1970 00:00:00 GMT\n" +
    "content-type: text/plain;charset=UTF-8\nContent-Length: ";
  assertEquals(
    await client.ask(
      "POST /echo HTTP/1.1\nHost: a\nContent-Length: 1\n\n1" + GET +
        "POST /echo HTTP/1.1\nHost: a\nContent-Length: 2\n\n22",
    ),
    `${answer}1\n\n1${answer}5\n\nindex${answer}2\n\n22`,
  );
});

Deno.test("HttpServer answers what a handler throws with 500, and lives", async () => {
  await using server = new Watched({ port: 0 }, App);
  void server.serveForever();
  const origin = `http://127.0.0.1:${server.serverPort}`;
  const response = await fetch(`${origin}/broken`);
  assertEquals(response.status, 500);
  assertEquals((await response.text()).includes("broken"), false);
  assertEquals(server.errors, ["Error: broken"]);
  assertEquals(await (await fetch(origin)).text(), "index");
});

interface VanishRow {
  readonly name: string;
  /** What the client sends before it goes. */
  readonly sends: string;
  /** What it reads before it goes. */
  readonly reads?: string;
}

const VANISHING: readonly VanishRow[] = [
  { name: "at once", sends: "" },
  { name: "within the request line", sends: "GE" },
  { name: "within the head", sends: "GET / HTTP/1.1\nHo" },
  { name: "before the answer", sends: GET },
  { name: "after the answer", sends: GET, reads: "index" },
  { name: "before pipelined answers", sends: GET.repeat(20) },
  {
    name: "before the body",
    sends: "POST /echo HTTP/1.1\nHost: a\nContent-Length: 5\n\n",
  },
  {
    name: "within the body",
    sends: "POST /echo HTTP/1.1\nHost: a\nContent-Length: 5\n\nab",
  },
  {
    name: "within a chunk",
    sends: "POST /echo HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n5\nab",
  },
  {
    name: "instead of sending a body that it announced",
    sends: "POST /echo HTTP/1.1\nHost: a\nContent-Length: 5\n" +
      "Expect: 100-continue\n\n",
    reads: "HTTP/1.1 100 Continue\n\n",
  },
  {
    name: "within a large answer",
    sends: "GET /large HTTP/1.1\nHost: a\n\n",
    reads: "\n\n",
  },
  {
    name: "before a large answer",
    sends: "GET /large HTTP/1.1\nHost: a\n\n",
  },
];

Deno.test("HttpServer has nothing left of a client that vanishes", async (t) => {
  for (const { name, sends, reads } of VANISHING) {
    await t.step(name, async () => {
      const server = new Watched({ port: 0 }, App);
      const serving = server.handleRequest();
      const client = await Client.connect(server);
      await client.send(sends);
      if (reads !== undefined) await client.readTo(reads);
      client.close();
      await serving;
      assertEquals(server.connectionCount, 0);
      await server.close();
      assertEquals(server.errors, []);
    });
  }
});

Deno.test("signal is aborted when the client goes away", async () => {
  const aborted = Promise.withResolvers<string>();
  const asked = Promise.withResolvers<void>();
  class Waiting extends HttpRequestHandler {
    @verb("GET")
    async wait() {
      const { signal } = this;
      asked.resolve();
      await new Promise((resolve) =>
        signal.addEventListener("abort", resolve, { once: true })
      );
      aborted.resolve(signal.reason.name);
      signal.throwIfAborted();
    }
  }
  await using server = new Watched({ port: 0, lingerTimeout: 20 }, Waiting);
  const serving = server.handleRequest();
  const client = await Client.connect(server);
  await client.send(GET);
  await asked.promise;
  client.close();
  assertEquals(await aborted.promise, "ConnectionLost");
  await serving;
  assertEquals(server.errors, []);
});

Deno.test("HttpServer lists the routes of its classes", async () => {
  class Api extends HttpRequestHandler {
    static override prefix = "/api";

    @verb("PUT", "/:id")
    put() {}
  }
  await using server = new HttpServer({ port: 0 }, [Api, App]);
  assertEquals(
    server.routes.map(({ verb, pattern, handler, method }) =>
      [verb, pattern, handler, method].join(" ")
    ),
    [
      "PUT /api/:id Api put",
      "GET / App index",
      "POST /echo App echo",
      "GET /large App large",
      "GET /broken App broken",
    ],
  );
});

Deno.test("HttpServer refuses to be without a class, and does not listen", () => {
  const error = assertThrows(() => new HttpServer({ port: 0 }, []), TypeError);
  assertEquals(
    error.message,
    "Cannot route requests: there is no handler class",
  );
});

Deno.test("HttpServer refuses requests for a name that is not its own", async () => {
  await using server = new HttpServer(
    { port: 0, hosts: ["nas.Example"] },
    [App],
  );
  const serving = server.serveForever();
  assertEquals(server.hosts, ["nas.example"]);
  const ask = async (target: string, host: string) => {
    using client = await Client.connect(server);
    const answer = await client.ask(
      `GET ${target} HTTP/1.1\nHost: ${host}\n\n`,
    );
    return Number(answer.split(" ")[1]);
  };
  for (const host of ["127.0.0.1", "localhost:80", "NAS.example.:80"]) {
    assertEquals(await ask("/", host), 200, host);
  }
  assertEquals(await ask("/", "evil.example"), 421);
  assertEquals(await ask("http://evil.example/", "localhost"), 421);
  assertEquals(await ask("http://localhost/", "evil.example"), 200);
  await server.shutdown();
  await serving;
});

Deno.test("HttpServer takes hosts that are names only", () => {
  for (const host of ["", "a:80", "a/b", "u@a", "http://a", "a b"]) {
    assertThrows(
      () => new HttpServer({ port: 0, hosts: [host] }, App),
      TypeError,
      "want one without a scheme and a port",
    );
  }
});

Deno.test('HttpServer refuses hostname "" and says what is meant', () => {
  assertThrows(
    () => new HttpServer({ hostname: "", port: 0 }, HttpRequestHandler),
    TypeError,
    'Cannot listen on "": every address is "0.0.0.0"',
  );
});

Deno.test("A server refuses options that it does not know", () => {
  const rows: [options: string, problem: typeof Error, message: string][] = [
    ['{"prot":0}', TypeError, 'There is no option "prot": there are port, '],
    ['{"port":0,"headTimout":1}', TypeError, "no option"],
    ['{"port":0,"connections":0}', RangeError, "connections to 0"],
    ['{"port":0,"parallel":0}', RangeError, "Cannot set parallel to 0: want"],
    ['{"port":0,"parallel":-1}', RangeError, "Cannot set parallel to -1"],
    ['{"port":0,"parallel":1.5}', RangeError, "Cannot set parallel to 1.5"],
    ['{"port":"0"}', TypeError, 'a string for the option "port": want a num'],
    ['{"hosts":"a.test"}', TypeError, '"hosts": want an array'],
    ['{"accessLog":true}', TypeError, '"accessLog": want a function'],
    [
      '{"signal":{}}',
      TypeError,
      'an object for the option "signal": want an A',
    ],
    ["8000", TypeError, "Cannot take a number for the options: want an obj"],
    // Python's address.
    ['["",8000]', TypeError, 'Cannot listen on ["",8000]: want an object as {'],
  ];
  for (const [options, problem, message] of rows) {
    for (const Server of [HttpServer, TcpServer]) {
      assertThrows(
        () => new Server(JSON.parse(options), HttpRequestHandler),
        problem,
        message,
      );
    }
  }
});

Deno.test({
  name: "A port is shared only where the runtime can do that",
  ignore: "listenDatagram" in Deno,
  fn() {
    for (const options of [{ reusePort: true }, { parallel: 2 }]) {
      assertThrows(
        () => new HttpServer({ port: 0, ...options }, HttpRequestHandler),
        Error,
        "Sharing a port needs deno run --unstable-net",
      );
    }
  },
});
