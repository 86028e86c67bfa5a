import {
  assertEquals,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { HttpError, HttpRequestHandler, verb } from "../../mod.ts";
import { type FetchHandler, fromFetch, toFetch } from "../../lib/fetch/mod.ts";

const encoder = new TextEncoder();
const GET = () => new Request("http://host/");

/** A request whose body is pulled from a counted source. */
function uploadOf(pull: UnderlyingDefaultSource<Uint8Array>["pull"], more: {
  cancel?: (reason: unknown) => void;
  headers?: Record<string, string>;
} = {}): Request {
  const { cancel, headers = {} } = more;
  const body = new ReadableStream(
    { ...pull && { pull }, ...cancel && { cancel } },
    { highWaterMark: 0 },
  );
  return new Request("http://host/", { method: "POST", body, headers });
}

/** Lets everything run that needs no more than turns of the event loop. */
async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) {
    await new Promise((resolve) => setTimeout(resolve));
  }
}

Deno.test("toFetch() hands on a returned Response as the same object", async () => {
  const stream = new ReadableStream<Uint8Array>();
  const responses = {
    text: new Response("text", { statusText: "Mine" }),
    empty: new Response(null, { status: 204 }),
    stream: new Response(stream),
    redirect: Response.redirect("http://host/there"),
  };
  for (const response of Object.values(responses)) {
    class App extends HttpRequestHandler {
      @verb("GET")
      get() {
        return response;
      }

      @verb("POST")
      async post() {
        return await Promise.resolve(response);
      }
    }
    const handler = toFetch(App);
    assertStrictEquals(await handler(GET()), response);
    assertStrictEquals(
      await handler(new Request("http://host/", { method: "POST" })),
      response,
    );
    assertStrictEquals(
      await toFetch(fromFetch(() => response))(GET()),
      response,
    );
  }
  assertStrictEquals(responses.stream.body, stream);
  assertEquals(stream.locked, false);
});

Deno.test("toFetch() gives a fetch handler the Request of the host", async () => {
  let seen: Request | undefined;
  const handler = toFetch(fromFetch((request) => {
    seen = request;
    return new Response();
  }));
  const request = GET();
  await handler(request);
  assertStrictEquals(seen, request);
});

Deno.test("toFetch() cancels the body of a Response to HEAD", async () => {
  let reason: unknown = "not cancelled";
  const App = fromFetch(() =>
    new Response(new ReadableStream({ cancel: (r) => void (reason = r) }), {
      headers: { "X-Field": "1" },
    })
  );
  const response = await toFetch(App)(
    new Request("http://host/", { method: "HEAD" }),
  );
  assertEquals([...response.headers], [["x-field", "1"]]);
  assertEquals(response.body, null);
  assertEquals(reason, undefined);
});

Deno.test("toFetch() tells a handler who talks with whom", async () => {
  const lines: string[] = [];
  class App extends HttpRequestHandler {
    override logDateTimeString() {
      return "now";
    }

    @verb("GET")
    get() {
      const { clientAddress, server } = this;
      return Response.json([
        clientAddress,
        server.serverName,
        server.serverPort,
        server.isSecure,
        server.limits.bodyBytes,
      ]);
    }
  }
  const handler = toFetch(App, {
    bodyBytes: 7,
    accessLog: (line) => lines.push(line),
  });
  const remoteAddr: Deno.NetAddr = {
    transport: "tcp",
    hostname: "192.0.2.1",
    port: 5,
  };
  const nobody = { transport: "tcp", hostname: "", port: 0 };
  const rows = [
    { url: "http://host/", want: [remoteAddr, "host", 80, false, 7] },
    { url: "https://host/", want: [remoteAddr, "host", 443, true, 7] },
    { url: "http://[::1]:81/", want: [remoteAddr, "::1", 81, false, 7] },
  ];
  for (const { url, want } of rows) {
    const response = await handler(new Request(url), { remoteAddr });
    assertEquals(await response.json(), want);
  }
  const response = await handler(GET(), {});
  assertEquals(await response.json(), [nobody, "host", 80, false, 7]);
  assertEquals(lines.slice(2), [
    '192.0.2.1 - - [now] "GET / HTTP/1.1" 200 -',
    ' - - [now] "GET / HTTP/1.1" 200 -',
  ]);
});

Deno.test("toFetch() refuses classes and limits that cannot be", () => {
  assertThrows(() => toFetch([]), TypeError);
  assertThrows(
    () => toFetch(HttpRequestHandler, { bodyBytes: -1 }),
    RangeError,
    "Cannot set the limit bodyBytes to -1",
  );
});

/** Fails in each way that there is. */
class Failing extends HttpRequestHandler {
  @verb("GET", "/error")
  error() {
    throw new Error("secret");
  }

  @verb("GET", "/http-error")
  httpError() {
    throw new HttpError(402, "Pay first");
  }

  @verb("GET", "/late")
  async late() {
    this.sendResponse(200);
    this.endHeaders();
    await this.wfile.write("so far, ");
    await this.wfile.flush();
    await this.wfile.write("so good");
    throw new Error("secret");
  }

  @verb("GET", "/too-short")
  async tooShort() {
    this.sendResponse(200);
    this.sendHeader("Content-Length", "9");
    this.endHeaders();
    await this.wfile.flush();
    this.wfile.write("12345678");
  }

  @verb("GET", "/too-long")
  async tooLong() {
    this.sendResponse(200);
    this.sendHeader("Content-Length", "9");
    this.endHeaders();
    await this.wfile.flush();
    await this.wfile.write("1234567890");
  }

  @verb("GET", "/fine")
  fine() {
    return new Response("fine");
  }
}

/** Fails after the answer. */
class FailingLast extends Failing {
  override finish(): never {
    throw new Error("too late");
  }
}

const failures = [
  {
    name: "an error becomes a page",
    target: "/error",
    page: ["500", "secret"],
    thrown: ["Error: secret"],
  },
  {
    name: "an HttpError becomes a page",
    target: "/http-error",
    page: ["402"],
    thrown: ["HttpError: Pay first"],
  },
  {
    name: "a path that nobody has",
    target: "/none",
    page: ["404"],
    thrown: ["HttpError"],
  },
  {
    name: "an error behind the head fails the stream",
    target: "/late",
    page: ["200", "Error: secret", "secret"],
    thrown: ["200", "Error: secret", "secret"],
  },
  {
    name: "a body shorter than declared fails the stream",
    target: "/too-short",
    page: [
      "200",
      "Error: Cannot end the answer: 8 octets were written, Content-Length is 9",
      "Cannot end the answer: 8 octets were written, Content-Length is 9",
    ],
    thrown: [
      "200",
      "Error: Cannot end the answer: 8 octets were written, Content-Length is 9",
      "Cannot end the answer: 8 octets were written, Content-Length is 9",
    ],
  },
  {
    name: "a body longer than declared fails the stream",
    target: "/too-long",
    page: [
      "200",
      "Error: Cannot write 10 octets: Content-Length is 9",
      "Cannot write 10 octets: Content-Length is 9",
    ],
    thrown: [
      "200",
      "Error: Cannot write 10 octets: Content-Length is 9",
      "Cannot write 10 octets: Content-Length is 9",
    ],
  },
];

Deno.test("toFetch() makes pages of errors, or throws them", async (t) => {
  for (const { name, target, page, thrown } of failures) {
    for (const errors of ["page", "throw"] as const) {
      await t.step(`${name}, errors: ${errors}`, async () => {
        const seen: string[] = [];
        const reported: string[] = [];
        const handler = toFetch(Failing, {
          errors,
          onError: (error) =>
            reported.push(error instanceof Error ? error.message : "?"),
        });
        try {
          const response = await handler(new Request("http://host" + target));
          seen.push(String(response.status));
          await response.text();
        } catch (error) {
          seen.push(String(error));
        }
        assertEquals(
          [...seen, ...reported],
          errors === "page" ? page : thrown,
        );
      });
    }
  }
});

Deno.test("toFetch() reports what fails behind the answer", async () => {
  const reported: string[] = [];
  const handler = toFetch(FailingLast, {
    onError: (error) => reported.push(String(error)),
  });
  const response = await handler(new Request("http://host/fine"));
  assertEquals(await response.text(), "fine");
  await settle();
  assertEquals(reported, ["Error: too late"]);
});

Deno.test("toFetch() ends a handler that takes too long with 503", async () => {
  const late = Promise.withResolvers<Response>();
  const handler = toFetch(fromFetch(() => late.promise), { handlerTimeout: 5 });
  const response = await handler(GET());
  assertEquals(response.status, 503);
  await response.body?.cancel();
  late.resolve(new Response());
});

Deno.test("toFetch() limits bodies that the host did not", async (t) => {
  class Take extends HttpRequestHandler {
    @verb("POST")
    async take() {
      let size = 0;
      for (let p; (p = await this.rfile.read()) !== null;) size += p.length;
      return new Response(String(size));
    }
  }
  const handler = toFetch(Take, { bodyBytes: 10 });
  const rows = [
    {
      name: "by length",
      headers: { "Content-Length": "11" },
      sizes: [],
      want: 413,
    },
    { name: "as it comes", headers: {}, sizes: [6, 5], want: 413 },
    { name: "up to the limit", headers: {}, sizes: [6, 4], want: 200 },
    {
      name: "a length that is none",
      headers: { "Content-Length": "1e9" },
      sizes: [3],
      want: 200,
    },
  ];
  for (const { name, headers, sizes, want } of rows) {
    await t.step(name, async () => {
      const left = [...sizes];
      const response = await handler(
        uploadOf((controller) => {
          const size = left.shift();
          if (size === undefined) controller.close();
          else controller.enqueue(new Uint8Array(size));
        }, { headers }),
      );
      await response.text();
      assertEquals(response.status, want);
    });
  }
});

Deno.test("toFetch() says 400 of a body that breaks off", async () => {
  class Take extends HttpRequestHandler {
    @verb("POST")
    async take() {
      return new Response(await this.text());
    }
  }
  const response = await toFetch(Take)(
    uploadOf((controller) => controller.error(new Error("the client left"))),
  );
  assertEquals(response.status, 400);
  assertEquals(
    /<strong>(.*)<\/strong>/.exec(await response.text())?.[1],
    "The request body ends too early",
  );
});

Deno.test("toFetch() tells the client that the rest of its body is unwanted", async () => {
  class Peek extends HttpRequestHandler {
    @verb("POST")
    async peek() {
      await this.rfile.read(1);
      this.sendResponse(204);
      this.endHeaders();
    }
  }
  const cancelled = Promise.withResolvers<void>();
  const response = await toFetch(Peek)(
    uploadOf((controller) => controller.enqueue(new Uint8Array(9)), {
      cancel: () => cancelled.resolve(),
    }),
  );
  assertEquals(response.status, 204);
  await cancelled.promise;
});

Deno.test("a long line is read in one call", async () => {
  class Lines extends HttpRequestHandler {
    @verb("POST")
    async lines() {
      const line = await this.rfile.readLine(1_000_000);
      return new Response(String(line?.length));
    }
  }
  const body = encoder.encode("x".repeat(500_000) + "\nmore");
  const response = await toFetch(Lines)(
    new Request("http://host/", { method: "POST", body }),
  );
  assertEquals(await response.text(), "500001");
});

/** Writes without end, and tells of it. */
function endless(): {
  handler: FetchHandler;
  written: () => number;
  ended: Promise<string>;
  aborted: Promise<string>;
} {
  let written = 0;
  const ended = Promise.withResolvers<string>();
  const aborted = Promise.withResolvers<string>();
  class Endless extends HttpRequestHandler {
    @verb("GET")
    async endless() {
      const { signal } = this;
      signal.addEventListener(
        "abort",
        () => aborted.resolve(signal.reason.name),
      );
      this.sendResponse(200);
      this.endHeaders();
      try {
        for (;;) {
          await this.wfile.write(new Uint8Array(1000));
          written += 1000;
        }
      } catch (error) {
        ended.resolve(error instanceof Error ? error.name : "?");
        throw error;
      }
    }
  }
  const reported: unknown[] = [];
  const handler = toFetch(Endless, {
    onError: (error) => reported.push(error),
  });
  return {
    handler,
    written: () => written,
    ended: ended.promise.then((name) => [name, ...reported].join()),
    aborted: aborted.promise,
  };
}

Deno.test("a handler writes no faster than the host reads", async () => {
  const { handler, written, ended } = endless();
  const response = await handler(GET());
  await settle();
  const ahead = written();
  // What is held back, and what one stream holds.
  assertEquals(ahead <= 16_384 + 65_536 + 1000, true, `${ahead} octets ahead`);
  await settle();
  assertEquals(written(), ahead, "it waits for the host");
  const reader = response.body?.getReader();
  let read = 0;
  while (read < 500_000) read += (await reader?.read())?.value?.length ?? 0;
  await settle();
  assertEquals(written() > 500_000, true, "it goes on");
  assertEquals(written() <= read + ahead, true, "and not much further");
  await reader?.cancel();
  assertEquals(await ended, "ConnectionLost");
});

Deno.test("a request body is read no faster than the handler reads", async () => {
  let pulled = 0;
  const may = Promise.withResolvers<void>();
  class Slow extends HttpRequestHandler {
    @verb("POST")
    async slow() {
      await this.rfile.read();
      const before = pulled;
      await may.promise;
      let count = 1;
      while (await this.rfile.read() !== null) count++;
      return new Response(`${before} ${count}`);
    }
  }
  const answer = toFetch(Slow)(
    uploadOf((controller) => {
      if (++pulled > 50) controller.close();
      else controller.enqueue(new Uint8Array(10_000));
    }),
  );
  await settle();
  assertEquals(pulled, 1);
  may.resolve();
  assertEquals(await (await answer).text(), "1 50");
});

Deno.test("a host that cancels aborts the signal and the awaited write", async () => {
  const { handler, ended, aborted } = endless();
  const response = await handler(GET());
  await response.body?.cancel("enough");
  assertEquals(await aborted, "ConnectionLost");
  assertEquals(await ended, "ConnectionLost");
});

Deno.test("a handler may ask for the signal when the host has cancelled", async () => {
  const may = Promise.withResolvers<void>();
  const aborted = Promise.withResolvers<boolean>();
  class Late extends HttpRequestHandler {
    @verb("GET")
    async late() {
      this.sendResponse(200);
      this.endHeaders();
      await this.wfile.flush();
      await may.promise;
      aborted.resolve(this.signal.aborted);
    }
  }
  const response = await toFetch(Late)(GET());
  await response.body?.cancel();
  may.resolve();
  assertEquals(await aborted.promise, true);
});

Deno.test("a host that aborts its request does the same", async () => {
  const { handler, ended, aborted } = endless();
  const client = new AbortController();
  const response = await handler(
    new Request("http://host/", { signal: client.signal }),
  );
  client.abort(new Error("gone"));
  assertEquals(await aborted, "ConnectionLost");
  assertEquals(await ended, "ConnectionLost");
  await assertRejects(() => response.text(), Error, "The client went away");
});

Deno.test("a host that aborts before the head ends what is written later", async () => {
  const { handler, ended } = endless();
  const client = new AbortController();
  const answer = handler(
    new Request("http://host/", { signal: client.signal }),
  );
  client.abort();
  await assertRejects(async () => (await answer).text(), Error);
  assertEquals(await ended, "ConnectionLost");
});

Deno.test("a request that was aborted before is aborted for the handler", async () => {
  class App extends HttpRequestHandler {
    @verb("GET")
    get() {
      return new Response(String(this.signal.aborted));
    }
  }
  const request = new Request("http://host/", { signal: AbortSignal.abort() });
  const response = await toFetch(App)(request);
  assertEquals(await response.text(), "true");
});

Deno.test("a signal is quiet once the answer is complete", async () => {
  let signal: AbortSignal | undefined;
  class App extends HttpRequestHandler {
    @verb("GET")
    get() {
      ({ signal } = this);
      this.sendResponse(200);
      this.endHeaders();
      this.wfile.write("complete");
    }
  }
  const client = new AbortController();
  const response = await toFetch(App)(
    new Request("http://host/", { signal: client.signal }),
  );
  await response.text();
  client.abort();
  assertEquals(signal?.aborted, false);
});

Deno.test("a write that nobody awaits may fail", async () => {
  class Careless extends HttpRequestHandler {
    @verb("GET")
    async careless() {
      this.sendResponse(200);
      this.endHeaders();
      for (let i = 0; i < 20; i++) {
        this.wfile.write(new Uint8Array(10_000));
        await settle();
      }
    }
  }
  const reported: unknown[] = [];
  const response = await toFetch(Careless, {
    onError: (error) => reported.push(error),
  })(GET());
  await response.body?.cancel();
  await settle();
  assertEquals(reported, []);
});

Deno.test("octets that a handler uses again are its own", async () => {
  class Reuse extends HttpRequestHandler {
    @verb("GET")
    async reuse() {
      this.sendResponse(200);
      this.endHeaders();
      const octets = new Uint8Array(1);
      for (let i = 0; i < 5; i++) {
        octets[0] = 0x30 + i;
        await this.wfile.write(octets);
        if (i === 2) await this.wfile.flush();
      }
    }
  }
  const response = await toFetch(Reuse)(GET());
  assertEquals(await response.text(), "01234");
});

Deno.test("toFetch() tells at once of options that nothing takes", () => {
  const rows: [options: unknown, message: string][] = [
    [{ prot: 0 }, 'There is no option "prot": there are errors, accessLog'],
    [{ errors: "trow" }, 'Cannot set errors to "trow": want "page" or "throw"'],
    [{ onError: 1 }, 'a number for the option "onError": want a function'],
    [null, "Cannot take null for the options"],
  ];
  for (const [options, message] of rows) {
    assertThrows(
      () => Reflect.apply(toFetch, undefined, [HttpRequestHandler, options]),
      TypeError,
      message,
    );
  }
});

Deno.test("a write of what is neither text nor bytes is told of, and 500", async () => {
  const errors: unknown[] = [];
  class Numbers extends HttpRequestHandler {
    @verb("GET")
    async count() {
      this.sendResponse(200);
      this.endHeaders();
      await Reflect.apply(this.wfile.write, this.wfile, [123]);
    }
  }
  const handler = toFetch(Numbers, { onError: (error) => errors.push(error) });
  const response = await handler(new Request("http://host/"));
  assertEquals(response.status, 500);
  await response.body?.cancel();
  assertEquals(errors.map(String), [
    "TypeError: Cannot write a number: give a string or a Uint8Array",
  ]);
});

Deno.test("toFetch() responds to a request that its class leaves alone", async () => {
  class Unserving extends HttpRequestHandler {
    override handleOneRequest(): Promise<void> {
      return Promise.resolve();
    }
  }
  class Unhandling extends HttpRequestHandler {
    override handle(): Promise<void> {
      return Promise.resolve();
    }
  }
  for (const handlerClass of [Unserving, Unhandling]) {
    const errors: unknown[] = [];
    const handler = toFetch(handlerClass, { onError: (e) => errors.push(e) });
    const response = await handler(new Request("http://host/"));
    assertEquals(response.status, 500);
    await response.body?.cancel();
    assertEquals(errors.map(String), [
      "Error: No handler has responded to the request",
    ]);
  }
});
