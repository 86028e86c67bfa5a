// Buffers that are used again: to make and clear a new one costs more than most
// of what a request does with it.

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
    return this.#free.pop() ?? new Uint8Array(this.#size);
  }

  /**
   * Takes a buffer back that nobody uses any more.
   *
   * @param buffer The buffer; one of another size is dropped.
   */
  give(buffer: Uint8Array): void {
    if (buffer.length !== this.#size || this.#free.length >= this.#most) return;
    this.#free.push(buffer);
  }
}
