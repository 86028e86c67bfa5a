import { assertEquals } from "@std/assert";
import { toFetch } from "../../lib/fetch/mod.ts";
import { exchange } from "../../lib/testing/mod.ts";
import { HttpError, verb } from "../../mod.ts";
import { COMMON, Fixed, page, talk } from "./_talk.ts";

/** Requests on one connection. */
function gets(...paths: string[]): string {
  return paths.map((path) => `GET ${path} HTTP/1.1\nHost: a\n\n`).join("");
}

/** The bodies of 200s, and the statuses of other answers. */
function outcomes(text: string): string[] {
  return text.split(/(?=HTTP\/1\.1 )/).map((answer) => {
    const [head = "", body = ""] = answer.split("\n\n");
    return head.startsWith("HTTP/1.1 200")
      ? body
      : head.slice("HTTP/1.1 ".length).split("\n")[0] ?? "";
  });
}

let life: string[] = [];

class Lived extends Fixed {
  requests = 0;

  constructor(endpoint: ConstructorParameters<typeof Fixed>[0]) {
    super(endpoint);
    life.push(`${new.target.name} is made`);
  }

  override setup(): void | Promise<void> {
    life.push(`${this.constructor.name} is set up`);
    return super.setup();
  }

  override finish(): void | Promise<void> {
    life.push(`${this.constructor.name} is finished`);
    return super.finish();
  }
}

class Site extends Lived {
  @verb("GET", "/")
  index() {
    return new Response(`index ${++this.requests}`);
  }

  @verb("GET", "/forwarding")
  forwarding() {
    return this.forward("/api/x?y");
  }
}

class Api extends Lived {
  static override prefix = "/api";

  #ready = "";

  override async setup(): Promise<void> {
    await super.setup();
    this.#ready = "ready";
  }

  override sendError(code: number): void {
    this.sendResponseOnly(code, "Api Says No");
    this.endHeaders();
  }

  @verb("GET", "/throwing")
  throwing() {
    throw new HttpError(409);
  }

  @verb("GET", "/failing")
  failing() {
    throw new Error("failing");
  }

  @verb("GET", "/*")
  get() {
    const { pathname, path, query, fields } = this;
    return new Response(
      [this.#ready, ++this.requests, pathname, path, query, fields.size].join(
        " ",
      ),
    );
  }
}

class Unused extends Lived {
  static override prefix = "/unused";
}

Deno.test("several classes share a connection, with one instance of each", async () => {
  life = [];
  const { text, errors } = await talk(
    [Site, Api, Unused],
    gets("/", "/api/a?q", "/", "/api/b", "/"),
  );
  assertEquals(errors, []);
  assertEquals(outcomes(text), [
    "index 1",
    "ready 1 /a /api/a?q q 1",
    "index 2",
    "ready 2 /b /api/b  1",
    "index 3",
  ]);
  assertEquals(life, [
    "Site is made",
    "Site is set up",
    "Api is made",
    "Api is set up",
    "Site is finished",
    "Api is finished",
  ]);
});

Deno.test("several classes: each answers for its own errors", async () => {
  const { text, errors } = await talk(
    [Site, Api],
    gets("/api/throwing", "/nowhere", "/api/failing"),
  );
  assertEquals(errors, ["Error: failing"]);
  const body = page(404, "Not Found", "Nothing matches the given address");
  assertEquals(
    text,
    "HTTP/1.1 409 Api Says No\nContent-Length: 0\n\n" +
      `HTTP/1.1 404 Not Found\n${COMMON}` +
      `Content-Type: text/html;charset=utf-8\nContent-Length: ${body.length}\n\n` +
      body +
      "HTTP/1.1 500 Api Says No\nContent-Length: 0\nConnection: close\n\n",
  );
});

Deno.test("several classes: the class of the request line refuses what follows", async () => {
  // Neither of these heads is ever whole.
  for (const fields of ["Host: a\r\nX: b\n", "Host: a\r\nX y"]) {
    const raw = `GET /api/x HTTP/1.1\r\n${fields}`;
    assertEquals(
      new TextDecoder().decode(await exchange([Site, Api], raw)),
      "HTTP/1.1 400 Api Says No\r\nContent-Length: 0\r\n" +
        "Connection: close\r\n\r\n",
    );
  }
});

Deno.test("several classes: 405 and OPTIONS come from the class of the path", async () => {
  const { text, errors } = await talk(
    [Site, Api],
    "DELETE /api/a HTTP/1.1\nHost: a\n\nOPTIONS /api/a HTTP/1.1\nHost: a\n\n",
  );
  assertEquals(errors, []);
  assertEquals(
    text,
    "HTTP/1.1 405 Api Says No\nContent-Length: 0\n\n" +
      `HTTP/1.1 204 No Content\n${COMMON}Allow: GET, HEAD, OPTIONS\n\n`,
  );
});

Deno.test("several classes: a failing setup() is a failing request", async () => {
  class Broken extends Lived {
    static override prefix = "/broken";

    override setup(): void {
      throw new HttpError(503, "Not ready");
    }

    @verb("GET")
    get() {
      return new Response("never");
    }
  }
  life = [];
  const { text, errors } = await talk(
    [Site, Broken],
    gets("/broken", "/"),
  );
  assertEquals(errors, []);
  assertEquals(outcomes(text), ["503 Service Unavailable", "index 1"]);
});

Deno.test("several classes: a class that was not set up is not finished", async () => {
  class Broken extends Lived {
    static override prefix = "/broken";

    override setup(): void {
      throw new HttpError(503, "Not ready");
    }

    @verb("GET")
    get() {
      return new Response("never");
    }
  }
  life = [];
  await talk([Site, Broken], gets("/broken", "/broken"));
  assertEquals(life, [
    "Site is made",
    "Site is set up",
    "Broken is made",
    "Broken is made",
    "Site is finished",
  ]);
});

Deno.test("several classes: one that fails to finish does not keep the others", async () => {
  class Sloppy extends Lived {
    static override prefix = "/sloppy";

    override finish(): void {
      throw new Error("sloppy");
    }

    @verb("GET")
    get() {
      return new Response("done");
    }
  }
  life = [];
  const { text, errors } = await talk(
    [Site, Sloppy, Api],
    gets("/sloppy", "/api/"),
  );
  assertEquals(outcomes(text), ["done", "ready 1 / /api/  1"]);
  assertEquals(errors, ["Error: sloppy"]);
  assertEquals(life.filter((line) => line.endsWith("finished")), [
    "Site is finished",
    "Api is finished",
  ]);
});

Deno.test("several classes: what is no request passes for none that was", async (t) => {
  class Telling extends Fixed {
    override sendError(code: number): void {
      this.sendResponseOnly(code);
      this.endHeaders();
      const { command, path, requestLine, fields } = this;
      this.wfile.write(
        JSON.stringify([command, path, requestLine, fields.size]),
      );
    }

    @verb("GET", "/*")
    get() {
      return new Response("told");
    }
  }
  class Other extends Fixed {
    static override prefix = "/other";

    @verb("GET", "/")
    get() {
      return new Response("other");
    }

    @verb("GET", "/forwarding")
    forwarding() {
      return this.forward("/a?b");
    }
  }
  for (
    const [paths, bodies] of [
      [["/a?b"], ["told"]],
      [["/a?b", "/other/"], ["told", "other"]],
      [["/other/forwarding"], ["told"]],
      [["/other/", "/a?b"], ["other", "told"]],
    ] as const
  ) {
    await t.step(paths.join(", "), async () => {
      const { text, log } = await talk([Telling, Other], gets(...paths) + "(");
      const [last = "", ...others] = text.split(/(?=HTTP\/1\.1 )/).reverse();
      assertEquals(outcomes(others.reverse().join("")), [...bodies]);
      assertEquals(last.split("\n\n").at(-1), '["","","",0]');
      assertEquals(log.length, paths.length);
    });
  }
});

Deno.test("several classes: a request that was forwarded passes for no other", async () => {
  class Site extends Fixed {
    @verb("GET", "/forwarding")
    forwarding() {
      return this.forward("/strict/to");
    }
  }
  class Strict extends Fixed {
    static override prefix = "/strict";
    #requests = 0;

    override parseRequest(): boolean {
      if (++this.#requests > 1) throw new HttpError(429);
      return super.parseRequest();
    }

    override sendError(code: number): void {
      this.sendResponseOnly(code);
      this.endHeaders();
      this.wfile.write(this.path);
    }

    @verb("GET", "/*")
    get() {
      return new Response("first");
    }
  }
  const { text } = await talk(
    [Site, Strict],
    gets("/strict/private", "/forwarding"),
  );
  const [first = "", second = ""] = text.split(/(?=HTTP\/1\.1 429)/);
  assertEquals(outcomes(first), ["first"]);
  assertEquals(second.split("\n\n").at(-1), "/strict/to");
});

Deno.test("several classes: a request that its class leaves alone ends the connection", async (t) => {
  for (const others of [[], [Site]]) {
    await t.step(`beside ${others.length} others`, async () => {
      class Unserving extends Fixed {
        override handleOneRequest(): Promise<void> {
          return Promise.resolve();
        }

        @verb("GET", "/x")
        get() {
          return new Response("served");
        }
      }
      const { text, errors } = await talk(
        [Unserving, ...others],
        gets("/x", "/x"),
      );
      assertEquals([text, errors], ["", []]);
    });
  }
});

Deno.test("forward() answers as another class", async () => {
  const { text, errors } = await talk([Site, Api], gets("/forwarding", "/"));
  assertEquals(errors, []);
  assertEquals(outcomes(text), ["ready 1 /x /api/x?y y 1", "index 1"]);
});

interface ForwardRow {
  readonly name: string;
  readonly target: string;
  readonly want: string;
  readonly errors?: readonly string[];
}

const FORWARDS: readonly ForwardRow[] = [
  { name: "another path", target: "/to?a=b", want: "GET /to a=b" },
  { name: "repeated slashes", target: "//to/x", want: "GET /to/x " },
  { name: "an unknown path", target: "/nowhere", want: "404 Not Found" },
  { name: "a circle", target: "/from", want: "508 Loop Detected" },
  {
    name: "a target that is none",
    target: "to",
    want: "500 Internal Server Error",
    errors: [
      'TypeError: Cannot forward to "to": it is no target in origin-form',
    ],
  },
  {
    name: "a target with a fragment",
    target: "/to#x",
    want: "500 Internal Server Error",
    errors: [
      'TypeError: Cannot forward to "/to#x": it is no target in origin-form',
    ],
  },
];

Deno.test("forward() answers as if GET another target had been asked", async (t) => {
  for (const { name, target, want, errors = [] } of FORWARDS) {
    await t.step(name, async () => {
      class Forwarding extends Fixed {
        @verb("POST", "/from")
        @verb("GET", "/from")
        from() {
          this.sendResponse(200);
          this.sendHeader("X-Forgotten", "1");
          return this.forward(target);
        }

        @verb("GET", "/to/*")
        @verb("GET", "/to")
        to() {
          return new Response(
            `${this.command} ${this.path.split("?")[0]} ${this.query}`,
          );
        }
      }
      const seen = await talk(
        Forwarding,
        "POST /from HTTP/1.1\nHost: a\nContent-Length: 3\n\nabc",
      );
      assertEquals(outcomes(seen.text), [want]);
      assertEquals(seen.errors, [...errors]);
    });
  }
});

Deno.test("forward() adds fields to whatever response the request gets", async (t) => {
  class Forwarding extends Fixed {
    @verb("GET", "/from/:to")
    from({ to }: { to: string }) {
      this.sendResponse(200);
      this.sendHeader("X-Forgotten", "1");
      return this.forward(`/${to}`, [["Set-Cookie", "a=1"], ["X-From", to]]);
    }

    @verb("GET", "/steps")
    steps() {
      this.sendResponse(200);
      this.sendHeader("X-From", "here");
      this.endHeaders();
    }

    @verb("GET", "/response")
    response() {
      return new Response("body");
    }

    @verb("GET", "/again")
    again() {
      return this.forward("/steps", [["Set-Cookie", "b=2"]]);
    }

    @verb("GET", "/failing")
    failing() {
      throw new HttpError(409);
    }
  }
  const rows = [
    { to: "steps", want: ["x-from: here, steps", "set-cookie: a=1"] },
    { to: "response", want: ["x-from: response", "set-cookie: a=1"] },
    {
      to: "again",
      want: ["x-from: here, again", "set-cookie: a=1", "set-cookie: b=2"],
    },
    { to: "failing", want: ["x-from: failing", "set-cookie: a=1"] },
    { to: "nowhere", want: ["x-from: nowhere", "set-cookie: a=1"] },
  ];
  const added = (response: Response) => [
    `x-from: ${response.headers.get("x-from")}`,
    ...response.headers.getSetCookie().map((cookie) => `set-cookie: ${cookie}`),
  ];
  const overFetch = toFetch(Forwarding);
  for (const { to, want } of rows) {
    await t.step(to, async () => {
      const { text } = await talk(Forwarding, gets(`/from/${to}`));
      const [head = ""] = text.split("\n\n");
      const headers = new Headers(
        head.split("\n").slice(1).map((line) => {
          const [name = "", value = ""] = line.split(/: (.*)/);
          return [name, value];
        }),
      );
      assertEquals(added(new Response("", { headers })), want);
      const response = await overFetch(new Request(`http://h/from/${to}`));
      await response.body?.cancel();
      assertEquals(added(response), want);
    });
  }
  await t.step("and to no other", async () => {
    const { text } = await talk(Forwarding, gets("/from/steps", "/response"));
    assertEquals(text.match(/Set-Cookie/g)?.length, 1);
  });
});

Deno.test("forward() is refused once the head was sent", async () => {
  class Late extends Fixed {
    @verb("GET", "/from")
    async from() {
      this.sendResponseOnly(200);
      this.endHeaders();
      await this.wfile.flush();
      return this.forward("/to");
    }
  }
  const { text, errors } = await talk(Late, gets("/from"));
  assertEquals(text, "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n");
  assertEquals(errors, ["Error: Cannot start over: the head was sent"]);
});
