// A class refuses in one of its steps. Whatever the order of the classes, the
// spelling of the request and the transport, what it refuses is not served, and
// what belongs to other classes is.

import { assertEquals } from "@std/assert";
import { HttpError, type HttpRequestHandler, verb } from "../../mod.ts";
import { toFetch } from "../../lib/fetch/mod.ts";
import { Fixed, talk } from "./_talk.ts";

let hasRun = false;

class Open extends Fixed {
  @verb("GET", "/open")
  open() {
    return new Response("open");
  }

  @verb("GET", "/forwarding")
  forwarding() {
    return this.forward("/admin/secret");
  }

  @verb("GET", "/rewritten")
  rewritten() {
    return new Response("not rewritten");
  }

  override dispatch() {
    if (this.path === "/rewritten") this.path = "/admin/secret";
    return super.dispatch();
  }
}

class Admin extends Fixed {
  static override prefix = "/admin";

  @verb("GET", "/secret")
  secret() {
    hasRun = true;
    return new Response("secret");
  }

  @verb("POST", "/secret")
  async change() {
    hasRun = true;
    return new Response(await this.text());
  }
}

const GUARDS: Record<string, typeof HttpRequestHandler> = {
  "dispatch() sends an error": class extends Admin {
    override dispatch() {
      return this.sendError(403);
    }
  },
  "dispatch() throws": class extends Admin {
    override dispatch(): void {
      throw new HttpError(403);
    }
  },
  "dispatch() refuses later": class extends Admin {
    override async dispatch() {
      await Promise.resolve();
      throw new HttpError(403);
    }
  },
  "parseRequest() sends an error": class extends Admin {
    override parseRequest() {
      super.parseRequest();
      this.sendError(403);
      return false;
    }
  },
  "parseRequest() throws": class extends Admin {
    override parseRequest(): boolean {
      throw new HttpError(403);
    }
  },
  "handleOneRequest() throws": class extends Admin {
    override handleOneRequest(): Promise<void> {
      return Promise.reject(new HttpError(403));
    }
  },
  "setup() throws": class extends Admin {
    override setup(): void {
      throw new HttpError(403);
    }
  },
};

/** What would reach the class if it did not refuse. */
const REQUESTS = [
  "GET /admin/secret",
  "HEAD /admin/secret",
  "POST /admin/secret",
  "DELETE /admin/secret",
  "OPTIONS /admin/secret",
  "GET /admin",
  "GET /admin/",
  "GET /admin/nowhere",
  "PATCH /admin/nowhere",
  "GET //admin/secret",
  "GET /admin//secret",
  "GET /open/../admin/secret",
  "GET /%61dmin/secret",
  "GET http://b/admin/secret",
  "GET /forwarding",
  "GET /rewritten",
];

async function onWire(
  classes: readonly (typeof HttpRequestHandler)[],
  request: string,
): Promise<string> {
  const { text } = await talk(classes, `${request} HTTP/1.1\nHost: a\n\n`);
  return text.slice("HTTP/1.1 ".length).slice(0, 3);
}

async function onFetch(
  classes: readonly (typeof HttpRequestHandler)[],
  request: string,
): Promise<string> {
  const [method = "", target = ""] = request.split(" ");
  const url = target.startsWith("/") ? `http://a${target}` : target;
  const response = await toFetch(classes)(new Request(url, { method }));
  await response.body?.cancel();
  return String(response.status);
}

for (const [guard, Guarded] of Object.entries(GUARDS)) {
  // As the first class it is set up for, and receives, every request.
  const isForAll = /^(?:setup|handleOneRequest)/.test(guard);
  const orders = isForAll
    ? [[Open, Guarded]]
    : [[Open, Guarded], [Guarded, Open]];
  Deno.test(`a guard is not walked around: ${guard}`, async (t) => {
    for (const classes of orders) {
      const order = classes[0] === Open ? "behind" : "first";
      for (const [transport, send] of Object.entries({ onWire, onFetch })) {
        for (const request of REQUESTS) {
          await t.step(`${order}, ${transport}: ${request}`, async () => {
            hasRun = false;
            assertEquals(await send(classes, request), "403");
            assertEquals(hasRun, false);
          });
        }
        await t.step(`${order}, ${transport}: others are served`, async () => {
          assertEquals(await send(classes, "GET /open"), "200");
          assertEquals(await send(classes, "GET /nowhere"), "404");
        });
      }
    }
  });
}

Deno.test("a guard is asked before the body is asked for", async () => {
  class Wary extends Admin {
    override handleExpect100(): boolean {
      this.sendError(403);
      return false;
    }
  }
  for (const classes of [[Open, Wary], [Wary, Open]]) {
    const { text } = await talk(
      classes,
      "POST /admin/secret HTTP/1.1\nHost: a\n" +
        "Content-Length: 5\nExpect: 100-continue\n\n",
    );
    assertEquals(text.split("\n")[0], "HTTP/1.1 403 Forbidden");
  }
});

Deno.test("a head that is refused is answered by the class of its path", async () => {
  class Api extends Admin {
    override sendError(code: number): void {
      this.sendResponseOnly(code, "Api Says No");
      this.endHeaders();
    }
  }
  const heads: readonly (readonly [fields: string, status: number])[] = [
    ["Content-Length: 99999999999", 413],
    ["Content-Length: x", 400],
    ["Transfer-Encoding: gzip", 501],
    ["Expect: magic", 417],
    ["A B: c", 400],
  ];
  for (const classes of [[Open, Api], [Api, Open]]) {
    for (const [fields, status] of heads) {
      for (const target of ["/admin/secret", "//admin/x", "/%61dmin/"]) {
        const { text } = await talk(
          classes,
          `POST ${target} HTTP/1.1\nHost: a\n${fields}\n\n`,
        );
        assertEquals(text.split("\n")[0], `HTTP/1.1 ${status} Api Says No`);
      }
      const { text } = await talk(
        classes,
        `POST /open HTTP/1.1\nHost: a\n${fields}\n\n`,
      );
      assertEquals(text.split("\n")[0]?.includes("Api"), false);
    }
  }
});

Deno.test("each step of the class that answers runs once for a request", async () => {
  const steps: string[] = [];
  class Told extends Admin {
    override handleOneRequest() {
      steps.push("handleOneRequest");
      return super.handleOneRequest();
    }

    override parseRequest() {
      steps.push("parseRequest");
      return super.parseRequest();
    }

    override dispatch() {
      steps.push("dispatch");
      return super.dispatch();
    }

    override logRequest(code: number): void {
      steps.push(`logRequest ${code} ${this.requestLine}`);
    }
  }
  await talk(
    [Open, Told],
    "GET /admin/secret HTTP/1.1\nHost: a\n\nGET /open HTTP/1.1\nHost: a\n\n",
  );
  assertEquals(steps, [
    "handleOneRequest",
    "parseRequest",
    "dispatch",
    "logRequest 200 GET /admin/secret HTTP/1.1",
  ]);
  for (const path of ["/forwarding", "/rewritten"]) {
    steps.length = 0;
    const { text } = await talk(
      [Open, Told],
      `GET ${path} HTTP/1.1\nHost: a\n\nGET /open HTTP/1.1\nHost: a\n\n`,
    );
    assertEquals(steps, [
      "handleOneRequest",
      "parseRequest",
      "dispatch",
      `logRequest 200 GET ${path} HTTP/1.1`,
    ]);
    assertEquals(text.match(/secret|open/g), ["secret", "open"]);
  }
});

Deno.test("the class with the longest prefix of a path answers it", async () => {
  class All extends Fixed {
    @verb("*")
    all() {
      return new Response("all");
    }
  }
  for (const classes of [[All, Admin], [Admin, All]]) {
    const { text } = await talk(
      classes,
      "GET /admin/secret HTTP/1.1\nHost: a\n\n",
    );
    assertEquals(text.split("\n\n")[1], "secret");
  }
});
