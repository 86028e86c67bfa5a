// Moves octets from an open file to a writer in few large pieces, the next one
// being read while the last one is written. Exactly as many as were announced:
// a file that has grown is cut, one that has shrunk is an error, after which
// the connection loop closes rather than let a short body look whole.

import { BufferPool } from "../bytes/buffer_pool.ts";
import type { Writer } from "../bytes/stream.ts";
import type { Byteranges } from "./byteranges.ts";
import type { ByteRange } from "./range.ts";

/** Octets read at once. */
const PIECE = 256 * 1024;

const buffers = new BufferPool(PIECE, 16);

/**
 * Sends a run of octets of a file.
 *
 * @param file The open file.
 * @param range Which octets.
 * @param wfile Where they go.
 * @throws {Error} If the file ends before the range does.
 */
export async function writeRange(
  file: Deno.FsFile,
  { first, last }: ByteRange,
  wfile: Writer,
): Promise<void> {
  let left = last - first + 1;
  if (left === 0) return;
  await file.seek(first, Deno.SeekMode.Start);
  let piece = buffers.take();
  let other = buffers.take();
  let count = await readSome(file, piece, left);
  while (left > count) {
    left -= count;
    const writing = wfile.write(piece.subarray(0, count));
    const [next] = await Promise.all([readSome(file, other, left), writing]);
    [piece, other] = [other, piece];
    count = next;
  }
  await wfile.write(piece.subarray(0, count));
  // Only here: after a failure the writer may still hold on to them.
  buffers.give(piece);
  buffers.give(other);
}

/**
 * Sends several runs with their multipart framing.
 *
 * @param file The open file.
 * @param layout The framing.
 * @param wfile Where they go.
 * @throws {Error} If the file ends before a range does.
 */
export async function writeByteranges(
  file: Deno.FsFile,
  layout: Byteranges,
  wfile: Writer,
): Promise<void> {
  for (const { head, range } of layout.parts) {
    await wfile.write(head);
    await writeRange(file, range, wfile);
  }
  await wfile.write(layout.tail);
}

async function readSome(
  file: Deno.FsFile,
  piece: Uint8Array,
  left: number,
): Promise<number> {
  const count = await file.read(
    left < piece.length ? piece.subarray(0, left) : piece,
  );
  if (count === null) throw new Error("Cannot send the file: it has shrunk");
  return count;
}
