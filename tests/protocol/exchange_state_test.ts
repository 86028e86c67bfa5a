// What a WireExchange says of itself while requests come and go.

import {
  assert,
  assertEquals,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { ConnectionLost, HttpError } from "../../lib/facts/errors.ts";
import type { Limits } from "../../lib/facts/limits.ts";
import {
  type Arrival,
  connect,
  get,
  nextRequest,
  post,
  respond,
} from "./_wire_connection.ts";

const UNKNOWN = {
  body: { kind: "none" },
  keepsAlive: false,
  expectsContinue: false,
  takesTrailers: false,
};

Deno.test("WireExchange has no request before its first head", () => {
  const { exchange } = connect([get()]);
  assertEquals([exchange.closes, exchange.needsLinger], [true, true]);
  exchange.beginResponse();
  assertEquals(exchange.response.phase, "done");
  assertThrows(
    () => exchange.parseHead(),
    Error,
    "Cannot parse a head: the response is complete",
  );
});

Deno.test("WireExchange knows nothing of a request before its head was parsed", async () => {
  const { exchange } = connect([
    get(["TE: trailers", "Connection: keep-alive"], "1.0"),
    get(["TE: trailers"]),
    "GE",
  ]);
  const unknown = () => {
    const { framing, isHttp11, takesTrailers, closes, isHead } = exchange;
    assertEquals({ framing, isHttp11, takesTrailers, closes, isHead }, {
      framing: UNKNOWN,
      isHttp11: true,
      takesTrailers: false,
      closes: true,
      isHead: false,
    });
  };
  unknown();
  for (const isHttp11 of [false, true]) {
    await nextRequest(exchange);
    assertEquals([exchange.isHttp11, exchange.takesTrailers], [
      isHttp11,
      isHttp11,
    ]);
    // A handler may not keep what has to close, but it may close.
    assertEquals(exchange.closes, false);
    respond(exchange);
    await exchange.finish();
    assertEquals(exchange.findHead(), "partial");
    unknown();
    // What is not known to be sound cannot be kept.
    exchange.closes = false;
    assertEquals(exchange.closes, true);
  }
});

const CLOSES: readonly {
  name: string;
  raw: string;
  limits?: Partial<Limits>;
  want: boolean;
}[] = [
  { name: "1.1", raw: get(), want: false },
  { name: "1.1 with close", raw: get(["Connection: close"]), want: true },
  { name: "1.0", raw: get([], "1.0"), want: true },
  {
    name: "1.0 with keep-alive",
    raw: get(["Connection: keep-alive"], "1.0"),
    want: false,
  },
  {
    name: "CONNECT (9110 9.3.6)",
    raw: "CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n",
    want: true,
  },
  {
    name: "the last of its requests",
    raw: get(),
    limits: { requestsPerConnection: 1 },
    want: true,
  },
  {
    name: "not yet the last one",
    raw: get(),
    limits: { requestsPerConnection: 2 },
    want: false,
  },
];

Deno.test("WireExchange.closes is decided by the request, and may be set to close (9112 9.6)", async (t) => {
  for (const { name, raw, limits, want } of CLOSES) {
    await t.step(name, async () => {
      const { exchange } = connect([raw], limits);
      await nextRequest(exchange);
      assertEquals(exchange.closes, want);
      exchange.closes = false;
      assertEquals(exchange.closes, want);
      exchange.closes = true;
      assertEquals(exchange.closes, true);
      exchange.closes = false;
      assertEquals(exchange.closes, want);
    });
  }
  await t.step("the second of two", async () => {
    const limits = { requestsPerConnection: 2 };
    const { exchange } = connect([get() + get()], limits);
    for (const want of [false, true]) {
      await nextRequest(exchange);
      assertEquals(exchange.closes, want);
      respond(exchange);
      await exchange.finish();
    }
  });
  await t.step("a server of 1.0", async () => {
    const { exchange, sent, writer } = connect([get()]);
    await nextRequest(exchange);
    exchange.version = "HTTP/1.1";
    assertEquals([exchange.isHttp11, exchange.closes], [true, false]);
    exchange.version = "HTTP/1.0";
    assertEquals([exchange.isHttp11, exchange.closes], [false, true]);
    respond(exchange);
    exchange.response.write("a");
    await exchange.response.flush();
    await exchange.finish();
    await writer.flush();
    assertEquals(sent(), "HTTP/1.0 200 OK\nConnection: close\n\na");
  });
});

Deno.test("WireExchange.isResting while no request is under way", async () => {
  const { exchange } = connect([get() + post(3, "a"), "bc", "G"]);
  assertEquals(exchange.isResting, true);
  for (let request = 0; request < 2; request++) {
    await nextRequest(exchange);
    assertEquals(exchange.isResting, false);
    respond(exchange);
    await exchange.finish();
    assertEquals(exchange.isResting, true);
  }
  assertEquals(exchange.findHead(), "partial");
  await exchange.receiveMore();
  assertEquals(exchange.findHead(), "partial");
  assertEquals(exchange.isResting, true);
});

Deno.test("WireExchange.needsLinger where a client may still be sending (9112 9.6)", async (t) => {
  const close = "Connection: close\r\n";
  const rows: { name: string; arrivals: Arrival[]; want: boolean }[] = [
    { name: "a client that goes on", arrivals: [get()], want: true },
    {
      name: "one that closes",
      arrivals: [get(["Connection: close"])],
      want: false,
    },
    {
      name: "one that closes, with a line end too many",
      arrivals: [get(["Connection: close"]) + "\r\n"],
      want: true,
    },
    {
      name: "one that closes, with a body",
      arrivals: [post(1, "a", close)],
      want: true,
    },
  ];
  for (const { name, arrivals, want } of rows) {
    await t.step(name, async () => {
      const { exchange } = connect(arrivals);
      await nextRequest(exchange);
      assertEquals(exchange.needsLinger, want);
    });
  }
  await t.step("one that closes, with a body that was read", async () => {
    const { exchange, reader } = connect([post(1, "a", close)]);
    await nextRequest(exchange);
    await exchange.content.read();
    assertEquals([exchange.needsLinger, reader.available], [true, 0]);
  });
  await t.step("not one that has ended its side", async () => {
    const { exchange, reader } = connect([get(), null]);
    await nextRequest(exchange);
    assertEquals([exchange.needsLinger, exchange.isClientDone], [true, false]);
    await reader.fill();
    assertEquals([exchange.needsLinger, exchange.isClientDone], [false, true]);
  });
  for (const [length, want] of [[0, false], [1, true]] as const) {
    await t.step(`another protocol, a body of ${length}`, async () => {
      const { exchange } = connect([post(length)]);
      await nextRequest(exchange);
      exchange.detach();
      assertEquals(exchange.needsLinger, want);
    });
  }
});

Deno.test("WireExchange.isClientDone of a client that is gone", async () => {
  const { exchange, reader } = connect([get(), new Error("reset")]);
  await nextRequest(exchange);
  await assertRejects(() => reader.fill(), ConnectionLost);
  assertEquals(exchange.isClientDone, true);
});

Deno.test("WireExchange.signal is one for a request, and aborted for its reason", async () => {
  const { exchange } = connect([get() + get()]);
  // Nobody has asked.
  exchange.abort(new Error("nobody"));
  await nextRequest(exchange);
  const { signal } = exchange;
  assertStrictEquals(exchange.signal, signal);
  const reason = new Error("gone");
  exchange.abort(reason);
  assertStrictEquals(signal.reason, reason);
  respond(exchange);
  await exchange.finish();
  await nextRequest(exchange);
  assert(exchange.signal !== signal && !exchange.signal.aborted);
});

Deno.test("WireExchange.rawRequestLine stays when its place is used again", async () => {
  const { exchange } = connect(["GET /\xe9 HTTP/1.1\r\nHost: a\r\n\r\n"]);
  const line = Array.from("GET /\xe9 HTTP/1.1\r\n", (c) => c.charCodeAt(0));
  assertEquals(exchange.findHead(), "partial");
  await exchange.receiveMore();
  assertEquals(exchange.findHead(), "whole");
  assertEquals([...exchange.rawRequestLine], line);
  const other = connect([post(20), "x".repeat(20)]).exchange;
  await nextRequest(other);
  await other.content.read();
  const text = new TextDecoder().decode(other.rawRequestLine);
  assertEquals(text, "POST /a HTTP/1.1\r\n");
});

Deno.test("WireExchange.findHead() tells a head that breaks off from none (9112 8)", async (t) => {
  for (const arrivals of [[null], ["\r\n", null]]) {
    await t.step(JSON.stringify(arrivals), async () => {
      const { exchange } = connect(arrivals);
      assertEquals(await nextRequest(exchange), undefined);
    });
  }
  await t.step("one that breaks off", async () => {
    const { exchange } = connect(["GET /", null]);
    const error = await assertRejects(() => nextRequest(exchange), HttpError);
    assertEquals(
      [error.status, error.message],
      [400, "The request head ends too early"],
    );
  });
  await t.step(
    "one whose line is in order has a class to refuse it",
    async () => {
      const { exchange, reader } = connect(["GET /a HTTP/1.1\r\nx\r\n\r\n"]);
      await reader.fill();
      assertEquals(exchange.findHead(), "whole");
      assertThrows(() => exchange.parseHead(), HttpError, "has no colon");
    },
  );
  await t.step("one whose line is not has none", async () => {
    const { exchange, reader } = connect(["G( /a HTTP/1.1\r\n\r\n"]);
    await reader.fill();
    assertThrows(() => exchange.findHead(), HttpError, "is not a token");
  });
  await t.step("a head that drips in has one deadline", async () => {
    const { now } = Date;
    let time = 1000;
    Date.now = () => time;
    try {
      const limits = { idleTimeout: 500, headTimeout: 100 };
      const { exchange, reader } = connect(["G", "E", "T"], limits);
      const deadlines: number[] = [];
      for (let wait = 0; wait < 3; wait++) {
        assertEquals(exchange.findHead(), "partial");
        const more = exchange.receiveMore();
        deadlines.push(reader.expiresAt);
        await more;
        time += 10;
      }
      assertEquals(deadlines, [1500, 1110, 1110]);
    } finally {
      Date.now = now;
    }
  });
});

Deno.test("WireExchange.detach() gives the connection away, while a request is under way", async () => {
  const { exchange, reader, writer, sent } = connect([get()]);
  const late = "Cannot take the connection: the response is complete";
  assertThrows(() => exchange.detach(), Error, late);
  await nextRequest(exchange);
  const { rfile, wfile } = exchange.detach();
  assertStrictEquals(rfile, reader);
  assertStrictEquals(wfile, writer);
  assertEquals(exchange.closes, true);
  // Nothing of HTTP is sent any more.
  exchange.probe();
  await exchange.finish();
  await writer.flush();
  assertEquals(sent(), "");
});
