// WireResponse step by step: what each step sends, and what it refuses in each
// phase, without a handler.

import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { ConnectionLost } from "../../lib/facts/errors.ts";
import type {
  ResponseContext,
  WireResponse,
} from "../../lib/protocol/response_writer.ts";
import { advance, CONTEXT, LONG, OLD, responseTo } from "./_wire_response.ts";

const ACTIONS: readonly [
  name: string,
  act: (response: WireResponse) => unknown,
  /** The phase in which it may be done, and what it is called. */
  phase: WireResponse["phase"],
  action: string,
][] = [
  ["start", (r) => r.start(200, "OK"), "start", "start the head"],
  ["field", (r) => r.field("A", "b"), "head", 'send the field "A"'],
  ["endHead", (r) => r.endHead(), "head", "end the head"],
  ["write", (r) => r.write("a"), "body", "write the body"],
  ["trailer", (r) => r.trailer("A", "b"), "body", "send a trailer"],
  ["end", (r) => r.end(), "body", "end the answer"],
];

Deno.test("WireResponse takes each step in its phase only", async (t) => {
  for (const [name, act, wanted, action] of ACTIONS) {
    for (const phase of ["start", "head", "body", "done"] as const) {
      const isLate = phase === "done" && ["write", "end"].includes(name);
      if (phase === wanted || isLate) continue;
      await t.step(`${name} in the phase ${phase}`, () => {
        const { response } = responseTo();
        advance(response, phase);
        assertEquals(response.phase, phase);
        assertThrows(
          () => act(response),
          Error,
          `Cannot ${action} in the phase "${phase}", only in "${wanted}"`,
        );
      });
    }
  }
});

Deno.test("WireResponse tells late steps that the response is complete", async () => {
  const fresh = responseTo().response;
  assertEquals(
    [fresh.phase, fresh.isCommitted, fresh.endsConnection],
    ["done", false, false],
  );
  const { response, sent, writer } = responseTo();
  advance(response, "done");
  response.end();
  for (const late of [fresh, response]) {
    await assertRejects(
      () => late.write("a"),
      Error,
      "Cannot write the body: the response is complete",
    );
  }
  assertThrows(
    () => fresh.reset(),
    Error,
    "Cannot start over: the response is complete",
  );
  assertThrows(
    () => fresh.inform(103, "", []),
    Error,
    "Cannot send 103: the response is complete",
  );
  await writer.flush();
  assertEquals(sent(), "HTTP/1.1 200 OK\nContent-Length: 0\n\n");
});

Deno.test("WireResponse.reset() forgets all that was not sent", async () => {
  const { response, sent, writer } = responseTo();
  response.begin();
  response.start(201, "Created");
  response.field("X", "y");
  response.field("Connection", "z");
  response.field("Trailer", "A");
  response.endHead();
  response.write("abc");
  response.trailer("A", "b");
  response.reset();
  response.start(404, "Not Found");
  response.endHead();
  response.write("d");
  response.end();
  await writer.flush();
  assertEquals(sent(), "HTTP/1.1 404 Not Found\nContent-Length: 1\n\nd");
  for (
    const act of [
      () => response.reset(),
      () => response.inform(103, "", []),
    ]
  ) {
    assertThrows(act, Error, "the head was sent");
  }
});

Deno.test("WireResponse.begin() leaves nothing of the response before", async () => {
  const { response, sent, writer } = responseTo({ takesTrailers: true });
  response.begin();
  response.start(200, "OK");
  response.field("Trailer", "A");
  response.field("Connection", "x");
  response.endHead();
  const { writable } = response;
  assertEquals(response.writable, writable);
  response.write(LONG);
  response.trailer("A", "b");
  response.end();
  await writer.flush();
  const first = sent().length;
  response.begin();
  assertEquals(response.isCommitted, false);
  assertEquals(response.writable === writable, false);
  response.start(200, "OK");
  response.endHead();
  await response.flush();
  response.write("c");
  response.end();
  await writer.flush();
  assertEquals(
    sent().slice(first),
    "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n1\nc\n0\n\n",
  );
});

Deno.test("WireResponse.write() makes a chunk of each piece, and none of nothing (9112 7.1)", async () => {
  const { response, sent } = responseTo();
  advance(response, "body");
  await response.flush();
  for (const piece of ["", new Uint8Array(), "\xe9", Uint8Array.of(0xe9), ""]) {
    response.write(piece);
  }
  response.end();
  await response.flush();
  assertEquals(
    sent(),
    "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n" +
      "2\n\xc3\xa9\n1\n\xe9\n0\n\n",
  );
});

Deno.test("WireResponse.flush() sends no head that has not ended", async () => {
  const { response, sent } = responseTo();
  for (const phase of ["start", "head"] as const) {
    advance(response, phase);
    await response.flush();
    assertEquals([sent(), response.isCommitted], ["", false]);
  }
});

Deno.test("WireResponse sends the head to HEAD, and no content (9110 9.3.2)", async (t) => {
  const bytes = new TextEncoder().encode("abc");
  const rows: {
    name: string;
    context?: Partial<ResponseContext>;
    write: string | Uint8Array<ArrayBuffer>;
    want: string;
  }[] = [
    { name: "text", write: "abc", want: "Content-Length: 3\n" },
    { name: "bytes", write: bytes, want: "Content-Length: 3\n" },
    { name: "much", write: LONG, want: "Transfer-Encoding: chunked\n" },
    {
      name: "much, to 1.0",
      context: OLD,
      write: LONG,
      want: "Connection: keep-alive\n",
    },
  ];
  for (const { name, context, write, want } of rows) {
    await t.step(name, async () => {
      const { response, sent } = responseTo({ isHead: true, ...context });
      advance(response, "body");
      response.write(write);
      response.end();
      await response.flush();
      const { version } = { ...CONTEXT, ...context };
      assertEquals(sent(), `${version} 200 OK\n${want}\n`);
      assertEquals(response.endsConnection, false);
    });
  }
  await t.step("the head leaves before the content has ended", async () => {
    const { response, sent } = responseTo({ isHead: true });
    advance(response, "body");
    response.write(LONG);
    await new Promise((resolve) => setTimeout(resolve, 0));
    assertEquals(sent(), "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n");
  });
  await t.step("whoever writes for nobody is told so", async () => {
    const { response } = responseTo({ isHead: true, isClientDone: true });
    advance(response, "body");
    await response.write(LONG);
    await assertRejects(() => response.write("a"), ConnectionLost);
  });
});
