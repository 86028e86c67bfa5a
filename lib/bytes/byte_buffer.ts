// Collects bytes that come in pieces. In: pieces of any size. Out: all of them
// as one array. A million pieces of one byte hold no more memory than one piece
// of a million bytes: kept apart, each would cost some 400 bytes more.

/** The room that the first piece makes, unless it needs more. */
const FIRST_SIZE = 256;

const NO_BYTES = new Uint8Array();

/** Pieces joined in one array, which doubles when it is full. */
export class ByteBuffer {
  readonly #expected: number;
  #buffer: Uint8Array<ArrayBuffer> = NO_BYTES;
  #length = 0;

  /**
   * Makes an empty buffer.
   *
   * @param expected How many bytes are to come at most, if that is known: no
   * room is made for more before they are there.
   */
  constructor(expected = Infinity) {
    this.#expected = expected;
  }

  /** How many bytes were added. */
  get length(): number {
    return this.#length;
  }

  /** The bytes that were added, as a view. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#buffer.subarray(0, this.#length);
  }

  /**
   * Copies a piece behind the others.
   *
   * @param piece The piece.
   */
  add(piece: Uint8Array): void {
    const length = this.#length + piece.length;
    if (length > this.#buffer.length) this.#grow(length);
    this.#buffer.set(piece, this.#length);
    this.#length = length;
  }

  /**
   * Gives the bytes away, and is empty.
   *
   * @returns An array that has its memory for itself.
   */
  take(): Uint8Array<ArrayBuffer> {
    const isFull = this.#length === this.#buffer.length;
    const bytes = isFull ? this.#buffer : this.#buffer.slice(0, this.#length);
    this.#buffer = NO_BYTES;
    this.#length = 0;
    return bytes;
  }

  #grow(length: number): void {
    const doubled = Math.max(this.#buffer.length * 2, FIRST_SIZE);
    const size = Math.max(length, Math.min(doubled, this.#expected));
    const larger = new Uint8Array(size);
    larger.set(this.bytes);
    this.#buffer = larger;
  }
}

/**
 * What a read has put into an array made for it.
 *
 * @param target The array, which nobody else uses.
 * @param count How many bytes were read.
 * @returns The bytes: as a view, or as a copy where that would keep an array
 * mostly empty for as long as somebody holds the few bytes in it.
 */
export function filled(
  target: Uint8Array<ArrayBuffer>,
  count: number,
): Uint8Array<ArrayBuffer> {
  return count * 2 < target.length
    ? target.slice(0, count)
    : target.subarray(0, count);
}
