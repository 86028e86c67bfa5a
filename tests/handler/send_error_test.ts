import { assertEquals, assertThrows } from "@std/assert";
import { HttpError, RESPONSES, verb } from "../../mod.ts";
import { answering, COMMON, Fixed, GET, page, talk } from "./_talk.ts";

interface Row {
  readonly name: string;
  readonly answer: (this: Fixed) => void;
  readonly request?: string;
  readonly want: string;
  readonly log?: readonly string[];
}

/** A whole answer with an error page. */
function errorAnswer(
  code: number,
  phrase: string,
  body: string,
  more = "",
): string {
  return `HTTP/1.1 ${code} ${phrase}\n${COMMON}${more}` +
    `Content-Type: text/html;charset=utf-8\n` +
    `Content-Length: ${new TextEncoder().encode(body).length}\n\n${body}`;
}

const NOTHING = "Nothing matches the given address";

const ROWS: readonly Row[] = [
  {
    name: "the phrase and explanation of the status",
    answer() {
      this.sendError(404);
    },
    want: errorAnswer(404, "Not Found", page(404, "Not Found", NOTHING)),
    log: ["code 404, message Not Found", '"GET / HTTP/1.1" 404 -'],
  },
  {
    name: "a message stands on the page only",
    answer() {
      this.sendError(404, "File not found");
    },
    want: errorAnswer(404, "Not Found", page(404, "File not found", NOTHING)),
    log: ["code 404, message File not found", '"GET / HTTP/1.1" 404 -'],
  },
  {
    name: "an explanation",
    answer() {
      this.sendError(404, "File not found", "Look\nelsewhere");
    },
    want: errorAnswer(
      404,
      "Not Found",
      page(404, "File not found", "Look\nelsewhere"),
    ),
    log: ["code 404, message File not found", '"GET / HTTP/1.1" 404 -'],
  },
  {
    name: "markup and anything beyond latin-1",
    answer() {
      this.sendError(400, '<script>alert("&")</script>', "é☃ %(code)d");
    },
    want: errorAnswer(
      400,
      "Bad Request",
      page(
        400,
        '&lt;script&gt;alert("&amp;")&lt;/script&gt;',
        "é☃ %(code)d",
      ),
    ),
  },
  {
    name: "CR LF in the message is no new line of the head or the log",
    answer() {
      this.sendError(400, "a\r\nSet-Cookie: b=1");
    },
    want: errorAnswer(
      400,
      "Bad Request",
      page(
        400,
        "a\r\nSet-Cookie: b=1",
        "The request is malformed or lacks something",
      ),
    ).replaceAll("\r\n", "\n"),
    log: [
      "code 400, message a\\x0d\\x0aSet-Cookie: b=1",
      '"GET / HTTP/1.1" 400 -',
    ],
  },
  {
    name: "further fields",
    answer() {
      this.sendError(405, undefined, undefined, [["Allow", "GET"]]);
    },
    want: errorAnswer(
      405,
      "Method Not Allowed",
      page(
        405,
        "Method Not Allowed",
        "This resource does not take this method",
      ),
      "Allow: GET\n",
    ),
  },
  {
    name: "an unknown status",
    answer() {
      this.sendError(999);
    },
    want: errorAnswer(999, "???", page(999, "???", "???")),
    log: ["code 999, message ???", '"GET / HTTP/1.1" 999 -'],
  },
  {
    name: "an unknown status with a message",
    answer() {
      this.sendError(999, "Short Message", "long \n explanation");
    },
    want: errorAnswer(
      999,
      "???",
      page(999, "Short Message", "long \n explanation"),
    ),
  },
  {
    name: "101 has no page",
    answer() {
      this.sendError(101);
    },
    want: `HTTP/1.1 101 Switching Protocols\n${COMMON}\n`,
  },
  {
    name: "204 has no page",
    answer() {
      this.sendError(204);
    },
    want: `HTTP/1.1 204 No Content\n${COMMON}\n`,
  },
  {
    name: "205 has no page, and a length of zero",
    answer() {
      this.sendError(205);
    },
    want: `HTTP/1.1 205 Reset Content\n${COMMON}Content-Length: 0\n\n`,
  },
  {
    name: "304 has no page",
    answer() {
      this.sendError(304);
    },
    want: `HTTP/1.1 304 Not Modified\n${COMMON}\n`,
  },
  {
    name: "HEAD gets the fields of the page without the page",
    request: "HEAD / HTTP/1.1\nHost: a\n\n",
    answer() {
      this.sendError(404);
    },
    want: errorAnswer(404, "Not Found", page(404, "Not Found", NOTHING))
      .replace(/\n\n[^]*/, "\n\n"),
  },
  {
    name: "HEAD gets no fields of a page for 304",
    request: "HEAD / HTTP/1.1\nHost: a\n\n",
    answer() {
      this.sendError(304);
    },
    want: `HTTP/1.1 304 Not Modified\n${COMMON}\n`,
  },
  {
    name: "what was begun is forgotten",
    answer() {
      this.sendResponse(200);
      this.sendHeader("X-Secret", "1");
      this.endHeaders();
      this.wfile.write("12345");
      this.sendError(404);
    },
    want: errorAnswer(404, "Not Found", page(404, "Not Found", NOTHING)),
    log: [
      '"GET / HTTP/1.1" 200 -',
      "code 404, message Not Found",
      '"GET / HTTP/1.1" 404 -',
    ],
  },
  {
    name: "the page, its type and the phrases may be overridden",
    answer() {
      this.errorMessageFormat = '{"code": %(code)d, "is": "%(message)s"}';
      this.errorContentType = "application/json";
      this.responses = { 404: ["Gone Fishing", "Back soon"] };
      this.sendError(404);
    },
    want: `HTTP/1.1 404 Gone Fishing\n${COMMON}` +
      "Content-Type: application/json\nContent-Length: 35\n\n" +
      '{"code": 404, "is": "Gone Fishing"}',
  },
];

Deno.test("sendError() escapes by the media type of the page", async (t) => {
  const text = '"<b>" & \\ \r\n\u0001 %(code)d';
  const markup = '"&lt;b&gt;" &amp; \\ \n\u0001 %(code)d';
  const json = JSON.stringify(text).slice(1, -1);
  const rows: readonly [type: string, want: string][] = [
    ["text/html", markup],
    ["application/xhtml+xml", markup],
    ["application/unheard-of", markup],
    ["application/json", json],
    ["Application/Problem+JSON; charset=utf-8", json],
    ["text/plain;charset=utf-8", text.replace("\r\n", "\n")],
  ];
  for (const [type, want] of rows) {
    await t.step(type, async () => {
      const App = answering(function () {
        this.errorContentType = type;
        this.errorMessageFormat = '["%(message)s", "%(explain)s"]';
        this.sendError(400, text, text);
      });
      const body = (await talk(App, GET)).text.split("\n\n")[1];
      assertEquals(body, `["${want}", "${want}"]`);
    });
  }
});

Deno.test("sendError() is left its own default where an error has no message", async () => {
  class Custom extends Fixed {
    override sendError(code: number, message = "by default"): void {
      this.sendResponse(code);
      this.endHeaders();
      this.wfile.write(message);
    }

    @verb("GET")
    get() {
      throw new HttpError(401, "");
    }
  }
  const { text } = await talk(Custom, GET);
  assertEquals(text.split("\n\n")[1], "by default");
});

Deno.test("HttpError takes its fields as an object or as pairs", async (t) => {
  const field = ["X-A", "b"] as const;
  for (const headers of [{ "X-A": "b" }, [field], new Map([field])]) {
    assertEquals(new HttpError(401, "", { headers }).headers, [field]);
  }
  assertEquals(
    new HttpError(401, "", { headers: new Headers([["X-A", "b"]]) }).headers,
    [["x-a", "b"]],
  );
  assertEquals(new HttpError(401).headers, []);
  const wrong = ['"X-A: b"', '["X-A: b"]', '[["X-A"]]', '{"X-A":1}'];
  for (const json of wrong) {
    await t.step(json, () => {
      const headers = JSON.parse(json);
      assertThrows(
        () => new HttpError(401, "", { headers }),
        TypeError,
        "Cannot make an error with these headers",
      );
    });
  }
});

Deno.test("sendError() answers with a page in one write", async (t) => {
  for (const row of ROWS) {
    await t.step(row.name, async () => {
      const seen = await talk(answering(row.answer), row.request ?? GET);
      assertEquals(seen.errors, []);
      assertEquals(seen.text, row.want);
      assertEquals(seen.writes, 1);
      if (row.log !== undefined) assertEquals(seen.log, [...row.log]);
    });
  }
});

Deno.test("sendError() keeps a connection whose request was understood", async () => {
  const App = answering(function () {
    if (this.path === "/") this.sendError(404);
    else this.sendError(410);
  });
  const { text } = await talk(App, GET + GET.replace("/", "/gone"));
  assertEquals(
    text,
    errorAnswer(404, "Not Found", page(404, "Not Found", NOTHING)) +
      errorAnswer(
        410,
        "Gone",
        page(410, "Gone", "The resource was removed for good"),
      ),
  );
});

Deno.test("sendError() may be overridden, also to look something up", async () => {
  class Custom extends Fixed {
    override async sendError(code: number, message = ""): Promise<void> {
      const text = await Promise.resolve(`${code} ${message}`);
      this.sendResponse(code);
      this.endHeaders();
      this.wfile.write(text);
    }

    @verb("GET", "/thrown")
    thrown() {
      throw new HttpError(409, "Thrown");
    }

    @verb("GET", "/called")
    called() {
      return this.sendError(410, "Called");
    }

    @verb("GET", "/broken")
    broken() {
      throw new Error("Broken");
    }
  }
  const { text, errors } = await talk(
    Custom,
    ["/thrown", "/called", "/nowhere", "/broken"].map((path) =>
      `GET ${path} HTTP/1.1\nHost: a\n\n`
    ).join(""),
  );
  assertEquals(
    text,
    `HTTP/1.1 409 Conflict\n${COMMON}Content-Length: 10\n\n409 Thrown` +
      `HTTP/1.1 410 Gone\n${COMMON}Content-Length: 10\n\n410 Called` +
      `HTTP/1.1 404 Not Found\n${COMMON}Content-Length: 4\n\n404 ` +
      `HTTP/1.1 500 Internal Server Error\n${COMMON}Content-Length: 4\n` +
      "Connection: close\n\n500 ",
  );
  assertEquals(errors, ["Error: Broken"]);
});

const BARE = "HTTP/1.1 500 Internal Server Error\nContent-Length: 0\n" +
  "Connection: close\n\n";
const PAGE_500 = page(
  500,
  "Internal Server Error",
  RESPONSES[500]?.[1] ?? "",
);

interface FailingRow {
  readonly name: string;
  readonly error: () => unknown;
  readonly fails?: Partial<Record<"sendError" | "sendHeader", string>>;
  readonly format?: null;
  readonly want: string;
  readonly errors: readonly string[];
}

/** The page of 500, after which the connection is closed. */
const CLOSING_500 = errorAnswer(500, "Internal Server Error", PAGE_500)
  .replace(/(Content-Length: \d+\n)/, "$1Connection: close\n");

const FAILING: readonly FailingRow[] = [
  {
    name: "a field with CR and LF",
    error: () =>
      new HttpError(404, "", { headers: [["X-A", "b\r\nSet-Cookie: c=d"]] }),
    want: CLOSING_500,
    errors: ["TypeError: Cannot send the X-A"],
  },
  {
    name: "a field whose name is no token",
    error: () => new HttpError(404, "", { headers: [["X A", "b"]] }),
    want: CLOSING_500,
    errors: ["TypeError: Cannot send a field"],
  },
  {
    name: "an override that fails",
    error: () => new HttpError(404),
    fails: { sendError: "No page" },
    want: BARE,
    errors: ["Error: No page", "Error: No page"],
  },
  {
    name: "a step that fails",
    error: () => new HttpError(404),
    fails: { sendHeader: "No field" },
    want: BARE,
    errors: ["Error: No field", "Error: No field"],
  },
  {
    name: "a page that is no text",
    error: () => new HttpError(404),
    format: null,
    want: BARE,
    errors: ["TypeError: Cannot read", "TypeError: Cannot read"],
  },
  {
    name: "a status that is none",
    error: () => new HttpError(99),
    want: CLOSING_500,
    errors: ["RangeError: Cannot make an error of the status 99"],
  },
];

Deno.test("an error whose page fails is a 500", async (t) => {
  for (const row of FAILING) {
    await t.step(row.name, async () => {
      const { fails = {} } = row;
      class Failing extends Fixed {
        constructor(...args: ConstructorParameters<typeof Fixed>) {
          super(...args);
          if ("format" in row) {
            Object.assign(this, { errorMessageFormat: null });
          }
        }

        override sendError(...args: Parameters<Fixed["sendError"]>) {
          if (fails.sendError) throw new Error(fails.sendError);
          return super.sendError(...args);
        }

        override sendHeader(name: string, value: string): void {
          if (fails.sendHeader) throw new Error(fails.sendHeader);
          super.sendHeader(name, value);
        }

        @verb("GET")
        get() {
          throw row.error();
        }
      }
      const { text, errors } = await talk(Failing, GET + GET);
      assertEquals(text, row.want);
      assertEquals(errors.length, row.errors.length);
      for (const [i, start] of row.errors.entries()) {
        assertEquals(errors[i]?.slice(0, start.length), start);
      }
    });
  }
});
