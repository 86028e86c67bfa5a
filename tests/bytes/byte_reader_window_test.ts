// What a ByteReader does with its window, its deadlines and its buffer, over a
// stream that counts how often it is read.

import {
  assert,
  assertEquals,
  assertNotStrictEquals,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import { type ByteStream, ConnectionLost } from "../../mod.ts";
import { ByteReader } from "../../lib/bytes/byte_reader.ts";

/** Gives one piece a read; then its reads stay pending. */
class Counted implements ByteStream {
  reads = 0;
  readonly #pieces: string[];

  constructor(...pieces: string[]) {
    this.#pieces = pieces;
  }

  read(p: Uint8Array): Promise<number | null> {
    this.reads++;
    const piece = this.#pieces.shift();
    if (piece === undefined) return new Promise(() => {});
    return Promise.resolve(new TextEncoder().encodeInto(piece, p).written);
  }

  write(p: Uint8Array): Promise<number> {
    return Promise.resolve(p.length);
  }

  close(): void {}
}

function text(bytes: Uint8Array | null): string | null {
  return bytes && new TextDecoder().decode(bytes);
}

/** Runs `use` while the clock stands at `now`. */
async function at(now: number, use: () => Promise<void>): Promise<void> {
  const { now: clock } = Date;
  Date.now = () => now;
  try {
    await use();
  } finally {
    Date.now = clock;
  }
}

Deno.test("ByteReader moves its window to the front when it is at the end", async () => {
  const reader = new ByteReader(
    new Counted("a".repeat(4000) + "b".repeat(96), "yz"),
  );
  await reader.fill();
  reader.take(4000);
  await reader.fill();
  assertEquals(reader.buffer.length, 4096);
  assertEquals(text(await reader.read()), "b".repeat(96) + "yz");
});

Deno.test("ByteReader keeps its buffer while there is room", async () => {
  const reader = new ByteReader(new Counted("ab", "cd", "ef", "gh"));
  const { buffer } = reader;
  await reader.fill();
  await reader.fill();
  reader.take(1);
  await reader.fill();
  assertStrictEquals(reader.buffer, buffer);
  assertEquals(text(await reader.read()), "bcdef");
  await reader.fill();
  assertStrictEquals(reader.buffer, buffer);
});

Deno.test("ByteReader.readLine() waits for nothing once it has the maximum", async () => {
  for (const piece of ["abcdef", "abcd"]) {
    const stream = new Counted(piece);
    assertEquals(text(await new ByteReader(stream).readLine(4)), "abcd");
    assertEquals(stream.reads, 1);
  }
});

Deno.test("ByteReader lets others get on among reads that need no wait", async (t) => {
  for (const read of ["read", "readLine"] as const) {
    await t.step(read, async () => {
      const reader = new ByteReader(new Counted("\n".repeat(1000)));
      let isOn = false;
      const timer = setTimeout(() => isOn = true, 0);
      for (let count = 0; count < 300; count++) await reader[read](1);
      clearTimeout(timer);
      assertEquals(isOn, true);
      assertEquals(reader.available, 700);
    });
  }
});

Deno.test("ByteReader waits until its own deadline or the caller's", async (t) => {
  const late = () => new Error("late");
  const rows = [
    { name: "none", timeout: Infinity, until: Infinity, want: Infinity },
    { name: "its own", timeout: 1000, until: Infinity, want: 6000 },
    { name: "the caller's", timeout: Infinity, until: 5500, want: 5500 },
    { name: "the caller's first", timeout: 1000, until: 5500, want: 5500 },
    { name: "its own first", timeout: 1000, until: 6500, want: 6000 },
  ];
  for (const { name, timeout, until, want } of rows) {
    await t.step(name, () =>
      at(5000, async () => {
        for (const how of ["fill", "readInto"] as const) {
          const reader = new ByteReader(new Counted());
          reader.timeout = timeout;
          const waiting: Promise<unknown> = how === "fill"
            ? reader.fill(until, late)
            : reader.readInto(new Uint8Array(1), until, late);
          assertEquals(reader.expiresAt, want);
          reader.expire();
          assertEquals(reader.expiresAt, Infinity);
          await assertRejects(() => waiting, Error, "late");
        }
      }));
  }
});

Deno.test("ByteReader.read() says that the peer sent nothing in time", async () => {
  const reader = new ByteReader(new Counted());
  reader.timeout = 1000;
  const reading = reader.read();
  reader.expire();
  await assertRejects(
    () => reading,
    ConnectionLost,
    "The peer sent nothing in time",
  );
});

Deno.test("ByteReader keeps the platform's reason for a loss", async () => {
  const stream = new Counted();
  const cause = new Error("reset");
  stream.read = () => Promise.reject(cause);
  const error = await assertRejects(
    () => new ByteReader(stream).read(),
    ConnectionLost,
    "Cannot read from the peer",
  );
  assertStrictEquals(error.cause, cause);
});

Deno.test("ByteReader.lookAhead() starts no read beside another", () => {
  for (const how of ["fill", "readInto", "lookAhead"] as const) {
    const stream = new Counted();
    const reader = new ByteReader(stream);
    if (how === "readInto") reader.readInto(new Uint8Array(1), Infinity, null);
    else reader[how]();
    reader.lookAhead();
    if (how !== "readInto") reader.readAhead();
    assertEquals(stream.reads, 1, how);
  }
});

Deno.test("ByteReader.release() gives a buffer that is not in use to the next reader", async () => {
  const stream = new Counted("abc");
  const reader = new ByteReader(stream);
  const { buffer } = reader;
  await reader.fill();
  reader.release();
  assertStrictEquals(new ByteReader(stream).buffer, buffer);
  // Nothing is read into what another has now.
  assertEquals(reader.atEnd, true);
  assertEquals(await reader.fill(), false);
  assertEquals(stream.reads, 1);
});

Deno.test("ByteReader.release() keeps a buffer that a cut read may still fill", async () => {
  const stream = new Counted();
  const reader = new ByteReader(stream);
  const { buffer } = reader;
  const filling = reader.fill();
  reader.expire();
  assertEquals(await filling, false);
  // Nothing is asked of the stream beside what is still under way.
  assertEquals(await reader.fill(), false);
  assertEquals(stream.reads, 1);
  reader.release();
  const next = new ByteReader(new Counted());
  assert(next.buffer.length > 0);
  assertNotStrictEquals(next.buffer, buffer);
});

Deno.test("ByteReader ends each wait past expire() in its own way", async () => {
  const reader = new ByteReader(new Counted());
  reader.expire();
  assertEquals(await reader.fill(), false);
  assertEquals(reader.isFilling, false);
  for (const reason of ["late", "later"]) {
    const late = () => new Error(reason);
    await assertRejects(() => reader.fill(Infinity, late), Error, reason);
  }
  assertEquals(await reader.fill(), false);
});
