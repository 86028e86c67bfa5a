// Handlers that fill their buffers again as soon as they may.

import type { Writer } from "../mod.ts";

/** What a buffer holds when it is used again: in none of the tests' responses. */
const POISON = 0xdb;

/** Overwrites every array that was written as soon as its promise settles. */
class ReusingWriter implements Writer {
  readonly #writer: Writer;

  constructor(writer: Writer) {
    this.#writer = writer;
  }

  write(chunk: string | Uint8Array): Promise<void> {
    const written = this.#writer.write(chunk);
    if (chunk instanceof Uint8Array) {
      const reuse = () => void chunk.fill(POISON);
      written.then(reuse, reuse);
    }
    return written;
  }

  flush(): Promise<void> {
    return this.#writer.flush();
  }

  get writable(): WritableStream<Uint8Array> {
    return this.#writer.writable;
  }
}

/** The same writer, for who uses the arrays that it writes again at once. */
export function reusing(writer: Writer): Writer {
  return new ReusingWriter(writer);
}
