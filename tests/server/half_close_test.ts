// Clients that close their side behind the last request and read on: all that
// they asked for arrives, however long it takes (RFC 9112 section 9.6).

import { assertEquals, fail } from "@std/assert";
import {
  HttpRequestHandler,
  HttpServer,
  type TcpServerOptions,
  type TransportConnection,
  verb,
} from "../../mod.ts";
import { EndedClient } from "../../lib/server/ended_client.ts";
import { Client, testdata } from "./_client.ts";

/** How long a handler waits: longer than it takes to look at a connection. */
const LONG = 300;

const PIECES = ["first ", "second ", "third"];

const pause = (milliseconds: number) =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Responses that take their time, and what their signals say at the end. */
class Slow extends HttpRequestHandler {
  static aborted: boolean[] = [];

  override serverVersion = "test";
  override dateTimeString(): string {
    return "today";
  }

  @verb("GET", "/slow")
  async slow(): Promise<Response> {
    const { signal } = this;
    await pause(LONG);
    Slow.aborted.push(signal.aborted);
    return new Response("at last");
  }

  @verb("POST", "/slow")
  async upload(): Promise<Response> {
    const { signal } = this;
    const text = await this.text();
    await pause(LONG);
    Slow.aborted.push(signal.aborted);
    return new Response(text);
  }

  @verb("GET", "/stream")
  stream(): Response {
    return new Response(
      ReadableStream.from(this.#pieces()).pipeThrough(new TextEncoderStream()),
    );
  }

  async *#pieces(): AsyncIterable<string> {
    const { signal } = this;
    for (const piece of PIECES) {
      yield piece;
      await pause(LONG);
      Slow.aborted.push(signal.aborted);
    }
  }
}

const HEAD = "HTTP/1.1 200 OK\nServer: test\nDate: today\n";
const TEXT = `${HEAD}content-type: text/plain;charset=UTF-8\n`;
const CHUNKED = `${HEAD}Transfer-Encoding: chunked\n\n` +
  PIECES.map((piece) => `${piece.length}\n${piece}\n`).join("") + "0\n\n";

const ROWS = [
  {
    name: "a slow response",
    sends: "GET /slow HTTP/1.1\nHost: a\n\n",
    gets: `${TEXT}Content-Length: 7\n\nat last`,
    signals: 1,
  },
  {
    name: "a slow response to a body",
    sends: "POST /slow HTTP/1.1\nHost: a\nContent-Length: 4\n\nbody",
    gets: `${TEXT}Content-Length: 4\n\nbody`,
    signals: 1,
  },
  {
    name: "a streamed response",
    sends: "GET /stream HTTP/1.1\nHost: a\n\n",
    gets: CHUNKED,
    signals: 3,
  },
  {
    name: "both, pipelined",
    sends: "GET /stream HTTP/1.1\nHost: a\n\nGET /slow HTTP/1.1\nHost: a\n\n",
    gets: `${CHUNKED}${TEXT}Content-Length: 7\n\nat last`,
    signals: 4,
  },
];

/** The shortest limit says how often connections are looked at. */
const OFTEN = { idleTimeout: 100 };

const TRANSPORTS: Record<
  string,
  (folder: string) => Omit<TcpServerOptions, "signal">
> = {
  TCP: () => ({ port: 0, ...OFTEN }),
  TLS: () => ({
    port: 0,
    ...OFTEN,
    cert: testdata("tls/localhost.crt"),
    key: testdata("tls/localhost.key"),
  }),
  "a Unix socket": (folder) => ({ path: `${folder}/socket`, ...OFTEN }),
};

async function connect(server: HttpServer): Promise<Client> {
  if (!server.isSecure) return await Client.connect(server);
  return new Client(
    await Deno.connectTls({
      hostname: "localhost",
      port: server.serverPort,
      caCerts: [testdata("tls/ca.crt")],
    }),
  );
}

Deno.test("a client that half-closes gets the whole response", async (t) => {
  const folder = await Deno.makeTempDir();
  for (const [transport, options] of Object.entries(TRANSPORTS)) {
    await using server = new HttpServer(options(folder), Slow);
    void server.serveForever();
    for (const { name, sends, gets, signals } of ROWS) {
      await t.step(`${name}, over ${transport}`, async () => {
        Slow.aborted = [];
        using client = await connect(server);
        assertEquals(await client.ask(sends), gets);
        assertEquals(Slow.aborted, Array(signals).fill(false));
      });
    }
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a client that half-closes is asked whether it is there", async (t) => {
  const pause = 60_000;
  const rows = [
    {
      name: "by 100 ahead of the head",
      sends: "GET /held HTTP/1.1\nHost: a\n\n",
      gets: "HTTP/1.1 100 Continue\n\n".repeat(2) +
        `${TEXT}Content-Length: 4\n\nheld`,
    },
    {
      name: "by nothing in HTTP/1.0",
      sends: "GET /held HTTP/1.0\n\n",
      gets: `${TEXT}Content-Length: 4\nConnection: close\n\nheld`,
    },
    {
      name: "by a zero in front of the size of a chunk",
      sends: "GET /begun HTTP/1.1\nHost: a\n\n",
      gets: `${HEAD}Transfer-Encoding: chunked\n\n5\nbegun\n005\nended\n0\n\n`,
    },
    {
      name: "by a zero more in the last chunk",
      sends: "GET /ending HTTP/1.1\nHost: a\n\n",
      gets: `${HEAD}Transfer-Encoding: chunked\n\n5\nbegun\n000\n\n`,
    },
    {
      name: "by nothing within a length",
      sends: "GET /sized HTTP/1.1\nHost: a\n\n",
      gets: `${HEAD}Content-Length: 10\n\nbegunended`,
    },
  ];
  for (const { name, sends, gets } of rows) {
    await t.step(name, async () => {
      const go = Promise.withResolvers<void>();
      const working = Promise.withResolvers<void>();
      class Held extends Slow {
        @verb("GET", "/held")
        async held(): Promise<Response> {
          working.resolve();
          await go.promise;
          return new Response("held");
        }

        @verb("GET", "/begun")
        begin(): Promise<void> {
          return this.#write("ended");
        }

        @verb("GET", "/ending")
        end(): Promise<void> {
          return this.#write("");
        }

        @verb("GET", "/sized")
        size(): Promise<void> {
          return this.#write("ended", "10");
        }

        async #write(rest: string, length?: string): Promise<void> {
          this.sendResponse(200);
          if (length !== undefined) this.sendHeader("Content-Length", length);
          this.endHeaders();
          this.wfile.write("begun");
          await this.wfile.flush();
          working.resolve();
          await go.promise;
          await this.wfile.write(rest);
        }
      }
      let connection: TransportConnection | undefined;
      class Watched extends HttpServer {
        override finishRequest(accepted: TransportConnection) {
          return super.finishRequest(connection = accepted);
        }
      }
      await using server = new Watched(
        { port: 0, lingerTimeout: pause },
        Held,
      );
      void server.serveForever();
      using client = await Client.connect(server);
      await client.send(sends);
      await working.promise;
      await client.conn.closeWrite();
      const { rfile, wfile } = connection ?? fail("There is no connection");
      while (!rfile.atEnd) await rfile.readAhead();
      const now = Date.now();
      // The end is seen, and asked about 1, 3, and 7 minutes later.
      const looks = [0, 0.9, 1, 2.9, 3, 6.9];
      for (const look of looks) {
        connection?.expire(now + look * pause);
        await wfile.flush();
      }
      go.resolve();
      assertEquals(await client.readAll(), gets);
    });
  }
});

Deno.test("EndedClient asks eight times", () => {
  const ended = new EndedClient(100, 10);
  const asked = [];
  for (let now = 100; now < 100_000; now++) {
    if (ended.isToBeAsked(now)) asked.push(now - 100);
  }
  assertEquals(asked, [10, 30, 70, 150, 310, 630, 1270, 2550]);
});

Deno.test("a client that closes aborts signal, over every transport", async (t) => {
  const folder = await Deno.makeTempDir();
  for (const [transport, options] of Object.entries(TRANSPORTS)) {
    await t.step(transport, async () => {
      const asked = Promise.withResolvers<void>();
      const gone = Promise.withResolvers<string>();
      class Waiting extends HttpRequestHandler {
        @verb("GET")
        async wait(): Promise<void> {
          const { signal } = this;
          signal.addEventListener("abort", () => {
            gone.resolve(String(signal.reason));
          });
          asked.resolve();
          await gone.promise;
          signal.throwIfAborted();
        }
      }
      await using server = new HttpServer(
        { ...options(folder), lingerTimeout: 20 },
        Waiting,
      );
      void server.serveForever();
      using client = await connect(server);
      await client.send("GET / HTTP/1.1\nHost: a\n\n");
      await asked.promise;
      client.close();
      assertEquals(
        await gone.promise,
        "ConnectionLost: The client went away",
      );
    });
  }
  await Deno.remove(folder, { recursive: true });
});
