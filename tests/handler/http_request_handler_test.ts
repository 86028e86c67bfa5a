import { assertEquals } from "@std/assert";
import { HttpError, verb } from "../../mod.ts";
import { answering, COMMON, Fixed, GET, page, talk } from "./_talk.ts";

/** The answer of `return new Response(text)`. */
function ok(text: string, more = ""): string {
  return `HTTP/1.1 200 OK\n${COMMON}content-type: text/plain;charset=UTF-8\n` +
    `Content-Length: ${text.length}\n${more}\n${text}`;
}

function failure(code: number, phrase: string, body: string, more = "") {
  return `HTTP/1.1 ${code} ${phrase}\n${COMMON}` +
    `Content-Type: text/html;charset=utf-8\n` +
    `Content-Length: ${body.length}\n${more}\n${body}`;
}

/** A request without a body. */
function get(path: string, verb = "GET"): string {
  return `${verb} ${path} HTTP/1.1\nHost: a\n\n`;
}

const NOT_FOUND = failure(
  404,
  "Not Found",
  page(404, "Not Found", "Nothing matches the given address"),
);
const PAGE_500 = page(
  500,
  "Internal Server Error",
  "The server failed to answer the request",
);
const FAILED = failure(
  500,
  "Internal Server Error",
  PAGE_500,
  "Connection: close\n",
);

class Shown extends Fixed {
  @verb("*")
  show() {
    return new Response([
      this.command,
      this.path,
      this.pathname,
      this.query,
      this.requestVersion,
      this.requestLine,
      [...this.fields].map((field) => field.join(":")).join(","),
      this.headers.get("x-a"),
      new TextDecoder("latin1").decode(this.rawRequestLine).trimEnd(),
    ].join("|"));
  }
}

const TARGETS: readonly (readonly [target: string, want: string])[] = [
  ["/", "/|/|"],
  ["/a/b?x=%20&y", "/a/b?x=%20&y|/a/b|x=%20&y"],
  ["/a?", "/a?|/a|"],
  ["/%61%2fb", "/%61%2fb|/a/b|"],
  ["/a%20b", "/a%20b|/a b|"],
  ["/%C3%BC", "/%C3%BC|/ü|"],
  ["/a//b/../c/./", "/a//b/../c/./|/a/c/|"],
  ["/../..", "/../..|/|"],
  ["//evil.example/x?//y", "/evil.example/x?//y|/evil.example/x|//y"],
  ["///x", "/x|/x|"],
  ["http://a/b?c", "/b?c|/b|c"],
  ["http://a", "/|/|"],
  ["http://a//b", "/b|/b|"],
];

Deno.test("ReceivedRequest shows path, pathname and query", async (t) => {
  for (const [target, want] of TARGETS) {
    await t.step(target, async () => {
      const { text } = await talk(Shown, get(target));
      const [, body = ""] = text.split("\n\n");
      assertEquals(
        body,
        `GET|${want}|HTTP/1.1|GET ${target} HTTP/1.1|Host:a||` +
          `GET ${target} HTTP/1.1`,
      );
    });
  }
});

Deno.test("ReceivedRequest forgets one request before the next", async () => {
  const { text } = await talk(
    Shown,
    "POST /1?q HTTP/1.1\nHost: a\nX-A: 1\nContent-Length: 3\n\nabc" +
      "GET /2 HTTP/1.0\nConnection: keep-alive\n\n" + get("/3"),
  );
  assertEquals(
    text,
    ok(
      "POST|/1?q|/1|q|HTTP/1.1|POST /1?q HTTP/1.1|" +
        "Host:a,X-A:1,Content-Length:3|1|POST /1?q HTTP/1.1",
    ) +
      ok(
        "GET|/2|/2||HTTP/1.0|GET /2 HTTP/1.0|Connection:keep-alive||" +
          "GET /2 HTTP/1.0",
        "Connection: keep-alive\n",
      ) +
      ok("GET|/3|/3||HTTP/1.1|GET /3 HTTP/1.1|Host:a||GET /3 HTTP/1.1"),
  );
});

Deno.test("HttpRequestHandler has forgotten everything when a head is refused", async () => {
  const seen: string[] = [];
  class Watched extends Shown {
    override sendError(code: number) {
      const { command, path, requestLine, fields } = this;
      seen.push(
        `${code} "${command}" "${path}" "${requestLine}" ${fields.size}`,
      );
      return super.sendError(code);
    }
  }
  await talk(Watched, get("/1?q") + "GET /bad HTTP/1.1\nHost a\n\n");
  assertEquals(seen, ['400 "" "" "" 0']);
});

Deno.test("HttpRequestHandler keeps one instance and its fields for a connection", async () => {
  let made = 0;
  class Counting extends Fixed {
    requests = 0;
    readonly number = ++made;

    @verb("GET")
    get() {
      return new Response(`${this.number}.${++this.requests}`);
    }
  }
  assertEquals(
    (await talk(Counting, GET + GET)).text,
    ok("1.1") + ok("1.2"),
  );
  assertEquals((await talk(Counting, GET)).text, ok("2.1"));
});

Deno.test("path may be set before another method is called", async () => {
  class Base extends Fixed {
    static override prefix = "/base";

    @verb("GET")
    get(): Response {
      return new Response([this.path, this.pathname, this.query].join("|"));
    }
  }
  class Sub extends Base {
    override get(): Response {
      if (this.pathname === "/") this.path = "/base/index.html?x";
      if (this.pathname === "/double") this.path = "//evil/y";
      if (this.pathname === "/out") this.path = "/elsewhere";
      if (this.pathname === "/bad") this.path = "/%zz";
      return super.get();
    }
  }
  const { text, errors } = await talk(
    Sub,
    get("/base/?y") + get("/base/a?b") + get("/base/double") +
      get("/base/out") + get("/base/bad"),
  );
  assertEquals(errors, []);
  assertEquals(
    text,
    ok("/base/index.html?x|/index.html|x") + ok("/base/a?b|/a|b") +
      ok("/evil/y|/evil/y|") + ok("/elsewhere|/elsewhere|") +
      failure(
        400,
        "Bad Request",
        page(
          400,
          "The path holds a malformed escape",
          "The request is malformed or lacks something",
        ),
      ),
  );
});

class Table extends Fixed {
  @verb("GET", "/a/:id")
  async get({ id }: { id: string }) {
    await Promise.resolve();
    return new Response(id);
  }

  @verb("PUT", "/a/:id")
  put() {
    return new Response(null, { status: 204 });
  }

  @verb("BREW", "/pot")
  brew() {
    this.sendError(418);
  }
}

interface DispatchRow {
  readonly name: string;
  readonly request: string;
  readonly want: string;
  readonly log?: readonly string[];
}

const DISPATCHES: readonly DispatchRow[] = [
  { name: "a parameter", request: get("/a/x%20y"), want: ok("x y") },
  {
    name: "HEAD by GET",
    request: get("/a/1", "HEAD"),
    want: ok("1").slice(0, -1),
    log: ['"HEAD /a/1 HTTP/1.1" 200 -'],
  },
  {
    name: "a method of our own",
    request: get("/pot", "BREW"),
    want: failure(
      418,
      "I'm a teapot",
      page(
        418,
        "I'm a teapot",
        "The server refuses to brew coffee in a teapot",
      ),
    ),
  },
  {
    name: "OPTIONS",
    request: get("/a/1", "OPTIONS"),
    want:
      `HTTP/1.1 204 No Content\n${COMMON}Allow: GET, HEAD, OPTIONS, PUT\n\n`,
    log: ['"OPTIONS /a/1 HTTP/1.1" 204 -'],
  },
  {
    name: "OPTIONS of the server",
    request: get("*", "OPTIONS"),
    want: `HTTP/1.1 204 No Content\n${COMMON}` +
      "Allow: BREW, GET, HEAD, OPTIONS, PUT\n\n",
  },
  {
    name: "OPTIONS of an unknown path",
    request: get("/b", "OPTIONS"),
    want: NOT_FOUND,
  },
  {
    name: "405 with Allow",
    request: get("/a/1", "POST"),
    want: `HTTP/1.1 405 Method Not Allowed\n${COMMON}` +
      "Allow: GET, HEAD, OPTIONS, PUT\n" +
      failure(
        405,
        "Method Not Allowed",
        page(
          405,
          "Method Not Allowed",
          "This resource does not take this method",
        ),
      ).slice(`HTTP/1.1 405 Method Not Allowed\n${COMMON}`.length),
    log: [
      "code 405, message Method Not Allowed",
      '"POST /a/1 HTTP/1.1" 405 -',
    ],
  },
  { name: "404", request: get("/b"), want: NOT_FOUND },
  {
    name: "501",
    request: get("/a/1", "LINK"),
    want: failure(
      501,
      "Not Implemented",
      page(
        501,
        "Not Implemented",
        "The server does not support this operation",
      ),
    ),
  },
  {
    name: "a method in lower case is another method",
    request: get("/a/1", "get"),
    want: failure(
      501,
      "Not Implemented",
      page(
        501,
        "Not Implemented",
        "The server does not support this operation",
      ),
    ),
  },
];

Deno.test("HttpRequestHandler dispatches by verb and path", async (t) => {
  for (const { name, request, want, log } of DISPATCHES) {
    await t.step(name, async () => {
      // The connection goes on: what was asked is understood.
      const seen = await talk(Table, request + get("/a/2"));
      assertEquals(seen.errors, []);
      assertEquals(seen.text, want + ok("2"));
      if (log !== undefined) assertEquals(seen.log.slice(0, log.length), log);
    });
  }
});

interface ErrorRow {
  readonly name: string;
  readonly answer: (this: Fixed) => void | Promise<void>;
  /** The answers to two requests. */
  readonly want: string;
  readonly errors?: readonly string[];
}

const CONFLICT = failure(
  409,
  "Conflict",
  page(409, "Taken", "By another"),
);
const CUT = "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n4\nhalf\n";

const ERRORS: readonly ErrorRow[] = [
  {
    name: "an HttpError is answered by its status, and the connection goes on",
    answer() {
      throw new HttpError(409, "Taken", { explain: "By another" });
    },
    want: CONFLICT + CONFLICT,
  },
  {
    name: "an HttpError after a wait",
    async answer() {
      await this.bytes();
      throw new HttpError(409, "Taken", { explain: "By another" });
    },
    want: CONFLICT + CONFLICT,
  },
  {
    name: "an HttpError takes the place of an answer that was not sent",
    answer() {
      this.sendResponse(200);
      this.sendHeader("X-Secret", "1");
      this.endHeaders();
      this.wfile.write("half");
      throw new HttpError(409, "Taken", { explain: "By another" });
    },
    want: CONFLICT + CONFLICT,
  },
  {
    name: "an HttpError has fields",
    answer() {
      throw new HttpError(503, "", { headers: [["Retry-After", "9"]] });
    },
    want: [1, 2].map(() =>
      `HTTP/1.1 503 Service Unavailable\n${COMMON}Retry-After: 9\n` +
      failure(
        503,
        "Service Unavailable",
        page(
          503,
          "Service Unavailable",
          "The server cannot take the request just now",
        ),
      ).slice(`HTTP/1.1 503 Service Unavailable\n${COMMON}`.length)
    ).join(""),
  },
  {
    name: "an HttpError after the head cuts the connection",
    async answer() {
      this.sendResponseOnly(200);
      this.endHeaders();
      this.wfile.write("half");
      await this.wfile.flush();
      throw new HttpError(409);
    },
    want: CUT,
  },
  {
    name: "any other error is answered by 500, reported, and the last",
    answer() {
      throw new RangeError("secret");
    },
    want: FAILED,
    errors: ["RangeError: secret"],
  },
  {
    name: "any other error after a wait",
    async answer() {
      await Promise.resolve();
      throw new RangeError("secret");
    },
    want: FAILED,
    errors: ["RangeError: secret"],
  },
  {
    name: "what is no error",
    answer() {
      throw "a string";
    },
    want: FAILED,
    errors: ["a string"],
  },
  {
    name: "any other error after the head cuts the connection",
    async answer() {
      this.sendResponseOnly(200);
      this.endHeaders();
      this.wfile.write("half");
      await this.wfile.flush();
      throw new RangeError("secret");
    },
    want: CUT,
    errors: ["RangeError: secret"],
  },
  {
    name: "an error of another connection of the handler's is its own",
    answer() {
      throw new Deno.errors.ConnectionReset("the database");
    },
    want: FAILED,
    errors: ["ConnectionReset: the database"],
  },
];

Deno.test("HttpRequestHandler answers what a method throws", async (t) => {
  for (const { name, answer, want, errors = [] } of ERRORS) {
    await t.step(name, async () => {
      const seen = await talk(answering(answer), GET + GET);
      assertEquals(seen.text, want);
      assertEquals(seen.errors, [...errors]);
    });
  }
});

Deno.test("HttpRequestHandler closes behind a handler that took too long", async () => {
  const wakes: (() => void)[] = [];
  const late: Promise<string>[] = [];
  const App = answering(async function () {
    const outcome = Promise.withResolvers<string>();
    late.push(outcome.promise);
    await new Promise<void>((resolve) => wakes.push(resolve));
    try {
      this.sendResponse(200);
      outcome.resolve("answered");
    } catch (error) {
      outcome.resolve(String(error));
      throw error;
    }
  });
  const { text } = await talk(App, GET + GET, { handlerTimeout: 5 });
  assertEquals(
    text,
    failure(
      503,
      "Service Unavailable",
      page(
        503,
        "The handler took too long",
        "The server cannot take the request just now",
      ),
      "Connection: close\n",
    ),
  );
  for (const wake of wakes) wake();
  assertEquals(await Promise.all(late), [
    'Error: Cannot start the head in the phase "done", only in "start"',
  ]);
});

Deno.test("parseRequest() may be overridden", async () => {
  class Told extends Fixed {
    override parseRequest(): boolean {
      if (this.rawRequestLine.length > 40) {
        this.sendError(414);
        return false;
      }
      const goesOn = super.parseRequest();
      this.command = this.fields.get("x-http-method-override") ?? this.command;
      return goesOn;
    }

    @verb("PUT")
    put() {
      return new Response("put");
    }
  }
  const { text, errors } = await talk(
    Told,
    "POST / HTTP/1.1\nHost: a\nX-HTTP-Method-Override: PUT\n\n" +
      get("/" + "x".repeat(40)),
  );
  assertEquals(errors, []);
  assertEquals(
    text,
    ok("put") +
      failure(
        414,
        "URI Too Long",
        page(
          414,
          "URI Too Long",
          "The request target is longer than the server takes",
        ),
      ),
  );
});

Deno.test("handleExpect100() may refuse", async () => {
  class Wary extends Fixed {
    override handleExpect100(): boolean {
      this.sendError(417);
      return false;
    }

    @verb("PUT")
    put() {
      return new Response("put");
    }
  }
  const { text } = await talk(
    Wary,
    "PUT / HTTP/1.1\nHost: a\nContent-Length: 1\nExpect: 100-continue\n\n",
  );
  assertEquals(
    text,
    failure(
      417,
      "Expectation Failed",
      page(
        417,
        "Expectation Failed",
        "The server cannot do what Expect asks",
      ),
      "Connection: close\n",
    ),
  );
});

Deno.test("HttpRequestHandler sends 100 when the body is first read", async () => {
  const App = answering(async function () {
    await this.sendInformational(103);
    return new Response(await this.text());
  });
  const { text, writes } = await talk(
    App,
    "PUT / HTTP/1.1\nHost: a\nContent-Length: 1\nExpect: 100-continue\n\nx",
    { splits: [68] },
  );
  assertEquals(
    text,
    "HTTP/1.1 103 Early Hints\n\nHTTP/1.1 100 Continue\n\n" + ok("x"),
  );
  assertEquals(writes, 3);
});

Deno.test("protocolVersion HTTP/1.0 closes after each answer", async () => {
  class Old extends Shown {
    override protocolVersion = "HTTP/1.0" as const;
  }
  const { text } = await talk(Old, GET + GET);
  assertEquals(text.split("\n")[0], "HTTP/1.0 200 OK");
  assertEquals(text.match(/HTTP\/1.0 200/g)?.length, 1);
  assertEquals(text.includes("Connection: close\n"), true);
});

Deno.test("handle() repeats handleOneRequest() until closeConnection", async (t) => {
  for (const closings of [[true], [false, false, true]]) {
    await t.step(closings.join(), async () => {
      let calls = 0;
      class Counted extends Fixed {
        override async handleOneRequest(): Promise<void> {
          await super.handleOneRequest();
          this.closeConnection = closings[calls++] ?? true;
        }

        @verb("GET")
        get() {
          return new Response("counted");
        }
      }
      const { text } = await talk(Counted, GET + GET + GET + GET);
      assertEquals(calls, closings.length);
      assertEquals(text.match(/counted/g)?.length, closings.length);
    });
  }
});

Deno.test("a refused head ends the connection, whatever its answer says", async (t) => {
  class Lenient extends Fixed {
    override sendError(code: number): void {
      this.sendResponseOnly(code);
      this.sendHeader("Connection", "keep-alive");
      this.endHeaders();
    }

    @verb("*")
    answer() {
      return new Response("smuggled");
    }
  }
  const refused = [
    "GET / HTTP/1.1\n\n",
    "GET / HTTP/1.1\nHost: a\nX : b\n\n",
    "GET\t/ HTTP/1.1\nHost: a\n\n",
  ];
  for (const request of refused) {
    await t.step(JSON.stringify(request), async () => {
      const { text } = await talk(Lenient, request + GET);
      assertEquals(
        text,
        "HTTP/1.1 400 Bad Request\nContent-Length: 0\nConnection: close\n\n",
      );
    });
  }
});
