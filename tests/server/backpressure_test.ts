// How much the server holds for a client that does not read, and how much it
// reads from one whose body nobody wants.
import { assert, assertEquals } from "@std/assert";
import {
  type ByteStream,
  DEFAULT_LIMITS,
  type HttpHandlerClass,
  HttpRequestHandler,
  HttpServer,
  TransportConnection,
  verb,
} from "../../mod.ts";
import { serveConnection } from "../../lib/server/connection.ts";

const KILO = new Uint8Array(1024);

/** A client that sends what `input` gives and takes nothing until told. */
class StuckClient implements ByteStream {
  given = 0;
  taken = 0;
  mayTake = Promise.withResolvers<void>();
  #input: Iterator<Uint8Array>;

  constructor(input: Iterable<Uint8Array>) {
    this.#input = input[Symbol.iterator]();
  }

  read(p: Uint8Array): Promise<number | null> {
    const next = this.#input.next();
    if (next.done) return Promise.resolve(null);
    const count = Math.min(p.length, next.value.length);
    p.set(next.value.subarray(0, count));
    this.given += count;
    return Promise.resolve(count);
  }

  async write(p: Uint8Array): Promise<number> {
    await this.mayTake.promise;
    this.taken += p.length;
    return p.length;
  }

  close(): void {}
}

function serve(
  stream: ByteStream,
  handler: HttpHandlerClass,
  limits: Partial<typeof DEFAULT_LIMITS> = {},
): Promise<void> {
  const connection = new TransportConnection(
    stream,
    { transport: "tcp", hostname: "127.0.0.1", port: 1 },
    {
      serverName: "127.0.0.1",
      serverPort: 80,
      isSecure: false,
      limits: { ...DEFAULT_LIMITS, ...limits },
      accessLog: undefined,
      handleError() {},
    },
  );
  return serveConnection(connection, new handler(connection));
}

/** Runs all that can run without the outside world. */
async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) {
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

function octets(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

Deno.test("A client that does not read stops the handler that writes", async () => {
  let written = 0;
  class Flood extends HttpRequestHandler {
    @verb("GET")
    async flood(): Promise<void> {
      this.sendResponse(200);
      this.endHeaders();
      while (written < 10_000 * KILO.length) {
        await this.wfile.write(KILO);
        written += KILO.length;
      }
    }
  }
  const head = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
  const client = new StuckClient([octets(head)]);
  const serving = serve(client, Flood);
  await settle();
  assert(written > 0 && written <= 128 * KILO.length, `${written} were held`);
  client.mayTake.resolve();
  await serving;
  assertEquals(written, 10_000 * KILO.length);
  assert(client.taken > written);
});

Deno.test("A client that does not read stops its own pipelined requests", async () => {
  let answered = 0;
  class Page extends HttpRequestHandler {
    @verb("GET")
    page(): void {
      answered++;
      this.sendResponse(200);
      this.endHeaders();
      this.wfile.write("x".repeat(1024));
    }
  }
  function* requests(): Generator<Uint8Array> {
    const head = octets("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    for (let i = 0; i < 5000; i++) yield head;
  }
  const client = new StuckClient(requests());
  const serving = serve(client, Page);
  await settle();
  assert(answered > 0 && answered <= 128, `${answered} were answered`);
  client.mayTake.resolve();
  await serving;
  assertEquals(answered, 5000);
});

function* endlessBody(head: string, chunked: boolean): Generator<Uint8Array> {
  yield octets(head);
  const data = "x".repeat(1024);
  for (;;) yield octets(chunked ? `400\r\n${data}\r\n` : data);
}

const LENGTH =
  "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\n";
const CHUNKED =
  "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

Deno.test("A body that nobody reads is not read while the handler works", async (t) => {
  for (const head of [LENGTH, CHUNKED]) {
    await t.step(JSON.stringify(head), async () => {
      const go = Promise.withResolvers<void>();
      class Busy extends HttpRequestHandler {
        @verb("POST")
        async work(): Promise<Response> {
          await go.promise;
          return new Response();
        }
      }
      const client = new StuckClient(endlessBody(head, head === CHUNKED));
      client.mayTake.resolve();
      const serving = serve(client, Busy);
      await settle();
      assertEquals(client.given, head.length);
      go.resolve();
      await serving;
      assert(client.given <= head.length + 4096, `${client.given} were read`);
    });
  }
});

Deno.test("A body that nobody reads is dropped up to discardBytes", async (t) => {
  const limits = { discardBytes: 10_000 };
  class Deaf extends HttpRequestHandler {
    override sendResponse(code: number, message?: string): void {
      this.sendResponseOnly(code, message);
    }

    @verb("*")
    answer(): void {
      this.sendResponse(204);
      this.endHeaders();
    }
  }
  async function talk(length: number): Promise<string> {
    await using server = new HttpServer({ ...limits, port: 0 }, Deaf);
    void server.serveForever();
    const conn = await Deno.connect({ port: server.serverPort });
    await conn.write(octets(
      `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${length}\r\n\r\n` +
        "x".repeat(length) +
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    ));
    return await new Response(conn.readable).text();
  }
  const last = "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";
  await t.step("10000 of 10000: the next request is answered", async () => {
    assertEquals(await talk(10_000), "HTTP/1.1 204 No Content\r\n\r\n" + last);
  });
  await t.step("30000 of 10000: the close is announced", async () => {
    assertEquals(await talk(30_000), last);
  });
});
