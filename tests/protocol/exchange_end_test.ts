// How a WireExchange ends a request: what is dropped of its body, what is sent,
// and what a server that shuts down still serves.

import { assertEquals } from "@std/assert";
import { isTurnLong, nextTurn } from "../../lib/bytes/turn.ts";
import type { Limits } from "../../lib/facts/limits.ts";
import {
  connect,
  get,
  nextRequest,
  post,
  respond,
} from "./_wire_connection.ts";

const OK = "HTTP/1.1 200 OK\nContent-Length: 0\n\n";
const CLOSE = "HTTP/1.1 200 OK\nContent-Length: 0\nConnection: close\n\n";

/** Lets what is settled be noticed. */
function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

const UNREAD: readonly {
  name: string;
  arrivals: string[];
  limits?: Partial<Limits>;
  /** What is sent, and whether another request can follow. */
  want: string;
  closes: boolean;
}[] = [
  {
    name: "a body that is here",
    arrivals: [post(3, "abc")],
    want: OK,
    closes: false,
  },
  {
    name: "a body that comes later",
    arrivals: [post(3, "a"), "bc"],
    want: OK,
    closes: false,
  },
  {
    name: "as much as is dropped",
    arrivals: [post(12, "a"), "b".repeat(11)],
    limits: { discardBytes: 11 },
    want: OK,
    closes: false,
  },
  {
    name: "more than is dropped",
    arrivals: [post(13, "a"), "b".repeat(12)],
    limits: { discardBytes: 10 },
    want: CLOSE,
    closes: true,
  },
  {
    name: "chunks of which nobody knows how many come",
    arrivals: [
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n",
    ],
    want: CLOSE,
    closes: true,
  },
  {
    name: "a body that still waits for its 100 (9110 10.1.1)",
    arrivals: [post(3, "", "Expect: 100-continue\r\n")],
    want: CLOSE,
    closes: true,
  },
  {
    name: "a body that did not wait for its 100",
    arrivals: [post(3, "abc", "Expect: 100-continue\r\n")],
    want: OK,
    closes: false,
  },
];

Deno.test("WireExchange.finish() drops what was not read, or closes (9112 9.3)", async (t) => {
  for (const { name, arrivals, limits, want, closes } of UNREAD) {
    await t.step(name, async () => {
      const { exchange, writer, sent } = connect(arrivals, limits);
      await nextRequest(exchange);
      respond(exchange);
      await exchange.finish();
      await writer.flush();
      assertEquals([sent(), exchange.closes], [want, closes]);
      assertEquals(exchange.isResting, !closes);
    });
  }
  await t.step("a rest that is malformed ends the connection", async () => {
    const { exchange } = connect([
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" +
      "1\r\na\r\nx",
    ]);
    await nextRequest(exchange);
    respond(exchange);
    await exchange.finish();
    assertEquals(exchange.closes, true);
  });
  await t.step("a body that ends too early ends it too", async () => {
    const { exchange } = connect([post(3, "a"), null]);
    await nextRequest(exchange);
    respond(exchange);
    await exchange.finish();
    assertEquals([exchange.closes, exchange.isResting], [true, true]);
  });
});

Deno.test("WireExchange sends 100 to who has sent nothing of the body (9110 10.1.1)", async (t) => {
  const expect = "Expect: 100-continue\r\n";
  const rows: { name: string; arrivals: string[]; want: string }[] = [
    {
      name: "nothing",
      arrivals: [post(4, "", expect), "abcd"],
      want: "HTTP/1.1 100 Continue\n\n",
    },
    {
      name: "something with the head",
      arrivals: [post(4, "ab", expect), "cd"],
      want: "",
    },
  ];
  for (const { name, arrivals, want } of rows) {
    await t.step(name, async () => {
      const { exchange, writer, sent } = connect(arrivals);
      await nextRequest(exchange);
      while (await exchange.content.read() !== null);
      await writer.flush();
      assertEquals([sent(), exchange.closes], [want, false]);
    });
  }
  await t.step("something since then", async () => {
    const { exchange, reader } = connect([post(4, "", expect), "abcd"]);
    await nextRequest(exchange);
    assertEquals(exchange.closes, true);
    await reader.fill();
    assertEquals(exchange.closes, false);
  });
});

Deno.test("WireExchange closes for a long body only when nobody reads it any more", async () => {
  const limits = { discardBytes: 10 };
  const { exchange } = connect([post(100, "a".repeat(20))], limits);
  await nextRequest(exchange);
  assertEquals(exchange.closes, true);
  await exchange.content.read(1);
  assertEquals(exchange.closes, false);
  respond(exchange);
  await exchange.finish();
  assertEquals(exchange.closes, true);
});

Deno.test("WireExchange.finish() waits for a client that does not read", async () => {
  for (const [size, waits] of [[10, false], [70_000, true]] as const) {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { exchange } = connect([get()], {}, promise);
    await nextRequest(exchange);
    exchange.response.start(200, "OK");
    exchange.response.field("Content-Length", String(size));
    exchange.response.endHead();
    exchange.response.write("x".repeat(size));
    let isFinished = false;
    const finished = Promise.resolve(exchange.finish())
      .then(() => isFinished = true);
    await turn();
    assertEquals(isFinished, !waits);
    resolve();
    await finished;
  }
});

Deno.test("WireExchange sends what is written when it is told to", async () => {
  const { exchange, sent } = connect([get()]);
  await nextRequest(exchange);
  exchange.probe();
  await turn();
  assertEquals(sent(), "HTTP/1.1 100 Continue\n\n");
  respond(exchange);
  await exchange.finish();
  await turn();
  assertEquals(sent(), "HTTP/1.1 100 Continue\n\n");
  exchange.send();
  await turn();
  assertEquals(sent(), `HTTP/1.1 100 Continue\n\n${OK}`);
});

Deno.test("WireExchange.beginResponse() begins a response once", async () => {
  const { exchange } = connect([get(), "G"]);
  assertEquals(exchange.findHead(), "partial");
  exchange.beginResponse();
  assertEquals(exchange.response.phase, "start");
  const other = connect([get()]).exchange;
  await nextRequest(other);
  respond(other);
  await other.response.flush();
  other.beginResponse();
  assertEquals(other.response.isCommitted, true);
});

Deno.test("WireExchange.drain() serves no request after the current one", async (t) => {
  await t.step("an idle connection ends", async () => {
    const { exchange, reader } = connect([get()]);
    await nextRequest(exchange);
    respond(exchange);
    await exchange.finish();
    assertEquals(exchange.findHead(), "partial");
    const more = exchange.receiveMore();
    exchange.drain();
    assertEquals([await more, reader.atEnd], [false, true]);
    assertEquals(exchange.findHead(), "none");
  });
  await t.step("a request under way is served, as the last one", async () => {
    const { exchange, reader, writer, sent } = connect([get() + get()]);
    await nextRequest(exchange);
    exchange.drain();
    assertEquals([exchange.closes, reader.atEnd], [true, false]);
    respond(exchange);
    await exchange.finish();
    await writer.flush();
    assertEquals(sent(), CLOSE);
    assertEquals(exchange.findHead(), "none");
  });
  await t.step("a request whose body is waited for, too", async () => {
    const { exchange, reader } = connect([post(1), "a"]);
    await nextRequest(exchange);
    const reading = exchange.content.read();
    exchange.drain();
    assertEquals(await reading, Uint8Array.of(0x61));
    assertEquals(reader.atEnd, false);
  });
  await t.step("one that has begun to arrive, too", async () => {
    const { exchange, reader } = connect(["GET ", "/"]);
    assertEquals(exchange.findHead(), "partial");
    await exchange.receiveMore();
    exchange.drain();
    assertEquals(exchange.findHead(), "partial");
    assertEquals(await exchange.receiveMore(), true);
    assertEquals(reader.atEnd, false);
  });
});

Deno.test("WireExchange.finish() makes room for others between requests that are here", async () => {
  for (const [raw, waits] of [[get() + get(), true], [get(), false]] as const) {
    const { exchange, sent } = connect([raw]);
    await nextRequest(exchange);
    respond(exchange);
    await nextTurn();
    isTurnLong();
    const until = Date.now() + 30;
    while (Date.now() < until);
    const finished = exchange.finish();
    assertEquals(finished instanceof Promise, waits);
    await finished;
    // Who waits for its response does not wait for the turn.
    assertEquals(sent(), waits ? OK : "");
    await nextTurn();
  }
});

Deno.test("WireExchange has a stream of its own for each request without a body", async () => {
  const { exchange } = connect([get() + get()]);
  await nextRequest(exchange);
  const { readable } = exchange.content;
  assertEquals(await new Response(readable).text(), "");
  respond(exchange);
  await exchange.finish();
  await nextRequest(exchange);
  assertEquals(exchange.content.readable === readable, false);
  assertEquals(await new Response(exchange.content.readable).text(), "");
});
