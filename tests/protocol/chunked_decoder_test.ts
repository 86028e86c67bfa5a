import { mirrored, play, refused, type Row } from "../_wire.ts";

const SIZE = "A chunk size is not a hexadecimal number";
const LINE = "A chunk line is malformed";
const DIGITS = "A chunk size has too many digits";
const END = "A chunk does not end with CRLF";
const BARE_LF = "A line ends with LF alone";
const EARLY = "The request body ends too early";
const LATE = "A trailer field belongs in the head";

/** A POST with this chunked body. */
function chunked(body: string): string {
  return `POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${body}`;
}

const BODIES: Row[] = [
  { name: "empty", raw: chunked("0\r\n\r\n"), want: mirrored("POST /p []") },
  {
    name: "one chunk",
    raw: chunked("5\r\nhello\r\n0\r\n\r\n"),
    want: mirrored("POST /p [hello]"),
  },
  {
    name: "three chunks",
    raw: chunked("1\r\na\r\n2\r\nbc\r\n3\r\ndef\r\n0\r\n\r\n"),
    want: mirrored("POST /p [abcdef]"),
  },
  {
    name: "digits in both cases",
    raw: chunked("a\r\n0123456789\r\nB\r\n0123456789a\r\n0\r\n\r\n"),
    want: mirrored("POST /p [01234567890123456789a]"),
  },
  {
    name: "zeros in front of a size",
    raw: chunked("0000000000000005\r\nhello\r\n0000000000000000\r\n\r\n"),
    want: mirrored("POST /p [hello]"),
  },
  {
    name: "data that looks like the end",
    raw: chunked("7\r\n\r\n0\r\n\r\n\r\n0\r\n\r\n"),
    want: mirrored("POST /p [\r\n0\r\n\r\n]"),
  },
];

const EXTENSIONS: Row[] = [
  ...[
    ";a",
    ";a=b",
    ';a="b"',
    ';a=""',
    ';a="b;c=\\"d\\\\"',
    ";a;b=c;d",
    " ;a",
    "\t; a\t=\tb",
    "; a = b ;c",
    ';a="\xe9"',
  ].map((extension) => ({
    name: JSON.stringify(extension),
    raw: chunked(`5${extension}\r\nhello\r\n0${extension}\r\n\r\n`),
    want: mirrored("POST /p [hello]"),
  })),
  ...[
    ";",
    ";;a",
    ";a;",
    ";=b",
    ";a=",
    ";a=;b",
    ";a b",
    ";a=b c",
    ';a="b',
    ';a="b"c',
    ';a=b"',
    ";a[=b",
    ";a=\xe9",
    " ",
    "\t",
    " a",
    ";a ",
    ";\x00a",
    ";a\x00",
    ";a\x7f",
    ';a="\x00"',
    ';a="\x01"',
    ";a\rb",
    '";a',
    ",a",
    "g",
    "_0",
    ".0",
    "-1",
    "\v",
    "\r",
  ].map((extension) => ({
    name: JSON.stringify(extension),
    raw: chunked(`5${extension}\r\nhello\r\n0\r\n\r\n`),
    want: refused("400 Bad Request", LINE),
  })),
  {
    name: "bare LF behind a size",
    raw: chunked("5\nhello\r\n0\r\n\r\n"),
    want: refused("400 Bad Request", BARE_LF),
  },
  {
    name: "bare LF in an extension",
    raw: chunked("5;a\nb\r\nhello\r\n0\r\n\r\n"),
    want: refused("400 Bad Request", BARE_LF),
  },
];

const SIZES: Row[] = [
  ...["", "+5", "-5", "-0", " 5", "\t5", "g", ";a", "h5", '"5"', "\xb5", "\0"]
    .map((size) => ({
      name: JSON.stringify(size),
      raw: chunked(`${size}\r\nhello\r\n0\r\n\r\n`),
      want: refused("400 Bad Request", SIZE),
    })),
  {
    name: "0x5",
    raw: chunked("0x5\r\nhello\r\n0\r\n\r\n"),
    want: refused("400 Bad Request", LINE),
  },
  {
    name: "bare CR behind a size",
    raw: chunked("5\rhello\r\n0\r\n\r\n"),
    want: refused("400 Bad Request", LINE),
  },
  ...[
    "20000000000001",
    "7fffffffffffffff",
    "ffffffffffffffff",
    "10000000000000005",
    "00000000000000005",
    "f".repeat(64),
  ].map((size) => ({
    name: size,
    raw: chunked(`${size}\r\nhello\r\n0\r\n\r\n`),
    want: refused("400 Bad Request", DIGITS),
  })),
  {
    name: "more than the limit",
    raw: chunked("40000001\r\n"),
    want: refused("413 Content Too Large"),
  },
];

const DATA: Row[] = [
  ["nothing", "5\r\nhello0\r\n\r\n"],
  ["LF", "5\r\nhello\n0\r\n\r\n"],
  ["CR", "5\r\nhello\rX0\r\n\r\n"],
  ["CR CR LF", "5\r\nhello\r\r\n0\r\n\r\n"],
  ["LF CR", "5\r\nhello\n\r0\r\n\r\n"],
  ["more data", "5\r\nhello!!\r\n0\r\n\r\n"],
].map(([name = "", body = ""]) => ({
  name: `${name} behind the data`,
  raw: chunked(body),
  want: refused("400 Bad Request", END),
}));

const TRAILERS: Row[] = [
  {
    name: "one",
    raw: chunked("5\r\nhello\r\n0\r\nX-Sum: abc\r\n\r\n"),
    want: mirrored("POST /p [hello] X-Sum=abc"),
  },
  {
    name: "one that describes the content",
    raw: chunked("0\r\nVary: *\r\nContent-Type: text/plain\r\n\r\n"),
    want: mirrored("POST /p [] Vary=* Content-Type=text/plain"),
  },
  {
    name: "two, with blanks and without a value",
    raw: chunked("0\r\nA: \t b \r\nC:\r\n\r\n"),
    want: mirrored("POST /p [] A=b C="),
  },
  ...[
    "Authorization",
    "Connection",
    "Content-Length",
    "Expect",
    "Host",
    "TE",
    "Trailer",
    "Transfer-Encoding",
  ].map((name) => ({
    name,
    raw: chunked(`0\r\n${name}: 5\r\n\r\n`),
    want: refused("400 Bad Request", LATE),
  })),
  {
    name: "no colon",
    raw: chunked("0\r\nnonsense\r\n\r\n"),
    want: refused("400 Bad Request", "A trailer line has no colon"),
  },
  {
    name: "blank before the colon",
    raw: chunked("0\r\nA : b\r\n\r\n"),
    want: refused("400 Bad Request", "A trailer name is not a token"),
  },
  {
    name: "folded",
    raw: chunked("0\r\nA: b\r\n c: d\r\n\r\n"),
    want: refused("400 Bad Request", "A trailer name is not a token"),
  },
  {
    name: "NUL in a value",
    raw: chunked("0\r\nA: \0\r\n\r\n"),
    want: refused(
      "400 Bad Request",
      "A trailer value holds a control character",
    ),
  },
  {
    name: "bare LF behind a field",
    raw: chunked("0\r\nA: b\n\r\n"),
    want: refused("400 Bad Request", BARE_LF),
  },
  {
    name: "bare LF as the end",
    raw: chunked("0\r\n\n"),
    want: refused("400 Bad Request", BARE_LF),
  },
  {
    name: "a request where the trailers should be",
    raw: chunked("0\r\nGET /x HTTP/1.1\r\nHost: a\r\n\r\n"),
    want: refused("400 Bad Request", "A trailer name is not a token"),
  },
];

const CUT: Row[] = [
  "",
  "5",
  "5\r",
  "5\r\n",
  "5\r\nhel",
  "5\r\nhello",
  "5\r\nhello\r",
  "5\r\nhello\r\n",
  "5\r\nhello\r\n0\r\n",
  "5\r\nhello\r\n0\r\n\r",
  "5\r\nhello\r\n0\r\nA: b\r\n",
].map((body) => ({
  name: JSON.stringify(body),
  raw: chunked(body),
  want: refused("400 Bad Request", EARLY),
  isCut: true,
}));

for (
  const [title, rows] of [
    ["ChunkedDecoder reads bodies", BODIES],
    ["ChunkedDecoder takes extensions and refuses what is none", EXTENSIONS],
    ["ChunkedDecoder refuses sizes that are none", SIZES],
    ["ChunkedDecoder refuses data that is longer than its size", DATA],
    ["ChunkedDecoder reads trailers and refuses some", TRAILERS],
    ["ChunkedDecoder refuses bodies that break off", CUT],
  ] as const
) {
  Deno.test(title, async (t) => {
    for (const row of rows) await t.step(row.name, () => play(row));
  });
}
