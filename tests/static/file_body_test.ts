import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Writer } from "../../lib/bytes/stream.ts";
import {
  type FileSource,
  writeByteranges,
  writeRange,
} from "../../lib/static/file_body.ts";
import { layOutByteranges } from "../../lib/static/byteranges.ts";

/** What a client that does not read may make the server hold. */
const MOST = 128 * 1024;

const SIZE = 1_000_000;

const encoder = new TextEncoder();

/** The byte of a file at a position. */
const byteAt = (position: number) => (position * 31 + (position >> 8)) & 0xff;

/** A file of which it is seen how far it was read. */
class FileDouble implements FileSource {
  position = 0;
  /** The memory that was read into. */
  readonly buffers = new Set<ArrayBufferLike>();
  readonly #size: number;

  constructor(size = SIZE) {
    this.#size = size;
  }

  seek(offset: number | bigint): Promise<number> {
    this.position = Number(offset);
    return Promise.resolve(this.position);
  }

  read(p: Uint8Array): Promise<number | null> {
    this.buffers.add(p.buffer);
    const count = Math.min(p.length, this.#size - this.position);
    for (let i = 0; i < count; i++) p[i] = byteAt(this.position + i);
    this.position += count;
    return Promise.resolve(count === 0 ? null : count);
  }
}

/** A writer that keeps copies of what it gets, and takes it when it may. */
class WriterDouble implements Writer {
  readonly pieces: Uint8Array[] = [];
  readonly #mayTake: Promise<void>;

  constructor(mayTake: Promise<void> = Promise.resolve()) {
    this.#mayTake = mayTake;
  }

  async write(chunk: string | Uint8Array): Promise<void> {
    await this.#mayTake;
    this.pieces.push(
      typeof chunk === "string" ? encoder.encode(chunk) : chunk.slice(),
    );
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }

  get writable(): WritableStream<Uint8Array> {
    throw new Error("not used");
  }
}

/** Runs all that can run without the outside world. */
function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

function check(pieces: readonly Uint8Array[], first: number, last: number) {
  let position = first;
  for (const piece of pieces) {
    for (const byte of piece) assertEquals(byte, byteAt(position++));
  }
  assertEquals(position, last + 1);
}

Deno.test("writeRange() holds little for a client that does not read", async () => {
  const file = new FileDouble();
  const { promise, resolve } = Promise.withResolvers<void>();
  const writer = new WriterDouble(promise);
  const range = { first: 5, last: SIZE - 7 };
  const writing = writeRange(file, range, writer);
  await settle();
  const held = file.position - range.first;
  const made = [...file.buffers].reduce((sum, b) => sum + b.byteLength, 0);
  assert(held > 0 && held <= MOST, `${held} bytes were read`);
  assert(made <= MOST, `${made} bytes of memory were taken`);
  resolve();
  await writing;
  check(writer.pieces, range.first, range.last);
});

Deno.test("writeRange() uses its memory again", async (t) => {
  const endings: { name: string; size: number; lost?: Error }[] = [
    { name: "after the end", size: SIZE },
    { name: "after a file that has shrunk", size: 500_000 },
    { name: "after a client that has left", size: SIZE, lost: new Error("x") },
  ];
  const range = { first: 0, last: SIZE - 1 };
  const before = new FileDouble();
  await writeRange(before, range, new WriterDouble());
  for (const { name, size, lost } of endings) {
    await t.step(name, async () => {
      const file = new FileDouble(size);
      const writing = writeRange(
        file,
        range,
        new WriterDouble(lost && Promise.reject(lost)),
      );
      if (lost !== undefined) await assertRejects(() => writing, Error, "x");
      else if (size === SIZE) await writing;
      else await assertRejects(() => writing, Error, "it has shrunk");
      const after = new FileDouble();
      await writeRange(after, range, new WriterDouble());
      assertEquals(before.buffers.size, 1);
      assertEquals(after.buffers, before.buffers);
    });
  }
});

Deno.test("writeRange() frees what many clients needed at once", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const files = Array.from({ length: 40 }, () => new FileDouble());
  const range = { first: 0, last: SIZE - 1 };
  const writing = files.map((file) =>
    writeRange(file, range, new WriterDouble(promise))
  );
  await settle();
  resolve();
  await Promise.all(writing);
  const made = new Set(files.flatMap((file) => [...file.buffers]));
  const kept = [...made].filter((buffer) => buffer.byteLength > 0);
  assertEquals(made.size, 40);
  assert(kept.length <= 16, `${kept.length} are kept`);
});

Deno.test("writeRange() sends nothing of an empty range", async () => {
  const file = new FileDouble();
  await writeRange(file, { first: 0, last: -1 }, new WriterDouble());
  assertEquals(file.buffers.size, 0);
});

Deno.test("writeByteranges() sends each range between its framing", async () => {
  const ranges = [{ first: 3, last: 250_000 }, {
    first: 900_000,
    last: 900_000,
  }];
  const layout = layOutByteranges(ranges, SIZE, "text/plain");
  const writer = new WriterDouble();
  await writeByteranges(new FileDouble(), layout, writer);
  const sent = await new Blob(writer.pieces.map((piece) => piece.slice()))
    .bytes();
  const wanted: number[] = [];
  for (const { head, range: { first, last } } of layout.parts) {
    wanted.push(...encoder.encode(head));
    for (let at = first; at <= last; at++) wanted.push(byteAt(at));
  }
  wanted.push(...encoder.encode(layout.tail));
  assertEquals(sent, Uint8Array.from(wanted));
  assertEquals(sent.length, layout.contentLength);
});
