// The start of an answer's body, held back in the hope that it ends while it is
// small: its length is known then, and head and body leave together.

/** A body up to this size gets a `Content-Length` instead of chunks. */
const HOLD_SIZE = 16_384;

const encoder = new TextEncoder();

/** Pieces of a body that are not sent yet. */
export class HeldBody {
  /** What was added up to the last octets; text among it as octets. */
  #octets: Uint8Array[] = [];
  /** The text that was added since. */
  #text = "";
  #size = 0;

  /** The whole content, if it is text: the commonest answer. */
  get onlyText(): string | undefined {
    return this.#octets.length === 0 ? this.#text : undefined;
  }

  /**
   * Takes a piece.
   *
   * @param chunk Text or octets; octets are copied, since the caller may reuse
   * them.
   * @returns False if it would be too much, which leaves the rest as it was.
   */
  add(chunk: string | Uint8Array): boolean {
    if (this.#size + chunk.length > HOLD_SIZE) return false;
    this.#size += chunk.length;
    if (typeof chunk === "string") {
      this.#text += chunk;
    } else {
      this.#encodeText();
      this.#octets.push(chunk.slice());
    }
    return true;
  }

  /** Gives the pieces away, as octets. */
  release(): Uint8Array[] {
    this.#encodeText();
    const octets = this.#octets;
    this.#octets = [];
    this.clear();
    return octets;
  }

  /** Forgets the pieces. */
  clear(): void {
    if (this.#size === 0) return;
    this.#size = 0;
    this.#text = "";
    this.#octets.length = 0;
  }

  #encodeText(): void {
    if (this.#text === "") return;
    this.#octets.push(encoder.encode(this.#text));
    this.#text = "";
  }
}
