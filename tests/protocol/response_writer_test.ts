// What the steps of an answer become on the wire, by version and method.
import { assertEquals } from "@std/assert";
import { answer, page, type Row } from "./_answer.ts";

const OLD = "GET / HTTP/1.0";
const HEAD = "HEAD / HTTP/1.1";
const LONG = "x".repeat(20_000);

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
    name: "texts, not all of them ASCII",
    steps(h) {
      page(h);
      h.wfile.write("a");
      h.wfile.write("\xe9");
      h.wfile.write("b");
    },
    want: "HTTP/1.1 200 OK\nContent-Length: 4\n\na\xc3\xa9b",
  },
  {
    name: "text, octets, text",
    steps(h) {
      page(h);
      h.wfile.write("a");
      h.wfile.write(new Uint8Array([0xff]));
      h.wfile.write("\xe9");
    },
    want: "HTTP/1.1 200 OK\nContent-Length: 4\n\na\xff\xc3\xa9",
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
  // In buffers of the response, of the connection, and in none.
  ...[7_000, 16_384, 65_536, 100_000].map((size): Row => ({
    name: `${size} octets, written thrice by one array`,
    async steps(h) {
      page(h, ["Content-Length", String(3 * size)]);
      const octets = new Uint8Array(size);
      for (const letter of "abc") {
        octets.fill(letter.charCodeAt(0));
        await h.wfile.write(octets);
      }
    },
    want: `HTTP/1.1 200 OK\nContent-Length: ${3 * size}\n\n` +
      "a".repeat(size) + "b".repeat(size) + "c".repeat(size),
  })),
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
    name: "chunked by wish, nothing written",
    steps: (h) => page(h, ["Transfer-Encoding", "chunked"]),
    want: "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n0\n\n",
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

for (
  const [title, rows] of [
    ["WireResponse frames bodies", BODIES],
    ["WireResponse writes heads", HEADS],
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
