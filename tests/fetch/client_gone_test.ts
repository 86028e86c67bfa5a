// What a handler on the TCP loop hears of a client that goes away, and what
// listening for it must not do to the octets that still come.

import { assertEquals } from "@std/assert";
import { HttpRequestHandler, HttpServer, verb } from "../../mod.ts";
import { fromFetch } from "../../lib/fetch/mod.ts";
import { exchange } from "../../lib/testing/mod.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Octets that tell where they stood. */
function numbered(size: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: size }, (_, i) => (i >> 3) % 251);
}

Deno.test("signal leaves a body that comes after its head in order", async () => {
  class Upload extends HttpRequestHandler {
    @verb("POST")
    async take() {
      const { signal } = this;
      const body = await this.bytes();
      assertEquals(body, numbered(100_000));
      return new Response(`${body.length} ${signal.aborted}`);
    }
  }
  const head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n";
  const input = new Uint8Array(head.length + 100_000);
  input.set(encoder.encode(head));
  input.set(numbered(100_000), head.length);
  const answer = await exchange(Upload, input, {
    splits: [head.length, head.length + 20_000],
  });
  assertEquals(decoder.decode(answer).split("\r\n\r\n")[1], "100000 false");
});

/** A server whose one request lasts until its signal is aborted. */
async function outlive(
  request: string,
  later: string,
  answer: (request: Request) => Promise<void> | void,
): Promise<string> {
  const entered = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const gone = Promise.withResolvers<string>();
  const App = fromFetch(async (request) => {
    entered.resolve();
    await answer(request);
    const { signal } = request;
    signal.addEventListener("abort", () => gone.resolve(signal.reason.name));
    begun.resolve();
    await gone.promise;
    return new Response("nobody reads this");
  });
  await using server = new HttpServer({ port: 0, lingerTimeout: 20 }, App);
  void server.serveForever();
  const client = await Deno.connect({ port: server.serverPort });
  await client.write(encoder.encode(request));
  await entered.promise;
  if (later !== "") await client.write(encoder.encode(later));
  await begun.promise;
  client.close();
  return await gone.promise;
}

const POST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n";
const rows = [
  {
    name: "without a body",
    request: "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    later: "",
    read: () => {},
  },
  {
    name: "after its body was read",
    request: POST,
    later: "hello",
    read: async (request: Request) => {
      assertEquals(await request.text(), "hello");
    },
  },
  {
    name: "whose body nobody reads",
    request: POST + "hello",
    later: "",
    read: () => {},
  },
  {
    name: "that has sent its next request already",
    request: "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /next",
    later: "",
    read: () => {},
  },
];
Deno.test("request.signal of fromFetch() is aborted when the client goes", async (t) => {
  for (const { name, request, later, read } of rows) {
    await t.step(name, async () => {
      assertEquals(await outlive(request, later, read), "ConnectionLost");
    });
  }
});

Deno.test("a client that goes in the middle of its body aborts the signal", async () => {
  const gone = Promise.withResolvers<string>();
  const begun = Promise.withResolvers<void>();
  const App = fromFetch(async (request) => {
    const { signal, body } = request;
    signal.addEventListener("abort", () => gone.resolve("aborted"));
    for await (const _chunk of body ?? []) begun.resolve();
    return new Response("never");
  });
  await using server = new HttpServer({ port: 0 }, App);
  void server.serveForever();
  const client = await Deno.connect({ port: server.serverPort });
  await client.write(encoder.encode(POST + "hel"));
  await begun.promise;
  client.close();
  assertEquals(await gone.promise, "aborted");
});

Deno.test("a signal is quiet once its request was answered", async () => {
  const signals: AbortSignal[] = [];
  const App = fromFetch(({ signal }) => {
    signals.push(signal);
    return new Response("ok");
  });
  await using server = new HttpServer({ port: 0 }, App);
  const served = server.handleRequest();
  const client = await Deno.connect({ port: server.serverPort });
  await client.write(encoder.encode("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
  await client.read(new Uint8Array(1000));
  client.close();
  await served;
  assertEquals(signals.map((signal) => signal.aborted), [false]);
});

Deno.test("a stream that waits is cancelled when the client goes", async () => {
  const cancelled = Promise.withResolvers<string>();
  class Events extends HttpRequestHandler {
    @verb("GET")
    events() {
      return new Response(
        new ReadableStream({
          start: (controller) => controller.enqueue(encoder.encode("first")),
          cancel: (reason) => cancelled.resolve(reason.name),
        }),
      );
    }
  }
  await using server = new HttpServer({ port: 0, lingerTimeout: 20 }, Events);
  void server.serveForever();
  const client = await Deno.connect({ port: server.serverPort });
  await client.write(encoder.encode("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
  await client.read(new Uint8Array(1000));
  client.close();
  assertEquals(await cancelled.promise, "ConnectionLost");
});

Deno.test("HEAD of a stream without end is answered", async (t) => {
  const streams = {
    "that waits": () => new ReadableStream({}),
    "that always has more": () =>
      new ReadableStream({
        pull: (controller) => controller.enqueue(new Uint8Array(1000)),
      }),
  };
  for (const [name, stream] of Object.entries(streams)) {
    await t.step(name, async () => {
      let isCancelled = false;
      class Endless extends HttpRequestHandler {
        override serverVersion = "test";
        override dateTimeString() {
          return "today";
        }
        @verb("GET")
        endless() {
          const body = stream().pipeThrough(
            new TransformStream({ cancel: () => void (isCancelled = true) }),
          );
          return new Response(body);
        }
      }
      const answer = await exchange(
        Endless,
        "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n",
      );
      assertEquals(
        decoder.decode(answer),
        "HTTP/1.1 200 OK\r\nServer: test\r\nDate: today\r\n" +
          "Transfer-Encoding: chunked\r\n\r\n",
      );
      assertEquals(isCancelled, true);
    });
  }
});
