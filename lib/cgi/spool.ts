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

/** Room on the disk, shared by the bodies that are kept there. */
export class SpoolSpace {
  #left: number;

  /** Starts with so many octets. */
  constructor(octets: number) {
    this.#left = octets;
  }

  /**
   * Takes room.
   *
   * @throws {HttpError} 503 if there is not so much left.
   */
  take(octets: number): void {
    if (octets > this.#left) {
      throw new HttpError(503, "Too many large requests");
    }
    this.#left -= octets;
  }

  /** Gives room back. */
  giveBack(octets: number): void {
    this.#left += octets;
  }
}

/** Where a body is kept. */
export interface SpoolOptions {
  /** The most octets to keep in memory. */
  readonly memory: number;
  /** The room for what goes to a file. */
  readonly space: SpoolSpace;
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
   * @throws {HttpError} 411 if the body needs a file and none may be made, 503
   *   if there is no room for it, and whatever the source throws.
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
    const octets = this.#buffer.take();
    this.#options.space.take(octets.length);
    this.#taken += octets.length;
    this.#file ??= await TemporaryFile.make();
    await this.#file.write(octets);
  }
}
