// Classes of faults that servers and frameworks had in what they make of a
// request, one row each. The identifier is that of a case that was published;
// the words are about what it was.

import { type Attack, sends, testAttacks } from "./_attack.ts";
import { get } from "./_request.ts";

/** A line of the client's own in the head of a response. */
const INJECTED = /^Set-Cookie(?=[^]*\r\n\r\n)/m;

/** What is reported of a handler that throws. */
const REPORT = /^(Exception while serving .*(Type)?Error: | {4}at )/;

/** Values that a handler puts where a client wants them. */
const INJECTIONS: readonly Attack[] = [
  "%0d%0aSet-Cookie:%20a=b",
  "%0aSet-Cookie:%20a=b",
  "%0dSet-Cookie:%20a=b",
  "%00",
  "%c4%8aSet-Cookie:%20a=b",
].flatMap((value) => [
  ...["/echo-in-head", "/echo-in-phrase"].map((path) => ({
    name: `cpython #142533, ${value} in a response of ${path}`,
    attack: sends(get(`${path}?${value}`), {
      wants: /^HTTP\/1\.1 500 /,
      lacks: INJECTED,
    }),
    says: REPORT,
  })),
  ...["/echo-in-redirect", "/echo-in-error"].map((path) => ({
    name: `cpython #142533, ${value} in a response of ${path}`,
    attack: sends(get(`${path}?${value}`), {
      wants: /^HTTP\/1\.1 (302|404) /,
      lacks: INJECTED,
    }),
  })),
]);

const GUARDED: readonly Attack[] = [
  "/admin/secret",
  "//admin/secret",
  "/admin//secret",
  "/./admin/secret",
  "/x/../admin/secret",
  "/%61dmin/secret",
  "/admin%2fsecret",
  "/admin%2Fsecret",
  "/admin\\secret",
  "/admin%5csecret",
  "/admin/./secret",
  "/admin/secret?x",
  "/admin/secret%3fx",
  "/admin;x/secret",
  "http://localhost/admin/secret",
  "http://x@localhost//admin/secret",
  "/ADMIN/secret",
].map((path) => ({
  name: `CVE-2026-39407, a guard by another spelling: ${path}`,
  attack: sends(get(path), {
    wants: /^HTTP\/1\.1 (301|4\d\d) /,
    lacks: "for administrators",
  }),
}));

const NEXT = "GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n";

/** Requests of which two servers might see different ends. */
const SMUGGLING: readonly Attack[] = ([
  ["a length beside chunks", "Content-Length: 5\r\nTransfer-Encoding: chunked"],
  ["two lengths", "Content-Length: 5\r\nContent-Length: 6"],
  ["a list of lengths", "Content-Length: 5, 6"],
  ["a length with a sign", "Content-Length: +5"],
  ["a length of digits without end", `Content-Length: ${"9".repeat(60_000)}`],
  ["a length of zeros without end", `Content-Length: ${"0".repeat(60_000)}`],
  ["a space before the colon", "Content-Length : 5"],
  ["a line that is folded", "Content-Length:\r\n 5"],
  ["a coding by another name", "Transfer-Encoding: xchunked"],
  ["a coding behind a control character", "Transfer-Encoding: \x0bchunked"],
  ["a coding twice", "Transfer-Encoding: chunked, chunked"],
  ["a coding that is not the last", "Transfer-Encoding: chunked, identity"],
  ["a field behind a bare CR", "X: y\rTransfer-Encoding: chunked"],
  ["a byte that ends a C string", "X: y\0\r\nContent-Length: 5"],
] as const).map(([what, fields]) => ({
  name: `CWE-444, ${what}`,
  attack: sends(
    `POST /read HTTP/1.1\r\nHost: localhost\r\n${fields}\r\n\r\n${NEXT}`,
    { ending: "half", wants: /^HTTP\/1\.1 [45]\d\d /, lacks: "smuggled" },
  ),
}));

const ATTACKS: readonly Attack[] = [
  ...INJECTIONS,
  ...GUARDED,
  ...SMUGGLING,
  {
    name: "CWE-444, a request inside of a body that was not read",
    attack: sends(
      `POST /unread HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n` +
        `Content-Length: ${NEXT.length}\r\n\r\n${NEXT}`,
      { wants: "unread\n", lacks: "smuggled" },
    ),
  },
  {
    name: "CWE-444, a request behind a GET with a body",
    attack: sends(
      `GET /echo-in-redirect?x HTTP/1.1\r\nHost: localhost\r\n` +
        `Connection: close\r\nContent-Length: ${NEXT.length}\r\n\r\n${NEXT}`,
      { wants: "HTTP/1.1 302 ", lacks: "smuggled" },
    ),
  },
  {
    name: "CWE-444, a request behind one that closes",
    attack: sends(get("/echo-in-redirect?x") + NEXT, { lacks: "smuggled" }),
  },
  {
    name: "cpython #87979, a method of 60,000 characters",
    attack: sends(`${"M".repeat(60_000)} / HTTP/1.1\r\nHost: h\r\n\r\n`, {
      wants: /^HTTP\/1\.1 4\d\d /,
      lacks: "MMMM",
    }),
  },
  {
    name: "a handler that throws, and no response without bytes",
    attack: sends(get("/throws"), {
      wants: /^HTTP\/1\.1 500 /,
      lacks: "at the handler's",
    }),
    says: REPORT,
  },
  {
    name: "a log line that is forged by a request line",
    attack: sends(
      "GET /x\x1b[2J\x07\x9b31m HTTP/1.1\r\nHost: localhost\r\n\r\n",
      { wants: "HTTP/1.1 400 " },
    ),
  },
  {
    name: "a log line that is forged by a path",
    attack: sends(get('/x%0a127.0.0.1%20-%20-%20[now]%20"GET'), {
      wants: /^HTTP\/1\.1 4\d\d /,
    }),
  },
  {
    name: "CVE-2007-6750, heads that never end",
    attack: sends("GET / HTTP/1.1\r\nX-a: b\r\n", {
      ending: "hold",
      times: 300,
    }),
  },
];

testAttacks("handler classes, known faults,", {
  script: "tests/hostile/known_app.ts",
}, ATTACKS);
