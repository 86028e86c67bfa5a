// The parts of an answer that only a raw connection can send: trailers behind
// the body, informational answers ahead of the head.
import { assertEquals, assertThrows } from "@std/assert";
import { trailerLine } from "../../lib/protocol/response_trailer.ts";
import { answer, page, type Row } from "./_answer.ts";

const OLD = "GET / HTTP/1.0";

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
    name: "dropped for one that does not, behind chunks",
    async steps(h) {
      page(h, ["Trailer", "A"]);
      h.wfile.write("abc");
      await h.wfile.flush();
      h.sendTrailer("A", "b");
    },
    want: "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n3\nabc\n0\n\n",
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

Deno.test("trailerLine() writes a field that may come behind the body (9110 6.5.1)", () => {
  assertEquals(trailerLine("X-Sum", "1", "A, x-sum"), "X-Sum: 1\r\n");
  assertEquals(trailerLine("a", "\xe9", "A"), "a: \xe9\r\n");
});

Deno.test("trailerLine() refuses what was not announced, or may not come so late", () => {
  for (const [name, announced] of [["A", ""], ["A", "B"], ["a b", "a b"]]) {
    assertThrows(
      () => trailerLine(name ?? "", "1", announced ?? ""),
      TypeError,
      `Cannot send the trailer ${JSON.stringify(name)}: the field Trailer ` +
        "did not announce it",
    );
  }
  for (
    const name of [
      "Authorization",
      "Cache-Control",
      "Connection",
      "Content-Encoding",
      "Content-Length",
      "Content-Range",
      "Content-Type",
      "Host",
      "Set-Cookie",
      "TE",
      "Trailer",
      "Transfer-Encoding",
      "WWW-Authenticate",
    ]
  ) {
    assertThrows(
      () => trailerLine(name, "1", `A, ${name}`),
      TypeError,
      `Cannot send the trailer "${name}": it may not come after the body`,
    );
  }
  for (const value of ["a\r\nb: c", "\n", "\0", "\u2603"]) {
    assertThrows(
      () => trailerLine("A", value, "A"),
      TypeError,
      "Cannot send the A: it holds a control character or one outside latin-1",
    );
  }
});
