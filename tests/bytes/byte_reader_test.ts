import { assert, assertEquals, assertRejects } from "@std/assert";
import { ByteReader, type ByteStream, ConnectionLost } from "../../mod.ts";

/** A stream of these pieces; `null` where a read never settles. */
class Pieces implements ByteStream {
  #pieces: (string | null)[];

  constructor(...pieces: (string | null)[]) {
    this.#pieces = pieces;
  }

  read(p: Uint8Array): Promise<number | null> {
    const piece = this.#pieces.shift();
    if (piece === undefined) return Promise.resolve(null);
    if (piece === null) return new Promise(() => {});
    const octets = new TextEncoder().encode(piece).subarray(0, p.length);
    p.set(octets);
    if (octets.length < piece.length) {
      this.#pieces.unshift(piece.slice(octets.length));
    }
    return Promise.resolve(octets.length);
  }

  write(p: Uint8Array): Promise<number> {
    return Promise.resolve(p.length);
  }

  close(): void {}
}

function text(octets: Uint8Array | null): string | null {
  return octets && new TextDecoder().decode(octets);
}

Deno.test("ByteReader.read() gives what is there, up to a maximum", async () => {
  const reader = new ByteReader(new Pieces("abc", "de"));
  assertEquals(text(await reader.read(2)), "ab");
  assertEquals(text(await reader.read(2)), "c");
  assertEquals(text(await reader.read()), "de");
  assertEquals(await reader.read(), null);
  assertEquals(await reader.read(), null);
  assertEquals(reader.atEnd, true);
});

Deno.test("ByteReader.read() gives octets that stay as they are", async () => {
  const reader = new ByteReader(new Pieces("abc", "def"));
  const first = await reader.read();
  await reader.read();
  assertEquals(text(first), "abc");
});

Deno.test("ByteReader.readLine() finds LF across reads", async () => {
  const reader = new ByteReader(new Pieces("a", "b\r", "\nc\n\n", "last"));
  const lines: (string | null)[] = [];
  for (let line; (line = await reader.readLine()) !== null;) {
    lines.push(text(line));
  }
  assertEquals(lines, ["ab\r\n", "c\n", "\n", "last"]);
});

Deno.test("ByteReader.readLine() gives long lines in pieces", async () => {
  const reader = new ByteReader(new Pieces("abcdef\ngh"));
  assertEquals(text(await reader.readLine(4)), "abcd");
  assertEquals(text(await reader.readLine(4)), "ef\n");
  assertEquals(text(await reader.readLine(4)), "gh");
  assertEquals(await reader.readLine(4), null);
});

Deno.test("ByteReader keeps a window larger than its first buffer", async () => {
  const long = "x".repeat(10_000);
  const reader = new ByteReader(new Pieces(long, "\n", "y"));
  assertEquals(text(await reader.readLine(20_000)), long + "\n");
  assertEquals(text(await reader.read()), "y");
  // What one line needed is not kept.
  assertEquals(await reader.read(), null);
  assertEquals(reader.buffer.length, 4096);
});

Deno.test("ByteReader.fill() is one wait, however often it is asked", async () => {
  const reader = new ByteReader(new Pieces("ab", "cd"));
  const [first, second] = await Promise.all([reader.fill(), reader.fill()]);
  assertEquals([first, second, reader.available], [true, true, 2]);
});

Deno.test("ByteReader.expire() ends a wait with its error, for good", async () => {
  const reader = new ByteReader(new Pieces("a", null));
  await reader.fill(1000, () => new Error("late"));
  const waiting = reader.fill(1000, () => new Error("late"));
  reader.expire();
  await assertRejects(() => waiting, Error, "late");
  await assertRejects(() => reader.fill(1, () => new Error("again")), Error);
  // The peer may still be there.
  assertEquals(reader.atEnd, false);
});

Deno.test("ByteReader.expire() ends an idle wait like the end", async () => {
  const reader = new ByteReader(new Pieces(null));
  const waiting = reader.fill(1000);
  reader.expire();
  assertEquals(await waiting, false);
  assertEquals(reader.atEnd, true);
  assertEquals(await reader.fill(), false);
});

Deno.test("ByteReader has a deadline only while it waits", async () => {
  const reader = new ByteReader(new Pieces("a", "b"));
  assertEquals(reader.expiresAt, Infinity);
  const until = Date.now() + 1000;
  const filling = reader.fill(until);
  assertEquals(reader.expiresAt, until);
  await filling;
  assertEquals(reader.expiresAt, Infinity);
});

Deno.test("ByteReader says that the connection is lost", async () => {
  const stream = new Pieces();
  stream.read = () => Promise.reject(new Deno.errors.ConnectionReset("reset"));
  await assertRejects(() => new ByteReader(stream).read(), ConnectionLost);
});

Deno.test("ByteReader.readable gives the same octets", async () => {
  const reader = new ByteReader(new Pieces("ab", "cd"));
  assertEquals(await new Response(reader.readable).text(), "abcd");
});

Deno.test("ByteReader ends after release(), and shares no buffer that a read may fill", async () => {
  const { promise, resolve } = Promise.withResolvers<number | null>();
  let pending: Uint8Array | undefined;
  const waiting = new ByteReader({
    read(p) {
      pending = p;
      return promise;
    },
    write: (p) => Promise.resolve(p.length),
    close() {},
  });
  const filled = waiting.fill();
  waiting.release();
  const next = new ByteReader({
    read: () => Promise.resolve(null),
    write: (p) => Promise.resolve(p.length),
    close() {},
  });
  assert(pending !== undefined && next.buffer.buffer !== pending.buffer);
  resolve(null);
  assertEquals(await filled, false);
  assertEquals(await waiting.read(), null);

  const { buffer } = next;
  next.release();
  assertEquals(await next.read(), null);
  assertEquals(next.available, 0);
  assert(buffer.length > 0 && next.buffer.length === 0);
});

Deno.test("ByteReader counts nothing for a wait that has failed", async () => {
  let reads = 0;
  const reader = new ByteReader({
    read(p) {
      if (++reads === 1) return Promise.reject(new Error("once"));
      p.set([1, 2, 3]);
      return Promise.resolve(3);
    },
    write: (p) => Promise.resolve(p.length),
    close() {},
  });
  await assertRejects(() => reader.fill(), ConnectionLost);
  assertEquals(reader.isFilling, false);
  const octets = new Uint8Array(8);
  assertEquals(await reader.readInto(octets, Infinity, null), 3);
  assertEquals(reader.available, 0);
});

Deno.test("ByteReader.lookAhead() reads where nobody waits", async (t) => {
  await t.step("what came is there for the next wait", async () => {
    const reader = new ByteReader(new Pieces("abc", "d"));
    reader.timeout = 10;
    reader.lookAhead();
    assertEquals([reader.isFilling, reader.expiresAt], [true, Infinity]);
    await turn();
    assertEquals(reader.available, 3);
    assertEquals(text(await reader.read()), "abc");
    assertEquals(text(await reader.read()), "d");
  });
  await t.step("a wait that begins meanwhile has a deadline", async () => {
    const reader = new ByteReader(new Pieces(null));
    reader.lookAhead();
    const filling = reader.fill(1000, () => new Error("late"));
    assertEquals(reader.expiresAt, 1000);
    reader.expire();
    await assertRejects(() => filling, Error, "late");
  });
  await t.step("only where nothing is buffered", async () => {
    const reader = new ByteReader(new Pieces("abc", "d"));
    await reader.fill();
    reader.lookAhead();
    assertEquals(reader.isFilling, false);
  });
  await t.step("and nobody waits", async () => {
    const reader = new ByteReader(new Pieces("abc", "d"));
    const into = new Uint8Array(2);
    const reading = reader.readInto(into, Infinity, null);
    reader.lookAhead();
    assertEquals([await reading, text(into)], [2, "ab"]);
    assertEquals(reader.isFilling, false);
  });
  await t.step("and not past the end", async () => {
    const reader = new ByteReader(new Pieces());
    reader.lookAhead();
    await turn();
    assertEquals([reader.atEnd, reader.failed], [true, false]);
    reader.lookAhead();
    assertEquals(reader.isFilling, false);
  });
  await t.step("a failure is noted, and is no uncaught error", async () => {
    const reader = new ByteReader({
      read: () => Promise.reject(new Error("reset")),
      write: () => Promise.resolve(1),
      close: () => {},
    });
    reader.lookAhead();
    await turn();
    assertEquals([reader.atEnd, reader.failed], [false, true]);
    await assertRejects(() => reader.read(), ConnectionLost);
  });
});

/** Lets what is settled be noticed. */
function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
