// A file without a name, for the part of a request body that memory is not to
// hold.

import { filled } from "../bytes/byte_buffer.ts";
import { isGranted } from "../facts/permission.ts";

/** Octets read at once. */
const READ_SIZE = 65_536;

/** A temporary file: written first, then read from its start. */
export class TemporaryFile {
  readonly #file: Deno.FsFile;
  readonly #name: string;
  #removed: boolean;

  private constructor(file: Deno.FsFile, name: string, removed: boolean) {
    this.#file = file;
    this.#name = name;
    this.#removed = removed;
  }

  /**
   * Makes a file in the directory for temporary files.
   *
   * @returns The file; undefined if Deno may make none there.
   */
  static async make(): Promise<TemporaryFile | undefined> {
    const folder = temporaryFolder();
    if (folder === undefined) return undefined;
    const name = await Deno.makeTempFile({ ...folder, prefix: "verb-cgi-" });
    const file = await openOrRemove(name);
    // Without its name the file is gone even if the server is killed. Where
    // an open file cannot be removed, `close` does it.
    const removed = Deno.build.os !== "windows";
    if (removed) await Deno.remove(name);
    return new TemporaryFile(file, name, removed);
  }

  /** Writes all of the octets. */
  async write(octets: Uint8Array): Promise<void> {
    for (let at = 0; at < octets.length;) {
      at += await this.#file.write(octets.subarray(at));
    }
  }

  /** Goes back to the start. */
  rewind(): void {
    this.#file.seekSync(0, Deno.SeekMode.Start);
  }

  /** Resolves to the next octets, `null` at the end. */
  async read(): Promise<Uint8Array | null> {
    const octets = new Uint8Array(READ_SIZE);
    const count = await this.#file.read(octets);
    return count === null ? null : filled(octets, count);
  }

  /** Closes the file, and removes it where it still has a name. */
  async close(): Promise<void> {
    this.#file.close();
    if (this.#removed) return;
    this.#removed = true;
    await Deno.remove(this.#name);
  }
}

/** Where a file may be made and read; `{}` for where the platform makes it. */
function temporaryFolder(): { dir?: string } | undefined {
  if (isGranted({ name: "read" }) && isGranted({ name: "write" })) return {};
  const dir = folderInEnvironment();
  if (dir === undefined) return undefined;
  const isUsable = isGranted({ name: "read", path: dir }) &&
    isGranted({ name: "write", path: dir });
  return isUsable ? { dir } : undefined;
}

function folderInEnvironment(): string | undefined {
  const isWindows = Deno.build.os === "windows";
  for (const variable of isWindows ? ["TMP", "TEMP"] : ["TMPDIR"]) {
    if (!isGranted({ name: "env", variable })) continue;
    const folder = Deno.env.get(variable);
    if (folder) return folder;
  }
  return isWindows ? undefined : "/tmp";
}

async function openOrRemove(name: string): Promise<Deno.FsFile> {
  try {
    return await Deno.open(name, { read: true, write: true });
  } catch (error) {
    await Deno.remove(name);
    throw error;
  }
}
