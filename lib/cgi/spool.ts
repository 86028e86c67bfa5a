// A request body of unknown length, kept until its length is known: a CGI
// program must be told CONTENT_LENGTH before it starts (RFC 3875 §4.1.2). Up
// to a limit it stays in memory, past that it goes to a temporary file. The
// limit on the body as a whole is the reader's.

import { ByteBuffer, filled } from "../bytes/byte_buffer.ts";
import { HttpError } from "../facts/errors.ts";

/** Where the body comes from: `rfile` of a handler. */
export interface BodySource {
  /** Resolves to the next octets, `null` at the end. */
  read(max?: number): Promise<Uint8Array | null>;
}

/** Octets read from the temporary file at once. */
const READ_SIZE = 65_536;

/** A body whose length is known, to be read once. */
export class Spool implements BodySource, AsyncDisposable {
  readonly #buffer = new ByteBuffer();
  #file: TemporaryFile | undefined;
  #length = 0;

  /** The length of the body in octets. */
  get length(): number {
    return this.#length;
  }

  /**
   * Reads all of `source`.
   *
   * @param source The body.
   * @param memory The most octets to keep in memory.
   * @throws {HttpError} 411 if the body needs a file and none may be made,
   *   and whatever the source throws.
   */
  static async collect(source: BodySource, memory: number): Promise<Spool> {
    const spool = new Spool();
    try {
      for (;;) {
        const chunk = await source.read();
        if (chunk === null) break;
        await spool.#add(chunk, memory);
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
    this.#buffer.take();
    await this.#file?.close();
  }

  async #add(chunk: Uint8Array, memory: number): Promise<void> {
    this.#length += chunk.length;
    this.#buffer.add(chunk);
    if (this.#buffer.length > memory) await this.#moveToFile();
  }

  async #moveToFile(): Promise<void> {
    this.#file ??= await TemporaryFile.make();
    await this.#file.write(this.#buffer.take());
  }
}

class TemporaryFile {
  readonly #file: Deno.FsFile;
  readonly #name: string;
  #removed: boolean;

  private constructor(file: Deno.FsFile, name: string, removed: boolean) {
    this.#file = file;
    this.#name = name;
    this.#removed = removed;
  }

  static async make(): Promise<TemporaryFile> {
    try {
      const name = await Deno.makeTempFile({ prefix: "verb-cgi-" });
      const file = await openOrRemove(name);
      // Without its name the file is gone even if the server is killed. Where
      // an open file cannot be removed, `close` does it.
      const removed = Deno.build.os !== "windows";
      if (removed) await Deno.remove(name);
      return new TemporaryFile(file, name, removed);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotCapable)) throw error;
      throw new HttpError(411, "This body needs a Content-Length", {
        cause: error,
      });
    }
  }

  async write(chunk: Uint8Array): Promise<void> {
    for (let at = 0; at < chunk.length;) {
      at += await this.#file.write(chunk.subarray(at));
    }
  }

  rewind(): void {
    this.#file.seekSync(0, Deno.SeekMode.Start);
  }

  async read(): Promise<Uint8Array | null> {
    const octets = new Uint8Array(READ_SIZE);
    const count = await this.#file.read(octets);
    return count === null ? null : filled(octets, count);
  }

  async close(): Promise<void> {
    this.#file.close();
    if (this.#removed) return;
    this.#removed = true;
    await Deno.remove(this.#name);
  }
}

async function openOrRemove(name: string): Promise<Deno.FsFile> {
  try {
    return await Deno.open(name, { read: true, write: true });
  } catch (error) {
    await Deno.remove(name);
    throw error;
  }
}
