// A request body that is read before its program starts, and kept until the
// program reads it. Up to a limit it stays in memory, past that it goes to a
// temporary file. The limit on the body as a whole is the reader's.

import { ByteBuffer } from "../bytes/byte_buffer.ts";
import { HttpError } from "../facts/errors.ts";
import { TemporaryFile } from "./temporary_file.ts";

/** Where the body comes from: `rfile` of a handler. */
export interface BodySource {
  /** Resolves to the next octets, `null` at the end. */
  read(max?: number): Promise<Uint8Array | null>;
}

/**
 * Room on the disk, shared by the bodies that are kept there. None takes more
 * than it leaves: one client cannot shut out all others.
 */
export class SpoolSpace {
  readonly #size: number;
  #left: number;

  /** Starts with so many bytes. */
  constructor(bytes: number) {
    this.#size = this.#left = bytes;
  }

  /** Whether a body of so many bytes has room while there is no other. */
  canHold(bytes: number): boolean {
    return bytes * 2 <= this.#size;
  }

  /**
   * Takes room.
   *
   * @param bytes How much.
   * @param held How much the body has taken before.
   * @throws {HttpError} 413 if it is too much for one body, 503 if others hold
   *   so much that the body would have more than it leaves.
   */
  take(bytes: number, held: number): void {
    if (!this.canHold(held + bytes)) {
      throw new HttpError(413, "The request body is too large to be kept");
    }
    if (held + bytes > this.#left - bytes) {
      throw new HttpError(503, "Too many large requests");
    }
    this.#left -= bytes;
  }

  /** Gives room back. */
  giveBack(bytes: number): void {
    this.#left += bytes;
  }
}

/** Where a body is kept. */
export interface SpoolOptions {
  /** The most octets to keep in memory. */
  readonly memory: number;
  /** The room for what goes to a file. */
  readonly space: SpoolSpace;
  /** The file, which is closed with the body; one is made if it is absent. */
  readonly file?: TemporaryFile;
}

/** A body whose length is known, to be read once. */
export class Spool implements BodySource, AsyncDisposable {
  readonly #options: SpoolOptions;
  readonly #buffer = new ByteBuffer();
  #file: TemporaryFile | undefined;
  /** The room that is taken on the disk. */
  #taken = 0;
  #length = 0;

  private constructor(options: SpoolOptions) {
    this.#options = options;
    this.#file = options.file;
  }

  /** The length of the body in octets. */
  get length(): number {
    return this.#length;
  }

  /**
   * Reads all of `source`.
   *
   * @param source The body.
   * @param options Where to keep it.
   * @throws {HttpError} 411 if the body needs a file and none may be made, 413
   *   or 503 if there is no room for it, and whatever the source throws.
   */
  static async collect(
    source: BodySource,
    options: SpoolOptions,
  ): Promise<Spool> {
    const spool = new Spool(options);
    try {
      for (;;) {
        const octets = await source.read();
        if (octets === null) break;
        await spool.#add(octets);
      }
      if (spool.#file !== undefined) await spool.#moveToFile();
      spool.#file?.rewind();
      return spool;
    } catch (error) {
      await spool[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Resolves to the next octets, `null` at the end. */
  async read(): Promise<Uint8Array | null> {
    if (this.#file !== undefined) return await this.#file.read();
    return this.#buffer.length === 0 ? null : this.#buffer.take();
  }

  /** Removes the temporary file. */
  async [Symbol.asyncDispose](): Promise<void> {
    const file = this.#file;
    this.#buffer.take();
    this.#file = undefined;
    this.#options.space.giveBack(this.#taken);
    this.#taken = 0;
    await file?.close();
  }

  async #add(octets: Uint8Array): Promise<void> {
    this.#length += octets.length;
    this.#buffer.add(octets);
    if (this.#buffer.length > this.#options.memory) await this.#moveToFile();
  }

  async #moveToFile(): Promise<void> {
    if (this.#buffer.length === 0) return;
    const octets = this.#buffer.take();
    this.#options.space.take(octets.length, this.#taken);
    this.#taken += octets.length;
    this.#file ??= await makeFile();
    await this.#file.write(octets);
  }
}

async function makeFile(): Promise<TemporaryFile> {
  const file = await TemporaryFile.make();
  if (file !== undefined) return file;
  throw new HttpError(411, "This body needs a Content-Length");
}
