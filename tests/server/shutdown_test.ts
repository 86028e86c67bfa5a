import { assertEquals } from "@std/assert";
import {
  HttpRequestHandler,
  HttpServer,
  StreamRequestHandler,
  TcpServer,
  type TransportConnection,
  verb,
} from "../../mod.ts";
import { Client, testdata } from "./_client.ts";

const GET = "GET / HTTP/1.1\nHost: a\n\n";

/** Answers when it is told to. */
class Gated extends HttpRequestHandler {
  static arrived = Promise.withResolvers<void>();
  static gate = Promise.withResolvers<void>();

  @verb("GET", "/")
  async wait() {
    Gated.arrived.resolve();
    await Gated.gate.promise;
    return new Response("waited", { headers: { "X-A": "1" } });
  }

  @verb("GET", "/now")
  now() {
    return new Response("now");
  }

  static reset(): void {
    Gated.arrived = Promise.withResolvers();
    Gated.gate = Promise.withResolvers();
  }
}

/** Nobody is served at a server's port any more. */
async function assertClosed(server: TcpServer): Promise<void> {
  let answer = "";
  try {
    // The kernel may take what the server does not.
    using client = await Client.connect(server);
    answer = await client.ask(GET);
  } catch {
    // Refused, or reset.
  }
  assertEquals(answer, "");
}

Deno.test("shutdown() finishes the requests in flight, and closes idle connections", async () => {
  Gated.reset();
  const server = new HttpServer({ port: 0 }, Gated);
  const serving = server.serveForever();
  using fresh = await Client.connect(server);
  using idle = await Client.connect(server);
  await idle.send("GET /now HTTP/1.1\nHost: a\n\n");
  await idle.readTo("now");
  using busy = await Client.connect(server);
  await busy.send(GET + GET);
  await Gated.arrived.promise;
  const ended = server.shutdown();
  await assertClosed(server);
  assertEquals(await idle.readAll(), "");
  assertEquals(await fresh.readAll(), "");
  Gated.gate.resolve();
  const answer = await busy.readAll();
  assertEquals(answer.match(/waited/g)?.length, 1);
  assertEquals(answer.includes("Connection: close\n"), true);
  await Promise.all([ended, serving]);
  assertEquals(server.connectionCount, 0);
});

Deno.test("shutdown() cuts what takes longer than drainTimeout", async () => {
  Gated.reset();
  const server = new HttpServer({ port: 0, drainTimeout: 10 }, Gated);
  const serving = server.serveForever();
  using busy = await Client.connect(server);
  await busy.send(GET);
  await Gated.arrived.promise;
  await server.shutdown();
  await serving;
  assertEquals(await busy.readAll(), "");
  // A handler that is not waited for does no harm when it ends.
  Gated.gate.resolve();
});

Deno.test("shutdown() cuts handlers of raw connections, which hear of it", async () => {
  const heard = Promise.withResolvers<string>();
  class Reading extends StreamRequestHandler {
    override async handle() {
      this.wfile.write("go");
      await this.wfile.flush();
      try {
        await this.rfile.read();
      } catch (error) {
        heard.resolve(String(error));
        throw error;
      }
    }
  }
  const server = new TcpServer({ port: 0, drainTimeout: 10 }, Reading);
  const serving = server.serveForever();
  using client = await Client.connect(server);
  await client.readTo("go");
  await server.shutdown();
  await serving;
  assertEquals(
    await heard.promise,
    "ConnectionLost: Cannot read from the peer",
  );
});

Deno.test("shutdown() may be called before serving, twice, and after", async () => {
  const server = new HttpServer({ port: 0 }, Gated);
  const first = server.shutdown();
  assertEquals(server.shutdown() === first, true);
  await first;
  await server.serveForever();
  await server.handleRequest();
  await server.close();
  await assertClosed(server);
});

Deno.test("shutdown() ends a handleRequest() that waits", async () => {
  const server = new HttpServer({ port: 0 }, Gated);
  const handling = server.handleRequest();
  await server.shutdown();
  await handling;
});

Deno.test("shutdown() may be called by a handler", async () => {
  let server: HttpServer | undefined = undefined;
  const stop = () => void server?.shutdown();
  class Stopping extends HttpRequestHandler {
    @verb("POST", "/stop")
    stop() {
      stop();
      return new Response("bye");
    }
  }
  server = new HttpServer({ port: 0 }, Stopping);
  const serving = server.serveForever();
  const url = `http://127.0.0.1:${server.serverPort}/stop`;
  const response = await fetch(url, { method: "POST" });
  assertEquals(await response.text(), "bye");
  await serving;
  await assertClosed(server);
});

Deno.test("shutdown() that a handler waits for does not wait for ever", async () => {
  let shutdown: () => Promise<void> = () => Promise.resolve();
  const returned = Promise.withResolvers<void>();
  class Stopping extends HttpRequestHandler {
    @verb("POST", "/stop")
    async stop() {
      await shutdown();
      returned.resolve();
      return new Response("nobody reads this");
    }
  }
  const server = new HttpServer({ port: 0, drainTimeout: 10 }, Stopping);
  shutdown = () => server.shutdown();
  const serving = server.serveForever();
  using client = await Client.connect(server);
  await client.send("POST /stop HTTP/1.1\nHost: a\nContent-Length: 0\n\n");
  assertEquals(await client.readAll(), "");
  await serving;
  await returned.promise;
});

Deno.test("an AbortSignal shuts the server down", async (t) => {
  await t.step("when it is aborted", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const server = new HttpServer({ port: 0, signal }, Gated);
    const serving = server.serveForever();
    controller.abort();
    await serving;
    await assertClosed(server);
  });
  await t.step("when it was aborted before", async () => {
    const signal = AbortSignal.abort();
    const server = new HttpServer({ port: 0, signal }, Gated);
    await server.serveForever();
    await assertClosed(server);
  });
  await t.step("and is let go of afterwards", async () => {
    const { signal } = new AbortController();
    const listeners = new Set<unknown>();
    signal.addEventListener = (_: string, listener: unknown) => {
      listeners.add(listener);
    };
    signal.removeEventListener = (_: string, listener: unknown) => {
      listeners.delete(listener);
    };
    const server = new HttpServer({ port: 0, signal }, Gated);
    assertEquals(listeners.size, 1);
    await server.close();
    assertEquals(listeners.size, 0);
  });
});

Deno.test("await using closes the server", async () => {
  let closed: TcpServer;
  {
    await using server = new HttpServer({ port: 0 }, Gated);
    void server.serveForever();
    closed = server;
  }
  await assertClosed(closed);
});

Deno.test("shutdown() drains a connection whose handler comes late", async () => {
  const processing = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  class Slow extends HttpServer {
    override async processRequest(connection: TransportConnection) {
      processing.resolve();
      await gate.promise;
      await super.processRequest(connection);
    }
  }
  const server = new Slow({ port: 0 }, Gated);
  const serving = server.serveForever();
  using client = await Client.connect(server);
  await processing.promise;
  const ended = server.shutdown();
  gate.resolve();
  assertEquals(await client.readAll(), "");
  await Promise.all([ended, serving]);
});

Deno.test("shutdown() does not wait for a connection that is being refused", async () => {
  const server = new HttpServer({
    port: 0,
    connections: 1,
    whenFull: "refuse",
    cert: testdata("tls/localhost.crt"),
    key: testdata("tls/localhost.key"),
  }, Gated);
  const first = server.handleRequest();
  const second = server.handleRequest();
  // They never begin TLS, so that nothing can be said to them.
  using _one = await Client.connect(server);
  using _two = await Client.connect(server);
  await server.shutdown();
  await Promise.all([first, second]);
});
