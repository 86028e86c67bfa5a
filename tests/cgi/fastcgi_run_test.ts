import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  type FastCgiStream,
  parseAddress,
} from "../../lib/cgi/fastcgi_connection.ts";
import { FastCgiPool } from "../../lib/cgi/fastcgi_pool.ts";
import {
  encodePart,
  RECORD_TYPE,
  RecordDecoder,
} from "../../lib/cgi/fastcgi_record.ts";
import { FastCgiRun } from "../../lib/cgi/fastcgi_run.ts";
import { ProgramError } from "../../lib/cgi/program_run.ts";
import { joined } from "../../lib/bytes/octets.ts";
import { HttpError } from "../../lib/facts/errors.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

const LIMITS = {
  connections: 1,
  queue: 0,
  wait: 10_000,
  idle: 10_000,
  connect: 10_000,
};

/** How an application answers the request of an id. */
type Answer = (stream: FastCgiStream, id: number) => Promise<void>;

/** A FastCGI application: what it was sent, and how it answers. */
class Application implements AsyncDisposable {
  readonly address: string;
  readonly received: string[] = [];
  connections = 0;
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #answers: readonly Answer[];
  readonly #served: Promise<void>;

  /** Each connection answers its requests with `answers`, then closes. */
  constructor(...answers: Answer[]) {
    this.#answers = answers;
    const { port } = this.#listener.addr;
    this.address = `127.0.0.1:${port}`;
    this.#served = this.#accept();
  }

  /** Ends when every connection so far is closed. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    await this.#served;
  }

  async #accept(): Promise<void> {
    const serving: Promise<void>[] = [];
    for await (const stream of this.#listener) {
      this.connections++;
      serving.push(this.#serve(stream));
    }
    await Promise.all(serving);
  }

  async #serve(stream: Deno.Conn): Promise<void> {
    using _closed = stream;
    const records = new RecordDecoder();
    for (const answer of this.#answers) {
      const id = await this.#readRequest(stream, records);
      if (id === undefined) return;
      await answer(stream, id);
    }
  }

  async #readRequest(
    stream: Deno.Conn,
    records: RecordDecoder,
  ): Promise<number | undefined> {
    const buffer = new Uint8Array(65_536);
    let body = "";
    let id = 0;
    for (;;) {
      const record = records.next();
      if (record === undefined) {
        const count = await stream.read(buffer);
        if (count === null) return undefined;
        records.push(buffer.slice(0, count));
      } else if (record.type === RECORD_TYPE.beginRequest) {
        id = record.requestId;
      } else if (record.type === RECORD_TYPE.stdin) {
        body += decoder.decode(record.content);
        if (record.content.length === 0) break;
      }
    }
    this.received.push(body);
    return id;
  }
}

function part(type: number, text: string): Uint8Array {
  return encodePart(type, 1, encoder.encode(text));
}

function end(status: number): Uint8Array {
  return encodePart(
    RECORD_TYPE.endRequest,
    1,
    Uint8Array.of(0, 0, 0, 0, status, 0, 0, 0),
  );
}

/** Answers with the records, under the id of the request. */
function answer(...records: Uint8Array[]): Answer {
  return async (stream, id) => {
    for (const record of records) await stream.write(withId(record, id));
  };
}

function withId(record: Uint8Array, id: number): Uint8Array {
  const copy = record.slice();
  new DataView(copy.buffer).setUint16(2, id);
  return copy;
}

const HELLO = answer(part(RECORD_TYPE.stdout, "hello"), end(0));

/** One request; its output. */
async function ask(
  pool: FastCgiPool,
  body = "",
  stderr: string[] = [],
): Promise<string> {
  const lease = await pool.take();
  assert(lease !== undefined);
  await using run = new FastCgiRun(lease, {
    params: { REQUEST_METHOD: "GET" },
    hasBody: body !== "",
    onStderr: (line) => stderr.push(line),
  });
  run.start();
  if (body !== "") {
    assertEquals(await run.write(encoder.encode(body)), true);
    await run.closeInput();
  }
  let output = "";
  for (;;) {
    const octets = await run.read();
    if (octets === null) return output;
    output += decoder.decode(octets);
  }
}

Deno.test("FastCgiRun keeps the connection for the next request", async () => {
  await using application = new Application(HELLO, HELLO, HELLO);
  const pool = new FastCgiPool(application.address, LIMITS);
  assertEquals(await ask(pool), "hello");
  assertEquals(await ask(pool, "a body"), "hello");
  assertEquals(await ask(pool), "hello");
  pool.close();
  assertEquals(application.received, ["", "a body", ""]);
  assertEquals(application.connections, 1);
});

Deno.test("FastCgiRun logs the stderr stream", async () => {
  await using application = new Application(answer(
    part(RECORD_TYPE.stderr, "oops\nand "),
    part(RECORD_TYPE.stdout, "out"),
    part(RECORD_TYPE.stderr, "more"),
    end(0),
  ));
  const pool = new FastCgiPool(application.address, LIMITS);
  const stderr: string[] = [];
  assertEquals(await ask(pool, "", stderr), "out");
  assertEquals(stderr, ["oops", "and more"]);
  pool.close();
});

Deno.test("FastCgiRun takes nothing that was meant for another request", async () => {
  const late = part(RECORD_TYPE.stdout, "of the request before");
  let first = 0;
  await using application = new Application(
    async (stream, id) => {
      first = id;
      await HELLO(stream, id);
    },
    async (stream, id) => {
      await stream.write(withId(late, first));
      await HELLO(stream, id);
    },
  );
  const pool = new FastCgiPool(application.address, LIMITS);
  assertEquals(await ask(pool), "hello");
  assertEquals(await ask(pool), "hello");
  pool.close();
  assertEquals(application.connections, 1);
});

Deno.test("FastCgiRun gives up a connection on which too much was sent", async () => {
  const tooMuch = joined([
    part(RECORD_TYPE.stdout, "hello"),
    end(0),
    part(RECORD_TYPE.stdout, "and more"),
  ]);
  await using application = new Application(
    async (stream) => void await stream.write(tooMuch),
    HELLO,
  );
  const pool = new FastCgiPool(application.address, LIMITS);
  assertEquals(await ask(pool), "hello");
  assertEquals(await ask(pool), "hello");
  pool.close();
  assertEquals(application.connections, 2);
});

Deno.test("FastCgiRun asks again when an idle connection was closed", async () => {
  await using application = new Application(HELLO);
  const pool = new FastCgiPool(application.address, LIMITS);
  assertEquals(await ask(pool), "hello");
  assertEquals(await ask(pool), "hello");
  pool.close();
  assertEquals(application.connections, 2);
});

const REFUSALS: readonly { name: string; records: Uint8Array[] }[] = [
  { name: "503 the application is overloaded", records: [end(2)] },
  { name: "503 the application is overloaded", records: [end(1)] },
  { name: "502 the application refuses", records: [end(3)] },
  { name: "502 the application closed", records: [] },
  {
    name: "502 the application closed",
    records: [part(RECORD_TYPE.stdout, "half")],
  },
  { name: "502 Cannot read on", records: [encoder.encode("HTTP/1.1 400")] },
];

Deno.test("FastCgiRun reports what the application did not do", async (t) => {
  for (const [index, { name, records }] of REFUSALS.entries()) {
    await t.step(`${index} ${name}`, async () => {
      await using application = new Application(answer(...records));
      const pool = new FastCgiPool(application.address, LIMITS);
      const [status, message] = [name.slice(0, 3), name.slice(4)];
      const error = await assertRejects(() => ask(pool), ProgramError, message);
      assertEquals(String(error.status), status);
      pool.close();
    });
  }
});

Deno.test("FastCgiRun.stop() ends the wait for an answer", async () => {
  await using application = new Application(async (stream) => {
    assertEquals(await stream.read(new Uint8Array(1)), null);
  });
  const pool = new FastCgiPool(application.address, LIMITS);
  const lease = await pool.take();
  assert(lease !== undefined);
  await using run = new FastCgiRun(lease, {
    params: {},
    hasBody: false,
    onStderr: () => {},
  });
  run.start();
  const reading = run.read();
  run.stop();
  assertEquals(await reading, null);
});

Deno.test("FastCgiPool has no more connections than it may", async () => {
  await using application = new Application(HELLO);
  const pool = new FastCgiPool(application.address, LIMITS);
  const lease = await pool.take();
  assertEquals(await pool.take(), undefined);
  lease?.release(false);
});

/** A port on which connections are not accepted any more. */
async function fullPort(): Promise<Disposable & { port: number }> {
  const listener = Deno.listen({
    hostname: "127.0.0.1",
    port: 0,
    tcpBacklog: 1,
  });
  const { port } = listener.addr;
  using stack = new DisposableStack();
  stack.use(listener);
  for (let waiting = 0; waiting < 2; waiting++) {
    stack.use(await Deno.connect({ port }));
  }
  const rest = stack.move();
  return { port, [Symbol.dispose]: () => rest.dispose() };
}

Deno.test("FastCgiPool waits for an application to accept, but not long", async () => {
  using full = await fullPort();
  const pool = new FastCgiPool(`127.0.0.1:${full.port}`, {
    ...LIMITS,
    connect: 20,
  });
  for (let attempt = 0; attempt < 2; attempt++) {
    const error = await assertRejects(() => pool.take(), HttpError);
    assertEquals(error.status, 504);
  }
});

Deno.test("FastCgiPool does not connect for a client that has left", async () => {
  using full = await fullPort();
  const pool = new FastCgiPool(`127.0.0.1:${full.port}`, LIMITS);
  const client = new AbortController();
  const taking = pool.take(client.signal);
  client.abort(new Error("gone"));
  await assertRejects(() => taking, Error, "gone");
  const lost = await assertRejects(
    () => pool.take(AbortSignal.timeout(1)),
    DOMException,
  );
  assertEquals(lost.name, "TimeoutError");
});

Deno.test("FastCgiPool says which application does not listen", async () => {
  const pool = new FastCgiPool("unix:/nonexistent/socket", LIMITS);
  await assertRejects(
    () => pool.take(),
    ProgramError,
    "Cannot connect to unix:/nonexistent/socket",
  );
});

const ADDRESSES: readonly {
  text: string;
  want?: Deno.ConnectOptions | Deno.UnixConnectOptions;
}[] = [
  { text: "127.0.0.1:9000", want: { hostname: "127.0.0.1", port: 9000 } },
  { text: "[::1]:9000", want: { hostname: "::1", port: 9000 } },
  { text: "php:9000", want: { hostname: "php", port: 9000 } },
  { text: ":9000", want: { hostname: "127.0.0.1", port: 9000 } },
  {
    text: "unix:/run/x.sock",
    want: { transport: "unix", path: "/run/x.sock" },
  },
  { text: "unix:" },
  { text: "/run/x.sock" },
  { text: "php" },
  { text: "php:70000" },
];

Deno.test("parseAddress() takes host:port and unix:path", async (t) => {
  for (const { text, want } of ADDRESSES) {
    await t.step(text, () => {
      if (want !== undefined) return assertEquals(parseAddress(text), want);
      assertThrows(() => parseAddress(text), TypeError, "Cannot connect to");
    });
  }
});
