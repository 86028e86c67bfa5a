// Attacks on handler classes.

import { type Attack, sends, testAttacks } from "./_attack.ts";
import { get, post } from "./_request.ts";

const FORM = "application/x-www-form-urlencoded";
const PART = '--B\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n';

/** What collects a body, and its type. */
const COLLECTORS: readonly (readonly [path: string, type: string])[] = [
  ["/bytes", "text/plain"],
  ["/text", "text/plain"],
  ["/json", "application/json"],
  ["/form", FORM],
];

const ATTACKS: readonly Attack[] = [
  ...COLLECTORS.map(([path, type]): Attack => ({
    name: `two million chunks of one byte for ${path}`,
    attack: sends(
      () => post(path, "1\r\n \r\n".repeat(2_000_000) + "0\r\n\r\n", type),
      { wants: path === "/json" ? "HTTP/1.1 413 " : "HTTP/1.1 200 " },
    ),
    peak: 100_000_000,
  })),
  {
    name: "a form of eight million fields",
    attack: sends(() => post("/form", "a&".repeat(8_000_000), FORM, "length"), {
      wants: "HTTP/1.1 413 ",
    }),
  },
  {
    name: "a form of 300,000 parts",
    attack: sends(
      () =>
        post(
          "/form",
          PART.repeat(300_000) + "--B--",
          "multipart/form-data; boundary=B",
          "length",
        ),
      { wants: "HTTP/1.1 413 " },
    ),
  },
  {
    name: "60,000 spaces inside the type of a form, eight times",
    attack: sends(
      post(
        "/form",
        PART + "--B--",
        `multipart/form-data; x="a${" ".repeat(60_000)}b"; boundary=B`,
        "length",
      ),
      { times: 8, wants: "HTTP/1.1 200 " },
    ),
  },
  {
    name: "a form of one part that is not ended",
    attack: sends(
      post(
        "/form",
        '--B\r\nContent-Disposition: form-data; name=f; filename="x"' +
          "\r\n\r\nabc",
        "multipart/form-data; boundary=B",
        "length",
      ),
      { wants: "HTTP/1.1 400 " },
    ),
  },
  {
    name: "an error with line ends in its fields",
    attack: sends(get("/error-with-line-ends"), {
      wants: "HTTP/1.1 500 ",
      lacks: "Set-Cookie",
    }),
    says: /^(Exception while serving .*TypeError: | {4}at )/,
  },
  {
    name: "JSON that is not ended",
    attack: sends(
      post("/json", "[".repeat(1_000_000), "application/json", "length"),
      {
        wants: "HTTP/1.1 400 ",
      },
    ),
  },
];

const WRITES: readonly Attack[] = [1, 2, 8].map((times) => ({
  name: `a write behind the end of its response, ${times} times`,
  attack: sends(
    "GET /late HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(times) +
      get("/slow"),
    { wants: /begun, slow\n$/, lacks: "LATE" },
  ),
  says: /^(Exception while serving .*Error: Cannot write the body| {4}at )/,
}));

const AMBIGUOUS: readonly Attack[] = [
  `/parts/${"-".repeat(7_000)}/`,
  `/nested/${"x".repeat(7_000)}!`,
  `/wild/${"x/".repeat(3_500)}`,
].map((path) => ({
  name: `a path that a pattern can take apart in many ways: ${
    path.slice(0, 9)
  }`,
  attack: sends(get(path), { times: 16, wants: "HTTP/1.1 404 " }),
}));

const GUARDED: readonly Attack[] = [
  "/guarded/secret",
  "/guarded//secret",
  "//guarded/secret",
  "/x/../guarded/secret",
  "/%67uarded/secret",
  "/guarded/secret/../secret?x",
  "http://localhost/guarded/secret",
].map((target) => ({
  name: `around the guard of a class behind others: ${target}`,
  attack: sends(get(target), { wants: "HTTP/1.1 403 ", lacks: "SECRET" }),
}));

/** What handlers do for as long as a client likes. */
const TIRELESS: readonly Attack[] = [
  {
    name: "HEAD of a body without an end",
    attack: sends(
      "HEAD /zeros HTTP/1.1\r\nHost: localhost\r\n\r\n",
      { times: 2, wants: "HTTP/1.1 200 " },
    ),
  },
  {
    name: "a body of line ends for who reads lines",
    attack: sends(
      () => post("/lines", "\n".repeat(300_000), "text/plain", "length"),
      { times: 4, wants: "HTTP/1.1 200 " },
    ),
  },
  {
    name: "a form of eight million fields for a web Request",
    attack: sends(
      () => post("/application", "a&".repeat(8_000_000), FORM, "length"),
      { wants: "HTTP/1.1 413 " },
    ),
  },
  {
    name: "a method in lower case for a web Request",
    attack: sends(
      "post /application HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" +
        "Content-Length: 0\r\n\r\n",
      { wants: "HTTP/1.1 501 " },
    ),
  },
];

/** Bodies for an application that reads the web `Request`. */
const APPLIED: readonly Attack[] = [
  ...["/hono/form", "/hono/parsed", "/request/form"].flatMap((path) => [
    {
      name: `a form of eight million fields for ${path}`,
      attack: sends(() => post(path, "&a".repeat(8_000_000), FORM, "length"), {
        wants: "HTTP/1.1 413 ",
      }),
      peak: 100_000_000,
    },
    {
      name: `a form that breaks off for ${path}`,
      attack: sends(
        post(path, PART, "multipart/form-data; boundary=B", "length"),
        { wants: "HTTP/1.1 400 " },
      ),
    },
  ]),
  ...["application/json", "text/plain"].map((type) => ({
    name: `JSON of five million arrays as ${type}`,
    attack: sends(
      () => post("/hono/json", `[${"[],".repeat(5_000_000)}0]`, type, "length"),
      { wants: "HTTP/1.1 413 " },
    ),
    peak: 100_000_000,
  })),
  ...["/hono/text", "/hono/bytes"].map((path) => ({
    name: `a body of 20 MB for ${path}`,
    attack: sends(() => post(path, "a".repeat(20_000_000), "a/b", "length"), {
      wants: "HTTP/1.1 413 ",
    }),
    peak: 100_000_000,
  })),
  ...["post", "Post", "put", "delete", "DELETe"].map((method) => ({
    name: `around the guard of an application by the method ${method}`,
    attack: sends(
      `${method} /hono/guarded HTTP/1.1\r\nHost: localhost\r\n` +
        "Connection: close\r\n\r\n",
      { wants: "HTTP/1.1 501 ", lacks: "SECRET" },
    ),
  })),
  ...[
    "/hono/kept/page",
    "/hono/kept//../page",
    "/hono/kept//%2e%2E/page",
    "/hono/kept/..%2fpage",
    "/hono/kept/%2e%2e%2Fpage",
    "/a%2fb/../hono/kept/page",
    "/hono/a%2fb/../kept/page",
  ].map((path) => ({
    name: `around the guard of an application by the path ${path}`,
    attack: sends(get(path), { wants: /^HTTP\/1\.1 40[03] /, lacks: "SECRET" }),
  })),
];

/** What is no request, behind one of somebody else. */
const STALE: readonly Attack[] = [
  "(",
  "GET / HTTP/1.1\n",
  `GET /${"x".repeat(20_000)}`,
].flatMap((malformed) =>
  ["", get("/bystander").replace("close", "keep-alive")].map((between) => ({
    name: `${JSON.stringify(malformed.slice(0, 20))} behind a request, ` +
      `and ${between === "" ? "none" : "one"} between`,
    attack: sends(
      "GET /telling/page HTTP/1.1\r\nHost: localhost\r\n" +
        `Cookie: SECRET\r\n\r\n${between}${malformed}`,
      { ending: "half", wants: / undefined$| null$/, lacks: "SECRET" },
    ),
  }))
);

testAttacks("handler classes", {
  script: "tests/hostile/handler_app.ts",
}, [
  ...ATTACKS,
  ...WRITES,
  ...AMBIGUOUS,
  ...GUARDED,
  ...TIRELESS,
  ...APPLIED,
  ...STALE,
  {
    name: "a request that its class leaves alone",
    attack: sends("GET /unserving/ HTTP/1.1\r\nHost: localhost\r\n\r\n", {
      times: 4,
      lacks: "HTTP/1.1 ",
    }),
  },
]);
