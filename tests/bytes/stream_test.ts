import {
  assert,
  assertEquals,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import {
  DONE,
  handled,
  owned,
  readableFrom,
  requireChunk,
  writableTo,
} from "../../lib/bytes/stream.ts";

Deno.test("requireChunk() names what is neither text nor bytes", () => {
  requireChunk("");
  requireChunk(new Uint8Array());
  for (
    const [json, kind] of [
      ["1", "a number"],
      ["null", "null"],
      ["[1]", "an object (Array)"],
    ] as const
  ) {
    assertThrows(
      // As plain JavaScript may give it.
      () => requireChunk(JSON.parse(json)),
      TypeError,
      `Cannot write ${kind}: give a string or a Uint8Array`,
    );
  }
});

Deno.test("handled() keeps a rejection for who waits, and for nobody else", async () => {
  const promise = Promise.reject(new Error("gone"));
  assertStrictEquals(handled(promise), promise);
  // Were it unhandled, the test would end here.
  await new Promise((resolve) => setTimeout(resolve, 0));
  await assertRejects(() => promise, Error, "gone");
});

Deno.test("DONE is settled", async () => {
  assertEquals(await DONE, undefined);
});

Deno.test("readableFrom() reads on demand only", async () => {
  const pieces = [Uint8Array.of(1), Uint8Array.of(2)];
  let reads = 0;
  const stream = readableFrom({
    read() {
      reads++;
      return Promise.resolve(pieces.shift() ?? null);
    },
  });
  await new Promise((resolve) => setTimeout(resolve, 0));
  assertEquals(reads, 0);
  const reader = stream.getReader();
  assertEquals(await reader.read(), { done: false, value: Uint8Array.of(1) });
  assertEquals(reads, 1);
  assertEquals(await reader.read(), { done: false, value: Uint8Array.of(2) });
  assertEquals((await reader.read()).done, true);
  assertEquals(reads, 3);
});

Deno.test("writableTo() waits for each write, and flushes at its end", async () => {
  const calls: string[] = [];
  const gate = Promise.withResolvers<void>();
  const writer = writableTo({
    write(chunk) {
      calls.push(`write ${chunk}`);
      return gate.promise;
    },
    flush() {
      calls.push("flush");
      return Promise.resolve();
    },
  }).getWriter();
  const writing = [
    writer.write(Uint8Array.of(1)),
    writer.write(Uint8Array.of(2)),
  ];
  await new Promise((resolve) => setTimeout(resolve, 0));
  assertEquals(calls, ["write 1"]);
  gate.resolve();
  await Promise.all(writing);
  await writer.close();
  assertEquals(calls, ["write 1", "write 2", "flush"]);
});

Deno.test("owned() copies only what threads share", () => {
  const plain = Uint8Array.of(1, 2, 3);
  assertStrictEquals(owned(plain), plain);
  const shared = new Uint8Array(new SharedArrayBuffer(2));
  shared.set([1, 2]);
  const copy = owned(shared);
  assert(copy.buffer instanceof ArrayBuffer);
  assertEquals(copy, Uint8Array.of(1, 2));
});
