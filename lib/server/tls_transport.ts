// The encrypted side of a TLS connection: what the platform's TLS reads from the
// network, and writes to it. It reads only while somebody wants what is inside,
// so that a client cannot fill memory faster than a handler reads.

import { Duplex } from "node:stream";
import type { ByteStream } from "../bytes/stream.ts";

/** What is read at once at first: a connection at rest holds no more. */
const MIN_READ = 2048;
/** What is read at once of a client that sends much: some records of TLS. */
const MAX_READ = 65_536;

/** Encrypted bytes, both ways. */
export class TlsTransport extends Duplex {
  #stream: ByteStream;
  #isWanted = true;
  /** Whether the TLS of the platform asks for more. */
  #isAsked = false;
  #isReading = false;
  #readSize = MIN_READ;
  #isWriting = false;
  #written: (() => void) | undefined;

  /**
   * Makes the encrypted side of a connection.
   *
   * @param stream The connection.
   */
  constructor(stream: ByteStream) {
    // A client that sends no more is still written to.
    super({ allowHalfOpen: true });
    this.#stream = stream;
  }

  /** Whether somebody waits for what is inside. */
  set isWanted(value: boolean) {
    this.#isWanted = value;
    this.#readOn();
  }

  /** Settles when all that was encrypted so far is written. */
  async flushed(): Promise<void> {
    if (!this.#isWriting || this.destroyed) return;
    await new Promise<void>((resolve) => this.#written = resolve);
  }

  /** Reads, when it is wanted; called by the platform. */
  override _read(): void {
    this.#isAsked = true;
    this.#readOn();
  }

  /** Writes all of a chunk; called by the platform. */
  override _write(
    chunk: Uint8Array,
    _encoding: string,
    done: (error?: Error | null) => void,
  ): void {
    this.#isWriting = true;
    this.#writeAll(chunk).then(() => done(), done).finally(() => {
      this.#isWriting = false;
      this.#written?.();
    });
  }

  /** Closes the connection; called by the platform. */
  override _destroy(
    error: Error | null,
    done: (error?: Error | null) => void,
  ): void {
    this.#stream.close();
    this.#written?.();
    done(error);
  }

  async #writeAll(chunk: Uint8Array): Promise<void> {
    for (let left = chunk; left.length > 0;) {
      left = left.subarray(await this.#stream.write(left));
    }
  }

  #readOn(): void {
    if (!this.#isAsked || !this.#isWanted || this.#isReading) return;
    this.#isAsked = false;
    this.#isReading = true;
    const buffer = new Uint8Array(this.#readSize);
    this.#stream.read(buffer).then((count) => {
      this.#isReading = false;
      if (count === buffer.length) {
        this.#readSize = Math.min(MAX_READ, 2 * count);
      } else this.#readSize = MIN_READ;
      this.push(count === null ? null : buffer.subarray(0, count));
    }, (error) => {
      this.#isReading = false;
      this.destroy(error);
    });
  }
}
