import { assertEquals, assertThrows } from "@std/assert";
import {
  type HeadEnding,
  informationalHead,
  ResponseHead,
} from "../../lib/protocol/response_head.ts";

/** The end of a head that says nothing of itself: a body of three bytes. */
const LENGTH: HeadEnding = {
  coding: "length",
  length: 3,
  sendsTrailers: false,
  isHttp11: true,
  closes: false,
};

/** The head with these fields, `\n` for each line end. */
function headWith(
  fields: readonly (readonly [name: string, value: string])[],
  ending: Partial<HeadEnding> = {},
  status = 200,
): string {
  const head = new ResponseHead();
  head.start("HTTP/1.1", status, "R");
  for (const [name, value] of fields) head.add(name, value);
  return head.complete({ ...LENGTH, ...ending }).replaceAll("\r\n", "\n");
}

Deno.test("ResponseHead.start() writes each status line as it is (9112 4)", () => {
  const head = new ResponseHead();
  for (
    const [version, status, reason, isAscii] of [
      ["HTTP/1.1", 200, "OK", true],
      // What is remembered is what is the same in every part.
      ["HTTP/1.1", 200, "OK", true],
      ["HTTP/1.0", 200, "OK", true],
      ["HTTP/1.0", 200, "Fine", true],
      ["HTTP/1.0", 999, "Fine", true],
      ["HTTP/1.1", 101, "Fine", true],
      ["HTTP/1.1", 200, "\xe9", false],
      ["HTTP/1.1", 200, "\xe9", false],
      ["HTTP/1.1", 200, "", true],
    ] as const
  ) {
    head.clear();
    head.start(version, status, reason);
    assertEquals(head.isAscii, isAscii);
    assertEquals(head.status, status);
    const [line] = head.complete(LENGTH).split("\r\n");
    assertEquals(line, `${version} ${status} ${reason}`);
  }
});

Deno.test("ResponseHead.start() refuses what ends no exchange (9110 15)", () => {
  for (const status of [0, 100, 102, 199, 1000, 200.5, NaN]) {
    assertThrows(
      () => new ResponseHead().start("HTTP/1.1", status, "R"),
      RangeError,
      `Cannot send the status ${status}`,
    );
  }
  for (const reason of ["a\r\nb", "\n", "\0", "\u2603"]) {
    assertThrows(
      () => new ResponseHead().start("HTTP/1.1", 200, reason),
      TypeError,
      "Cannot send the reason phrase: it holds a control character or one " +
        "outside latin-1",
    );
  }
});

Deno.test("ResponseHead.add() writes each field as it is, also again", () => {
  const head = new ResponseHead();
  const names = ["Server", "Date", "Content-Type", "Cache-Control"];
  const lines = [...names, "X"].flatMap((name) => [name, name.toLowerCase()])
    .flatMap((name) =>
      ["", "a", "a", "b", "\xe9", "\xe9"].map((value) => ({
        name,
        value,
      }))
    );
  for (const { name, value } of lines) {
    head.clear();
    head.start("HTTP/1.1", 200, "R");
    assertEquals(head.isAscii, true);
    head.add(name, value);
    assertEquals(head.isAscii, value !== "\xe9");
    const [, line] = head.complete(LENGTH).split("\r\n");
    assertEquals(line, `${name}: ${value}`);
  }
});

Deno.test("ResponseHead.clear() leaves nothing for the next response", () => {
  const head = new ResponseHead();
  assertEquals(
    [head.declared, head.wantsChunked, head.announced, head.isAscii],
    [undefined, false, "", true],
  );
  head.start("HTTP/1.1", 200, "R");
  const fields = [
    ["Connection", "x"],
    ["Content-Length", "5"],
    ["Transfer-Encoding", "Chunked"],
    ["Trailer", "A"],
    ["X", "\xe9"],
  ] as const;
  for (const [name, value] of fields) head.add(name, value);
  assertEquals(
    [head.declared, head.wantsChunked, head.announced, head.isAscii],
    [5, true, "A", false],
  );
  head.clear();
  assertEquals(
    [head.declared, head.wantsChunked, head.announced, head.isAscii],
    [undefined, false, "", true],
  );
  assertEquals(head.complete(LENGTH), "Content-Length: 3\r\n\r\n");
});

const CHUNKED = { coding: "chunked", length: undefined } as const;

const ENDINGS: readonly [
  name: string,
  fields: [string, string][],
  ending: Partial<HeadEnding>,
  want: string,
][] = [
  ["a length (9112 6.2)", [], {}, "Content-Length: 3\n"],
  ["chunks (9112 6.1)", [], CHUNKED, "Transfer-Encoding: chunked\n"],
  [
    "chunks to 1.0 are none (9112 6.1)",
    [],
    { ...CHUNKED, isHttp11: false },
    "Connection: keep-alive\n",
  ],
  ["the close", [], { coding: "close" }, "Connection: close\n"],
  [
    "the close to 1.0",
    [],
    { coding: "close", isHttp11: false },
    "Connection: close\n",
  ],
  [
    "trailers (9110 6.6.2)",
    [["Trailer", "A"], ["trailer", "B"]],
    { ...CHUNKED, sendsTrailers: true },
    "Transfer-Encoding: chunked\nTrailer: A, B\n",
  ],
  ["trailers that are not sent", [["Trailer", "A"]], {}, "Content-Length: 3\n"],
  [
    "a close after it (9112 9.6)",
    [],
    { closes: true },
    "Content-Length: 3\nConnection: close\n",
  ],
  [
    "options of its own (9110 7.6.1)",
    [["Connection", "x"], ["connection", "y"]],
    {},
    "Content-Length: 3\nConnection: x, y\n",
  ],
  [
    "options of its own, and a close after it",
    [["Connection", "Keep-Alive, x, close"], ["Connection", "y"]],
    { closes: true },
    "Content-Length: 3\nConnection: x, y, close\n",
  ],
  [
    "a 1.0 client is told that the connection stays",
    [],
    { isHttp11: false },
    "Content-Length: 3\nConnection: keep-alive\n",
  ],
];

Deno.test("ResponseHead.complete() says how the body and the connection end", async (t) => {
  for (const [name, fields, ending, want] of ENDINGS) {
    await t.step(name, () => {
      assertEquals(headWith(fields, ending), `HTTP/1.1 200 R\n${want}\n`);
    });
  }
  for (
    const [status, fields, want] of [
      [101, [], ""],
      [204, [], ""],
      [204, [["Content-Length", "3"]], ""],
      [205, [], "Content-Length: 0\n"],
      [304, [], ""],
      [304, [["Content-Length", "3"]], "Content-Length: 3\n"],
    ] as const
  ) {
    await t.step(`${status} (9110 8.6)`, () => {
      const head = headWith(fields, {}, status);
      assertEquals(head, `HTTP/1.1 ${status} R\n${want}\n`);
    });
  }
});

Deno.test("ResponseHead.add() refuses what would frame another body", () => {
  for (
    const [fields, message] of [
      [[["Content-Length", "-1"]], "Cannot send the Content-Length -1"],
      [[["Content-Length", "a1"]], "Cannot send the Content-Length a1"],
      [[["Content-Length", "1a"]], "Cannot send the Content-Length 1a"],
      [[["Content-Length", ""]], "Cannot send the Content-Length "],
      [
        [["Content-Length", "1".repeat(16)]],
        `Cannot send the Content-Length ${"1".repeat(16)}`,
      ],
      [
        [["Content-Length", "1"], ["content-length", "2"]],
        "Cannot send two different Content-Length fields",
      ],
      [
        [["Transfer-Encoding", "gzip"]],
        "Cannot send a Transfer-Encoding but chunked",
      ],
      [
        [["Transfer-Encoding", "gzip, chunked"]],
        "Cannot send a Transfer-Encoding but chunked",
      ],
      [
        [["a b", "c"]],
        'Cannot send a field: its name "a b" is not a token',
      ],
      [
        [["A", "b\nc"]],
        "Cannot send the A: it holds a control character or one outside latin-1",
      ],
    ] as const
  ) {
    assertThrows(() => headWith(fields), TypeError, message);
  }
  const twice = [["Content-Length", "3"], ["content-length", "3"]] as const;
  assertEquals(headWith(twice), "HTTP/1.1 200 R\nContent-Length: 3\n\n");
});

Deno.test("informationalHead() writes a head without a body (9110 15.2)", () => {
  assertEquals(
    informationalHead(103, "Early \xe9", [["Link", "</a>"], ["x", "\xe9"]]),
    "HTTP/1.1 103 Early \xe9\r\nLink: </a>\r\nx: \xe9\r\n\r\n",
  );
  assertEquals(informationalHead(100, "", []), "HTTP/1.1 100 \r\n\r\n");
  assertThrows(
    () => informationalHead(103, "a\r\nb: c", []),
    TypeError,
    "Cannot send the reason phrase: it breaks its line",
  );
  for (
    const [name, value] of [
      ["Content-Length", "0"],
      ["transfer-encoding", "chunked"],
      ["a b", "c"],
      ["", "c"],
      ["a", "b\r\nc: d"],
    ] as const
  ) {
    assertThrows(
      () => informationalHead(103, "", [[name, value]]),
      TypeError,
      `Cannot send the field ${JSON.stringify(name)} with 103`,
    );
  }
});
