// What the writer refuses to put on the wire, and what the client gets instead.
import { assertEquals } from "@std/assert";
import type { HttpRequestHandler } from "../../mod.ts";
import { answer, page, type Row } from "./_answer.ts";

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
