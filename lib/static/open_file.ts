// A file that is open to be read. The system opened it without waiting, so that
// a pipe in the place of a file holds nothing up.

import { fstat, read } from "node:fs";
import type { Descriptor } from "./descriptor.ts";

/** What the file system says of a file or folder. */
export type FileFacts = Pick<
  Deno.FileInfo,
  | "isFile"
  | "isDirectory"
  | "size"
  | "mtime"
  | "ctime"
  | "birthtime"
  | "dev"
  | "ino"
>;

/** Bytes that {@linkcode OpenFile.readable} reads at once. */
const PIECE = 64 * 1024;

/**
 * A file below the root, open to be read. Whoever gets it closes it, with
 * `using` or `close()`.
 *
 * @example Read the beginning of a file
 * ```ts
 * import { Root } from "@verb/http/static";
 * import { assertEquals } from "@std/assert";
 *
 * const files = new Root({ root: "docs", followSymlinks: false });
 * using file = await files.open("docs/static.md");
 * const start = new Uint8Array(8);
 * await file?.read(start);
 * assertEquals(new TextDecoder().decode(start), "# Static");
 * ```
 */
export class OpenFile implements Disposable {
  /** What the file system said when it was opened. */
  readonly facts: FileFacts;
  readonly #descriptor: Descriptor;
  #position = 0;

  private constructor(descriptor: Descriptor, facts: FileFacts) {
    this.#descriptor = descriptor;
    this.facts = facts;
  }

  /**
   * Takes over a descriptor.
   *
   * @param descriptor An open one, which is closed with the file, or if this
   * fails.
   * @returns The file.
   */
  static async of(descriptor: Descriptor): Promise<OpenFile> {
    try {
      return new OpenFile(descriptor, await factsOf(descriptor));
    } catch (error) {
      descriptor[Symbol.dispose]();
      throw error;
    }
  }

  /** Asks the file system again. */
  stat(): Promise<FileFacts> {
    return factsOf(this.#descriptor);
  }

  /**
   * Chooses where the next read begins.
   *
   * @param offset From the start of the file, in bytes.
   */
  seek(offset: number | bigint): Promise<number> {
    this.#position = Number(offset);
    return Promise.resolve(this.#position);
  }

  /**
   * Reads on.
   *
   * @param into Where the bytes go.
   * @returns How many there were; null at the end of the file.
   */
  read(into: Uint8Array): Promise<number | null> {
    const { number } = this.#descriptor;
    return new Promise((resolve, reject) => {
      read(number, into, 0, into.length, this.#position, (error, count) => {
        if (error) return reject(error);
        this.#position += count;
        resolve(count === 0 && into.length > 0 ? null : count);
      });
    });
  }

  /** What is left to read, as a stream that closes the file at its end. */
  get readable(): ReadableStream<Uint8Array<ArrayBuffer>> {
    return new ReadableStream({
      pull: async (controller) => {
        const piece = new Uint8Array(PIECE);
        const count = await this.read(piece);
        if (count !== null) return controller.enqueue(piece.subarray(0, count));
        controller.close();
        this.close();
      },
      cancel: () => this.close(),
    }, { highWaterMark: 0 });
  }

  /** Closes the file; a read that has begun still ends. */
  close(): void {
    this.#descriptor[Symbol.dispose]();
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    this.close();
  }
}

function factsOf({ number }: Descriptor): Promise<FileFacts> {
  return new Promise((resolve, reject) => {
    fstat(number, (error, stats) => {
      if (error) return reject(error);
      const { size, mtimeMs, ctime, birthtime, dev, ino } = stats;
      resolve({
        isFile: stats.isFile(),
        isDirectory: stats.isDirectory(),
        size,
        // Its `mtime` is off by a millisecond before 1970.
        mtime: new Date(mtimeMs),
        ctime,
        birthtime,
        dev,
        ino,
      });
    });
  });
}
