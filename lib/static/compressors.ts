// How much is compressed on the way at once. A compressor holds a window and
// tables, 1.5 MB for gzip and 4.6 MB for Brotli, for as long as its client cares
// to read. Each of its pieces takes up to 13 ms of the thread that all clients
// share, once in a turn of the event loop: sixteen made others wait for seconds.
// Who comes when all are in use gets the plain content, which every client takes.

/** Compressors at once, in this process. */
const MOST = 4;

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
