// How much is compressed on the way at once. A compressor holds a window and
// tables, 1.5 MB for gzip and 4.6 MB for Brotli, for as long as its client cares
// to read. Who comes when all are in use gets the plain content, which every
// client takes. Compressing holds the one thread that all clients share, and a
// request of another takes many turns of the event loop: in each of them all
// compressors together are given one small piece.

import { nextTurn } from "../bytes/turn.ts";
import { compressor, type StreamCoding } from "./content_coding.ts";
import { Turns } from "./turns.ts";

/** Compressors at once, in this process. */
const MOST = 4;

/** Bytes compressed in one turn of the event loop: two milliseconds' work. */
const PIECES: Readonly<Record<StreamCoding, number>> = {
  gzip: 32 * 1024,
  br: 16 * 1024,
};

const turns = new Turns();

let inUse = 0;

/**
 * Takes a place for a compressor.
 *
 * @returns The place, which is given back by `using`; undefined when there is
 * none.
 */
export function takeCompressor(): Disposable | undefined {
  if (inUse >= MOST) return undefined;
  inUse++;
  return { [Symbol.dispose]: () => inUse-- };
}

/**
 * Compresses when the turn of each piece has come.
 *
 * @param source The plain content; cancelled when the encoded one is.
 * @param coding The content coding.
 * @returns The encoded content.
 */
export function compress(
  source: AsyncIterable<Uint8Array<ArrayBuffer>>,
  coding: StreamCoding,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return ReadableStream.from(inTurns(source, PIECES[coding]))
    .pipeThrough(compressor(coding));
}

async function* inTurns(
  source: AsyncIterable<Uint8Array<ArrayBuffer>>,
  most: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for await (const { buffer, byteOffset, length } of source) {
    for (let at = 0; at < length; at += most) {
      await turns.take(nextTurn);
      const size = Math.min(most, length - at);
      yield new Uint8Array(buffer, byteOffset + at, size);
    }
  }
}
