import { mirrored, play, refused, type Row } from "../_wire.ts";

const BOTH = "There are both Transfer-Encoding and Content-Length";
const MANY = "There is more than one Content-Length";
const NUMBER = "The Content-Length is not a number";
const DIGITS = "The Content-Length has too many digits";
const CODING = "The Transfer-Encoding is not exactly chunked";
const FOREIGN = "The transfer coding is not implemented";
const CHUNKS = "5\r\nhello\r\n0\r\n\r\n";

/** A POST with these field lines and this body. */
function post(fields: string, body: string, version = "1.1"): string {
  return `POST /p HTTP/${version}\r\nHost: a\r\n${fields}\r\n\r\n${body}`;
}

const LENGTHS: Row[] = [
  {
    name: "no length",
    raw: "POST /p HTTP/1.1\r\nHost: a\r\n\r\n",
    want: mirrored("POST /p []"),
  },
  {
    name: "zero",
    raw: post("Content-Length: 0", ""),
    want: mirrored("POST /p []"),
  },
  {
    name: "five",
    raw: post("Content-Length: 5", "hello"),
    want: mirrored("POST /p [hello]"),
  },
  {
    name: "blanks around",
    raw: post("Content-Length: \t 5 \t", "hello"),
    want: mirrored("POST /p [hello]"),
  },
  {
    name: "name in another case",
    raw: post("cOnTeNt-LeNgTh: 5", "hello"),
    want: mirrored("POST /p [hello]"),
  },
  {
    name: "a body that looks like a request",
    raw: post("Content-Length: 28", "GET /x HTTP/1.1\r\nHost: a\r\n\r\n"),
    want: mirrored("POST /p [GET /x HTTP/1.1\r\nHost: a\r\n\r\n]"),
  },
  {
    name: "a GET with a body",
    raw: "GET /g HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
    want: mirrored("GET /g [hello]"),
  },
  {
    name: "an underscore in the name is another field",
    raw: post("Content_Length: 5\r\nContent-Length: 0", ""),
    want: mirrored("POST /p []"),
  },
  ...[
    "+5",
    "-5",
    "-0",
    "0x5",
    "0o5",
    "5e0",
    "5.0",
    "05",
    "005",
    "00",
    "5 5",
    "5,5",
    "5, 5",
    ",5",
    "5,",
    "5;",
    '"5"',
    "1_0",
    "five",
    "5five",
    "\xb2",
    "NaN",
    "Infinity",
    "-1",
    "",
    " ",
  ].map((length) => ({
    name: JSON.stringify(length),
    raw: post(`Content-Length: ${length}`, "hello"),
    want: refused("400 Bad Request", NUMBER),
  })),
  ...["9007199254740993", "18446744073709551621", "9".repeat(400)].map(
    (length) => ({
      name: `${length.length} digits`,
      raw: post(`Content-Length: ${length}`, "hello"),
      want: refused("400 Bad Request", DIGITS),
    }),
  ),
  {
    name: "vertical tab before the digit",
    raw: post("Content-Length: \v5", "hello"),
    want: refused(
      "400 Bad Request",
      "A header value holds a control character",
    ),
  },
  {
    name: "more than the limit",
    raw: post("Content-Length: 1073741825", ""),
    want: refused("413 Content Too Large"),
  },
  {
    name: "two that differ",
    raw: post("Content-Length: 5\r\nContent-Length: 6", "hello"),
    want: refused("400 Bad Request", MANY),
  },
  {
    name: "two that are equal",
    raw: post("Content-Length: 5\r\nContent-Length: 5", "hello"),
    want: refused("400 Bad Request", MANY),
  },
  {
    name: "two, one of them empty",
    raw: post("Content-Length:\r\nContent-Length: 5", "hello"),
    want: refused("400 Bad Request", MANY),
  },
  {
    name: "a body that breaks off",
    raw: post("Content-Length: 10", "hello"),
    want: refused("400 Bad Request", "The request body ends too early"),
    isCut: true,
  },
];

const CODINGS: Row[] = [
  ...["chunked", "Chunked", "CHUNKED", "\tchunked", "chunked \t"].map(
    (coding) => ({
      name: JSON.stringify(coding),
      raw: post(`Transfer-Encoding: ${coding}`, CHUNKS),
      want: mirrored("POST /p [hello]"),
    }),
  ),
  {
    name: "a GET with a chunked body",
    raw:
      `GET /g HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${CHUNKS}`,
    want: mirrored("GET /g [hello]"),
  },
  {
    name: "an underscore in the name is another field",
    raw: post("Transfer_Encoding: chunked\r\nContent-Length: 5", "hello"),
    want: mirrored("POST /p [hello]"),
  },
  ...[
    "",
    ",",
    ", chunked",
    "chunked,",
    "chunked, chunked",
    "chunked chunked",
    "chunked;",
    "chunked;a=b",
    '"chunked"',
    "'chunked'",
    "xchunked",
    "chunkedx",
    "x-chunked",
    "chunk\xebd",
    "chunked, gzip",
    "chunked, identity",
    "identity",
    "identity, chunked",
    "gzip;q=1, chunked",
    "gzip, ,chunked",
    "chun ked",
    "\xa0chunked",
    "chunked\x85",
  ].map((coding) => ({
    name: JSON.stringify(coding),
    raw: post(`Transfer-Encoding: ${coding}`, CHUNKS),
    want: refused("400 Bad Request", CODING),
  })),
  ...["gzip", "GZIP", "deflate, chunked", "gzip, chunked", "br", "cow"].map(
    (coding) => ({
      name: coding,
      raw: post(`Transfer-Encoding: ${coding}`, CHUNKS),
      want: refused("501 Not Implemented", FOREIGN),
    }),
  ),
  ...[
    ["chunked", "chunked"],
    ["chunked", "identity"],
    ["identity", "chunked"],
    ["chunked", ""],
    ["", "chunked"],
    ["chunked", "gzip"],
  ].map(([first, second]) => ({
    name: `two lines: ${JSON.stringify(first)}, ${JSON.stringify(second)}`,
    raw: post(
      `Transfer-Encoding: ${first}\r\nTransfer-Encoding: ${second}`,
      CHUNKS,
    ),
    want: refused("400 Bad Request", CODING),
  })),
  {
    name: "gzip on one line, chunked on the next",
    raw: post("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked", CHUNKS),
    want: refused("501 Not Implemented", FOREIGN),
  },
  ...["chunked", "gzip", "", "identity"].flatMap((coding) => [
    {
      name: `a length, then ${JSON.stringify(coding)}`,
      raw: post(`Content-Length: 5\r\nTransfer-Encoding: ${coding}`, CHUNKS),
      want: refused("400 Bad Request", BOTH),
    },
    {
      name: `${JSON.stringify(coding)}, then a length`,
      raw: post(`Transfer-Encoding: ${coding}\r\nContent-Length: 5`, CHUNKS),
      want: refused("400 Bad Request", BOTH),
    },
  ]),
  {
    name: "chunked on HTTP/1.0",
    raw: post("Transfer-Encoding: chunked", CHUNKS, "1.0"),
    want: refused(
      "400 Bad Request",
      "There is a Transfer-Encoding on HTTP/1.0",
    ),
  },
  {
    name: "chunked on HTTP/1.0 with keep-alive",
    raw: post(
      "Connection: keep-alive\r\nTransfer-Encoding: chunked",
      CHUNKS,
      "1.0",
    ),
    want: refused(
      "400 Bad Request",
      "There is a Transfer-Encoding on HTTP/1.0",
    ),
  },
  {
    name: "Connection names it",
    raw: post(
      "Connection: transfer-encoding\r\nTransfer-Encoding: chunked",
      CHUNKS,
    ),
    want: mirrored("POST /p [hello]"),
  },
];

const CLOSE = "Connection: close";
const KEEP = "Connection: keep-alive";

/** The answer to a GET with these fields ends with this field. */
const CONNECTIONS: Row[] = ([
  ["1.1", "X: y", ""],
  ["1.1", "Connection: keep-alive", ""],
  ["1.1", "Connection: x", ""],
  ["1.1", "Connection: closed", ""],
  ["1.1", 'Connection: "close"', ""],
  ["1.1", "Connection: close", CLOSE],
  ["1.1", "Connection: CLOSE", CLOSE],
  ["1.1", "Connection: x, close", CLOSE],
  ["1.1", "Connection: close,x", CLOSE],
  ["1.1", "Connection: , ,close", CLOSE],
  ["1.1", "Connection: keep-alive, close", CLOSE],
  ["1.1", "Connection: x\r\nConnection: close", CLOSE],
  ["1.1", "Proxy-Connection: close", ""],
  ["1.2", "X: y", ""],
  ["1.0", "X: y", CLOSE],
  ["1.0", "Connection: close", CLOSE],
  ["1.0", "Connection: keep-alive", KEEP],
  ["1.0", "Connection: Keep-Alive", KEEP],
  ["1.0", "Connection: keep-alive, x", KEEP],
  ["1.0", "Connection: keep-alive, close", CLOSE],
  ["1.0", "Proxy-Connection: keep-alive", CLOSE],
  ["1.0", "Keep-Alive: timeout=5", CLOSE],
] as const).map(([version, field, sent]) => ({
  name: `${version} ${JSON.stringify(field)}`,
  raw: `GET / HTTP/${version}\r\nHost: a\r\n${field}\r\n\r\n`,
  want: sent === "" ? mirrored("GET / []") : mirrored("GET / []", sent),
}));

for (
  const [title, rows] of [
    ["decideFraming() takes a length and refuses what is none", LENGTHS],
    ["decideFraming() takes chunked and refuses other codings", CODINGS],
    ["decideFraming() keeps the connection or closes it", CONNECTIONS],
  ] as const
) {
  Deno.test(title, async (t) => {
    for (const row of rows) await t.step(row.name, () => play(row));
  });
}
