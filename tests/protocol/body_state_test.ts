// What a RequestBody says of itself, waits for and drops, without a request.

import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { ByteReader } from "../../lib/bytes/byte_reader.ts";
import { HttpError } from "../../lib/facts/errors.ts";
import { DEFAULT_LIMITS } from "../../lib/facts/limits.ts";
import { RequestBody } from "../../lib/protocol/request_body.ts";
import { bodyOf, CHUNKED, lengthOf, text, turn } from "./_body.ts";

const EARLY = "The request body ends too early";

/** All that a body says of itself. */
function stateOf(body: RequestBody) {
  const { isDone, hasFailed, hasWaited, hasBegun, remaining } = body;
  return { isDone, hasFailed, hasWaited, hasBegun, remaining };
}

const WHOLE = {
  isDone: true,
  hasFailed: false,
  hasWaited: false,
  hasBegun: false,
  remaining: 0,
};

Deno.test("RequestBody says what there is before it is read (9112 6.3)", async () => {
  const reader = new ByteReader({
    read: () => Promise.resolve(null),
    write: (p) => Promise.resolve(p.length),
    close() {},
  });
  const none = new RequestBody(reader, DEFAULT_LIMITS);
  assertEquals(stateOf(none), WHOLE);
  assertEquals([...none.trailers], []);
  assertEquals(await none.read(), null);
  for (
    const [framing, difference] of [
      [{ kind: "none" }, {}],
      [lengthOf(0), {}],
      [lengthOf(3), { isDone: false, remaining: 3 }],
      [CHUNKED, { isDone: false, remaining: Infinity }],
    ] as const
  ) {
    const { body } = await bodyOf(framing, ["x"]);
    assertEquals(stateOf(body), { ...WHOLE, ...difference });
    assertEquals([...body.trailers], []);
  }
});

Deno.test("RequestBody says how far it was read, and whether it waited", async (t) => {
  await t.step("a length", async () => {
    const { body, waits } = await bodyOf(lengthOf(6), ["ab", "cd", "efGET"]);
    assertEquals(text(await body.read()), "ab");
    const begun = { ...WHOLE, isDone: false, hasBegun: true };
    assertEquals(stateOf(body), { ...begun, remaining: 4 });
    const reading = body.read();
    assertEquals(stateOf(body), { ...begun, remaining: 4, hasWaited: true });
    assertEquals(text(await reading), "cd");
    assertEquals(text(await body.read()), "ef");
    assertEquals(stateOf(body), { ...WHOLE, hasBegun: true, hasWaited: true });
    assertEquals(await body.read(), null);
    assertEquals(waits(), 1);
  });
  await t.step("nothing is here yet", async () => {
    const { body } = await bodyOf(lengthOf(1), ["", "a"]);
    const reading = body.read();
    assertEquals([body.hasBegun, body.hasWaited], [true, true]);
    assertEquals(text(await reading), "a");
  });
  await t.step("chunks with trailers", async () => {
    const { body, waits } = await bodyOf(CHUNKED, [
      "1\r\na\r\n1\r\nb\r\n0\r\n",
      "A: b\r\n\r\n",
    ]);
    assertEquals(text(await body.read()), "ab");
    assertEquals([body.remaining, [...body.trailers]], [Infinity, []]);
    assertEquals(await body.read(), null);
    assertEquals([body.remaining, [...body.trailers]], [0, [["A", "b"]]]);
    assertEquals(waits(), 1);
  });
});

Deno.test("RequestBody.finished settles with the end of the body, or its failure", async (t) => {
  await t.step("a body that is over", async () => {
    const { body } = await bodyOf(lengthOf(0), ["x"]);
    assertEquals(await body.finished, undefined);
  });
  await t.step("asked before the end, and behind it", async () => {
    const { body } = await bodyOf(lengthOf(2), ["ab"]);
    let isOver = false;
    const { finished } = body;
    finished.then(() => isOver = true);
    await body.read(1);
    await turn();
    assertEquals(isOver, false);
    await body.read(1);
    await finished;
    await body.finished;
  });
  await t.step("a body that breaks off", async () => {
    const { body } = await bodyOf(lengthOf(2), ["a", null]);
    const before = assertRejects(() => body.finished, HttpError, EARLY);
    await body.read();
    await assertRejects(() => body.read(), HttpError, EARLY);
    await before;
    await assertRejects(() => body.finished, HttpError, EARLY);
  });
  await t.step("a body that has broken off before", async () => {
    const { body } = await bodyOf(lengthOf(2), ["a", null]);
    await assertRejects(() => body.discard(), HttpError, EARLY);
    await assertRejects(() => body.finished, HttpError, EARLY);
  });
});

Deno.test("RequestBody.takeWhole() takes what is here whole, and no byte more", async () => {
  for (
    const [framing, piece, want, left] of [
      [lengthOf(3), "abc", "abc", 0],
      [lengthOf(3), "abcGET", "abc", 3],
      [lengthOf(3), "ab", null, 2],
      [CHUNKED, "0\r\n\r\n", null, 5],
    ] as const
  ) {
    const { body, reader } = await bodyOf(framing, [piece]);
    assertEquals(text(body.takeWhole()), want);
    assertEquals(reader.available, left);
    assertEquals(body.isDone, want !== null);
  }
  const { body } = await bodyOf(lengthOf(2), ["ab"]);
  await body.read(1);
  assertEquals(body.takeWhole(), undefined);
  assertEquals(text(await body.read()), "b");
});

const BREAKS: readonly [
  name: string,
  framing: ReturnType<typeof lengthOf>,
  pieces: (string | null)[],
  message: string,
][] = [
  ["a length that is not reached", lengthOf(3), ["a", null], EARLY],
  ["a long one", lengthOf(100_000), ["a", null], EARLY],
  ["chunks without an end", CHUNKED, ["1\r\na\r\n", null], EARLY],
  [
    "a malformed chunk",
    CHUNKED,
    ["1\r\na\r\nx\r\n"],
    "A chunk size is not a hexadecimal number",
  ],
];

Deno.test("RequestBody stays broken once it has broken off (9112 8)", async (t) => {
  for (const [name, framing, pieces, message] of BREAKS) {
    await t.step(name, async () => {
      const { body, reader } = await bodyOf(framing, pieces);
      assertEquals(text(await body.read()), "a");
      const error = await assertRejects(() => body.read(), HttpError, message);
      assertEquals([error.status, body.hasFailed], [400, true]);
      reader.buffer.set([0x0a]);
      reader.start = 0;
      reader.end = 1;
      for (const read of [() => body.read(), () => body.readLine()]) {
        const again = await assertRejects(read, HttpError);
        assertStrictEquals(again, error);
      }
      assertEquals(body.discardBuffered(100), false);
      assertEquals(reader.available, 1);
    });
  }
  await t.step("it is known at once of what is here", async () => {
    const { body } = await bodyOf(CHUNKED, ["1\r\na\r\nx\r\n"]);
    await body.read();
    assertEquals(body.hasFailed, true);
  });
});

Deno.test("RequestBody.discard() drops the rest, and fails as it does", async () => {
  for (
    const [framing, pieces] of [
      [lengthOf(10), ["a", "b".repeat(9) + "GET"]],
      [CHUNKED, ["1\r\na\r\n", "0\r\n\r\nGET"]],
    ] as const
  ) {
    const { body, reader } = await bodyOf(framing, pieces);
    await body.discard();
    assertEquals([body.isDone, reader.available], [true, 3]);
  }
  const { body } = await bodyOf(lengthOf(2), ["a", null]);
  await assertRejects(() => body.discard(), HttpError, EARLY);
});

Deno.test("RequestBody.discardBuffered() drops what is here up to a maximum", async () => {
  const chunk = "a\r\n0123456789\r\n";
  for (
    const [framing, piece, max, want, left] of [
      [lengthOf(5), "abcdeGET", 5, true, 3],
      [lengthOf(5), "abc", 5, false, 0],
      [CHUNKED, `${chunk}0\r\n\r\nGET`, 10, true, 3],
      [CHUNKED, chunk.repeat(3), 19, false, 15],
      [CHUNKED, chunk, 100, false, 0],
    ] as const
  ) {
    const { body, reader } = await bodyOf(framing, [piece]);
    assertEquals(body.discardBuffered(max), want);
    assertEquals(reader.available - (left === 15 ? 2 : 0), left);
  }
  const { body } = await bodyOf(CHUNKED, ["x\r\n"]);
  assertEquals(body.discardBuffered(10), false);
  assertEquals(body.hasFailed, true);
});

Deno.test("RequestBody waits without anybody who wants to hear of it", async () => {
  const pieces = ["a"];
  const reader = new ByteReader({
    read(p) {
      const piece = pieces.shift();
      if (piece === undefined) return Promise.resolve(null);
      p.set(new TextEncoder().encode(piece));
      return Promise.resolve(piece.length);
    },
    write: (p) => Promise.resolve(p.length),
    close() {},
  });
  const body = new RequestBody(reader, DEFAULT_LIMITS);
  body.begin(lengthOf(1));
  assertEquals(text(await body.read()), "a");
});

Deno.test("RequestBody.renew() makes a stream of its own for the next request", async () => {
  const { body } = await bodyOf({ kind: "none" }, ["x"]);
  const { readable } = body;
  assertStrictEquals(body.readable, readable);
  body.renew();
  assertEquals(body.readable === readable, false);
  assertEquals(await new Response(body.readable).text(), "");
});
