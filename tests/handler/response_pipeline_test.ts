import { assertEquals } from "@std/assert";
import { answering, COMMON, Fixed, GET, page, talk } from "./_talk.ts";
import { verb } from "../../mod.ts";

interface Row {
  readonly name: string;
  readonly answer: (this: Fixed) => void | Promise<void>;
  readonly request?: string;
  readonly want: string;
  readonly writes?: number;
  readonly log?: readonly string[];
}

const HEAD_REQUEST = "HEAD / HTTP/1.1\nHost: a\n\n";
const HTTP_10 = "GET / HTTP/1.0\n\n";
const KEPT_10 = "GET / HTTP/1.0\nConnection: keep-alive\n\n";
const CLOSING = "GET / HTTP/1.1\nHost: a\nConnection: close\n\n";

const STEPS: readonly Row[] = [
  {
    name: "a small body leaves with its length in one write",
    answer() {
      this.sendResponse(200);
      this.sendHeader("Content-Type", "text/plain");
      this.sendHeader("X-A", "1");
      this.endHeaders();
      this.wfile.write("hello, ");
      this.wfile.write(new TextEncoder().encode("wörld"));
    },
    want: `HTTP/1.1 200 OK\n${COMMON}Content-Type: text/plain\nX-A: 1\n` +
      "Content-Length: 13\n\nhello, wörld",
    log: ['"GET / HTTP/1.1" 200 -'],
  },
  {
    name: "no body at all is a length of zero",
    answer() {
      this.sendResponse(201);
      this.endHeaders();
    },
    want: `HTTP/1.1 201 Created\n${COMMON}Content-Length: 0\n\n`,
    log: ['"GET / HTTP/1.1" 201 -'],
  },
  {
    name: "sendResponse() takes a reason phrase",
    answer() {
      this.sendResponse(200, "Fine By Me");
      this.endHeaders();
    },
    want: `HTTP/1.1 200 Fine By Me\n${COMMON}Content-Length: 0\n\n`,
  },
  {
    name: "an unknown status has an empty phrase",
    answer() {
      this.sendResponse(999);
      this.endHeaders();
    },
    want: `HTTP/1.1 999 \n${COMMON}Content-Length: 0\n\n`,
    log: ['"GET / HTTP/1.1" 999 -'],
  },
  {
    name: "sendResponseOnly() writes the status line and logs nothing",
    answer() {
      this.sendResponseOnly(418);
      this.endHeaders();
    },
    want: "HTTP/1.1 418 I'm a teapot\nContent-Length: 0\n\n",
    log: [],
  },
  {
    name: "a field may come twice",
    answer() {
      this.sendResponseOnly(200);
      this.sendHeader("Set-Cookie", "a=1");
      this.sendHeader("Set-Cookie", "b=2");
      this.endHeaders();
    },
    want: "HTTP/1.1 200 OK\nSet-Cookie: a=1\nSet-Cookie: b=2\n" +
      "Content-Length: 0\n\n",
  },
  {
    name: "a declared length is kept",
    answer() {
      this.sendResponseOnly(200);
      this.sendHeader("content-length", "2");
      this.endHeaders();
      this.wfile.write("ok");
    },
    want: "HTTP/1.1 200 OK\nContent-Length: 2\n\nok",
  },
  {
    name: "flushHeaders() sends the head: chunks follow, each in a write",
    async answer() {
      this.sendResponseOnly(200);
      this.endHeaders();
      await this.flushHeaders();
      this.wfile.write("one");
      await this.wfile.flush();
      this.wfile.write("three");
    },
    want: "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n" +
      "3\none\n5\nthree\n0\n\n",
    writes: 3,
  },
  {
    name: "an empty write is no chunk: it would end the body",
    async answer() {
      this.sendResponseOnly(200);
      this.endHeaders();
      await this.flushHeaders();
      this.wfile.write("");
      this.wfile.write(new Uint8Array());
      this.wfile.write("x");
    },
    want: "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n1\nx\n0\n\n",
    writes: 2,
  },
  {
    name: "an HTTP/1.0 client gets a stream up to the close",
    request: HTTP_10,
    async answer() {
      this.sendResponseOnly(200);
      this.endHeaders();
      await this.flushHeaders();
      this.wfile.write("to the end");
    },
    want: "HTTP/1.1 200 OK\nConnection: close\n\nto the end",
    writes: 2,
  },
  {
    name: "an HTTP/1.0 client is told that the connection stays",
    request: KEPT_10 + HTTP_10,
    answer() {
      this.sendResponseOnly(200);
      this.endHeaders();
      this.wfile.write("ok");
    },
    want: "HTTP/1.1 200 OK\nContent-Length: 2\nConnection: keep-alive\n\nok" +
      "HTTP/1.1 200 OK\nContent-Length: 2\nConnection: close\n\nok",
    writes: 1,
  },
  {
    name: "the client's close is confirmed",
    request: CLOSING + GET,
    answer() {
      this.sendResponseOnly(200);
      this.endHeaders();
    },
    want: "HTTP/1.1 200 OK\nContent-Length: 0\nConnection: close\n\n",
  },
  {
    name: "Connection: close also closes",
    request: GET + GET,
    answer() {
      this.sendResponseOnly(200);
      this.sendHeader("connection", "Close");
      this.endHeaders();
    },
    want: "HTTP/1.1 200 OK\nContent-Length: 0\nConnection: close\n\n",
  },
  {
    name: "Connection: close among other options also closes",
    request: GET + GET,
    answer() {
      this.sendResponseOnly(200);
      this.sendHeader("Connection", "X-Hop, close");
      this.endHeaders();
    },
    want: "HTTP/1.1 200 OK\nContent-Length: 0\nConnection: x-hop, close\n\n",
  },
  {
    name: "Connection: keep-alive also keeps",
    request: GET + GET,
    answer() {
      this.closeConnection = true;
      this.sendResponseOnly(200);
      this.sendHeader("Connection", "keep-alive");
      this.endHeaders();
    },
    want: "HTTP/1.1 200 OK\nContent-Length: 0\nConnection: keep-alive\n\n" +
      "HTTP/1.1 200 OK\nContent-Length: 0\nConnection: keep-alive\n\n",
  },
  {
    name: "Connection: keep-alive does not keep a client that closes",
    request: CLOSING + CLOSING,
    answer() {
      this.sendResponseOnly(200);
      this.sendHeader("Connection", "keep-alive");
      this.endHeaders();
    },
    want: "HTTP/1.1 200 OK\nContent-Length: 0\nConnection: close\n\n",
  },
  {
    name: "closeConnection closes",
    request: GET + GET,
    answer() {
      this.closeConnection = true;
      this.sendResponseOnly(200);
      this.endHeaders();
    },
    want: "HTTP/1.1 200 OK\nContent-Length: 0\nConnection: close\n\n",
  },
  {
    name: "pipelined requests are answered in order, in one write",
    request: "GET /1 HTTP/1.1\nHost: a\n\nGET /2 HTTP/1.1\nHost: a\n\n" +
      "GET /3 HTTP/1.1\nHost: a\n\n",
    answer() {
      this.sendResponseOnly(200);
      this.endHeaders();
      this.wfile.write(this.path);
    },
    want: "HTTP/1.1 200 OK\nContent-Length: 2\n\n/1" +
      "HTTP/1.1 200 OK\nContent-Length: 2\n\n/2" +
      "HTTP/1.1 200 OK\nContent-Length: 2\n\n/3",
  },
  {
    name: "HEAD gets the head of GET",
    request: HEAD_REQUEST,
    answer() {
      this.sendResponseOnly(200);
      this.endHeaders();
      this.wfile.write("hello");
    },
    want: "HTTP/1.1 200 OK\nContent-Length: 5\n\n",
  },
  {
    name: "204 has neither body nor length",
    answer() {
      this.sendResponseOnly(204);
      this.endHeaders();
      this.wfile.write("dropped");
    },
    want: "HTTP/1.1 204 No Content\n\n",
  },
  {
    name: "304 has neither body nor length",
    answer() {
      this.sendResponseOnly(304);
      this.endHeaders();
      this.wfile.write("dropped");
    },
    want: "HTTP/1.1 304 Not Modified\n\n",
  },
  {
    name: "304 may declare the length that a 200 would have",
    answer() {
      this.sendResponseOnly(304);
      this.sendHeader("Content-Length", "1234");
      this.endHeaders();
    },
    want: "HTTP/1.1 304 Not Modified\nContent-Length: 1234\n\n",
  },
  {
    name: "205 has a length of zero",
    answer() {
      this.sendResponseOnly(205);
      this.endHeaders();
      this.wfile.write("dropped");
    },
    want: "HTTP/1.1 205 Reset Content\nContent-Length: 0\n\n",
  },
  {
    name: "informational answers go ahead, each in a write",
    async answer() {
      await this.sendInformational(103, [["Link", "</a.css>; rel=preload"]]);
      await this.sendInformational(102);
      this.sendResponseOnly(200);
      this.endHeaders();
    },
    want: "HTTP/1.1 103 Early Hints\nLink: </a.css>; rel=preload\n\n" +
      "HTTP/1.1 102 Processing\n\nHTTP/1.1 200 OK\nContent-Length: 0\n\n",
    writes: 3,
  },
  {
    name: "an HTTP/1.0 client gets no informational answer",
    request: HTTP_10,
    async answer() {
      await this.sendInformational(103);
      this.sendResponseOnly(200);
      this.endHeaders();
    },
    want: "HTTP/1.1 200 OK\nContent-Length: 0\nConnection: close\n\n",
  },
  {
    name: "trailers follow the body for a client that takes them",
    request: "GET / HTTP/1.1\nHost: a\nTE: trailers\n\n",
    answer() {
      this.sendResponseOnly(200);
      this.sendHeader("Trailer", "X-Sum");
      this.endHeaders();
      this.wfile.write("body");
      this.sendTrailer("x-sum", "42");
    },
    want: "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\nTrailer: X-Sum\n\n" +
      "4\nbody\n0\nx-sum: 42\n\n",
  },
  {
    name: "trailers are dropped for a client that does not",
    answer() {
      this.sendResponseOnly(200);
      this.sendHeader("Trailer", "X-Sum");
      this.endHeaders();
      this.wfile.write("body");
      this.sendTrailer("X-Sum", "42");
    },
    want: "HTTP/1.1 200 OK\nContent-Length: 4\n\nbody",
  },
];

const decoder = new TextDecoder("latin1");

Deno.test("ResponsePipeline writes each answer octet for octet", async (t) => {
  for (const row of STEPS) {
    await t.step(row.name, async () => {
      const { request = GET, want, writes = 1 } = row;
      const seen = await talk(answering(row.answer), request);
      assertEquals(seen.errors, []);
      assertEquals(seen.text, want);
      assertEquals(seen.writes, writes);
      if (row.log !== undefined) assertEquals(seen.log, [...row.log]);
    });
  }
});

Deno.test("ResponsePipeline sends a large body as it is written", async () => {
  const sizes: number[] = [];
  const App = answering(async function () {
    this.sendResponseOnly(200);
    this.sendHeader("Content-Length", "100000");
    this.endHeaders();
    await this.wfile.write(new Uint8Array(100_000));
  });
  const { text } = await talk(App, GET, {
    onWrite: (octets) => sizes.push(octets.length),
  });
  assertEquals(
    text.slice(0, 46),
    "HTTP/1.1 200 OK\nContent-Length: 100000\n\n\0\0\0\0\0\0",
  );
  assertEquals(sizes, [43, 100_000]);
});

Deno.test("sendHeader() writes latin-1", async () => {
  const App = answering(function () {
    this.sendResponseOnly(200, "Très bien");
    this.sendHeader("X-Special", "Dängerous Mind");
    this.endHeaders();
    this.wfile.write("é");
  });
  const pieces: string[] = [];
  await talk(App, GET, { onWrite: (p) => pieces.push(decoder.decode(p)) });
  assertEquals(
    pieces.join(""),
    "HTTP/1.1 200 Très bien\r\nX-Special: Dängerous Mind\r\n" +
      "Content-Length: 2\r\n\r\n\xc3\xa9",
  );
});

Deno.test("sendHeader() writes the same field as at first in later answers", async () => {
  const values = ["a/\xe9", "a/\xe9", "a/b", "a/b", "a/\xe9", ""];
  const App = answering(function () {
    this.sendResponseOnly(200);
    this.sendHeader("Content-Type", values.shift() ?? "none");
    this.endHeaders();
  });
  const pieces: string[] = [];
  await talk(App, GET.repeat(6), {
    onWrite: (p) => pieces.push(decoder.decode(p)),
  });
  assertEquals(
    pieces.join(""),
    ["a/\xe9", "a/\xe9", "a/b", "a/b", "a/\xe9", ""].map((value) =>
      `HTTP/1.1 200 OK\r\nContent-Type: ${value}\r\nContent-Length: 0\r\n\r\n`
    ).join(""),
  );
});

interface MisuseRow {
  readonly name: string;
  readonly misuse: (this: Fixed) => unknown;
  readonly error: string;
}

const MISUSES: readonly MisuseRow[] = [
  {
    name: "CR LF in a value",
    misuse() {
      this.sendResponse(200);
      this.sendHeader("X-A", "a\r\nSet-Cookie: e=1");
    },
    error: "TypeError: Cannot send the X-A: it holds a control character or " +
      "one outside latin-1",
  },
  {
    name: "LF in a value",
    misuse() {
      this.sendResponse(200);
      this.sendHeader("X-A", "a\nb");
    },
    error: "TypeError: Cannot send the X-A: it holds a control character or " +
      "one outside latin-1",
  },
  {
    name: "NUL in a value",
    misuse() {
      this.sendResponse(200);
      this.sendHeader("X-A", "a\0");
    },
    error: "TypeError: Cannot send the X-A: it holds a control character or " +
      "one outside latin-1",
  },
  {
    name: "a snowman in a value",
    misuse() {
      this.sendResponse(200);
      this.sendHeader("X-A", "☃");
    },
    error: "TypeError: Cannot send the X-A: it holds a control character or " +
      "one outside latin-1",
  },
  {
    name: "CR LF in the Connection field",
    misuse() {
      this.sendResponse(200);
      this.sendHeader("Connection", "close\r\nX: y");
    },
    error: "TypeError: Cannot send the Connection: it holds a control " +
      "character or one outside latin-1",
  },
  {
    name: "a space in a name",
    misuse() {
      this.sendResponse(200);
      this.sendHeader("X A", "a");
    },
    error: 'TypeError: Cannot send a field: its name "X A" is not a token',
  },
  {
    name: "a colon in a name",
    misuse() {
      this.sendResponse(200);
      this.sendHeader("X-A:", "a");
    },
    error: 'TypeError: Cannot send a field: its name "X-A:" is not a token',
  },
  {
    name: "an empty name",
    misuse() {
      this.sendResponse(200);
      this.sendHeader("", "a");
    },
    error: 'TypeError: Cannot send a field: its name "" is not a token',
  },
  {
    name: "CR LF in the reason phrase",
    misuse() {
      this.sendResponse(200, "OK\r\nX: y");
    },
    error: "TypeError: Cannot send the reason phrase: it holds a control " +
      "character or one outside latin-1",
  },
  {
    name: "a status that is none",
    misuse() {
      this.sendResponse(99);
    },
    error: "RangeError: Cannot send the status 99",
  },
  {
    name: "a length that is none",
    misuse() {
      this.sendResponse(200);
      this.sendHeader("Content-Length", "-1");
    },
    error: "TypeError: Cannot send the Content-Length -1",
  },
  {
    name: "two lengths",
    misuse() {
      this.sendResponse(200);
      this.sendHeader("Content-Length", "1");
      this.sendHeader("Content-Length", "2");
    },
    error: "TypeError: Cannot send two different Content-Length fields",
  },
  {
    name: "a transfer coding of its own",
    misuse() {
      this.sendResponse(200);
      this.sendHeader("Transfer-Encoding", "gzip");
    },
    error: "TypeError: Cannot send a Transfer-Encoding but chunked",
  },
  {
    name: "a field before the status line",
    misuse() {
      this.sendHeader("X-A", "a");
    },
    error: 'Error: Cannot send the field "X-A" in the phase "start", only in ' +
      '"head"',
  },
  {
    name: "a field after the head",
    misuse() {
      this.sendResponse(200);
      this.endHeaders();
      this.sendHeader("X-A", "a");
    },
    error: 'Error: Cannot send the field "X-A" in the phase "body", only in ' +
      '"head"',
  },
  {
    name: "two status lines",
    misuse() {
      this.sendResponse(200);
      this.sendResponse(200);
    },
    error: 'Error: Cannot start the head in the phase "head", only in "start"',
  },
  {
    name: "a body before the end of the head",
    misuse() {
      this.sendResponse(200);
      this.wfile.write("early");
    },
    error: 'Error: Cannot write the body in the phase "head", only in "body"',
  },
  {
    name: "a head that is not ended",
    misuse() {
      this.sendResponse(200);
    },
    error: 'Error: Cannot end the answer in the phase "head", only in "body"',
  },
  {
    name: "no answer at all",
    misuse() {},
    error: "Error: Answering.answer has sent no answer",
  },
  {
    name: "no answer at all, asynchronously",
    async misuse() {
      await this.bytes();
    },
    error: "Error: Answering.answer has sent no answer",
  },
  {
    name: "a body that is no text and no bytes",
    misuse() {
      this.sendResponse(200);
      this.endHeaders();
      this.wfile.write(JSON.parse("123"));
    },
    error: "TypeError: Cannot write a number: give a string or a Uint8Array",
  },
  {
    name: "a trailer that was not announced",
    misuse() {
      this.sendResponse(200);
      this.endHeaders();
      this.sendTrailer("X-Sum", "1");
    },
    error:
      'TypeError: Cannot send the trailer "X-Sum": the field Trailer did ' +
      "not announce it",
  },
  {
    name: "200 ahead of the answer",
    misuse() {
      return this.sendInformational(200);
    },
    error: "RangeError: Cannot send 200 ahead of an answer",
  },
  {
    name: "100 and 101 ahead of the answer",
    misuse() {
      return this.sendInformational(101);
    },
    error: "RangeError: Cannot send 101 ahead of an answer",
  },
];

const PAGE_500 = page(
  500,
  "Internal Server Error",
  "The server failed to answer the request",
);

Deno.test("ResponsePipeline answers misuse with 500 and a report", async (t) => {
  for (const { name, misuse, error } of MISUSES) {
    await t.step(name, async () => {
      const App = answering(async function () {
        await misuse.call(this);
      });
      const seen = await talk(App, GET + GET);
      assertEquals(seen.errors, [error]);
      assertEquals(
        seen.text,
        `HTTP/1.1 500 Internal Server Error\n${COMMON}` +
          `Content-Type: text/html;charset=utf-8\n` +
          `Content-Length: ${PAGE_500.length}\nConnection: close\n\n` +
          PAGE_500,
      );
    });
  }
});

Deno.test("a method that returns no Response is told what to return", async (t) => {
  const rows: readonly [json: string, kind: string][] = [
    ['"hello"', "a string"],
    ["0", "a number"],
    ["null", "null"],
    ['{"a":1}', "an object"],
    ["[1]", "an object (Array)"],
  ];
  for (const [json, kind] of rows) {
    for (const isLate of [false, true]) {
      await t.step(`${json} ${isLate ? "later" : "at once"}`, async () => {
        const App = answering(() =>
          isLate ? Promise.resolve(JSON.parse(json)) : JSON.parse(json)
        );
        const seen = await talk(App, GET);
        assertEquals(seen.errors, [
          `Error: Answering.answer returned ${kind}: ` +
          "return a Response, or send one by the steps",
        ]);
      });
    }
  }
  await t.step("unless it has responded by the steps", async () => {
    const App = answering(function () {
      this.sendResponse(204);
      this.endHeaders();
      return JSON.parse("1");
    });
    assertEquals((await talk(App, GET)).errors, []);
  });
});

const WRONG_LENGTHS: readonly (readonly [string, string, string, string])[] = [
  [
    "too little",
    "4",
    "HTTP/1.1 200 OK\nContent-Length: 4\n\n123",
    "Error: Cannot end the answer: 3 octets were written, Content-Length is 4",
  ],
  [
    "too much",
    "2",
    "HTTP/1.1 200 OK\nContent-Length: 2\n\n",
    "Error: Cannot write 3 octets: Content-Length is 2",
  ],
];

Deno.test("ResponsePipeline cuts a body of another length than declared", async (t) => {
  for (const [name, length, want, error] of WRONG_LENGTHS) {
    await t.step(name, async () => {
      const App = answering(function () {
        this.sendResponseOnly(200);
        this.sendHeader("Content-Length", length);
        this.endHeaders();
        this.wfile.write("123");
      });
      const seen = await talk(App, GET + GET);
      assertEquals(seen.errors, [error]);
      assertEquals(seen.text, want);
    });
  }
});

Deno.test("ResponsePipeline has steps that a subclass overrides", async () => {
  class Custom extends Fixed {
    override sendResponse(code: number, message?: string): void {
      super.sendResponse(code, message);
      this.sendHeader("X-Steps", "sendResponse");
    }
    override sendHeader(name: string, value: string): void {
      super.sendHeader(name.toLowerCase(), value);
    }
    override endHeaders(): void {
      this.sendHeader("Access-Control-Allow-Origin", "*");
      super.endHeaders();
    }
    override versionString(): string {
      return "custom/1";
    }

    @verb("GET")
    hello() {
      return new Response("hello");
    }
  }
  const { text } = await talk(Custom, GET);
  assertEquals(
    text,
    "HTTP/1.1 200 OK\nserver: custom/1\n" +
      "date: Thu, 01 Jan 1970 00:00:00 GMT\nx-steps: sendResponse\n" +
      "content-type: text/plain;charset=UTF-8\n" +
      "access-control-allow-origin: *\nContent-Length: 5\n\nhello",
  );
});
