import { assertEquals, assertThrows } from "@std/assert";
import { HttpRequestHandler, Router, verb } from "../../mod.ts";

class Notes extends HttpRequestHandler {
  static override prefix = "/notes";

  @verb("GET", "/")
  index() {}
  @verb("GET", "/all")
  all() {}
  @verb("GET", "/:id")
  one() {}
  @verb("PUT", "/:id")
  put() {}
  @verb("GET", "/:id(\\d+)")
  numbered() {}
  @verb("GET", "/:id/parts/:part")
  part() {}
  @verb("GET", "/all/parts/*")
  allParts() {}
  @verb("DELETE", "/*")
  remove() {}
  @verb("LOCK", "/:lang(de|en)/:id?")
  translated() {}
}

class Files extends HttpRequestHandler {
  static owns(pathname: string): boolean {
    return pathname.startsWith("/files/");
  }

  @verb("GET")
  file() {}
  @verb("PROPFIND", "/files/:name")
  find() {}
}

class Site extends HttpRequestHandler {
  @verb("GET", "/about")
  about() {}
  @verb("HEAD", "/about")
  aboutHead() {}
  @verb("POST", "/about")
  @verb("*", "/any")
  any() {}
}

const router = new Router([Notes, Files, Site]);

/** Where a request goes, on one line. */
function find(request: string): string {
  const [verb = "", path = ""] = request.split(" ");
  const match = router.match(verb, path);
  switch (match.kind) {
    case "found": {
      const params = Object.entries(match.params).map(([k, v]) => `${k}=${v}`);
      return [match.handler.name, String(match.method), ...params].join(" ");
    }
    case "no verb":
      return "405 " + match.allow.join(", ");
    case "no path":
      return "404";
    case "unknown verb":
      return "501";
  }
}

const ROWS: readonly (readonly [request: string, want: string])[] = [
  // The prefix ends where a segment ends.
  ["GET /notes", "Notes index"],
  ["GET /notes/", "Notes index"],
  ["GET /notesx", "404"],
  ["GET /note", "404"],
  // Literal before richer before parameter before wildcard.
  ["GET /notes/all", "Notes all"],
  ["GET /notes/12", "Notes numbered id=12"],
  ["GET /notes/abc", "Notes one id=abc"],
  ["GET /notes/all/parts/x/y", "Notes allParts 0=x/y"],
  ["GET /notes/all/parts/", "Notes allParts 0="],
  ["GET /notes/7/parts/3", "Notes part id=7 part=3"],
  ["LOCK /notes/de", "Notes translated lang=de"],
  ["LOCK /notes/de/7", "Notes translated lang=de id=7"],
  ["LOCK /notes/fr/7", "405 DELETE, OPTIONS"],
  // Back to a less specific pattern where the better one lacks the verb.
  ["PUT /notes/all", "Notes put id=all"],
  ["PUT /notes/12", "Notes put id=12"],
  ["DELETE /notes/all", "Notes remove 0=all"],
  ["DELETE /notes/all/parts/x", "Notes remove 0=all/parts/x"],
  ["DELETE /notes/", "Notes remove 0="],
  // A parameter is never empty, and never more than a segment.
  ["PUT /notes/", "405 DELETE, GET, HEAD, OPTIONS"],
  ["PUT /notes/a/", "405 DELETE, OPTIONS"],
  // The verbs of all patterns that match are allowed.
  ["POST /notes/all", "405 DELETE, GET, HEAD, OPTIONS, PUT"],
  ["OPTIONS /notes/all", "405 DELETE, GET, HEAD, OPTIONS, PUT"],
  // HEAD is GET unless it has a method of its own.
  ["HEAD /notes/all", "Notes all"],
  ["HEAD /about", "Site aboutHead"],
  // A class is asked only for what it owns.
  ["GET /files/a.txt", "Files file"],
  ["PROPFIND /files/a.txt", "Files find name=a.txt"],
  ["GET /about", "Site about"],
  ["GET /nowhere", "404"],
  ["PROPFIND /nowhere", "404"],
  ["PUT /files/a.txt", "405 GET, HEAD, OPTIONS, PROPFIND"],
  // Every verb.
  ["GET /any", "Site any"],
  ["OPTIONS /any", "Site any"],
  ["BREW /any", "Site any"],
];

Deno.test("Router finds the class, the method and the parameters", async (t) => {
  for (const [request, want] of ROWS) {
    await t.step(request, () => assertEquals(find(request), want));
  }
});

Deno.test("Router tells 405, 404 and 501 apart", async (t) => {
  class Small extends HttpRequestHandler {
    @verb("POST", "/a")
    a() {}
    @verb("PATCH", "/b")
    b() {}
  }
  const small = new Router([Small]);
  const rows: readonly (readonly [string, string, string])[] = [
    ["PATCH", "/a", "no verb"],
    // No class has them, but the protocol knows them.
    ["GET", "/a", "no verb"],
    ["HEAD", "/a", "no verb"],
    ["DELETE", "/a", "no verb"],
    ["POST", "/c", "no path"],
    ["OPTIONS", "/c", "no path"],
    ["GET", "/c", "unknown verb"],
    ["BREW", "/a", "unknown verb"],
    ["post", "/a", "unknown verb"],
  ];
  for (const [verb, path, want] of rows) {
    await t.step(`${verb} ${path}`, () => {
      assertEquals(small.match(verb, path).kind, want);
    });
  }
  assertEquals(small.verbs, ["OPTIONS", "PATCH", "POST"]);
  assertEquals(router.verbs, [
    "DELETE",
    "GET",
    "HEAD",
    "LOCK",
    "OPTIONS",
    "POST",
    "PROPFIND",
    "PUT",
  ]);
});

Deno.test("Router prefers the nearer class where only names differ", () => {
  class Base extends HttpRequestHandler {
    @verb("GET", "/:id")
    base() {}
  }
  class Sub extends Base {
    @verb("GET", "/:key")
    sub() {}
  }
  assertEquals(new Router([Sub]).match("GET", "/x"), {
    kind: "found",
    handler: Sub,
    method: "sub",
    params: { key: "x" },
  });
});

Deno.test("Router gives a path to the first class that answers it", () => {
  class First extends HttpRequestHandler {
    @verb("GET", "/a")
    a() {}
  }
  class Second extends HttpRequestHandler {
    @verb("GET", "/a")
    @verb("POST", "/a")
    a() {}
  }
  const both = new Router([First, Second]);
  const get = both.match("GET", "/a");
  const post = both.match("POST", "/a");
  assertEquals(get.kind === "found" && get.handler.name, "First");
  assertEquals(post.kind === "found" && post.handler.name, "Second");
});

Deno.test("Router refuses a malformed prefix", async (t) => {
  for (
    const prefix of ["api", "/", "/api/", "//api", "/a//b", "/a/../b", "/."]
  ) {
    await t.step(prefix, () => {
      class Api extends HttpRequestHandler {
        static override prefix = prefix;
      }
      const error = assertThrows(() => new Router([Api]), TypeError);
      assertEquals(
        error.message,
        `Cannot mount Api at "${prefix}": a prefix starts with "/", does not ` +
          "end with it, and has no empty or dot segment",
      );
    });
  }
});

Deno.test("Router refuses to be without a class", () => {
  const error = assertThrows(() => new Router([]), TypeError);
  assertEquals(
    error.message,
    "Cannot route requests: there is no handler class",
  );
});
