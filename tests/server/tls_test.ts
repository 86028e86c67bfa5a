// TLS under clients that are silent, slow, malformed or gone. That descriptors
// come back is seen from outside, in `tests/hostile/`.

import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  HttpRequestHandler,
  HttpServer,
  type TcpServerOptions,
  type TransportConnection,
  verb,
} from "../../mod.ts";
import type { AcceptedStream } from "../../lib/server/acceptor.ts";
import { tlsContext, TlsStream } from "../../lib/server/tls_stream.ts";
import { testdata } from "./_client.ts";

const TLS = {
  cert: testdata("tls/localhost.crt"),
  key: testdata("tls/localhost.key"),
};
const CA = testdata("tls/ca.crt");
/** A key that belongs to no certificate here. */
const OTHER_KEY = await makeKey();

const SHORT = 60;

/** How the first message of a client begins. */
const CLIENT_HELLO = [22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3];

const LARGE = new Uint8Array(3_000_000);
for (let i = 0; i < LARGE.length; i++) LARGE[i] = i % 251;

class App extends HttpRequestHandler {
  @verb("GET", "/")
  index(): Response {
    return new Response("index");
  }

  @verb("GET", "/large")
  large(): Response {
    return new Response(LARGE);
  }

  @verb("POST", "/echo")
  async echo(): Promise<Response> {
    return new Response(new Uint8Array(await this.bytes()));
  }
}

/** A server that tells when connections begin and end, and what it reports. */
class Watched extends HttpServer {
  readonly errors: string[] = [];
  #begun = 0;
  #ended = 0;
  #waiting: (() => void)[] = [];

  override async processRequest(
    connection: TransportConnection,
  ): Promise<void> {
    this.#begun++;
    this.#wake();
    await super.processRequest(connection);
    this.#ended++;
    this.#wake();
  }

  override handleError(error: unknown): void {
    this.errors.push(String(error));
  }

  /** Settles when so many connections have begun. */
  begun(count: number): Promise<void> {
    return this.#until(() => this.#begun >= count);
  }

  /** Settles when so many connections have ended. */
  ended(count: number): Promise<void> {
    return this.#until(() => this.#ended >= count);
  }

  async #until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}

function serve(limits: Partial<TcpServerOptions> = {}): Watched {
  const server = new Watched({ port: 0, ...TLS, ...limits }, App);
  void server.serveForever();
  return server;
}

function connectTls(port: number): Promise<Deno.TlsConn> {
  return Deno.connectTls({ hostname: "localhost", port, caCerts: [CA] });
}

/** Everything to the end; throws if the end is a cut. */
async function readAll(conn: Deno.Conn): Promise<Uint8Array> {
  return await new Response(conn.readable).bytes();
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

async function makeKey(): Promise<string> {
  const { privateKey } = await crypto.subtle.generateKey(
    { name: "ECDSA", namedCurve: "P-256" },
    true,
    ["sign", "verify"],
  );
  const der = new Uint8Array(
    await crypto.subtle.exportKey("pkcs8", privateKey),
  );
  return `-----BEGIN PRIVATE KEY-----\n${der.toBase64()}\n` +
    "-----END PRIVATE KEY-----\n";
}

Deno.test("A client that does not finish its handshake is cut", async (t) => {
  for (const length of [0, 1, 5, 6, CLIENT_HELLO.length]) {
    await t.step(`after ${length} bytes`, async () => {
      await using server = serve({ headTimeout: SHORT });
      using conn = await Deno.connect({ port: server.serverPort });
      await conn.write(new Uint8Array(CLIENT_HELLO.slice(0, length)));
      await server.begun(1);
      assertEquals(server.connectionCount, 1);
      assertEquals(await conn.read(new Uint8Array(1)), null);
      await server.ended(1);
      assertEquals(server.errors, []);
    });
  }
  await t.step("that comes byte by byte, too slowly", async () => {
    await using server = serve({ headTimeout: SHORT });
    using conn = await Deno.connect({ port: server.serverPort });
    const bytes = [...CLIENT_HELLO, ...Array(500).fill(0)];
    const dripping = setInterval(() => {
      conn.write(Uint8Array.of(bytes.shift() ?? 0)).catch(() => {});
    }, 5);
    await conn.read(new Uint8Array(1)).catch(() => null);
    clearInterval(dripping);
    assert(bytes.length > 0, "it was not cut");
    await server.ended(1);
  });
});

Deno.test("Silent clients of TLS hold connections, for headTimeout", async () => {
  await using server = serve({ headTimeout: SHORT, connections: 2 });
  using _one = await Deno.connect({ port: server.serverPort });
  using _two = await Deno.connect({ port: server.serverPort });
  await server.begun(2);
  using third = await connectTls(server.serverPort);
  await third.write(
    new TextEncoder().encode("GET / HTTP/1.0\r\n\r\n"),
  );
  const response = text(await readAll(third));
  assertEquals(response.split("\r\n")[0], "HTTP/1.1 200 OK");
});

Deno.test("A server that is full tells clients of TLS, and cuts silent ones", async () => {
  await using server = serve({
    headTimeout: 5_000,
    connections: 1,
    whenFull: "refuse",
  });
  using _silent = await Deno.connect({ port: server.serverPort });
  await server.begun(1);
  using refused = await connectTls(server.serverPort);
  const response = text(await readAll(refused));
  assertEquals(response.split("\r\n")[0], "HTTP/1.1 503 Service Unavailable");
});

Deno.test("shutdown() waits for no handshake", async () => {
  const server = serve({ headTimeout: Infinity, drainTimeout: Infinity });
  using _silent = await Deno.connect({ port: server.serverPort });
  await server.begun(1);
  await server.shutdown();
  assertEquals([server.connectionCount, server.errors], [0, []]);
});

Deno.test("What is not TLS ends the connection, and is no error of the server", async (t) => {
  const rows: Readonly<Record<string, Uint8Array>> = {
    "plain HTTP": new TextEncoder().encode("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
    "an alert": Uint8Array.of(21, 3, 1, 0, 2, 2, 40),
    "noise": new Uint8Array(70_000).fill(7),
    "a hello that is none": Uint8Array.of(22, 3, 1, 0, 4, 1, 0, 0, 0),
  };
  for (const [name, bytes] of Object.entries(rows)) {
    await t.step(name, async () => {
      await using server = serve();
      using conn = await Deno.connect({ port: server.serverPort });
      await conn.write(bytes).catch(() => {});
      const buffer = new Uint8Array(100);
      while (await conn.read(buffer).catch(() => null) !== null);
      await server.ended(1);
      assertEquals(server.errors, []);
    });
  }
  await t.step("after the handshake", async () => {
    await using server = serve();
    using relay = await Relay.to(server.serverPort);
    using conn = await connectTls(relay.port);
    await conn.write(new TextEncoder().encode("GET / HT"));
    // A record that no key opens.
    await relay.inject(Uint8Array.of(23, 3, 3, 0, 30, ...Array(30).fill(0)));
    await conn.read(new Uint8Array(1)).catch(() => {});
    await server.ended(1);
    assertEquals(server.errors, []);
  });
});

/** Passes the bytes of one connection on, and more to the server. */
class Relay implements Disposable {
  readonly #listener = Deno.listen({ port: 0 });
  readonly #server: Deno.Conn;
  #client: Deno.Conn | undefined;

  private constructor(server: Deno.Conn) {
    this.#server = server;
    void this.#run();
  }

  static async to(port: number): Promise<Relay> {
    return new Relay(await Deno.connect({ port }));
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  async inject(bytes: Uint8Array): Promise<void> {
    await this.#server.write(bytes);
  }

  async #run(): Promise<void> {
    const client = this.#client = await this.#listener.accept();
    await Promise.allSettled([
      pass(client, this.#server),
      pass(this.#server, client),
    ]);
  }

  [Symbol.dispose](): void {
    this.#listener.close();
    this.#server.close();
    this.#client?.close();
  }
}

async function pass(from: Deno.Conn, to: Deno.Conn): Promise<void> {
  const buffer = new Uint8Array(65_536);
  for (let count; (count = await from.read(buffer)) !== null;) {
    await to.write(buffer.subarray(0, count));
  }
  await to.closeWrite();
}

Deno.test("A client of TLS can tell the end of a response from a cut", async (t) => {
  const rows = {
    "a close that was asked for": "GET / HTTP/1.1\r\nHost: a\r\n" +
      "Connection: close\r\n\r\n",
    "a body that the close ends": "GET /large HTTP/1.0\r\n\r\n",
    "a refusal, which is lingered on": "GET\r\n\r\n",
  };
  for (const [name, request] of Object.entries(rows)) {
    await t.step(name, async () => {
      await using server = serve();
      using conn = await connectTls(server.serverPort);
      await conn.write(new TextEncoder().encode(request));
      const response = await readAll(conn);
      assertEquals(text(response.subarray(0, 9)), "HTTP/1.1 ");
      if (request.includes("large")) {
        assertEquals(response.subarray(-LARGE.length), LARGE);
      }
    });
  }
});

Deno.test("TLS carries a large body both ways, and what follows it", async () => {
  await using server = serve();
  using conn = await connectTls(server.serverPort);
  const head = `POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: ` +
    `${LARGE.length}\r\n\r\n`;
  const next = "GET / HTTP/1.0\r\n\r\n";
  const sending = (async () => {
    const encoder = new TextEncoder();
    for (let bytes of [encoder.encode(head), LARGE, encoder.encode(next)]) {
      while (bytes.length > 0) {
        bytes = bytes.subarray(await conn.write(bytes));
      }
    }
  })();
  const responses = await readAll(conn);
  await sending;
  assertEquals(text(responses.subarray(-5)), "index");
  const start = responses.indexOf(1) - 1;
  assertEquals(
    [...responses.subarray(start, start + 253)],
    [...LARGE.subarray(0, 253)],
  );
});

Deno.test("TlsStream reads no faster than it is read", async () => {
  using listener = Deno.listen({ port: 0 });
  const accepting = listener.accept();
  const connecting = connectTls(listener.addr.port);
  const conn = await accepting;
  let given = 0;
  const counted: AcceptedStream = {
    remoteAddr: conn.remoteAddr,
    localAddr: conn.localAddr,
    async read(p) {
      const count = await conn.read(p);
      given += count ?? 0;
      return count;
    },
    write: (p) => conn.write(p),
    close: () => conn.close(),
  };
  const stream = new TlsStream(counted, tlsContext(TLS));
  await stream.handshake();
  using client = await connecting;
  const sending = (async () => {
    for (let left = LARGE; left.length > 0;) {
      left = left.subarray(await client.write(left));
    }
    await client.closeWrite();
  })();
  const buffer = new Uint8Array(1000);
  const first = await stream.read(buffer) ?? 0;
  // What the platform does of its own, it does within a few turns.
  for (let i = 0; i < 20; i++) {
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  assert(given < 200_000, `${given} bytes were read for ${first}`);
  let size = first;
  for (let count; (count = await stream.read(buffer)) !== null;) {
    assertEquals(buffer[0], size % 251);
    size += count;
  }
  await sending;
  assertEquals(size, LARGE.length);
  stream.close();
});

Deno.test("A key that is not that of the certificate gets no server", () => {
  assertThrows(
    () => new HttpServer({ port: 0, cert: TLS.cert, key: OTHER_KEY }, App),
    TypeError,
  );
});
