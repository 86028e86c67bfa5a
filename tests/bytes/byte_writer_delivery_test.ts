// What leaves a ByteWriter in which write, who has to wait for it, and which
// buffer is used, over a stream that takes a write when it is told to.

import {
  assert,
  assertEquals,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import { type ByteStream, ConnectionLost } from "../../mod.ts";
import { ByteWriter } from "../../lib/bytes/byte_writer.ts";

/** Notes the writes, and takes each as soon as it is allowed to. */
class Peer implements ByteStream {
  readonly writes: string[] = [];
  readonly buffers: ArrayBufferLike[] = [];
  #taking: PromiseWithResolvers<number> | undefined;
  #size = 0;

  /** @param isSlow Whether each write waits for {@linkcode take}. */
  constructor(readonly isSlow = false) {}

  read(): Promise<number | null> {
    return Promise.resolve(null);
  }

  write(p: Uint8Array): Promise<number> {
    this.writes.push(shortOf(p));
    this.buffers.push(p.buffer);
    if (!this.isSlow) return Promise.resolve(p.length);
    this.#taking = Promise.withResolvers();
    this.#size = p.length;
    return this.#taking.promise;
  }

  /** Takes the write under way, and lets the next one begin. */
  async take(): Promise<void> {
    this.#taking?.resolve(this.#size);
    await turn();
  }

  /** Fails the write under way. */
  async fail(error: Error): Promise<void> {
    this.#taking?.reject(error);
    await turn();
  }

  close(): void {}
}

/** The bytes as text, a run of 100 and more of one as `x*100`. */
function shortOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")
    .replace(/(.)\1{99,}/gs, (run, byte) => `${byte}*${run.length}`);
}

function bytes(size: number, text = "x"): Uint8Array {
  return new Uint8Array(size).fill(text.charCodeAt(0));
}

function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

Deno.test("ByteWriter collects what fits, to the last byte", async (t) => {
  const rows: {
    name: string;
    /** Text goes by `writeAscii`. */
    chunks: (string | Uint8Array)[];
    /** What has left before a flush, and how much is left for it. */
    writes: string[];
    pending: number;
  }[] = [
    {
      name: "text that fills the buffer",
      chunks: ["a".repeat(16_000), "b".repeat(384)],
      writes: [],
      pending: 16_384,
    },
    {
      name: "bytes that fill the buffer",
      chunks: ["a".repeat(16_000), bytes(384)],
      writes: [],
      pending: 16_384,
    },
    {
      name: "text that does not fit any more",
      chunks: ["a".repeat(10_000), "b".repeat(10_000)],
      writes: ["a*10000"],
      pending: 10_000,
    },
    {
      name: "bytes that do not fit any more, up to half a buffer",
      chunks: ["a".repeat(16_000), bytes(8_192)],
      writes: ["a*16000"],
      pending: 8_192,
    },
    {
      name: "more bytes than half a buffer",
      chunks: ["a".repeat(16_000), bytes(8_193)],
      writes: ["a*16000", "x*8193"],
      pending: 0,
    },
    {
      name: "text of two bytes a character, as long as the buffer",
      chunks: ["\xe9".repeat(16_384)],
      writes: ["\xc3\xa9".repeat(16_384)],
      pending: 0,
    },
    {
      name: "a chunk behind the longest line",
      chunks: ["l".repeat(32), bytes(40_000)],
      writes: ["l".repeat(32) + "x*40000"],
      pending: 0,
    },
  ];
  for (const { name, chunks, writes, pending } of rows) {
    await t.step(name, async () => {
      const peer = new Peer();
      const writer = new ByteWriter(peer);
      for (const chunk of chunks) writer.write(chunk);
      await turn();
      assertEquals(peer.writes, writes);
      assertEquals(writer.pending, pending);
      await writer.flush();
      await writer.flush();
      assertEquals(peer.writes.length, writes.length + (pending > 0 ? 1 : 0));
    });
  }
});

Deno.test("ByteWriter.writeAscii() leaves the buffer alone where it takes nothing", () => {
  const writer = new ByteWriter(new Peer());
  writer.writeAscii("abc");
  assertEquals(writer.writeAscii("x".repeat(16_385)), false);
  assertEquals(writer.pending, 3);
});

Deno.test("ByteWriter.writeChunk() writes a size, the data and their end", async () => {
  const peer = new Peer();
  const writer = new ByteWriter(peer);
  await writer.writeChunk(bytes(255));
  await writer.writeChunk(bytes(1, "y"));
  await writer.flush();
  assertEquals(peer.writes, ["ff\r\nx*255\r\n1\r\ny\r\n"]);
});

Deno.test("ByteWriter keeps what nobody has flushed, when a write ends", async (t) => {
  const rows: { name: string; before: (writer: ByteWriter) => void }[] = [
    { name: "a large one", before: (w) => void w.write(bytes(20_000)) },
    {
      name: "one of a full buffer",
      before: (w) => {
        w.write(bytes(16_000));
        w.write(bytes(1_000));
      },
    },
    {
      name: "a chunk with its line",
      before: (w) => {
        w.write("4e20\r\n");
        w.write(bytes(20_000));
      },
    },
    {
      name: "one behind which nothing was to be sent",
      before: (w) => {
        w.write(bytes(20_000));
        w.send();
      },
    },
    {
      name: "one after which the buffer was sent",
      before: (w) => {
        w.write("a");
        w.send();
        w.write("b");
        w.send();
      },
    },
  ];
  for (const { name, before } of rows) {
    await t.step(name, async () => {
      const peer = new Peer(true);
      const writer = new ByteWriter(peer);
      before(writer);
      while (peer.writes.at(-1) === "a") await peer.take();
      writer.write("last");
      await peer.take();
      assertEquals(peer.writes.some((text) => text.includes("last")), false);
      const flushed = writer.flush();
      await peer.take();
      await flushed;
      assertEquals(peer.writes.at(-1)?.endsWith("last"), true);
    });
  }
});

Deno.test("ByteWriter goes on collecting while others wait in front", async () => {
  const peer = new Peer(true);
  const writer = new ByteWriter(peer);
  writer.write(bytes(20_000, "1"));
  writer.write(bytes(20_000, "2"));
  writer.write("a");
  writer.send();
  await peer.take();
  writer.write("b");
  await peer.take();
  await peer.take();
  assertEquals(peer.writes, ["1*20000", "2*20000", "ab"]);
});

Deno.test("ByteWriter.write() waits for nobody where it has copied", async () => {
  const peer = new Peer(true);
  const writer = new ByteWriter(peer);
  writer.write(bytes(20_000));
  await writer.write(bytes(10));
  await writer.write("4e20\r\n");
  await writer.write(bytes(20_000));
  assertEquals(peer.writes, ["x*20000"]);
});

Deno.test("ByteWriter.flush() settles for all who wait", async () => {
  const peer = new Peer(true);
  const writer = new ByteWriter(peer);
  writer.write("a");
  const flushed = [writer.flush(), writer.flush()];
  await peer.take();
  await Promise.all(flushed);
  assertEquals(peer.writes, ["a"]);
});

Deno.test("ByteWriter uses its buffers again", async (t) => {
  const rows: { name: string; chunks: (string | Uint8Array)[] }[] = [
    { name: "for what is small", chunks: ["a"] },
    { name: "for chunks", chunks: ["4e20\r\n", bytes(20_000)] },
  ];
  for (const { name, chunks } of rows) {
    await t.step(name, async () => {
      const peer = new Peer();
      for (let count = 0; count < 2; count++) {
        const writer = new ByteWriter(peer);
        for (const chunk of chunks) writer.write(chunk);
        await writer.flush();
      }
      assertEquals(peer.writes.length, 2);
      assertStrictEquals(peer.buffers[0], peer.buffers[1]);
    });
  }
});

Deno.test("ByteWriter drops what waits when a write fails", async () => {
  const cause = new Deno.errors.BrokenPipe("gone");
  const peer = new Peer(true);
  const writer = new ByteWriter(peer);
  writer.write(bytes(70_000));
  writer.write(bytes(70_000));
  assertEquals(writer.congested, true);
  await peer.fail(cause);
  assertEquals([writer.failed, writer.congested], [true, false]);
  // What is put behind it is neither sent nor kept.
  for (let count = 0; count < 100; count++) {
    writer.writeLatin1("x".repeat(1_000));
  }
  writer.send();
  assertEquals(writer.congested, false);
  assertEquals(peer.writes, ["x*70000"]);
  const error = await assertRejects(
    () => writer.flush(),
    ConnectionLost,
    "Cannot write to the peer",
  );
  assertStrictEquals(error.cause, cause);
});

Deno.test("ByteWriter fails where nobody waits, and brings nobody down", async () => {
  for (const how of ["send", "flush"] as const) {
    const peer = new Peer(true);
    const writer = new ByteWriter(peer);
    writer.write("a");
    void writer[how]();
    // Were the failure unhandled, the test would end here.
    await peer.fail(new Error("gone"));
    assertEquals(writer.failed, true);
  }
});

Deno.test("ByteWriter takes a stream that throws for one that fails", async () => {
  const peer = new Peer();
  peer.write = () => {
    throw new Error("closed");
  };
  const writer = new ByteWriter(peer);
  await assertRejects(() => writer.write(bytes(20_000)), ConnectionLost);
});

Deno.test("ByteWriter gives up when no time is left at all", async () => {
  const { now } = Date;
  let time = 0;
  Date.now = () => time;
  try {
    const peer = new Peer();
    let writes = 0;
    peer.write = () => {
      writes++;
      time += 1001;
      return Promise.resolve(1);
    };
    const writer = new ByteWriter(peer);
    // The byte that was taken earns one millisecond.
    writer.pace = { timeout: 1000, rate: 1000 };
    const error = await assertRejects(
      () => writer.write(bytes(20_000)),
      ConnectionLost,
    );
    assert(error.cause instanceof ConnectionLost);
    assertEquals(error.cause.message, "The peer does not read");
    assertEquals(writes, 1);
  } finally {
    Date.now = now;
  }
});
