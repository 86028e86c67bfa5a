import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  type Connection,
  HttpError,
  HttpRequestHandler,
  HttpServer,
  StreamRequestHandler,
  TcpServer,
  type TcpServerOptions,
  type TransportConnection,
  verb,
} from "../../mod.ts";
import { connect } from "node:net";
import { Client, testdata } from "./_client.ts";

/** Answers each line in upper case. */
class Shout extends StreamRequestHandler {
  override async handle(): Promise<void> {
    for (let line; (line = await this.rfile.readLine()) !== null;) {
      await this.wfile.write(new TextDecoder().decode(line).toUpperCase());
      await this.wfile.flush();
    }
  }
}

const CERT = testdata("tls/localhost.crt");
const KEY = testdata("tls/localhost.key");
const CA = testdata("tls/ca.crt");

class Reporting extends TcpServer {
  readonly reports: string[] = [];

  override handleError(error: unknown, address: Deno.Addr): void {
    this.reports.push(`${error} ${address.transport}`);
  }
}

/** Notes what happens, and lets others wait until it has. */
class Events {
  readonly list: string[] = [];
  #waiting: (() => void)[] = [];

  add(event: string): void {
    this.list.push(event);
    for (const wake of this.#waiting.splice(0)) wake();
  }

  async until(event: string): Promise<void> {
    while (!this.list.includes(event)) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }
}

Deno.test("TcpServer serves a line protocol over TCP", async () => {
  await using server = new TcpServer({ port: 0 }, Shout);
  const serving = server.serveForever();
  assertEquals(server.serverAddress, {
    transport: "tcp",
    hostname: "127.0.0.1",
    port: server.serverPort,
  });
  assertEquals(server.serverPort > 0, true);
  assertEquals(server.serverName, "127.0.0.1");
  assertEquals(server.isSecure, false);
  using first = await Client.connect(server);
  using second = await Client.connect(server);
  await first.send("one\n");
  await second.send("two\n");
  assertEquals(await second.readTo("\n"), "TWO\n");
  assertEquals(await first.readTo("\n"), "ONE\n");
  assertEquals(server.connectionCount, 2);
  assertEquals(await first.ask("three\nfo"), "THREE\nFO");
  second.close();
  await server.shutdown();
  await serving;
  assertEquals(server.connectionCount, 0);
});

Deno.test("TcpServer serves the same over TLS, with ALPN http/1.1", async () => {
  await using server = new TcpServer({ port: 0, cert: CERT, key: KEY }, Shout);
  void server.serveForever();
  assertEquals(server.isSecure, true);
  const conn = await Deno.connectTls({
    hostname: "localhost",
    port: server.serverPort,
    caCerts: [CA],
    alpnProtocols: ["h2", "http/1.1"],
  });
  using client = new Client(conn);
  const { alpnProtocol } = await conn.handshake();
  assertEquals(alpnProtocol, "http/1.1");
  await client.send("hello\n");
  assertEquals(await client.readTo("\n"), "HELLO\n");
});

Deno.test("TcpServer outlives a client that does not speak TLS", async () => {
  await using server = new TcpServer({ port: 0, cert: CERT, key: KEY }, Shout);
  void server.serveForever();
  using plain = await Client.connect(server);
  await plain.send("GET / HTTP/1.1\n\n");
  await plain.readAll();
  using client = new Client(
    await Deno.connectTls({
      hostname: "localhost",
      port: server.serverPort,
      caCerts: [CA],
    }),
  );
  await client.send("still here\n");
  assertEquals(await client.readTo("\n"), "STILL HERE\n");
});

Deno.test("TcpServer serves the same over a Unix socket", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/socket`;
  try {
    await using server = new TcpServer({ path }, Shout);
    void server.serveForever();
    assertEquals(server.serverAddress, { transport: "unix", path });
    assertEquals([server.serverName, server.serverPort], [path, 0]);
    using client = await Client.connect(server);
    assertEquals(await client.ask("hello\n"), "HELLO\n");
    await server.close();
    await assertRejects(() => Deno.stat(path), Deno.errors.NotFound);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

interface RefusedRow {
  readonly name: string;
  readonly options: TcpServerOptions;
  readonly message: string;
}

const REFUSED: readonly RefusedRow[] = [
  {
    name: "a cert without a key",
    options: { port: 0, cert: CERT },
    message: "Cannot use TLS: it needs both a cert and a key",
  },
  {
    name: "a key without a cert",
    options: { port: 0, key: KEY },
    message: "Cannot use TLS: it needs both a cert and a key",
  },
  {
    name: "an encrypted key",
    options: {
      port: 0,
      cert: CERT,
      key: testdata("tls/localhost_encrypted.key"),
    },
    message: "Cannot use TLS: the key is encrypted",
  },
  {
    name: "TLS on a Unix socket",
    options: { path: "/nowhere/socket", cert: CERT, key: KEY },
    message: "Cannot use TLS: it is not for Unix sockets",
  },
];

Deno.test("TcpServer refuses what cannot be TLS", async (t) => {
  for (const { name, options, message } of REFUSED) {
    await t.step(name, () => {
      const error = assertThrows(
        () => new TcpServer(options, Shout),
        TypeError,
      );
      assertEquals(error.message, message);
    });
  }
  await t.step("what is no cert", () => {
    assertThrows(
      () => new TcpServer({ port: 0, cert: KEY, key: CERT }, Shout),
      Deno.errors.InvalidData,
    );
  });
});

Deno.test("TcpServer says that a port is taken", async () => {
  await using server = new TcpServer({ port: 0 }, Shout);
  assertThrows(
    () => new TcpServer({ port: server.serverPort }, Shout),
    Deno.errors.AddrInUse,
  );
});

Deno.test("TcpServer takes HTTP handlers, too", async () => {
  class Hello extends HttpRequestHandler {
    @verb("GET")
    hello() {
      return new Response("hello");
    }
  }
  await using server = new TcpServer({ port: 0 }, Hello);
  void server.serveForever();
  const url = `http://127.0.0.1:${server.serverPort}/`;
  assertEquals(await (await fetch(url)).text(), "hello");
});

Deno.test("TcpServer calls its hooks in order", async () => {
  const events = new Events();
  class Logged extends Shout {
    override setup() {
      events.add("setup");
      return super.setup();
    }
    override finish() {
      events.add("finish");
      return super.finish();
    }
  }
  class LoggedServer extends TcpServer {
    override verifyRequest(clientAddress: Deno.Addr): boolean {
      events.add(`verifyRequest ${clientAddress.transport}`);
      return super.verifyRequest(clientAddress);
    }
    override async processRequest(connection: TransportConnection) {
      events.add("processRequest");
      await super.processRequest(connection);
      events.add("processed");
    }
    override finishRequest(connection: TransportConnection) {
      events.add("finishRequest");
      return super.finishRequest(connection);
    }
    override serviceActions() {
      events.add("serviceActions");
    }
  }
  await using server = new LoggedServer({ port: 0 }, Logged);
  void server.serveForever();
  using client = await Client.connect(server);
  assertEquals(await client.ask("a"), "A");
  await events.until("processed");
  assertEquals(events.list, [
    "verifyRequest tcp",
    "processRequest",
    "finishRequest",
    "setup",
    "serviceActions",
    "finish",
    "processed",
  ]);
});

Deno.test("verifyRequest() decides who is served", async () => {
  let calls = 0;
  class Choosy extends TcpServer {
    override verifyRequest(): boolean {
      return ++calls > 1;
    }
  }
  await using server = new Choosy({ port: 0 }, Shout);
  void server.serveForever();
  using first = await Client.connect(server);
  assertEquals(await first.readAll(), "");
  using second = await Client.connect(server);
  assertEquals(await second.ask("a"), "A");
});

Deno.test("finishRequest() may make another handler", async () => {
  class Prefixed extends Shout {
    readonly prefix: string;

    constructor(connection: Connection, prefix: string) {
      super(connection);
      this.prefix = prefix;
    }

    override async handle() {
      await this.wfile.write(this.prefix);
      await super.handle();
    }
  }
  class PrefixedServer extends TcpServer {
    override finishRequest(connection: TransportConnection) {
      return new Prefixed(connection, "> ");
    }
  }
  await using server = new PrefixedServer({ port: 0 }, Shout);
  void server.serveForever();
  using client = await Client.connect(server);
  assertEquals(await client.ask("a"), "> A");
});

interface FailureRow {
  readonly name: string;
  /** What fails for the first connection. */
  readonly fails:
    | "the constructor"
    | "setup"
    | "handle"
    | "finish"
    | "verifyRequest"
    | "processRequest"
    | "finishRequest";
  readonly calls: readonly string[];
}

const FAILURES: readonly FailureRow[] = [
  { name: "the handler's constructor", fails: "the constructor", calls: [] },
  { name: "setup()", fails: "setup", calls: ["setup"] },
  { name: "handle()", fails: "handle", calls: ["setup", "handle", "finish"] },
  { name: "finish()", fails: "finish", calls: ["setup", "handle", "finish"] },
  { name: "verifyRequest()", fails: "verifyRequest", calls: [] },
  { name: "processRequest()", fails: "processRequest", calls: [] },
  { name: "finishRequest()", fails: "finishRequest", calls: [] },
];

Deno.test("TcpServer reports what fails and serves the next connection", async (t) => {
  for (const { name, fails, calls } of FAILURES) {
    await t.step(name, async () => {
      let failed = false;
      const called: string[] = [];
      const reported = Promise.withResolvers<string>();
      const step = (name: FailureRow["fails"]) => {
        if (!failed) called.push(name);
        if (name !== fails || failed) return;
        failed = true;
        throw new Error(`${name} fails`);
      };
      class Fragile extends Shout {
        constructor(connection: Connection) {
          super(connection);
          if (fails === "the constructor") step(fails);
        }
        override setup() {
          step("setup");
          return super.setup();
        }
        override handle() {
          step("handle");
          return super.handle();
        }
        override finish() {
          if (failed) called.push("finish");
          step("finish");
          return super.finish();
        }
      }
      class FragileServer extends TcpServer {
        override verifyRequest(): boolean {
          if (fails === "verifyRequest") step(fails);
          return true;
        }
        override processRequest(connection: TransportConnection) {
          if (fails === "processRequest") step(fails);
          return super.processRequest(connection);
        }
        override finishRequest(connection: TransportConnection) {
          if (fails === "finishRequest") step(fails);
          return super.finishRequest(connection);
        }
        override handleError(error: unknown, address: Deno.Addr) {
          reported.resolve(`${error} ${address.transport}`);
        }
      }
      await using server = new FragileServer({ port: 0 }, Fragile);
      void server.serveForever();
      using first = await Client.connect(server);
      await first.conn.closeWrite();
      assertEquals(await first.readAll(), "");
      assertEquals(await reported.promise, `Error: ${fails} fails tcp`);
      const firstCalls = called.filter((call) =>
        !call.includes("Request") && call !== "the constructor"
      );
      assertEquals(firstCalls, [...calls]);
      using second = await Client.connect(server);
      assertEquals(await second.ask("a"), "A");
    });
  }
});

Deno.test("TcpServer outlives a handleError() that fails", async () => {
  const printed: string[] = [];
  const { error } = console;
  // deno-lint-ignore no-console -- what the server prints is looked at
  console.error = (text) => printed.push(text.split("\n")[0]);
  try {
    class Broken extends StreamRequestHandler {
      override handle() {
        throw new Error("the handler's");
      }
    }
    class Worse extends TcpServer {
      override handleError() {
        throw new Error("the server's");
      }
    }
    await using server = new Worse({ port: 0 }, Broken);
    void server.serveForever();
    for (let i = 0; i < 2; i++) {
      using client = await Client.connect(server);
      assertEquals(await client.ask("a"), "");
    }
    await server.close();
    const words = printed.map((line) => line.replace(/ 127\S+/, ""));
    assertEquals(words, [
      "Exception while serving Error: the handler's",
      "Exception while serving Error: the server's",
      "Exception while serving Error: the handler's",
      "Exception while serving Error: the server's",
    ]);
  } finally {
    // deno-lint-ignore no-console -- put back
    console.error = error;
  }
});

Deno.test("handleError() prints the client and the stack", async () => {
  const printed = Promise.withResolvers<string>();
  const { error } = console;
  // deno-lint-ignore no-console -- what the server prints is looked at
  console.error = (text) => printed.resolve(text);
  try {
    class Broken extends StreamRequestHandler {
      override handle() {
        throw new RangeError("broken \x1b[2J");
      }
    }
    await using server = new TcpServer({ port: 0 }, Broken);
    const serving = server.handleRequest();
    using client = await Client.connect(server);
    const { localAddr } = client.conn;
    await client.ask("");
    await serving;
    const [first, second] = (await printed.promise).split("\n");
    const port = "port" in localAddr ? localAddr.port : 0;
    assertEquals(
      first,
      `Exception while serving 127.0.0.1:${port}: ` +
        "RangeError: broken \\x1b[2J",
    );
    assertEquals(second?.slice(0, 7), "    at ");
  } finally {
    // deno-lint-ignore no-console -- put back
    console.error = error;
  }
});

Deno.test("handleRequest() serves one connection to its end", async () => {
  await using server = new TcpServer({ port: 0 }, Shout);
  const events = new Events();
  const serving = server.handleRequest().then(() => events.add("ended"));
  using client = await Client.connect(server);
  await client.send("a\n");
  assertEquals(await client.readTo("\n"), "A\n");
  assertEquals(events.list, []);
  client.close();
  await serving;
  assertEquals(server.connectionCount, 0);
});

Deno.test("handleRequest() may be called again before it has ended", async () => {
  await using server = new Reporting({ port: 0 }, Shout);
  const serving = [server.handleRequest(), server.handleRequest()];
  using first = await Client.connect(server);
  using second = await Client.connect(server);
  assertEquals(await second.ask("b"), "B");
  assertEquals(await first.ask("a"), "A");
  await Promise.all(serving);
  assertEquals(server.reports, []);
});

Deno.test("StreamRequestHandler.timeout ends a connection that is silent", async () => {
  const events = new Events();
  class Impatient extends Shout {
    override timeout = 20;

    override async handle() {
      try {
        await super.handle();
      } catch (error) {
        events.add(String(error));
        throw error;
      }
    }
  }
  await using server = new TcpServer({ port: 0, idleTimeout: 40 }, Impatient);
  const serving = server.handleRequest();
  using client = await Client.connect(server);
  await client.send("a\nb");
  assertEquals(await client.readAll(), "A\n");
  await serving;
  assertEquals(events.list, [
    "ConnectionLost: The peer sent nothing in time",
  ]);
});

Deno.test("HttpRequestHandler.timeout lowers the limits", async (t) => {
  class Impatient extends HttpRequestHandler {
    override timeout = 20;

    @verb("POST")
    async post() {
      return new Response(await this.text());
    }
  }
  const rows: readonly (readonly [string, string, string])[] = [
    ["before a request", "", ""],
    ["within a head", "GET / HT", "HTTP/1.1 408 Request Timeout"],
    [
      "within a body",
      "POST / HTTP/1.1\nHost: a\nContent-Length: 2\n\nx",
      "HTTP/1.1 408 Request Timeout",
    ],
  ];
  for (const [name, input, want] of rows) {
    await t.step(name, async () => {
      // The shortest limit says how often deadlines are looked at.
      await using server = new TcpServer(
        { port: 0, writeTimeout: 40, lingerTimeout: 40 },
        Impatient,
      );
      void server.serveForever();
      using client = await Client.connect(server);
      await client.send(input);
      assertEquals((await client.readAll()).split("\n")[0], want);
    });
  }
});

Deno.test("HttpRequestHandler.timeout is that of the class that responds", async (t) => {
  class Echo extends HttpRequestHandler {
    @verb("POST")
    async post() {
      return new Response(await this.text());
    }
  }
  class Patient extends Echo {
    static override prefix = "/patient";
  }
  class Impatient extends Echo {
    static override prefix = "/impatient";
    override timeout = 40;

    @verb("POST", "/forwarding")
    forwarding() {
      return this.forward("/patient/get");
    }
  }
  class Unready extends Impatient {
    static override prefix = "/unready";

    override setup(): void {
      super.setup();
      throw new HttpError(503);
    }
  }
  class Gets extends Patient {
    @verb("GET", "/get")
    async get() {
      return new Response(await this.text());
    }
  }
  const post = (path: string, body: string) =>
    `POST ${path} HTTP/1.1\nHost: a\nContent-Length: ${body.length}\n\n`;
  const rows = [
    {
      name: "a patient one behind an impatient one",
      classes: [Impatient, Patient],
      sends: [post("/patient", "body"), "body"],
      want: ["200"],
    },
    {
      name: "a patient one to which an impatient one forwards",
      classes: [Impatient, Gets],
      sends: [post("/impatient/forwarding", "body"), "body"],
      want: ["200"],
    },
    {
      name: "a patient one behind an impatient one that was not set up",
      classes: [Patient, Unready],
      sends: [post("/unready", "") + post("/patient", "body"), "body"],
      want: ["503", "200"],
    },
    {
      name: "an impatient one behind a patient one",
      classes: [Patient, Impatient],
      sends: [post("/impatient", "body"), "body"],
      want: ["408"],
    },
    {
      name: "of the first one between requests",
      classes: [Patient, Impatient],
      sends: [
        post("/impatient", ""),
        post("/patient", ""),
        post("/patient", ""),
      ],
      want: ["200", "200", "200"],
    },
  ];
  for (const { name, classes, sends, want } of rows) {
    await t.step(name, async () => {
      // The shortest limit says how often deadlines are looked at.
      await using server = new HttpServer(
        { port: 0, lingerTimeout: 40 },
        classes,
      );
      void server.serveForever();
      using client = await Client.connect(server);
      for (const [i, text] of sends.entries()) {
        if (i > 0) await new Promise((resolve) => setTimeout(resolve, 120));
        await client.send(text).catch(() => {});
      }
      await client.conn.closeWrite().catch(() => {});
      const statuses = (await client.readAll()).matchAll(/HTTP\/1\.1 (\d+)/g);
      assertEquals([...statuses].map(([, status]) => status), want);
    });
  }
});

Deno.test("HttpRequestHandler.timeout is none for a client that waits", async () => {
  class Impatient extends HttpRequestHandler {
    override timeout = 20;

    @verb("GET")
    async get() {
      const { signal } = this;
      await new Promise((resolve) => setTimeout(resolve, 120));
      return new Response(`aborted: ${signal.aborted}`);
    }
  }
  // The shortest limit says how often deadlines are looked at.
  await using server = new TcpServer({ port: 0, lingerTimeout: 40 }, Impatient);
  void server.serveForever();
  using client = await Client.connect(server);
  await client.send("GET / HTTP/1.1\nHost: a\n\n");
  const text = await client.readAll();
  assertEquals(text.slice(text.indexOf("\n\n")), "\n\naborted: false");
});

Deno.test("StreamRequestHandler.disableNagle asks the socket", async () => {
  const calls: (boolean | undefined)[] = [];
  class Prompt extends Shout {
    override disableNagle = true;
  }
  class Watched extends TcpServer {
    override finishRequest(connection: TransportConnection) {
      connection.setNoDelay = () => calls.push(true);
      return super.finishRequest(connection);
    }
  }
  await using server = new Watched({ port: 0 }, Prompt);
  void server.serveForever();
  using client = await Client.connect(server);
  assertEquals(await client.ask("a"), "A");
  assertEquals(calls, [true]);
});

/** Resets a connection before a server that does not accept yet can. */
async function reset({ serverPort }: TcpServer): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const socket = connect(serverPort, "127.0.0.1");
  socket.once("connect", () => socket.resetAndDestroy());
  socket.once("close", () => resolve());
  await promise;
}

Deno.test("TcpServer goes past connections that were reset in the queue", async (t) => {
  await t.step("serveForever()", async () => {
    await using server = new Reporting({ port: 0 }, Shout);
    for (let i = 0; i < 100; i++) await reset(server);
    using client = await Client.connect(server);
    void server.serveForever();
    assertEquals(await client.ask("a"), "A");
    assertEquals(server.reports, []);
  });
  await t.step("handleRequest() serves the next one", async () => {
    await using server = new Reporting({ port: 0 }, Shout);
    await reset(server);
    using client = await Client.connect(server);
    const serving = server.handleRequest();
    assertEquals(await client.ask("a"), "A");
    await serving;
    assertEquals(server.reports, []);
  });
});

Deno.test("TcpServer outlives the exhaustion of descriptors", async () => {
  const { listen } = Deno;
  let server: Reporting;
  try {
    // The kernel cannot be made to fail on demand.
    Reflect.set(Deno, "listen", (options: Deno.TcpListenOptions) => {
      const listener = listen(options);
      const accept = listener.accept.bind(listener);
      let calls = 0;
      const error = new Error("Too many open files");
      listener.accept = () =>
        ++calls === 1
          ? Promise.reject(Object.assign(error, { code: "EMFILE" }))
          : accept();
      return listener;
    });
    server = new Reporting({ port: 0 }, Shout);
  } finally {
    Reflect.set(Deno, "listen", listen);
  }
  await using _server = server;
  void server.serveForever();
  using client = await Client.connect(server);
  assertEquals(await client.ask("a"), "A");
  assertEquals(server.reports, ["Error: Too many open files tcp"]);
});

Deno.test("TcpServer outlives hooks that fail", async (t) => {
  const fail = () => {
    throw new Error("hook");
  };
  const reject = () => Promise.reject(new Error("hook"));
  for (const serviceActions of [fail, reject]) {
    await t.step(`serviceActions(): ${serviceActions.name}`, async () => {
      await using server = new Reporting({ port: 0 }, Shout);
      server.serviceActions = serviceActions;
      void server.serveForever();
      for (const want of ["A", "B"]) {
        using client = await Client.connect(server);
        assertEquals(await client.ask(want.toLowerCase()), want);
      }
      assertEquals(server.reports, ["Error: hook tcp", "Error: hook tcp"]);
    });
  }
  for (const drain of [fail, reject]) {
    await t.step(`drain(): ${drain.name}`, async () => {
      class Undrained extends Shout {
        override drain() {
          this.wfile.write("drained\n");
          this.wfile.flush();
          return drain();
        }
      }
      const server = new Reporting({ port: 0, drainTimeout: 0 }, Undrained);
      void server.serveForever();
      using first = await Client.connect(server);
      using second = await Client.connect(server);
      for (const client of [first, second]) {
        await client.send("a\n");
        await client.readTo("A\n");
      }
      await server.shutdown();
      assertEquals(await first.readAll(), "drained\n");
      assertEquals(await second.readAll(), "drained\n");
      assertEquals(server.reports, ["Error: hook tcp", "Error: hook tcp"]);
    });
  }
});

Deno.test("verifyRequest() admits nobody by a promise", async () => {
  await using server = new Reporting({ port: 0 }, Shout);
  // What types would forbid.
  Reflect.set(server, "verifyRequest", () => Promise.resolve(true));
  void server.serveForever();
  using client = await Client.connect(server);
  assertEquals(await client.ask("a"), "");
});
