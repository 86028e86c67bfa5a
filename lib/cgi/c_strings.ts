// Strings as C functions take them. V8 does not see that an address points into
// a buffer: the strings of a call are valid as long as their `CStrings` is kept.

import { encodeByteText } from "../bytes/byte_text.ts";

const encoder = new TextEncoder();

/** Enough for most requests; V8 collects the earlier the more is taken. */
const INITIAL_SIZE = 4096;

/** Strings for one call of a C function. */
export class CStrings {
  #octets = new Uint8Array(INITIAL_SIZE);
  #used = 0;
  /** Buffers that are full. */
  #outgrown: Uint8Array[] = [];

  /**
   * Adds a string.
   *
   * @returns Its octets, with a NUL at their end.
   * @throws {TypeError} If there is a NUL in it.
   */
  add(text: string): Uint8Array<ArrayBuffer> {
    if (text.includes("\0")) throw new TypeError("Cannot pass a NUL on");
    // No UTF-16 unit takes more than three octets.
    this.#reserve(text.length * 3 + 1);
    const start = this.#used;
    const rest = this.#octets.subarray(start);
    const written = encodeInto(text, rest);
    rest[written] = 0;
    this.#used = start + written + 1;
    return rest;
  }

  /**
   * Adds a list of strings.
   *
   * @returns Their addresses, with a null pointer at their end.
   * @throws {TypeError} If there is a NUL in one.
   */
  addList(texts: readonly string[]): BigUint64Array<ArrayBuffer> {
    const size = texts.reduce((sum, text) => sum + text.length * 3 + 1, 0);
    this.#reserve(size);
    const base = Deno.UnsafePointer.value(
      Deno.UnsafePointer.of(this.#octets),
    );
    // V8 moves a small array that was made without a buffer.
    const addresses = new BigUint64Array(
      new ArrayBuffer(8 * (texts.length + 1)),
    );
    texts.forEach((text, index) => {
      addresses[index] = base + BigInt(this.#used);
      this.add(text);
    });
    return addresses;
  }

  #reserve(size: number): void {
    if (this.#used + size <= this.#octets.length) return;
    this.#outgrown.push(this.#octets);
    this.#octets = new Uint8Array(2 * (this.#octets.length + size));
    this.#used = 0;
  }
}

/** Returns how many bytes the text took. */
function encodeInto(text: string, into: Uint8Array<ArrayBuffer>): number {
  if (text.isWellFormed()) return encoder.encodeInto(text, into).written;
  const bytes = encodeByteText(text);
  into.set(bytes);
  return bytes.length;
}
