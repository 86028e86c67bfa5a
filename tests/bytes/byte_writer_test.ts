import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { type ByteStream, ByteWriter, ConnectionLost } from "../../mod.ts";

/** Notes what is written; takes at most `most` octets a write. */
class Sink implements ByteStream {
  writes: string[] = [];
  most = Infinity;
  error: Error | undefined;
  gate: Promise<void> | undefined;

  read(): Promise<number | null> {
    return Promise.resolve(null);
  }

  async write(p: Uint8Array): Promise<number> {
    await this.gate;
    if (this.error !== undefined) throw this.error;
    const taken = p.subarray(0, this.most);
    this.writes.push(
      Array.from(taken, (octet) => String.fromCharCode(octet)).join(""),
    );
    return taken.length;
  }

  close(): void {}
}

Deno.test("ByteWriter takes text and bytes only", () => {
  const writer = new ByteWriter(new Sink());
  for (const json of ["123", "null", "[1]", '{"length":1}']) {
    assertThrows(
      () => writer.write(JSON.parse(json)),
      TypeError,
      "Cannot write",
    );
  }
  assertEquals(writer.pending, 0);
});

Deno.test("ByteWriter joins what is small", async () => {
  const sink = new Sink();
  const writer = new ByteWriter(sink);
  writer.write("a");
  writer.write(new Uint8Array([0x62, 0xff]));
  writer.writeLatin1("\xe9");
  writer.write("\xe9");
  assertEquals(sink.writes, []);
  assertEquals(writer.pending, 6);
  await writer.flush();
  assertEquals(sink.writes, ["ab\xff\xe9\xc3\xa9"]);
});

Deno.test("ByteWriter sends what is large as it is, in order", async () => {
  const sink = new Sink();
  const writer = new ByteWriter(sink);
  const large = new Uint8Array(70_000).fill(0x78);
  writer.write("a");
  writer.write(large);
  writer.write("b");
  await writer.flush();
  assertEquals(sink.writes, ["a", "x".repeat(70_000), "b"]);
});

Deno.test("ByteWriter sends a chunk together with the line before it", async () => {
  const sink = new Sink();
  const writer = new ByteWriter(sink);
  const chunk = new Uint8Array(65_536).fill(0x78);
  const text = "x".repeat(65_536);
  for (const line of ["10000\r\n", "\r\n10000\r\n"]) {
    writer.writeAscii(line);
    await writer.write(chunk);
  }
  // What was written is the caller's again.
  chunk.fill(0x79);
  writer.writeAscii("\r\n0\r\n\r\n");
  await writer.flush();
  assertEquals(sink.writes, [
    "10000\r\n" + text,
    "\r\n10000\r\n" + text,
    "\r\n0\r\n\r\n",
  ]);
});

Deno.test("ByteWriter copies no chunk over 64 KiB, and none behind a head", async () => {
  const sink = new Sink();
  const writer = new ByteWriter(sink);
  const head = "h".repeat(33);
  const text = "x".repeat(65_537);
  for (const [line, size] of [["10001\r\n", 65_537], [head, 65_536]] as const) {
    writer.writeAscii(line);
    await writer.write(new Uint8Array(size).fill(0x78));
  }
  assertEquals(sink.writes, ["10001\r\n", text, head, text.slice(1)]);
});

Deno.test("ByteWriter goes on where a write took only a part", async () => {
  const sink = new Sink();
  sink.most = 4;
  const writer = new ByteWriter(sink);
  writer.write("0123456789");
  writer.write("ab");
  await writer.flush();
  assertEquals(sink.writes, ["0123", "4567", "89ab"]);
});

Deno.test("ByteWriter.writeAscii() takes all or nothing", async () => {
  const sink = new Sink();
  const writer = new ByteWriter(sink);
  assertEquals(writer.writeAscii("abc"), true);
  assertEquals(writer.writeAscii("d\xe9"), false);
  assertEquals(writer.writeAscii("x".repeat(16_385)), false);
  assertEquals(writer.writeAscii("x".repeat(16_384)), true);
  await writer.flush();
  assertEquals(sink.writes, ["abc", "x".repeat(16_384)]);
});

Deno.test("ByteWriter lets the writer wait past 64 KiB", async () => {
  const sink = new Sink();
  const { promise, resolve } = Promise.withResolvers<void>();
  sink.gate = promise;
  const writer = new ByteWriter(sink);
  let written = 0;
  const writing = (async () => {
    for (; written < 100; written++) await writer.write("x".repeat(4096));
  })();
  // All that can be written without the peer has been written by then.
  await new Promise((turn) => setTimeout(turn, 0));
  assertEquals(written, 16);
  assertEquals(writer.congested, true);
  resolve();
  await writing;
  await writer.flush();
  assertEquals(sink.writes.join("").length, 409_600);
  assertEquals(writer.congested, false);
});

Deno.test("ByteWriter joins what is flushed behind a write in flight", async () => {
  const sink = new Sink();
  const writer = new ByteWriter(sink);
  const gate = Promise.withResolvers<void>();
  sink.gate = gate.promise;
  writer.write("first");
  writer.send();
  for (let count = 0; count < 200; count++) {
    writer.write("r".repeat(100));
    writer.send();
  }
  writer.write(new Uint8Array(16_384).fill(0x78));
  writer.write("last");
  const sent = writer.flush();
  gate.resolve();
  await sent;
  // Two buffers for 200 responses, and not a buffer for each.
  const lengths = sink.writes.map((text) => text.length);
  assertEquals(lengths, [5, 16_300, 3_700, 16_384, 4]);
  assertEquals(
    sink.writes.join("").replaceAll(/(r|x)\1+/g, "$1+"),
    "firstr+x+last",
  );
  assertEquals(writer.congested, false);
});

Deno.test("ByteWriter has a deadline only while it sends", async () => {
  const sink = new Sink();
  const { promise, resolve } = Promise.withResolvers<void>();
  sink.gate = promise;
  const writer = new ByteWriter(sink);
  writer.pace = { timeout: 1000, rate: 1 };
  const writing = writer.write(new Uint8Array(20_000));
  assertEquals(writer.expiresAt > Date.now(), true);
  resolve();
  await writing;
  assertEquals(writer.expiresAt, Infinity);
});

Deno.test("ByteWriter lets a peer bank no time by a fast start", async () => {
  // By write: how much the peer takes of it, after how many milliseconds.
  const steps = [[1_000_000, 0], [1, 600], [1, 300], [1, 150], [1, 0]] as const;
  const { now } = Date;
  let time = 0;
  Date.now = () => time;
  try {
    const sink = new Sink();
    const writer = new ByteWriter(sink);
    writer.pace = { timeout: 1000, rate: 100 };
    const deadlines: number[] = [];
    sink.write = (bytes) => {
      const [taken, wait] = steps[deadlines.length] ?? [bytes.length, 0];
      deadlines.push(writer.expiresAt - time);
      time += wait;
      return Promise.resolve(taken);
    };
    await assertRejects(
      () => writer.write(new Uint8Array(2_000_000)),
      ConnectionLost,
    );
    assertEquals(deadlines, [1000, 1000, 410, 120]);
  } finally {
    Date.now = now;
  }
});

Deno.test("ByteWriter fails once and for all, and brings nobody down", async () => {
  const sink = new Sink();
  sink.error = new Deno.errors.BrokenPipe("gone");
  const writer = new ByteWriter(sink);
  // Not awaited: nobody may be brought down by that.
  writer.write("a");
  writer.flush();
  await assertRejects(() => writer.flush(), ConnectionLost);
  assertEquals(writer.failed, true);
  await assertRejects(() => writer.write("b"), ConnectionLost);
  assertEquals(sink.writes, []);
});

Deno.test("ByteWriter.writable flushes when it is closed", async () => {
  const sink = new Sink();
  const stream = new Response("abc").body;
  await stream?.pipeTo(new ByteWriter(sink).writable);
  assertEquals(sink.writes, ["abc"]);
});
