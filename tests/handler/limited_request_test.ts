// The web `Request` of a handler: the body in each form, within the limits, by
// the connection and by a host of fetch.

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { HttpError, HttpRequestHandler, HttpServer, verb } from "../../mod.ts";
import { fromFetch, toFetch } from "../../lib/fetch/mod.ts";
import { exchange } from "../../lib/testing/mod.ts";

const LIMITS = { bufferedBodyBytes: 64, jsonBytes: 16, formFields: 3 };
const FORM = "application/x-www-form-urlencoded";
const MULTIPART = "multipart/form-data; boundary=B";
const PART = '--B\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n';

/** What an app asks of a request, by the path. */
const ASKS: Record<string, (request: Request) => Promise<unknown>> = {
  "/bytes": async (request) => [...await request.bytes()],
  "/buffer": async (request) => (await request.arrayBuffer()).byteLength,
  "/blob": async (request) => {
    const { size, type } = await request.blob();
    return [size, type];
  },
  "/text": (request) => request.text(),
  "/json": (request) => request.json(),
  "/form": async (request) =>
    [...await request.formData()].map((field) => field.join("=")),
  "/clone": async (request) => [
    await request.clone().text(),
    await request.clone().clone().text(),
    await request.text(),
  ],
  "/stream": (request) => new Response(request.body).text(),
};

async function respond(request: Request): Promise<Response> {
  const ask = ASKS[new URL(request.url).pathname];
  assert(ask !== undefined);
  return Response.json(await ask(request));
}

const ROWS: readonly (readonly [
  path: string,
  type: string,
  body: string,
  want: string | number,
])[] = [
  ["/bytes", "a/b", "abc", "[97,98,99]"],
  ["/bytes", "a/b", "a".repeat(65), 413],
  ["/bytes", FORM, "a&a&a&a", 413],
  ["/buffer", "a/b", "a".repeat(64), "64"],
  ["/buffer", "a/b", "a".repeat(65), 413],
  ["/buffer", FORM, "a&a&a&a", 413],
  ["/buffer", MULTIPART, PART, 400],
  ["/blob", "A/b;x=y", "abc", '[3,"a/b;x=y"]'],
  ["/blob", "a/b", "a".repeat(65), 413],
  ["/blob", FORM, "a&a&a&a", 413],
  ["/text", "a/b", "\xef\xbb\xbfa\xff", '"a\ufffd"'],
  ["/text", "text/plain", "tea", '"tea"'],
  ["/text", "a/b", "a".repeat(17), 413],
  ["/text", FORM, "a&a&a&a", 413],
  ["/json", "application/json", "[1]", "[1]"],
  ["/json", "text/plain", "[1]", "[1]"],
  ["/json", "application/json", "[1", 400],
  ["/json", "application/json", `[${"[],".repeat(5)}0]`, 413],
  ["/form", FORM, "a=b&c=%20", '["a=b","c= "]'],
  ["/form", FORM, "a&a&a&a", 413],
  ["/form", MULTIPART, PART + "--B--", '["a=b"]'],
  ["/form", MULTIPART, PART, 400],
  ["/form", MULTIPART, "--B\r\nContent-Disposition: form-data", 400],
  ["/form", "text/plain", "a=b", 415],
  ["/form", `a/b; x="${" ".repeat(1024)}"`, "a=b", 400],
  ["/clone", "a/b", "abc", '["abc","abc","abc"]'],
  ["/clone", "a/b", "a".repeat(17), 413],
  ["/stream", "a/b", "a".repeat(65), JSON.stringify("a".repeat(65))],
];

/** The bytes of characters up to U+00FF. */
function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** The status of a response, and its body if it is 200. */
async function outcome(response: Response): Promise<string | number> {
  const text = await response.text();
  return response.status === 200 ? text : response.status;
}

for (const framing of ["length", "chunked"] as const) {
  Deno.test(`request collects a body within the limits: ${framing}`, async (t) => {
    const App = fromFetch(respond);
    await using server = new HttpServer(
      { port: 0, ...LIMITS },
      App,
    );
    void server.serveForever();
    for (const [path, type, text, want] of ROWS) {
      const bytes = bytesOf(text);
      const body = framing === "length" ? bytes : ReadableStream.from([bytes]);
      await t.step(`${path} ${type.slice(0, 40)} ${text.length}`, async () => {
        const response = await fetch(
          `http://127.0.0.1:${server.serverPort}${path}`,
          { method: "POST", headers: { "Content-Type": type }, body },
        );
        assertEquals(await outcome(response), want);
      });
    }
  });
}

class Site extends HttpRequestHandler {
  @verb("POST")
  async answer(): Promise<Response> {
    return await respond(this.request);
  }
}

Deno.test("request collects a body within the limits: by a host", async (t) => {
  const handler = toFetch(Site, LIMITS);
  for (const [path, type, text, want] of ROWS) {
    await t.step(`${path} ${type.slice(0, 40)} ${text.length}`, async () => {
      const request = new Request(`http://a${path}`, {
        method: "POST",
        headers: { "Content-Type": type },
        body: bytesOf(text),
      });
      assertEquals(await outcome(await handler(request)), want);
    });
  }
});

/** Runs `use` on the `Request` of a POST of `body`. */
async function withRequest(
  body: string,
  use: (request: Request) => Promise<void>,
): Promise<void> {
  const errors: unknown[] = [];
  const App = fromFetch(async (request) => {
    await use(request);
    return new Response("done");
  });
  await exchange(
    App,
    `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    { onError: (error) => void errors.push(error) },
  );
  assertEquals(errors, []);
}

Deno.test("request gives its body once", async () => {
  await withRequest("abc", async (request) => {
    assert(request instanceof Request);
    assertEquals(request.bodyUsed, false);
    const text = request.text();
    assertEquals(request.bodyUsed, true);
    await assertRejects(() => request.json(), TypeError);
    assertEquals(await text, "abc");
    assertEquals(request.bodyUsed, true);
    await assertRejects(() => request.bytes(), TypeError);
    assertThrows(() => request.clone(), TypeError);
    assertThrows(() => new Request(request), TypeError);
  });
});

Deno.test("request is not collected while its stream is read", async () => {
  await withRequest("abc", async (request) => {
    const reader = request.body?.getReader();
    await assertRejects(() => request.text(), TypeError);
    reader?.releaseLock();
    assertEquals(await request.text(), "abc");
  });
});

Deno.test("request without a body has an empty one, again and again", async () => {
  await withRequest("", async (request) => {
    assertEquals(request.body, null);
    assertEquals(await request.text(), "");
    assertEquals(request.bodyUsed, false);
    assertEquals((await request.bytes()).length, 0);
  });
});

Deno.test("request can be sent on, with its stream or whole", async () => {
  const Echo = fromFetch(async (request) =>
    new Response(`${request.method} ${await request.text()}`)
  );
  await using echo = new HttpServer({ port: 0 }, Echo);
  void echo.serveForever();
  const url = `http://127.0.0.1:${echo.serverPort}/`;
  const Proxy = fromFetch(async (request) => {
    if (request.url.endsWith("whole")) return await fetch(url, request);
    const body = request.body;
    return await fetch(url, { method: request.method, body });
  });
  await using proxy = new HttpServer({ port: 0 }, Proxy);
  void proxy.serveForever();
  for (const path of ["whole", "stream"]) {
    const response = await fetch(
      `http://127.0.0.1:${proxy.serverPort}/${path}`,
      { method: "POST", body: "abc" },
    );
    assertEquals(await response.text(), "POST abc");
  }
});

Deno.test("request copies are bound by bodyBytes", async () => {
  const App = fromFetch(async (request) =>
    new Response(`${(await new Request(request).text()).length}`)
  );
  const answer = await exchange(
    App,
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" +
      "5\r\nabcde\r\n0\r\n\r\n",
    { bodyBytes: 4 },
  );
  const line = new TextDecoder().decode(answer).split("\r\n")[0];
  assertEquals(line, "HTTP/1.1 413 Content Too Large");
});

Deno.test("request has no method that is not the client's", async (t) => {
  const seen: string[] = [];
  const App = fromFetch((request) => {
    seen.push(request.method);
    return new Response("in");
  });
  class Guarded extends App {
    override async dispatch(): Promise<void> {
      if (["POST", "PUT", "DELETE"].includes(this.command)) {
        throw new HttpError(401);
      }
      await super.dispatch();
    }
  }
  const names = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];
  const spelled = names.flatMap((name) => [
    name,
    name.toLowerCase(),
    name.charAt(0) + name.slice(1).toLowerCase(),
    name.charAt(0).toLowerCase() + name.slice(1),
  ]);
  for (const method of spelled) {
    await t.step(method, async () => {
      seen.length = 0;
      const answer = await exchange(
        Guarded,
        `${method} / HTTP/1.1\r\nHost: a\r\n\r\n`,
      );
      const status = new TextDecoder().decode(answer).slice(9, 12);
      const isGuarded = ["POST", "PUT", "DELETE"].includes(method);
      // A `Request` leaves PATCH and unknown methods as they are.
      const isKept = names.includes(method) || /^patch$/i.test(method);
      assertEquals(status, isGuarded ? "401" : isKept ? "200" : "501");
      assertEquals(seen, status === "200" ? [method] : []);
    });
  }
});
