import { mirrored, play, refused, type Row } from "../_wire.ts";

const TARGET = "The request target is malformed";
const PATH = "The path holds a malformed escape";

/** A request with this request line. */
function line(text: string): string {
  return `${text}\r\nHost: a\r\n\r\n`;
}

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

for (
  const [title, rows] of [
    ["parseRequestHead() reads and refuses targets", TARGETS],
  ] as const
) {
  Deno.test(title, async (t) => {
    for (const row of rows) await t.step(row.name, () => play(row));
  });
}
