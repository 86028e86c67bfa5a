import { crlf, mirrored, play, refused, type Row } from "../_wire.ts";

const LINE =
  "The request line is not a method, a target and a version with one space between";
const METHOD = "The method is not a token";
const TARGET = "The request target is malformed";
const VERSION = "The HTTP version is malformed";
const MAJOR = "The HTTP version is not 1.0 or 1.1";
const NAME = "A header name is not a token";
const COLON = "A header line has no colon";
const VALUE = "A header value holds a control character";
const BARE_LF = "A line ends with LF alone";
const HOST = "The Host is malformed";
const PATH = "The path holds a malformed escape";

/** A request with this request line. */
function line(text: string): string {
  return `${text}\r\nHost: a\r\n\r\n`;
}

/** A request with this field line. */
function field(text: string): string {
  return `GET / HTTP/1.1\r\nHost: a\r\n${text}\r\n\r\n`;
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

const TARGETS: Row[] = [
  {
    name: "absolute-form wins over Host",
    raw: line("GET http://b:81/c?d HTTP/1.1"),
    want: mirrored("GET /c?d []"),
  },
  {
    name: "absolute-form without a path",
    raw: line("GET http://b HTTP/1.1"),
    want: mirrored("GET / []"),
  },
  {
    name: "absolute-form with a query only",
    raw: line("GET http://b?c HTTP/1.1"),
    want: mirrored("GET /?c []"),
  },
  {
    name: "absolute-form in capitals",
    raw: line("GET HTTPS://B/c HTTP/1.1"),
    want: mirrored("GET /c []"),
  },
  {
    name: "absolute-form of an IPv6 address",
    raw: line("GET http://[::1]:8000/c HTTP/1.1"),
    want: mirrored("GET /c []"),
  },
  ...[
    "*",
    "?a=b",
    "a",
    "a/b",
    "\\a",
    "http://",
    "http:///a",
    "http://u@b/",
    "http://u:p@b/",
    "http://b:x/",
    "http://b/#c",
    "http:/b",
    "ftp://b/c",
    "urn:b",
    "/a#b",
    "/a\\b",
    '/a"b',
    "/<a>",
    "/a\x00b",
    "/a\x01b",
    "/a\x7fb",
    "/a\tb",
    "/caf\xc3\xa9",
    "/caf\xe9",
  ].map((
    target,
  ) => ({
    name: JSON.stringify(target),
    raw: line(`GET ${target} HTTP/1.1`),
    want: refused("400 Bad Request", TARGET),
  })),
  ...["/a%", "/a%4", "/a%zz", "/a%u0041", "/%ff", "/%c0%ae", "/%ed%a0%80"].map(
    (target) => ({
      name: target,
      raw: line(`GET ${target} HTTP/1.1`),
      want: refused("400 Bad Request", PATH),
    }),
  ),
  {
    name: "escaped NUL",
    raw: line("GET /a%00b HTTP/1.1"),
    want: refused("400 Bad Request", "The path holds an escaped NUL"),
  },
  {
    name: "CONNECT",
    raw: line("CONNECT b:443 HTTP/1.1"),
    want: refused("501 Not Implemented"),
  },
  ...["*", "b", "b:", "/", "http://b:443/"].map((target) => ({
    name: `CONNECT ${target}`,
    raw: line(`CONNECT ${target} HTTP/1.1`),
    want: refused("400 Bad Request", TARGET),
  })),
];

const FIELDS: Row[] = [
  { name: "any case", raw: field("x-A: b"), want: mirrored("GET / []") },
  { name: "empty value", raw: field("X:"), want: mirrored("GET / []") },
  { name: "blank value", raw: field("X: \t "), want: mirrored("GET / []") },
  { name: "no blank", raw: field("X:b"), want: mirrored("GET / []") },
  { name: "tab in a value", raw: field("X: a\tb"), want: mirrored("GET / []") },
  {
    name: "octets above 127 in a value",
    raw: field("X: \x80\xff\xc3\xa9"),
    want: mirrored("GET / []"),
  },
  {
    name: "all token characters in a name",
    raw: field("!#$%&'*+-.^_`|~09AZaz: b"),
    want: mirrored("GET / []"),
  },
  {
    name: "the same field twice",
    raw: field("X: a\r\nX: b"),
    want: mirrored("GET / []"),
  },
  ...[
    ["folded by a blank", "X: a\r\n b: c"],
    ["folded by a tab", "X: a\r\n\tb: c"],
    ["folded to a blank line", "X: a\r\n : b"],
    ["empty name", ": b"],
    ["blank before the colon", "X : b"],
    ["tab before the colon", "X\t: b"],
    ["blank in a name", "X Y: b"],
    ["NUL in a name", "X\x00: b"],
    ["control in a name", "X\x1f: b"],
    ["DEL in a name", "X\x7f: b"],
    ["UTF-8 in a name", "X\xc3\xab: b"],
    ["vertical tab in a name", "X\v: b"],
    ["bare CR in a name", "X\rY: b"],
    ["bracket in a name", "X[: b"],
    ["slash in a name", "X/Y: b"],
    ["comma in a name", "X,Y: b"],
    ["semicolon in a name", "X;Y: b"],
    ["equals sign in a name", "X=Y: b"],
    ["at sign in a name", "X@Y: b"],
    ["quotes in a name", '"X": b'],
    ["brace in a name", "X{: b"],
    ["parenthesis in a name", "X(: b"],
    ["question mark in a name", "X?: b"],
    ["backslash in a name", "X\\: b"],
  ].map(([name = "", text = ""]) => ({
    name,
    raw: field(text),
    want: refused("400 Bad Request", NAME),
  })),
  {
    name: "no colon",
    raw: field("X"),
    want: refused("400 Bad Request", COLON),
  },
  {
    name: "folded without a colon",
    raw: field("X: a\r\n b"),
    want: refused("400 Bad Request", COLON),
  },
  {
    name: "blank line that is not empty",
    raw: "GET / HTTP/1.1\r\n \r\nHost: a\r\n\r\n",
    want: refused("400 Bad Request", COLON),
  },
  ...[
    ["NUL", "X: a\x00b"],
    ["NUL at the end", "X: a\x00"],
    ["bare CR", "X: a\rb"],
    ["CR at the end", "X: a\r"],
    ["BEL", "X: a\x07"],
    ["vertical tab", "X: a\vb"],
    ["form feed in front", "X: \fa"],
    ["DEL", "X: a\x7fb"],
    ["escape", "X: \x1b[2J"],
  ].map(([name = "", text = ""]) => ({
    name: `${name} in a value`,
    raw: field(text),
    want: refused("400 Bad Request", VALUE),
  })),
  {
    name: "bare LF behind a field",
    raw: "GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n",
    want: refused("400 Bad Request", BARE_LF),
  },
  {
    name: "bare LF as the empty line",
    raw: "GET / HTTP/1.1\r\nHost: a\r\n\n",
    want: refused("400 Bad Request", BARE_LF),
  },
  {
    name: "two bare LF as the end",
    raw: "GET / HTTP/1.1\r\nHost: a\n\n",
    want: refused("400 Bad Request", BARE_LF),
  },
  {
    name: "bare CR as the empty line",
    raw: "GET / HTTP/1.1\r\nHost: a\r\n\rX: b\r\n\r\n",
    want: refused("400 Bad Request", NAME),
  },
];

const HOSTS: Row[] = [
  ...["a", "a.b", "A-1.b", "a_b", "a:80", "a:", "127.0.0.1:8000", "[::1]:80"]
    .map((host) => ({
      name: host,
      raw: `GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
      want: mirrored("GET / []"),
    })),
  ...[
    "",
    "a b",
    "a,b",
    "a, b",
    "u@a",
    "a/b",
    "a?b",
    "a#b",
    "a\\b",
    "http://a",
    "a:b",
    "a:-1",
    "a:80:80",
    "a:123456",
    ":80",
    "[::1",
    "::1",
    "[]",
    "[g::1]",
    "[::1]x",
    "a\xe9",
    "a%",
    "a%zz",
    "<a>",
    '"a"',
    "a|b",
    "a^b",
  ].map((host) => ({
    name: JSON.stringify(host),
    raw: `GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
    want: refused("400 Bad Request", HOST),
  })),
  {
    name: "no Host on 1.1",
    raw: crlf`GET / HTTP/1.1\n\n`,
    want: refused("400 Bad Request", "There is no Host"),
  },
  {
    name: "no Host on 1.1 beside absolute-form",
    raw: crlf`GET http://a/ HTTP/1.1\n\n`,
    want: refused("400 Bad Request", "There is no Host"),
  },
  {
    name: "no Host on 1.0",
    raw: crlf`GET / HTTP/1.0\n\n`,
    want: mirrored("GET / []", "Connection: close"),
  },
  ...["1.0", "1.1"].flatMap((version) => [
    {
      name: `two Host on ${version}`,
      raw: `GET / HTTP/${version}\r\nHost: a\r\nHost: b\r\n\r\n`,
      want: refused("400 Bad Request", "There is more than one Host"),
    },
    {
      name: `the same Host twice on ${version}`,
      raw: `GET / HTTP/${version}\r\nHost: a\r\nhost: a\r\n\r\n`,
      want: refused("400 Bad Request", "There is more than one Host"),
    },
  ]),
];

const CUT: Row[] = [
  { name: "nothing", raw: "", want: "" },
  { name: "empty lines", raw: "\r\n\r\n", want: "" },
  ...["\r", "G", "GET ", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: a\r\n"]
    .map((raw) => ({
      name: JSON.stringify(raw),
      raw,
      want: refused("400 Bad Request", "The request head ends too early"),
    })),
].map((row) => ({ ...row, isCut: true }));

for (
  const [title, rows] of [
    ["parseRequestHead() reads and refuses request lines", REQUEST_LINES],
    ["parseRequestHead() reads and refuses targets", TARGETS],
    ["parseRequestHead() reads and refuses fields", FIELDS],
    ["parseRequestHead() reads and refuses Host", HOSTS],
    ["parseRequestHead() refuses heads that break off", CUT],
  ] as const
) {
  Deno.test(title, async (t) => {
    for (const row of rows) await t.step(row.name, () => play(row));
  });
}
