// What the steps of an answer become on the wire, by version and method.
import { assertEquals } from "@std/assert";
import { HttpRequestHandler, verb } from "../../mod.ts";
import { exchange } from "../../lib/testing/mod.ts";

type Steps = (h: HttpRequestHandler) => void | Promise<void>;

interface Answer {
  /** All that the client gets, `\n` for each line end. */
  text: string;
  errors: string[];
}

/** The answer that `steps` give to a request with this line and fields. */
async function answer(
  steps: Steps,
  line = "GET / HTTP/1.1",
  fields = "",
): Promise<Answer> {
  class Steppy extends HttpRequestHandler {
    override errorMessageFormat = "%(message)s";
    override errorContentType = "text/plain";
    override sendResponse(code: number, message?: string): void {
      this.sendResponseOnly(code, message);
    }

    @verb("*")
    run(): void | Promise<void> {
      return steps(this);
    }
  }
  const errors: string[] = [];
  const octets = await exchange(
    Steppy,
    `${line}\r\nHost: a\r\n${fields}\r\n`,
    { onError: (error) => errors.push(String(error)) },
  );
  const text = Array.from(octets, (o) => String.fromCharCode(o)).join("");
  return { text: text.replaceAll("\r\n", "\n"), errors };
}

function page(h: HttpRequestHandler, ...fields: [string, string][]): void {
  h.sendResponse(200);
  for (const [name, value] of fields) h.sendHeader(name, value);
  h.endHeaders();
}

const OLD = "GET / HTTP/1.0";
const HEAD = "HEAD / HTTP/1.1";
const LONG = "x".repeat(20_000);

interface Row {
  name: string;
  steps: Steps;
  line?: string;
  fields?: string;
  want: string;
}

const BODIES: Row[] = [
  {
    name: "nothing written",
    steps: (h) => page(h),
    want: "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
  },
  {
    name: "a text",
    steps(h) {
      page(h);
      h.wfile.write("hello");
    },
    want: "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello",
  },
  {
    name: "a text that is not ASCII",
    steps(h) {
      page(h);
      h.wfile.write("h\xe9");
    },
    want: "HTTP/1.1 200 OK\nContent-Length: 3\n\nh\xc3\xa9",
  },
  {
    name: "pieces, text and octets, one of them reused",
    steps(h) {
      page(h);
      const octets = new Uint8Array([0x61, 0x62]);
      h.wfile.write(octets);
      octets.fill(0x63);
      h.wfile.write("");
      h.wfile.write("d");
      h.wfile.write(octets);
    },
    want: "HTTP/1.1 200 OK\nContent-Length: 5\n\nabdcc",
  },
  {
    name: "a flush between",
    async steps(h) {
      page(h);
      h.wfile.write("a");
      await h.wfile.flush();
      h.wfile.write("bc");
    },
    want: "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n1\na\n2\nbc\n0\n\n",
  },
  {
    name: "a flush between, on 1.0",
    line: OLD,
    async steps(h) {
      page(h);
      h.wfile.write("a");
      await h.wfile.flush();
      h.wfile.write("bc");
    },
    want: "HTTP/1.1 200 OK\nConnection: close\n\nabc",
  },
  {
    name: "a flush between, on 1.0 with keep-alive",
    line: OLD,
    fields: "Connection: keep-alive\r\n",
    async steps(h) {
      page(h);
      await h.wfile.flush();
      h.wfile.write("abc");
    },
    want: "HTTP/1.1 200 OK\nConnection: close\n\nabc",
  },
  {
    name: "a text on 1.0 with keep-alive",
    line: OLD,
    fields: "Connection: keep-alive\r\n",
    steps(h) {
      page(h);
      h.wfile.write("abc");
    },
    want: "HTTP/1.1 200 OK\nContent-Length: 3\nConnection: keep-alive\n\nabc",
  },
  {
    name: "more than is held",
    steps(h) {
      page(h);
      h.wfile.write("a");
      h.wfile.write(LONG);
    },
    want: "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n" +
      `1\na\n4e20\n${LONG}\n0\n\n`,
  },
  {
    name: "more than is held, its length declared",
    steps(h) {
      page(h, ["Content-Length", "20000"]);
      h.wfile.write(LONG);
    },
    want: `HTTP/1.1 200 OK\nContent-Length: 20000\n\n${LONG}`,
  },
  {
    name: "chunked by wish",
    steps(h) {
      page(h, ["Transfer-Encoding", "chunked"]);
      h.wfile.write("abc");
    },
    want: "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n3\nabc\n0\n\n",
  },
  {
    name: "chunked by wish, on 1.0",
    line: OLD,
    steps(h) {
      page(h, ["Transfer-Encoding", "chunked"]);
      h.wfile.write("abc");
    },
    want: "HTTP/1.1 200 OK\nContent-Length: 3\nConnection: close\n\nabc",
  },
  {
    name: "HEAD",
    line: HEAD,
    steps(h) {
      page(h);
      h.wfile.write("abc");
    },
    want: "HTTP/1.1 200 OK\nContent-Length: 3\n\n",
  },
  {
    name: "HEAD of what is long",
    line: HEAD,
    steps(h) {
      page(h);
      h.wfile.write(LONG);
    },
    want: "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n",
  },
  {
    name: "HEAD with a length and nothing written",
    line: HEAD,
    steps: (h) => page(h, ["Content-Length", "7"]),
    want: "HTTP/1.1 200 OK\nContent-Length: 7\n\n",
  },
  {
    name: "204 with a length and a body",
    steps(h) {
      h.sendResponse(204);
      h.sendHeader("Content-Length", "3");
      h.endHeaders();
      h.wfile.write("abc");
    },
    want: "HTTP/1.1 204 No Content\n\n",
  },
  {
    name: "205 with a body",
    steps(h) {
      h.sendResponse(205);
      h.endHeaders();
      h.wfile.write("abc");
    },
    want: "HTTP/1.1 205 Reset Content\nContent-Length: 0\n\n",
  },
  {
    name: "304 with the length of the 200, and a body",
    steps(h) {
      h.sendResponse(304);
      h.sendHeader("Content-Length", "3");
      h.endHeaders();
      h.wfile.write("abc");
    },
    want: "HTTP/1.1 304 Not Modified\nContent-Length: 3\n\n",
  },
  {
    name: "304 without a length",
    steps(h) {
      h.sendResponse(304);
      h.endHeaders();
    },
    want: "HTTP/1.1 304 Not Modified\n\n",
  },
];

const HEADS: Row[] = [
  {
    name: "a reason of its own",
    steps(h) {
      h.sendResponse(200, "Fine \xe9\t!");
      h.endHeaders();
    },
    want: "HTTP/1.1 200 Fine \xe9\t!\nContent-Length: 0\n\n",
  },
  {
    name: "an unknown status: the blank stays",
    steps(h) {
      h.sendResponse(299);
      h.endHeaders();
    },
    want: "HTTP/1.1 299 \nContent-Length: 0\n\n",
  },
  {
    name: "octets above 127 in a value",
    steps: (h) => page(h, ["X", "\xe9"]),
    want: "HTTP/1.1 200 OK\nX: \xe9\nContent-Length: 0\n\n",
  },
  {
    name: "Connection: close",
    steps: (h) => page(h, ["Connection", "close"]),
    want: "HTTP/1.1 200 OK\nContent-Length: 0\nConnection: close\n\n",
  },
  {
    name: "a client that closes is not kept",
    fields: "Connection: close\r\n",
    steps: (h) => page(h, ["Connection", "keep-alive, x"], ["Connection", "y"]),
    want: "HTTP/1.1 200 OK\nContent-Length: 0\nConnection: x, y, close\n\n",
  },
  {
    name: "a head longer than a buffer",
    steps: (h) => page(h, ["X", LONG]),
    want: `HTTP/1.1 200 OK\nX: ${LONG}\nContent-Length: 0\n\n`,
  },
];

const TRAILERS: Row[] = [
  {
    name: "for a client that takes them",
    fields: "TE: trailers\r\n",
    steps(h) {
      page(h, ["Trailer", "X-Sum"], ["Trailer", "X-B"]);
      h.wfile.write("abc");
      h.sendTrailer("X-Sum", "1");
      h.sendTrailer("x-b", "\xe9");
    },
    want: "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n" +
      "Trailer: X-Sum, X-B\n\n3\nabc\n0\nX-Sum: 1\nx-b: \xe9\n\n",
  },
  {
    name: "in spite of a declared length",
    fields: "TE: gzip, trailers\r\n",
    steps(h) {
      page(h, ["Content-Length", "3"], ["Trailer", "A"]);
      h.wfile.write("abc");
      h.sendTrailer("A", "b");
    },
    want: "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\nTrailer: A\n\n" +
      "3\nabc\n0\nA: b\n\n",
  },
  {
    name: "dropped for one that does not",
    steps(h) {
      page(h, ["Trailer", "A"]);
      h.wfile.write("abc");
      h.sendTrailer("A", "b");
    },
    want: "HTTP/1.1 200 OK\nContent-Length: 3\n\nabc",
  },
  {
    name: "dropped on 1.0",
    line: OLD,
    fields: "TE: trailers\r\n",
    steps(h) {
      page(h, ["Trailer", "A"]);
      h.wfile.write("abc");
      h.sendTrailer("A", "b");
    },
    want: "HTTP/1.1 200 OK\nContent-Length: 3\nConnection: close\n\nabc",
  },
  {
    name: "none on 204",
    fields: "TE: trailers\r\n",
    steps(h) {
      h.sendResponse(204);
      h.sendHeader("Trailer", "A");
      h.endHeaders();
      h.sendTrailer("A", "b");
    },
    want: "HTTP/1.1 204 No Content\n\n",
  },
];

const HINT = "HTTP/1.1 103 Early Hints\nLink: </a>\n\n";

const INFORMATIONAL: Row[] = [
  {
    name: "103 ahead of the answer",
    async steps(h) {
      await h.sendInformational(103, [["Link", "</a>"]]);
      page(h);
    },
    want: HINT + "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
  },
  {
    name: "103 while the head is open, and again",
    async steps(h) {
      h.sendResponse(200);
      await h.sendInformational(103, [["Link", "</a>"]]);
      h.endHeaders();
      await h.sendInformational(103, [["Link", "</a>"]]);
    },
    want: HINT + HINT + "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
  },
  {
    name: "103 ahead of an error",
    async steps(h) {
      await h.sendInformational(103, [["Link", "</a>"]]);
      h.sendError(404);
    },
    want: HINT + "HTTP/1.1 404 Not Found\nContent-Type: text/plain\n" +
      "Content-Length: 9\n\nNot Found",
  },
  {
    name: "none to 1.0",
    line: OLD,
    async steps(h) {
      await h.sendInformational(103, [["Link", "</a>"]]);
      page(h);
    },
    want: "HTTP/1.1 200 OK\nContent-Length: 0\nConnection: close\n\n",
  },
];

for (
  const [title, rows] of [
    ["WireResponse frames bodies", BODIES],
    ["WireResponse writes heads", HEADS],
    ["WireResponse sends trailers to who takes them", TRAILERS],
    ["WireResponse sends informational answers", INFORMATIONAL],
  ] as const
) {
  Deno.test(title, async (t) => {
    for (const { name, steps, line, fields, want } of rows) {
      await t.step(name, async () => {
        const got = await answer(steps, line, fields);
        assertEquals(got, { text: want, errors: [] });
      });
    }
  });
}

const FAILED =
  "HTTP/1.1 500 Internal Server Error\nContent-Type: text/plain\n" +
  "Content-Length: 21\nConnection: close\n\nInternal Server Error";

const MISUSES: (Row & { error: string })[] = [
  ...["a\r\nb: c", "a\rb", "a\nb", "a\0", "a\x7f", "\u2603"].map((value) => ({
    name: `a value ${JSON.stringify(value)}`,
    steps: (h: HttpRequestHandler) => page(h, ["X", value]),
    want: FAILED,
    error:
      "TypeError: Cannot send the X: it holds a control character or one " +
      "outside latin-1",
  })),
  ...["", "a b", "a:", "a\r\nb", "\xe9"].map((name) => ({
    name: `a name ${JSON.stringify(name)}`,
    steps: (h: HttpRequestHandler) => page(h, [name, "b"]),
    want: FAILED,
    error: `TypeError: Cannot send a field: its name ${
      JSON.stringify(name)
    } is not a token`,
  })),
  {
    name: "a reason with a line end",
    steps: (h) => h.sendResponse(200, "OK\r\nX: y"),
    want: FAILED,
    error: "TypeError: Cannot send the reason phrase: it holds a control " +
      "character or one outside latin-1",
  },
  ...[0, 99, 100, 102, 103, 199, 1000, 200.5, NaN].map((status) => ({
    name: `the status ${status}`,
    steps: (h: HttpRequestHandler) => h.sendResponse(status),
    want: FAILED,
    error: `RangeError: Cannot send the status ${status}`,
  })),
  ...["Content-Length", "transfer-encoding"].map((name) => ({
    name: `${name} with 103`,
    steps: (h: HttpRequestHandler) => h.sendInformational(103, [[name, "3"]]),
    want: FAILED,
    error: `TypeError: Cannot send the field "${name}" with 103`,
  })),
  {
    name: "a trailer that frames",
    steps(h) {
      page(h, ["Trailer", "Content-Length"]);
      h.sendTrailer("Content-Length", "3");
    },
    want: FAILED,
    error: 'TypeError: Cannot send the trailer "Content-Length": it may not ' +
      "come after the body",
  },
  {
    name: "a trailer with a line end",
    steps(h) {
      page(h, ["Trailer", "A"]);
      h.sendTrailer("A", "b\r\nc: d");
    },
    want: FAILED,
    error:
      "TypeError: Cannot send the A: it holds a control character or one " +
      "outside latin-1",
  },
  {
    name: "less than was declared",
    steps(h) {
      page(h, ["Content-Length", "3"]);
      h.wfile.write("ab");
    },
    want: "HTTP/1.1 200 OK\nContent-Length: 3\n\nab",
    error: "Error: Cannot end the answer: 2 octets were written, " +
      "Content-Length is 3",
  },
  {
    name: "more than was declared",
    steps(h) {
      page(h, ["Content-Length", "3"]);
      h.wfile.write("abc");
      h.wfile.write("d");
    },
    want: "HTTP/1.1 200 OK\nContent-Length: 3\n\nabc",
    error: "Error: Cannot write 4 octets: Content-Length is 3",
  },
];

Deno.test("WireResponse answers misuse with 500, or cuts", async (t) => {
  for (const { name, steps, want, error } of MISUSES) {
    await t.step(name, async () => {
      const got = await answer(steps, "GET / HTTP/1.1", "");
      assertEquals(got, { text: want, errors: [error] });
    });
  }
});
