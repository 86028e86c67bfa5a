// Moves bytes from an open file to a writer, a piece at a time. Exactly as many
// as were announced: a file that has grown is cut, one that has shrunk is an
// error, after which the connection loop closes rather than let a short body
// look whole.

import { BufferPool } from "../bytes/buffer_pool.ts";
import type { Writer } from "../bytes/stream.ts";
import type { Byteranges } from "./byteranges.ts";
import type { ByteRange } from "./range.ts";

/**
 * Bytes read at once, and all that a client that does not read makes this file
 * hold. The next piece is not read ahead: what the system buffers for a socket
 * lasts for much longer than it takes to read one.
 */
const PIECE = 96 * 1024;

const buffers = new BufferPool(PIECE, 16);

/** What is needed of an open file. */
export type FileSource = Pick<Deno.FsFile, "seek" | "read">;

/**
 * Sends a run of octets of a file.
 *
 * @param file The open file.
 * @param range Which octets.
 * @param wfile Where they go.
 * @throws {Error} If the file ends before the range does.
 */
export async function writeRange(
  file: FileSource,
  { first, last }: ByteRange,
  wfile: Writer,
): Promise<void> {
  let left = last - first + 1;
  if (left === 0) return;
  await file.seek(first, Deno.SeekMode.Start);
  const piece = buffers.take();
  try {
    while (left > 0) {
      const count = await readSome(file, piece, left);
      left -= count;
      await wfile.write(piece.subarray(0, count));
    }
  } finally {
    // Whether it went well or not, the last read and write have settled.
    buffers.give(piece);
  }
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
  file: FileSource,
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
  file: FileSource,
  piece: Uint8Array,
  left: number,
): Promise<number> {
  const count = await file.read(
    left < piece.length ? piece.subarray(0, left) : piece,
  );
  if (count === null) throw new Error("Cannot send the file: it has shrunk");
  return count;
}
