// Buffers that are used again: to make and clear a new one costs more than most
// of what a request does with it.

/**
 * From this size on a buffer gets pages of its own, which go back to the system
 * when it is freed. What is smaller comes from the heap of the C library, which
 * keeps what is freed.
 */
const PAGES_FROM = 98_304;

/** Free buffers of one size. */
export class BufferPool {
  readonly #size: number;
  readonly #most: number;
  readonly #free: Uint8Array[] = [];

  /**
   * Makes an empty pool.
   *
   * @param size The octets of each buffer.
   * @param most How many are kept.
   */
  constructor(size: number, most: number) {
    this.#size = size;
    this.#most = most;
  }

  /** A buffer; what is in it is left over from its last use. */
  take(): Uint8Array {
    return this.#free.pop() ?? makeBuffer(this.#size);
  }

  /**
   * Takes a buffer back that nobody uses any more. A large one that is not kept
   * is freed at once: nothing else tells the collector to hurry.
   *
   * @param buffer The buffer; one of another size is dropped.
   */
  give(buffer: Uint8Array): void {
    if (buffer.length !== this.#size) return;
    if (this.#free.length < this.#most) this.#free.push(buffer);
    else if (this.#size >= PAGES_FROM) freeBuffer(buffer);
  }
}

/** What V8 makes for a buffer that may be resized is pages of the system. */
function makeBuffer(size: number): Uint8Array {
  return size < PAGES_FROM
    ? new Uint8Array(size)
    : new Uint8Array(new ArrayBuffer(size, { maxByteLength: size }));
}

function freeBuffer({ buffer }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer) buffer.transfer(0);
}
