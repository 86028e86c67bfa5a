import { assertEquals } from "@std/assert";
import {
  DEFAULT_LIMITS,
  HttpRequestHandler,
  HttpServer,
  type TcpServerOptions,
  verb,
} from "../../mod.ts";
import { Mirror, mirrored, play, refused, type Row } from "../_wire.ts";

const CHUNKED =
  "POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
const URI_TOO_LONG = refused("414 URI Too Long");
const TOO_LARGE = refused("413 Content Too Large");

function fieldsTooLong(message: string): string {
  return refused("431 Request Header Fields Too Large", message);
}

/** Each limit on its two sides: the last that is taken, the first that is not. */
const ROWS: Row[] = [
  {
    name: "requestLineBytes: 20 of 20",
    raw: "GET /abcdef HTTP/1.1\r\nHost: a\r\n\r\n",
    want: mirrored("GET /abcdef []"),
    limits: { requestLineBytes: 20 },
  },
  {
    name: "requestLineBytes: 21 of 20",
    raw: "GET /abcdefg HTTP/1.1\r\nHost: a\r\n\r\n",
    want: URI_TOO_LONG,
    limits: { requestLineBytes: 20 },
  },
  {
    name: "requestLineBytes: a line that does not end",
    raw: `GET /${"a".repeat(90)}`,
    want: URI_TOO_LONG,
    limits: { requestLineBytes: 20 },
    isCut: true,
  },
  {
    name: "requestLineBytes: a method that does not end",
    raw: "M".repeat(90),
    want: refused("400 Bad Request", "The method is too long"),
    limits: { requestLineBytes: 20 },
    isCut: true,
  },
  {
    name: "requestLineBytes: too long, and ended by LF alone",
    raw: "GET /abcdefghi HTTP/1.1\nHost: a\r\n\r\n",
    want: URI_TOO_LONG,
    limits: { requestLineBytes: 20 },
  },
  {
    name: "headBytes: 20 of 20",
    raw: "GET / HTTP/1.1\r\nHost: a\r\nX: abcdef\r\n\r\n",
    want: mirrored("GET / []"),
    limits: { headBytes: 20 },
  },
  {
    name: "headBytes: 21 of 20",
    raw: "GET / HTTP/1.1\r\nHost: a\r\nX: abcdefg\r\n\r\n",
    want: fieldsTooLong("The header fields are too long"),
    limits: { headBytes: 20 },
  },
  {
    name: "headBytes: a name that does not end",
    raw: `GET / HTTP/1.1\r\n${"X".repeat(90)}`,
    want: fieldsTooLong("The header fields are too long"),
    limits: { headBytes: 20 },
    isCut: true,
  },
  {
    name: "headBytes: too long, then LF alone",
    raw: "GET / HTTP/1.1\r\nHost: a\r\nX: abcdefghijk\nY: b\r\n\r\n",
    want: fieldsTooLong("The header fields are too long"),
    limits: { headBytes: 20 },
  },
  {
    name: "headerCount: 3 of 3",
    raw: "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\nX: c\r\n\r\n",
    want: mirrored("GET / []"),
    limits: { headerCount: 3 },
  },
  {
    name: "headerCount: 4 of 3",
    raw: "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\nX: c\r\nX: d\r\n\r\n",
    want: fieldsTooLong("Too many header fields"),
    limits: { headerCount: 3 },
  },
  {
    name: "bodyBytes: a length of 5 of 5",
    raw: "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
    want: mirrored("POST /p [hello]"),
    limits: { bodyBytes: 5 },
  },
  {
    name: "bodyBytes: a length of 6 of 5",
    raw: "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nhello!",
    want: TOO_LARGE,
    limits: { bodyBytes: 5 },
  },
  {
    name: "bodyBytes: chunks of 5 of 5",
    raw: CHUNKED + "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
    want: mirrored("POST /p [hello]"),
    limits: { bodyBytes: 5 },
  },
  {
    name: "bodyBytes: chunks of 6 of 5",
    raw: CHUNKED + "2\r\nhe\r\n4\r\nllo!\r\n0\r\n\r\n",
    want: TOO_LARGE,
    limits: { bodyBytes: 5 },
  },
  {
    name: "bufferedBodyBytes: chunks of 5 of 5",
    raw: CHUNKED + "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
    want: mirrored("POST /p [hello]"),
    limits: { bufferedBodyBytes: 5 },
  },
  {
    name: "trailerBytes: 10 of 10",
    raw: CHUNKED + "0\r\nX: abcde\r\n\r\n",
    want: mirrored("POST /p [] X=abcde"),
    limits: { trailerBytes: 10 },
  },
  {
    name: "trailerBytes: 11 of 10",
    raw: CHUNKED + "0\r\nX: abcdef\r\n\r\n",
    want: fieldsTooLong("The trailer fields are too long"),
    limits: { trailerBytes: 10 },
  },
  {
    name: "trailerBytes: a trailer that does not end",
    raw: CHUNKED + "0\r\nX: " + "a".repeat(90),
    want: fieldsTooLong("The trailer fields are too long"),
    limits: { trailerBytes: 10 },
    isCut: true,
  },
  {
    name: "trailerBytes: too long, then LF alone",
    raw: CHUNKED + "0\r\nX: abcdefghij\n\r\n",
    want: fieldsTooLong("The trailer fields are too long"),
    limits: { trailerBytes: 10 },
  },
  {
    name: "headerCount: 3 trailers of 2",
    raw: CHUNKED + "0\r\nA: b\r\nC: d\r\nE: f\r\n\r\n",
    want: fieldsTooLong("Too many trailer fields"),
    limits: { headerCount: 2 },
  },
  {
    name: "chunkExtensionBytes: 3 + 4 of 7, over two chunks",
    raw: CHUNKED + "5;aa\r\nhello\r\n0;aaa\r\n\r\n",
    want: mirrored("POST /p [hello]"),
    limits: { chunkExtensionBytes: 7 },
  },
  {
    name: "chunkExtensionBytes: 3 + 5 of 7, over two chunks",
    raw: CHUNKED + "5;aa\r\nhello\r\n0;aaaa\r\n\r\n",
    want: refused("400 Bad Request", "A chunk line is too long"),
    limits: { chunkExtensionBytes: 7 },
  },
  {
    name: "chunkExtensionBytes: an extension that does not end",
    raw: CHUNKED + "5;" + "a".repeat(90),
    want: refused("400 Bad Request", "A chunk line is too long"),
    limits: { chunkExtensionBytes: 7 },
    isCut: true,
  },
  {
    name: "requestsPerConnection: 1 of 2",
    raw: "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n",
    want: mirrored("GET /1 []"),
    limits: { requestsPerConnection: 3 },
  },
  {
    name: "requestsPerConnection: 2 of 2",
    raw: "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n",
    want: mirrored("GET /1 []") + mirrored("GET /2 []", "Connection: close"),
    limits: { requestsPerConnection: 2 },
  },
];

Deno.test("Limits are taken to the last octet and no further", async (t) => {
  for (const row of ROWS) await t.step(row.name, () => play(row));
});

Deno.test("bufferedBodyBytes refuses a body before it is read", async () => {
  const raw = "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nhello!";
  // The rest of it is small enough to be dropped: the connection goes on.
  const want = TOO_LARGE.replace("Connection: close\r\n", "");
  await play({ name: "6 of 5", raw, want, limits: { bufferedBodyBytes: 5 } });
});

Deno.test("HttpServer refuses limits that are none", () => {
  for (const value of [-1, NaN]) {
    let message = "";
    try {
      new HttpServer({ port: 0, headBytes: value }, Mirror);
    } catch (error) {
      message = String(error);
    }
    assertEquals(
      message,
      `RangeError: Cannot set the limit headBytes to ${value}: want 0 or more`,
    );
  }
});

Deno.test("HttpServer takes each limit as an option", async () => {
  const options: TcpServerOptions = { port: 0, headBytes: 7, idleTimeout: 9 };
  await using server = new HttpServer(options, Mirror);
  assertEquals(server.limits, {
    ...DEFAULT_LIMITS,
    headBytes: 7,
    idleTimeout: 9,
  });
});

/** Answers when its test says so. */
class Slow extends HttpRequestHandler {
  static started = Promise.withResolvers<void>();
  static go = Promise.withResolvers<void>();

  @verb("GET")
  async wait(): Promise<Response> {
    Slow.started.resolve();
    await Slow.go.promise;
    return new Response("slow");
  }

  static reset(): void {
    Slow.started = Promise.withResolvers();
    Slow.go = Promise.withResolvers();
  }
}

const REQUEST = new TextEncoder().encode(
  "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
);

async function open(port: number): Promise<Deno.TcpConn> {
  const conn = await Deno.connect({ port });
  await conn.write(REQUEST);
  return conn;
}

function readAll(conn: Deno.TcpConn): Promise<string> {
  return new Response(conn.readable).text();
}

Deno.test("HttpServer lets a connection over the limit wait", async () => {
  Slow.reset();
  await using server = new HttpServer({ port: 0, connections: 1 }, Slow);
  void server.serveForever();
  const first = await open(server.serverPort);
  await Slow.started.promise;
  const second = await open(server.serverPort);
  assertEquals(server.connectionCount, 1);
  Slow.go.resolve();
  assertEquals((await readAll(first)).slice(-4), "slow");
  assertEquals((await readAll(second)).slice(-4), "slow");
});

Deno.test("HttpServer refuses a connection over the limit with 503", async () => {
  Slow.reset();
  await using server = new HttpServer(
    { port: 0, connections: 1, whenFull: "refuse" },
    Slow,
  );
  void server.serveForever();
  const first = await open(server.serverPort);
  await Slow.started.promise;
  const second = await open(server.serverPort);
  assertEquals(
    await readAll(second),
    "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n" +
      "Retry-After: 1\r\nContent-Length: 0\r\n\r\n",
  );
  Slow.go.resolve();
  assertEquals((await readAll(first)).slice(-4), "slow");
  // The place is free again.
  assertEquals(
    (await readAll(await open(server.serverPort))).slice(-4),
    "slow",
  );
});
