import { mirrored, play, refused, type Row } from "../_wire.ts";

const LINE =
  "The request line is not a method, a target and a version with one space between";
const METHOD = "The method is not a token";
const VERSION = "The HTTP version is malformed";
const MAJOR = "The HTTP version is not 1.0 or 1.1";
const BARE_LF = "A line ends with LF alone";

/** A request with this request line. */
function line(text: string): string {
  return `${text}\r\nHost: a\r\n\r\n`;
}

const REQUEST_LINES: Row[] = [
  { name: "path", raw: line("GET /a HTTP/1.1"), want: mirrored("GET /a []") },
  {
    name: "path and query",
    raw: line("GET /a?b=c&d=/?e HTTP/1.1"),
    want: mirrored("GET /a?b=c&d=/?e []"),
  },
  {
    name: "slashes in front are one",
    raw: line("GET ///a//b HTTP/1.1"),
    want: mirrored("GET /a//b []"),
  },
  {
    name: "characters that browsers send unescaped",
    raw: line("GET /a|b^[c]?{d}\\`e` HTTP/1.1"),
    want: mirrored("GET /a|b^[c]?{d}\\`e` []"),
  },
  {
    name: "unknown method",
    raw: line("M-SEARCH /a HTTP/1.1"),
    want: mirrored("M-SEARCH /a []"),
  },
  {
    name: "method in lower case",
    raw: line("get /a HTTP/1.1"),
    want: mirrored("get /a []"),
  },
  {
    name: "all token characters in the method",
    raw: line("!#$%&'*+-.^_`|~09AZaz /a HTTP/1.1"),
    want: mirrored("!#$%&'*+-.^_`|~09AZaz /a []"),
  },
  {
    name: "later minor version",
    raw: line("GET /a HTTP/1.2"),
    want: mirrored("GET /a []"),
  },
  {
    name: "last minor version",
    raw: line("GET /a HTTP/1.9"),
    want: mirrored("GET /a []"),
  },
  {
    name: "one empty line in front",
    raw: "\r\n" + line("GET /a HTTP/1.1"),
    want: mirrored("GET /a []"),
  },
  {
    name: "three empty lines in front",
    raw: "\r\n\r\n\r\n" + line("GET /a HTTP/1.1"),
    want: mirrored("GET /a []"),
  },
  {
    name: "a bare LF in front",
    raw: "\n" + line("GET /a HTTP/1.1"),
    want: refused("400 Bad Request", METHOD),
  },
  {
    name: "a bare CR in front",
    raw: "\r" + line("GET /a HTTP/1.1"),
    want: refused("400 Bad Request", METHOD),
  },
  {
    name: "blank in front",
    raw: line(" GET /a HTTP/1.1"),
    want: refused("400 Bad Request", METHOD),
  },
  {
    name: "two blanks behind the method",
    raw: line("GET  /a HTTP/1.1"),
    want: refused("400 Bad Request", LINE),
  },
  {
    name: "two blanks behind the target",
    raw: line("GET /a  HTTP/1.1"),
    want: refused("400 Bad Request", LINE),
  },
  {
    name: "blank at the end",
    raw: line("GET /a HTTP/1.1 "),
    want: refused("400 Bad Request", LINE),
  },
  {
    name: "blank in the target",
    raw: line("GET /a b HTTP/1.1"),
    want: refused("400 Bad Request", LINE),
  },
  {
    name: "no version",
    raw: line("GET /a"),
    want: refused("400 Bad Request", LINE),
  },
  {
    name: "no target",
    raw: line("GET HTTP/1.1"),
    want: refused("400 Bad Request", LINE),
  },
  {
    name: "method only",
    raw: line("GET"),
    want: refused("400 Bad Request", LINE),
  },
  {
    name: "empty version",
    raw: line("GET /a "),
    want: refused("400 Bad Request", VERSION),
  },
  {
    name: "tabs between",
    raw: line("GET\t/a\tHTTP/1.1"),
    want: refused("400 Bad Request", METHOD),
  },
  {
    name: "tab behind the target",
    raw: line("GET /a\tHTTP/1.1"),
    want: refused("400 Bad Request", LINE),
  },
  {
    name: "vertical tabs between",
    raw: line("GET\v/a\vHTTP/1.1"),
    want: refused("400 Bad Request", METHOD),
  },
  {
    name: "slash in the method",
    raw: line("GET/ /a HTTP/1.1"),
    want: refused("400 Bad Request", METHOD),
  },
  {
    name: "control in the method",
    raw: line("G\x01T /a HTTP/1.1"),
    want: refused("400 Bad Request", METHOD),
  },
  {
    name: "DEL in the method",
    raw: line("G\x7fT /a HTTP/1.1"),
    want: refused("400 Bad Request", METHOD),
  },
  {
    name: "UTF-8 in the method",
    raw: line("G\xc3\x89T /a HTTP/1.1"),
    want: refused("400 Bad Request", METHOD),
  },
  {
    name: "byte order mark in front",
    raw: line("\xef\xbb\xbfGET /a HTTP/1.1"),
    want: refused("400 Bad Request", METHOD),
  },
  {
    name: "a text before the method",
    raw: line("Extra lineGET /a HTTP/1.1"),
    want: refused("400 Bad Request", LINE),
  },
  {
    name: "TLS client hello",
    raw: "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    want: refused("400 Bad Request", METHOD),
    isCut: true,
  },
  {
    name: "HTTP/2 preface",
    raw: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    want: refused("505 HTTP Version Not Supported", MAJOR),
  },
  ...["HTTP/2.0", "HTTP/3.0", "HTTP/0.9", "HTTP/9.9"].map((version) => ({
    name: version,
    raw: line(`GET /a ${version}`),
    want: refused("505 HTTP Version Not Supported", MAJOR),
  })),
  ...[
    "http/1.1",
    "Http/1.1",
    "HTTP/1",
    "HTTP/1.",
    "HTTP/.1",
    "HTTP/1.10",
    "HTTP/01.1",
    "HTTP/1.1.1",
    "HTTP/1.1;a",
    "HTTP/+1.1",
    "HTTP/1,1",
    "HTTP-1.1",
    "HTTPS/1.1",
    "HTTP/1.x",
    "HTTP/1.\xb9",
    "1.1",
  ].map((version) => ({
    name: version,
    raw: line(`GET /a ${version}`),
    want: refused("400 Bad Request", VERSION),
  })),
  {
    name: "blank in the version",
    raw: line("GET /a HTTP/ 1.1"),
    want: refused("400 Bad Request", LINE),
  },
  {
    name: "bare LF at the line's end",
    raw: "GET /a HTTP/1.1\nHost: a\r\n\r\n",
    want: refused("400 Bad Request", BARE_LF),
  },
  {
    name: "bare CR at the line's end",
    raw: "GET /a HTTP/1.1\rHost: a\r\n\r\n",
    want: refused("400 Bad Request", LINE),
  },
  {
    name: "two CR at the line's end",
    raw: "GET /a HTTP/1.1\r\r\nHost: a\r\n\r\n",
    want: refused("400 Bad Request", VERSION),
  },
];

for (
  const [title, rows] of [
    ["parseRequestLine() reads and refuses request lines", REQUEST_LINES],
  ] as const
) {
  Deno.test(title, async (t) => {
    for (const row of rows) await t.step(row.name, () => play(row));
  });
}
