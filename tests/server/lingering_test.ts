// Clients that write all before they read, and clients that vanish: over real
// sockets, since it is the kernel's RST that destroys answers.
import { assertEquals } from "@std/assert";
import {
  type ByteStream,
  DEFAULT_LIMITS,
  HttpRequestHandler,
  HttpServer,
  TransportConnection,
  verb,
} from "../../mod.ts";
import { serveConnection } from "../../lib/server/connection.ts";
import { crlf, Mirror, refused } from "../_wire.ts";

const MEGA = 1_048_576;

/** Writes everything, and only then reads. */
async function upload(
  port: number,
  head: string,
  size: number,
): Promise<string> {
  const conn = await Deno.connect({ port });
  await conn.write(new TextEncoder().encode(head));
  const piece = new Uint8Array(65_536).fill(0x78);
  for (let left = size; left > 0;) left -= await conn.write(piece);
  return await new Response(conn.readable).text();
}

class Refusing extends Mirror {
  @verb("POST", "/refused")
  refuse(): void {
    this.sendError(404);
  }
}

Deno.test("A client that writes all before it reads gets its refusal", async (t) => {
  await using server = new HttpServer(
    { port: 0, bodyBytes: 9 * MEGA },
    Refusing,
  );
  void server.serveForever();
  const length = (size: number) => `Content-Length: ${size}\r\n\r\n`;
  const post = (path: string) => `POST ${path} HTTP/1.1\r\nHost: a\r\n`;
  await t.step("413 by the length", async () => {
    const head = post("/") + length(16 * MEGA);
    assertEquals(
      await upload(server.serverPort, head, 16 * MEGA),
      refused("413 Content Too Large"),
    );
  });
  await t.step("404 without a look at the body", async () => {
    const head = post("/refused") + length(8 * MEGA);
    assertEquals(
      await upload(server.serverPort, head, 8 * MEGA),
      refused("404 Not Found"),
    );
  });
  await t.step("400 for the head", async () => {
    const head = post("/") + "Content-Length: +1\r\n\r\n";
    assertEquals(
      await upload(server.serverPort, head, 8 * MEGA),
      refused("400 Bad Request", "The Content-Length is not a number"),
    );
  });
  await t.step("431 for a head that does not end", async () => {
    assertEquals(
      await upload(server.serverPort, post("/") + "X: ", 8 * MEGA),
      refused(
        "431 Request Header Fields Too Large",
        "The header fields are too long",
      ),
    );
  });
});

/** The calls on a connection after a client has sent `raw` and waits. */
async function callsAfter(raw: string): Promise<string[]> {
  const calls: string[] = [];
  const pieces = [new TextEncoder().encode(raw)];
  const stream: ByteStream = {
    read(p) {
      const piece = pieces.shift();
      p.set(piece ?? []);
      return Promise.resolve(piece?.length ?? null);
    },
    write(p) {
      calls.push("write");
      return Promise.resolve(p.length);
    },
    closeWrite() {
      calls.push("closeWrite");
      return Promise.resolve();
    },
    close: () => void calls.push("close"),
  };
  const connection = new TransportConnection(
    stream,
    { transport: "tcp", hostname: "127.0.0.1", port: 1 },
    {
      serverName: "127.0.0.1",
      serverPort: 80,
      isSecure: false,
      limits: DEFAULT_LIMITS,
      accessLog: undefined,
      handleError(error) {
        throw error;
      },
    },
  );
  await serveConnection(connection, new Mirror(connection));
  return calls;
}

Deno.test("A connection is lingered on where more may come, and only there", async (t) => {
  const close = "Connection: close";
  for (
    const [name, raw, lingers] of [
      ["GET and close", crlf`GET / HTTP/1.1\nHost: a\n${close}\n\n`, false],
      ["GET on 1.0", crlf`GET / HTTP/1.0\n\n`, false],
      ["octets behind", crlf`GET / HTTP/1.0\n\n\n`, true],
      ["a body", crlf`POST / HTTP/1.0\nContent-Length: 2\n\nab`, true],
      ["a refused head", crlf`GET / HTTP/1.1\n\n`, true],
    ] as const
  ) {
    await t.step(name, async () => {
      assertEquals(
        await callsAfter(raw),
        lingers ? ["write", "closeWrite", "close"] : ["write", "close"],
      );
    });
  }
});

Deno.test("A client that is refused because the server is full can read it", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const started = Promise.withResolvers<void>();
  class Slow extends HttpRequestHandler {
    @verb("GET")
    async wait(): Promise<Response> {
      started.resolve();
      await promise;
      return new Response();
    }
  }
  await using server = new HttpServer(
    { port: 0, connections: 1, whenFull: "refuse" },
    Slow,
  );
  void server.serveForever();
  const head = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
  const first = upload(server.serverPort, head, 0);
  await started.promise;
  const post = `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${MEGA}\r\n\r\n`;
  assertEquals(
    (await upload(server.serverPort, post, MEGA)).split("\r\n")[0],
    "HTTP/1.1 503 Service Unavailable",
  );
  resolve();
  await first;
});

Deno.test("A client that vanishes leaves nothing behind", async (t) => {
  const errors: unknown[] = [];
  const gone: unknown[] = [];
  class Watching extends HttpRequestHandler {
    @verb("GET", "/wait")
    wait(): Promise<Response> {
      return new Promise((resolve) => {
        this.signal.addEventListener("abort", () => {
          gone.push(this.signal.reason);
          resolve(new Response("nobody reads this"));
        });
      });
    }

    @verb("POST", "/echo")
    async echo(): Promise<void> {
      this.sendResponse(200);
      this.endHeaders();
      for (let chunk; (chunk = await this.rfile.read()) !== null;) {
        await this.wfile.write(chunk);
        await this.wfile.flush();
      }
    }
  }
  class Watched extends HttpServer {
    static ended = Promise.withResolvers<void>();

    override handleError(error: unknown): void {
      errors.push(error);
    }

    override async processRequest(
      ...args: Parameters<HttpServer["processRequest"]>
    ): Promise<void> {
      await super.processRequest(...args);
      Watched.ended.resolve();
    }
  }
  await using server = new Watched({ port: 0, lingerTimeout: 20 }, Watching);
  void server.serveForever();
  const post = "POST /echo HTTP/1.1\r\nHost: a\r\n";
  const points = {
    "before a request": "",
    "in the request line": "GET /wa",
    "in the head": "GET /wait HTTP/1.1\r\nHost",
    "while the handler works": "GET /wait HTTP/1.1\r\nHost: a\r\n\r\n",
    "before the body": post + "Content-Length: 9\r\n\r\n",
    "in the body": post + "Content-Length: 9\r\n\r\nab",
    "in a chunk": post + "Transfer-Encoding: chunked\r\n\r\n5\r\nab",
    "behind the answer": post + "Content-Length: 2\r\n\r\nab",
  };
  for (const [name, sent] of Object.entries(points)) {
    await t.step(name, async () => {
      Watched.ended = Promise.withResolvers();
      const conn = await Deno.connect({ port: server.serverPort });
      await conn.write(new TextEncoder().encode(sent));
      conn.close();
      await Watched.ended.promise;
    });
  }
  assertEquals(gone.map(String), ["ConnectionLost: The client went away"]);
  assertEquals(errors, []);
});
