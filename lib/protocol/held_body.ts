// The start of an answer's body, held back in the hope that it ends while it is
// small: its length is known then, and head and body leave together.

/** A body up to this size gets a `Content-Length` instead of chunks. */
const HOLD_SIZE = 16_384;

const encoder = new TextEncoder();

/** Pieces of a body that are not sent yet. */
export class HeldBody {
  #pieces: (string | Uint8Array)[] = [];
  #size = 0;

  /** The whole content, if it is one text: the commonest answer. */
  get onlyText(): string | undefined {
    const [only] = this.#pieces;
    return this.#pieces.length === 1 && typeof only === "string"
      ? only
      : undefined;
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
    this.#pieces.push(typeof chunk === "string" ? chunk : chunk.slice());
    return true;
  }

  /** Gives the pieces away, as octets. */
  release(): Uint8Array[] {
    const octets = this.#pieces.map((piece) =>
      typeof piece === "string" ? encoder.encode(piece) : piece
    );
    this.clear();
    return octets;
  }

  /** Forgets the pieces. */
  clear(): void {
    if (this.#size === 0) return;
    this.#size = 0;
    this.#pieces.length = 0;
  }
}
