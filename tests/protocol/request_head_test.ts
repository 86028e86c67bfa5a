import { crlf, mirrored, play, refused, type Row } from "../_wire.ts";

const NAME = "A header name is not a token";
const COLON = "A header line has no colon";
const VALUE = "A header value holds a control character";
const BARE_LF = "A line ends with LF alone";
const HOST = "The Host is malformed";

/** A request with this field line. */
function field(text: string): string {
  return `GET / HTTP/1.1\r\nHost: a\r\n${text}\r\n\r\n`;
}

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
    want: refused("400 Bad Request", NAME),
  },
  {
    name: "blank line that is not empty",
    raw: "GET / HTTP/1.1\r\n \r\nHost: a\r\n\r\n",
    want: refused("400 Bad Request", NAME),
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
    ["parseRequestHead() reads and refuses fields", FIELDS],
    ["parseRequestHead() reads and refuses Host", HOSTS],
    ["parseRequestHead() refuses heads that break off", CUT],
  ] as const
) {
  Deno.test(title, async (t) => {
    for (const row of rows) await t.step(row.name, () => play(row));
  });
}
