// The start of an answer's body, held back in the hope that it ends while it is
// small: its length is known then, and head and body leave together.

import { ByteBuffer } from "../bytes/byte_buffer.ts";

/** A body up to this size gets a `Content-Length` instead of chunks. */
const HOLD_SIZE = 16_384;

const encoder = new TextEncoder();

/** Pieces of a body that are not sent yet. */
export class HeldBody {
  /** What was added up to the last bytes; text among it as bytes. */
  #bytes: ByteBuffer | undefined;
  /** The text that was added since. */
  #text = "";
  #size = 0;

  /** The whole content, if it is text: the commonest answer. */
  get onlyText(): string | undefined {
    return this.#bytes === undefined ? this.#text : undefined;
  }

  /**
   * Takes a piece.
   *
   * @param chunk Text or bytes; bytes are copied, since the caller may reuse
   * them.
   * @returns False if it would be too much, which leaves the rest as it was.
   */
  add(chunk: string | Uint8Array): boolean {
    if (this.#size + chunk.length > HOLD_SIZE) return false;
    this.#size += chunk.length;
    if (typeof chunk === "string") this.#text += chunk;
    else this.#withText().add(chunk);
    return true;
  }

  /** Gives the content away, as bytes. */
  release(): Uint8Array<ArrayBuffer> {
    const bytes = this.#withText().take();
    this.clear();
    return bytes;
  }

  /** Forgets the content. */
  clear(): void {
    if (this.#size === 0) return;
    this.#size = 0;
    this.#text = "";
    this.#bytes = undefined;
  }

  /** The bytes with the text behind them. */
  #withText(): ByteBuffer {
    const bytes = this.#bytes ??= new ByteBuffer();
    if (this.#text !== "") bytes.add(encoder.encode(this.#text));
    this.#text = "";
    return bytes;
  }
}
