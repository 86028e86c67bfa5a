// Applications that do not speak FastCGI, or break off: the client gets 502 or
// 504, or what was sent so far and then the end of the connection; the next
// request gets its own response, and nothing is left open.

import { assertEquals, assertMatch } from "@std/assert";
import { joined } from "../../lib/bytes/octets.ts";
import { FastCgiRequestHandler } from "../../lib/cgi/fastcgi_request_handler.ts";
import { Serving, Site } from "./_serve.ts";

const encoder = new TextEncoder();

/** A record with any header. */
function record(
  type: number,
  content: string | Uint8Array,
  { id = 1, length, version = 1, padding = 0 }: {
    id?: number;
    length?: number;
    version?: number;
    padding?: number;
  } = {},
): Uint8Array {
  const bytes = typeof content === "string" ? encoder.encode(content) : content;
  const head = new Uint8Array(8);
  const view = new DataView(head.buffer);
  view.setUint8(0, version);
  view.setUint8(1, type);
  view.setUint16(2, id);
  view.setUint16(4, length ?? bytes.length);
  view.setUint8(6, padding);
  return joined([head, bytes]);
}

const [END_REQUEST, STDOUT, STDERR] = [3, 6, 7];
const HEAD = "Content-Type: text/plain\n\n";
const DONE = record(END_REQUEST, new Uint8Array(8));

/** Bytes that are the same in each run. */
function noise(length: number, seed: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = Math.imul(state, 1_103_515_245) + 12_345 & 0x7fffffff;
    return state >> 16;
  });
}

interface Row {
  readonly name: string;
  /** What the application sends, once it has been asked. */
  readonly sends: readonly Uint8Array[];
  /** Whether it then stays; else it closes. */
  readonly stays?: boolean;
  /** What the client gets. */
  readonly wants: RegExp;
}

const BAD_GATEWAY = /^HTTP\/1\.1 502 Bad Gateway\r\n/;
const LATE = /^HTTP\/1\.1 504 Gateway Timeout\r\n/;
/** More than the server holds back before it sends a head. */
const MUCH = Array.from(
  { length: 20 },
  (_, index) => record(STDOUT, (index === 0 ? HEAD : "") + "x".repeat(60_000)),
);
/** Some of it, and no last chunk. */
const CUT =
  /^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\n[0-9a-f]+\r\nx[^]*(?<!0\r\n\r\n)$/;

const ROWS: readonly Row[] = [
  { name: "closes at once", sends: [], wants: BAD_GATEWAY },
  { name: "says nothing", sends: [], stays: true, wants: LATE },
  ...[1, 2, 3, 4].map((seed) => ({
    name: `noise ${seed}`,
    sends: [noise(100_000, seed)],
    wants: BAD_GATEWAY,
  })),
  ...[1, 2].map((seed) => ({
    name: `noise in records ${seed}`,
    sends: [record(STDOUT, noise(1_000, seed))],
    wants: BAD_GATEWAY,
  })),
  {
    name: "speaks HTTP",
    sends: [encoder.encode("HTTP/1.1 400 Bad Request\r\n\r\n")],
    wants: BAD_GATEWAY,
  },
  { name: "half a header", sends: [DONE.subarray(0, 5)], wants: BAD_GATEWAY },
  {
    name: "half a header, and waits",
    sends: [DONE.subarray(0, 5)],
    stays: true,
    wants: LATE,
  },
  {
    name: "a record longer than what follows",
    sends: [record(STDOUT, HEAD, { length: 65_535 })],
    wants: BAD_GATEWAY,
  },
  {
    name: "the same, and waits",
    sends: [record(STDOUT, HEAD, { length: 65_535, padding: 255 })],
    stays: true,
    wants: LATE,
  },
  {
    name: "padding that does not come",
    sends: [record(STDOUT, `${HEAD}half`, { padding: 255 })],
    wants: BAD_GATEWAY,
  },
  ...[
    {
      name: "closes amid a record",
      last: [record(STDOUT, "x", { length: 9 })],
    },
    { name: "closes without an end", last: [] },
    { name: "noise", last: [noise(1_000, 5)] },
    { name: "a short end", last: [record(END_REQUEST, "")] },
    {
      name: "an end of overload",
      last: [record(END_REQUEST, Uint8Array.of(0, 0, 0, 0, 2, 0, 0, 0))],
    },
  ].flatMap(({ name, last }) => [
    {
      name: `${name}, after a little output`,
      sends: [record(STDOUT, `${HEAD}half`), ...last],
      wants: /^HTTP\/1\.1 50[23] /,
    },
    { name: `${name}, after much`, sends: [...MUCH, ...last], wants: CUT },
  ]),
  {
    name: "other ids only",
    sends: [0, 2, 65_535].flatMap((id) => [
      record(STDOUT, `${HEAD}other`, { id }),
      record(END_REQUEST, new Uint8Array(8), { id }),
    ]),
    wants: BAD_GATEWAY,
  },
  {
    name: "other ids only, and waits",
    sends: [record(STDOUT, `${HEAD}other`, { id: 2 })],
    stays: true,
    wants: LATE,
  },
  {
    name: "types that nobody knows",
    sends: [0, 1, 4, 5, 8, 11, 255].map((type) => record(type, "x")),
    wants: BAD_GATEWAY,
  },
  { name: "an end without output", sends: [DONE], wants: BAD_GATEWAY },
  {
    name: "a version that does not exist",
    sends: [record(STDOUT, `${HEAD}x`, { version: 2 }), DONE],
    wants: BAD_GATEWAY,
  },
  {
    name: "a head without end",
    sends: Array.from(
      { length: 20 },
      () => record(STDOUT, `X: ${"x".repeat(8_000)}\n`),
    ),
    wants: BAD_GATEWAY,
  },
  {
    name: "nothing but standard error",
    sends: Array.from({ length: 50 }, () => record(STDERR, "oops\n")),
    wants: BAD_GATEWAY,
  },
];

/** Answers the first connection as the row says, and all others well. */
class Application implements AsyncDisposable {
  readonly #row: Row;
  readonly #listener: Deno.Listener<Deno.UnixConn>;
  readonly #serving: Promise<void>;
  #connections = 0;

  constructor(path: string, row: Row) {
    this.#row = row;
    this.#listener = Deno.listen({ transport: "unix", path });
    this.#serving = this.#serve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    await this.#serving;
  }

  async #serve(): Promise<void> {
    const connections = [];
    for await (const stream of this.#listener) {
      connections.push(this.#answer(stream, this.#connections++ === 0));
    }
    await Promise.all(connections);
  }

  async #answer(stream: Deno.Conn, isFirst: boolean): Promise<void> {
    using _closed = stream;
    const buffer = new Uint8Array(65_536);
    await stream.read(buffer);
    const { sends, stays } = this.#row;
    const good = [record(STDOUT, `${HEAD}good`), DONE];
    try {
      for (const bytes of isFirst ? sends : good) {
        for (let at = 0; at < bytes.length;) {
          at += await stream.write(bytes.subarray(at));
        }
      }
      // Until the server closes.
      if (!isFirst || stays) { while (await stream.read(buffer) !== null); }
    } catch {
      // The server may close first.
    }
  }
}

const REQUEST =
  "GET /page.php HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";

Deno.test("a FastCGI application may send anything", async (t) => {
  for (const row of ROWS) {
    await t.step(row.name, async () => {
      await using site = new Site({ "page.php": "" });
      const path = `${site.root}/app.sock`;
      await using _application = new Application(path, row);
      const Php = FastCgiRequestHandler.with({
        root: site.root,
        address: `unix:${path}`,
        maxConnections: 1,
        firstByteTimeout: row.stays ? 30 : 10_000,
      });
      await using serving = new Serving(Php);
      assertMatch(await serving.exchange(REQUEST), row.wants);
      // The one connection that there may be is free again.
      const next = await serving.exchange(REQUEST);
      assertMatch(next, /\r\n\r\ngood$/);
      assertEquals(serving.errors, []);
      Php.closeConnections();
    });
  }
});

Deno.test("a FastCGI application that reads nothing is a 504", async () => {
  await using site = new Site({ "page.php": "" });
  const path = `${site.root}/app.sock`;
  using listener = Deno.listen({ transport: "unix", path });
  const Php = FastCgiRequestHandler.with({
    root: site.root,
    address: `unix:${path}`,
    maxConnections: 1,
    // More than the socket holds.
    env: { LARGE: "x".repeat(4_000_000) },
    firstByteTimeout: 30,
  });
  await using serving = new Serving(Php);
  for (let request = 0; request < 2; request++) {
    const answering = serving.exchange(REQUEST);
    using _silent = await listener.accept();
    assertMatch(await answering, LATE);
  }
});
