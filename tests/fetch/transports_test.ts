// One table of requests, answered by the same classes over the octets of a
// connection, through `toFetch`, and through `toFetch` under `Deno.serve`.
// Where an answer by fetch is not that of the wire, its row says so and why.

import { assertEquals } from "@std/assert";
import { toFetch } from "../../lib/fetch/mod.ts";
import {
  ERROR_MESSAGE_FORMAT,
  formatErrorPage,
} from "../../lib/handler/error_page.ts";
import { RESPONSES } from "../../mod.ts";
import { App, Files, Shared } from "./_app.ts";
import {
  type Answer,
  type Ask,
  byFetch,
  byServe,
  byWire,
} from "./_transports.ts";

/** Every way in which an answer by fetch may differ, besides its framing. */
const DIFFERENCES = [
  // A returned `Response` is handed on as it is: what it lacks, the host adds.
  "handed on",
  // There is one answer, and nothing ahead of it.
  "no informational answers",
  // There is nothing behind it either.
  "no trailers",
  // A `Response` has a status of 200 to 599.
  "no such status",
  // The host keeps its connections.
  "no connection to take over",
  // Nothing was sent yet, so that the client can still be told.
  "error before the head",
  // The URL standard resolves dots before anyone sees them.
  "dots resolved by the host",
] as const;

type Difference = typeof DIFFERENCES[number];

type Differences = Partial<Record<Difference, Partial<Answer>>>;

interface Row {
  readonly ask: Ask;
  /** The answer, without the fields that frame it. */
  readonly want: Answer;
  /** The fields that frame it on the wire: by fetch the host does. */
  readonly framing: readonly string[];
  /** What is different by fetch, and why. */
  readonly differs?: Differences;
}

function length(count: number): string[] {
  return [`content-length: ${count}`];
}

const CHUNKED = ["transfer-encoding: chunked"];
const CLOSES = ["connection: close"];
const TEXT = "content-type: text/plain";
const RESPONSE_TEXT = "content-type: text/plain;charset=UTF-8";

/** An answer by the steps, which send `Date` and `Server`. */
function sent(status: number, body: string, ...fields: string[]): Answer {
  return {
    status,
    reason: RESPONSES[status]?.[0] ?? "",
    fields: [...fields, "date: today", "server: verb"].sort(),
    body,
  };
}

/** An error page. */
function page(status: number, message = "", ...fields: string[]): Answer {
  const [phrase, explain] = RESPONSES[status] ?? ["", ""];
  return sent(
    status,
    formatErrorPage(ERROR_MESSAGE_FORMAT, {
      code: status,
      message: message || phrase,
      explain,
    }),
    "content-type: text/html;charset=utf-8",
    ...fields,
  );
}

/** A returned `Response` as it is handed on. */
function handedOn(...fields: string[]): Differences {
  return { "handed on": { reason: "", fields } };
}

function get(
  target: string,
  want: Answer,
  framing: readonly string[] = length(want.body.length),
  differs: Differences = {},
): Row {
  return { ask: { target }, want, framing, differs };
}

/** A request after which the connection is closed. */
function malformed(target: string, message: string): Row {
  const want = page(400, message);
  return get(target, want, [...CLOSES, ...length(want.body.length)]);
}

function head(
  target: string,
  want: Answer,
  framing: readonly string[] = [],
  differs: Differences = {},
): Row {
  return { ask: { method: "HEAD", target }, want, framing, differs };
}

function post(target: string, type: string, body: string, want: Answer): Row {
  const fields = { "Content-Type": type };
  const framing = length(want.body.length);
  return { ask: { method: "POST", target, fields, body }, want, framing };
}

function ask(method: string, target: string, want: Answer): Row {
  const framing = want.status === 204 ? [] : length(want.body.length);
  return { ask: { method, target }, want, framing };
}

function withField(name: string, value: string, row: Row): Row {
  return { ...row, ask: { ...row.ask, fields: { [name]: value } } };
}

/** What `App.params` tells of a request. */
function told(changes: Record<string, unknown>): string {
  const path = String(changes["path"]);
  const line = `GET ${path} HTTP/1.1`;
  return JSON.stringify({
    id: "",
    command: "GET",
    path,
    pathname: path,
    query: "",
    requestLine: line,
    requestVersion: "HTTP/1.1",
    raw: line + "\r\n",
    field: null,
    header: null,
    url: "http://host" + path,
    ...changes,
  });
}

const DIGITS = Array.from({ length: 100 }, (_, i) => `${i % 10}`.repeat(1000))
  .join("");
const URLENCODED = "application/x-www-form-urlencoded";
const MULTIPART = "multipart/form-data; boundary=B";
const PARTS = [
  "--B",
  'Content-Disposition: form-data; name="t"',
  "",
  "text",
  "--B",
  'Content-Disposition: form-data; name="f"; filename="a.txt"',
  "Content-Type: text/plain",
  "",
  "file",
  "--B--",
  "",
].join("\r\n");
const broken = [...CLOSES, ...length(page(500).body.length)];
const FILE = [
  "content-type: text/plain; charset=UTF-8",
  'etag: "cre66i9s-d"',
  "last-modified: Sun, 09 Sep 2001 01:46:40 GMT",
  "x-content-type-options: nosniff",
];
const ALLOW = "allow: GET, HEAD, OPTIONS, PUT";

const rows: Record<string, readonly Row[]> = {
  "the pipeline": [
    get("/pipeline", sent(200, "hello, w\xc3\xb6rld\n", TEXT)),
    get("/empty", sent(200, "", TEXT)),
    get("/declared", sent(200, "four", TEXT, "content-length: 4"), []),
    get("/large", sent(200, DIGITS, TEXT), CHUNKED),
    get("/flushed", sent(200, "one, two", TEXT), CHUNKED),
    get("/writable", sent(200, "by stream", TEXT), CHUNKED),
    get(
      "/fields",
      sent(
        200,
        "",
        TEXT,
        "set-cookie: a=1",
        "set-cookie: b=2",
        "x-latin: caf\xe9",
      ),
      ["connection: keep-alive", ...length(0)],
    ),
    get("/status/205", sent(205, "", TEXT), length(0)),
    get("/status/304", sent(304, "", TEXT), []),
    get("/status/599", sent(599, "a body", TEXT)),
    get("/reason", { ...sent(200, "", TEXT), reason: "Fine by me" }),
    get(
      "/forward",
      sent(
        200,
        told({
          id: "far",
          path: "/params/far?x=1",
          pathname: "/params/far",
          query: "x=1",
          requestLine: "GET /forward HTTP/1.1",
          raw: "GET /forward HTTP/1.1\r\n",
        }),
        TEXT,
      ),
    ),
  ],
  "a returned Response": [
    get(
      "/response",
      sent(200, "a response", RESPONSE_TEXT),
      length(10),
      handedOn(RESPONSE_TEXT),
    ),
    get(
      "/response-json",
      sent(201, '{"a":[1,null]}', "content-type: application/json"),
      length(14),
      handedOn("content-type: application/json"),
    ),
    get(
      "/response-null",
      sent(204, "", "x-none: 1"),
      [],
      handedOn("x-none: 1"),
    ),
    get(
      "/response-stream",
      sent(200, "one, two, three", TEXT),
      CHUNKED,
      handedOn(TEXT),
    ),
  ],
  "steps that a class has changed": [
    get(
      "/shared/pipeline",
      sent(204, "", "access-control-allow-origin: *"),
      [],
    ),
    get(
      "/shared/response",
      sent(200, "for all", RESPONSE_TEXT, "access-control-allow-origin: *"),
    ),
  ],
  "HEAD": [
    head("/pipeline", sent(200, "", TEXT, "content-length: 14")),
    head("/empty", sent(200, "", TEXT, "content-length: 0")),
    head("/declared", sent(200, "", TEXT, "content-length: 4")),
    head("/large", sent(200, "", TEXT), CHUNKED),
    head("/flushed", sent(200, "", TEXT), CHUNKED),
    head(
      "/response",
      sent(200, "", RESPONSE_TEXT),
      length(10),
      handedOn(RESPONSE_TEXT),
    ),
    head("/response-stream", sent(200, "", TEXT), CHUNKED, handedOn(TEXT)),
    head(
      "/shared/response",
      sent(
        200,
        "",
        RESPONSE_TEXT,
        "access-control-allow-origin: *",
        "content-length: 7",
      ),
    ),
    head("/none", {
      ...page(404, "", `content-length: ${page(404).body.length}`),
      body: "",
    }),
  ],
  "errors": [
    get("/thrown", {
      ...page(402, "Pay <first>", "x-price: 3"),
      body: formatErrorPage(
        ERROR_MESSAGE_FORMAT,
        { code: 402, message: "Pay <first>", explain: "It is not free" },
      ),
    }),
    get("/broken", page(500), broken),
    get("/rejected", page(409)),
    get("/silent", page(500), broken),
    get("/bad-field", page(500), broken),
    get("/trailers-unannounced", page(500), broken),
    get("/response-error", page(500), broken),
    get("/response-used", page(500), broken),
    get("/declared-wrong", sent(200, "four", TEXT), length(5), {
      "error before the head": page(500),
    }),
  ],
  "routes": [
    get("/none", page(404)),
    ask("OPTIONS", "/params/7", sent(204, "", ALLOW)),
    ask("DELETE", "/params/7", page(405, "", ALLOW)),
    ask("PROPFIND", "/params/7", page(501)),
    withField(
      "X-Field",
      "v",
      get(
        "/params/a%20%C3%A9?q=%20&r",
        sent(
          200,
          told({
            // The body is UTF-8, read here octet by octet.
            id: "a \xc3\xa9",
            path: "/params/a%20%C3%A9?q=%20&r",
            pathname: "/params/a \xc3\xa9",
            query: "q=%20&r",
            field: "v",
            header: "v",
          }),
          TEXT,
        ),
      ),
    ),
    get(
      "/params//x",
      sent(
        200,
        told({ id: "x", path: "/params//x", pathname: "/params/x" }),
        TEXT,
      ),
    ),
    get(
      "/a/../params/./y",
      sent(
        200,
        told({
          id: "y",
          path: "/a/../params/./y",
          pathname: "/params/y",
          url: "http://host/params/y",
        }),
        TEXT,
      ),
      undefined,
      {
        "dots resolved by the host": {
          body: told({ id: "y", path: "/params/y" }),
        },
      },
    ),
    malformed("/params/%zz", "The path holds a malformed escape"),
    malformed("/params/%00", "The path holds an escaped NUL"),
  ],
  "bodies": [
    post(
      "/form",
      URLENCODED,
      "a=1&b=%C3%A9+x",
      sent(200, "a=1\nb=\xc3\xa9 x", TEXT),
    ),
    post(
      "/form",
      MULTIPART,
      PARTS,
      sent(200, "t=text\nf=a.txt text/plain file", TEXT),
    ),
    post("/form", "text/plain", "a=1", page(415, "The body is not a form")),
    post(
      "/json",
      "application/json",
      '{"a":[1]}',
      sent(200, '{"a":[1]}', TEXT),
    ),
    post(
      "/json",
      "application/json",
      '{"a"',
      page(400, "The body is not JSON"),
    ),
    post(
      "/json",
      "text/plain",
      "{}",
      page(415, "The body is not of the type application/json"),
    ),
    post("/text", "text/plain", "\xff", page(400, "The body is not UTF-8")),
    post(
      "/text",
      "text/plain",
      "x".repeat(1000),
      sent(200, "x".repeat(1000), TEXT),
    ),
    post("/text", "text/plain", "x".repeat(1001), page(413)),
    post("/text", "text/plain", "", sent(200, "", TEXT)),
    post(
      "/copy",
      "text/plain",
      "abcdefghijklmnopqrstuvwxyz",
      sent(200, "abcdefghijklmnopqrstuvwxyz", TEXT),
    ),
    post(
      "/lines",
      "text/plain",
      "a\nlonger than eight\n\nno end",
      sent(
        200,
        '["a\\n","longer t","han eigh","t\\n","\\n","no end"]',
        TEXT,
      ),
    ),
    post("/unread", "text/plain", "not looked at", sent(200, "not read", TEXT)),
    {
      ...post("/passed-on", "text/plain", "through", sent(200, "through")),
      differs: handedOn(),
    },
  ],
  "what a host cannot do": [
    get(
      "/hints",
      {
        ...sent(200, "hinted", TEXT),
        ahead: ["HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload"],
      },
      length(6),
      { "no informational answers": { ahead: [] } },
    ),
    withField(
      "TE",
      "trailers",
      get(
        "/trailers",
        { ...sent(200, "summed", TEXT), trailers: ["x-sum: 6"] },
        [...CHUNKED, "trailer: X-Sum"],
        { "no trailers": { trailers: [] } },
      ),
    ),
    get("/status/600", sent(600, "a body", TEXT), undefined, {
      "no such status": page(500),
    }),
    get(
      "/detached",
      { status: 200, reason: "Mine", fields: [], body: "raw" },
      [],
      {
        "no connection to take over": page(
          501,
          "There is no connection to take over",
        ),
      },
    ),
  ],
  "files": [
    get(
      "/files/hello.txt",
      sent(
        200,
        "hello, files\n",
        ...FILE,
        "accept-ranges: bytes",
        "content-length: 13",
      ),
      [],
    ),
    head(
      "/files/hello.txt",
      sent(200, "", ...FILE, "accept-ranges: bytes", "content-length: 13"),
    ),
    withField(
      "Range",
      "bytes=1-4",
      get(
        "/files/hello.txt",
        sent(
          206,
          "ello",
          ...FILE,
          "content-length: 4",
          "content-range: bytes 1-4/13",
        ),
        [],
      ),
    ),
    withField(
      "Range",
      "bytes=99-",
      get("/files/hello.txt", page(416, "", "content-range: bytes */13")),
    ),
    withField(
      "If-Modified-Since",
      "Sun, 09 Sep 2001 01:46:40 GMT",
      get("/files/hello.txt", sent(304, "", 'etag: "cre66i9s-d"'), []),
    ),
    get("/files/sub", sent(301, "", "location: /files/sub/")),
    get("/files/none", page(404, "File not found")),
    ask("PUT", "/files/hello.txt", page(405, "", "allow: GET, HEAD, OPTIONS")),
  ],
};

async function folder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await Deno.makeTempDir();
  const time = 1_000_000_000;
  await Deno.writeTextFile(`${path}/hello.txt`, "hello, files\n");
  await Deno.utime(`${path}/hello.txt`, time, time);
  await Deno.mkdir(`${path}/sub`);
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

const options = { bufferedBodyBytes: 1000, onError: () => {} };

function titleOf(
  { ask: { method = "GET", target, fields, body } }: Row,
): string {
  return [method, target, JSON.stringify(fields ?? {}), body?.slice(0, 20)]
    .join(" ");
}

function byWireOf({ want, framing }: Row): Answer {
  return { ...want, fields: [...want.fields, ...framing].sort() };
}

function byFetchOf({ want, differs = {} }: Row): Answer {
  const { ahead = [], trailers = [], ...answer } = Object.assign(
    { ...want },
    ...Object.values(differs),
  );
  assertEquals([ahead, trailers], [[], []], "the row names the difference");
  return answer;
}

/** Without what the host writes by itself. */
function withoutHost({ status, fields, body }: Answer): Partial<Answer> {
  const own = fields.filter((field) =>
    !/^(?:content-length|transfer-encoding|vary):|^date: (?!today)/.test(field)
  );
  return { status, fields: own, body };
}

Deno.test("the same classes answer alike on both transports", async (t) => {
  await using files = await folder();
  const classes = [App, Shared, Files.with({ root: files.path })];
  for (const [name, group] of Object.entries(rows)) {
    for (const row of group) {
      await t.step(`${name}: ${titleOf(row)}`, async () => {
        assertEquals(await byWire(classes, row.ask, options), byWireOf(row));
        assertEquals(await byFetch(classes, row.ask, options), byFetchOf(row));
      });
    }
  }
});

Deno.test("the same classes answer a client of Deno.serve", async (t) => {
  await using files = await folder();
  const classes = [App, Shared, Files.with({ root: files.path })];
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    toFetch(classes, options),
  );
  const origin = `http://127.0.0.1:${server.addr.port}`;
  for (const [name, group] of Object.entries(rows)) {
    for (const row of group) {
      await t.step(`${name}: ${titleOf(row)}`, async () => {
        const answer = await byServe(origin, row.ask);
        const body = answer.body.replaceAll(origin, "http://host");
        assertEquals(
          withoutHost({ ...answer, body }),
          withoutHost(byFetchOf(row)),
        );
      });
    }
  }
});

Deno.test("docs/fetch.md has a row for each difference", async () => {
  const page = await Deno.readTextFile(
    new URL("../../docs/fetch.md", import.meta.url),
  );
  const named = [...page.matchAll(/^\| ([^|`]+?) +\|/gm)].map(([, name]) =>
    name
  );
  assertEquals(DIFFERENCES.filter((name) => !named.includes(name)), []);
  const used = Object.values(rows).flat().flatMap(({ differs = {} }) =>
    Object.keys(differs)
  );
  assertEquals([...new Set(used)].sort(), [...DIFFERENCES].sort());
});
