// The folder that is served, as the only way to a file: whoever goes by it gets
// what lies inside the folder and nothing else, whatever links are swapped
// meanwhile. `place.ts` says how.

import { join } from "@std/path";
import { HttpError } from "../facts/errors.ts";
import { requireGranted } from "../facts/permission.ts";
import { NO_PROGRAMS, type ProgramGuard } from "../handler/program_guard.ts";
import { isRefusal, unlessAbsent } from "./absence.ts";
import { Descriptor, READING } from "./descriptor.ts";
import {
  type Entry,
  makeFolder,
  moveEntry,
  removeEntry,
} from "./folder_change.ts";
import { HeldEntries } from "./held_entries.ts";
import { type ListingEntry, readListing } from "./listing.ts";
import { type FileFacts, OpenFile } from "./open_file.ts";
import { type Confinement, type FileIdentity, Place } from "./place.ts";
import {
  describe,
  type Found,
  isSame,
  type ServableFile,
} from "./servable_file.ts";
import { storageError } from "./storage_error.ts";
import { receiveFile, type UploadOptions } from "./upload_file.ts";

/**
 * A folder that nothing leads out of. All paths are those that
 * `translatePath()` gives: below the root by text. What lies elsewhere, because
 * of a link or by text, is not there.
 *
 * @example What lies outside is not there
 * ```ts
 * import { Root } from "@verb/http/static";
 * import { assertEquals } from "@std/assert";
 *
 * const root = await Deno.makeTempDir();
 * const files = new Root({ root, followSymlinks: false });
 * await files.write(`${root}/a.txt`, new Blob(["hello"]).stream());
 * using file = await files.open(`${root}/a.txt`);
 * assertEquals(await new Response(file?.readable).text(), "hello");
 *
 * await Deno.symlink("/", `${root}/away`);
 * assertEquals(await files.find(`${root}/away/`), undefined);
 * await Deno.remove(root, { recursive: true });
 * ```
 */
export class Root implements Confinement {
  /** The folder, or the only file, that everything lies in. */
  readonly root: string;
  /** Whether symbolic links may lead out of it. */
  readonly followSymlinks: boolean;
  /** Knows the files that are run, and never served. */
  readonly programs: ProgramGuard;
  /** Tells of files that are not there for anybody. */
  readonly withholds: ((facts: FileIdentity) => boolean) | undefined;
  /** Whether a name is shown in listings and packed into archives. */
  readonly shows: (name: string) => boolean;

  /**
   * Names a folder; nothing is looked at yet.
   *
   * @param confinement The folder, and what of it may be reached.
   * @param shows Which names are shown; if absent, those without a dot before.
   */
  constructor(
    { root, followSymlinks, programs = NO_PROGRAMS, withholds }: Confinement,
    shows: (name: string) => boolean = (name) => !name.startsWith("."),
  ) {
    this.root = root;
    this.followSymlinks = followSymlinks;
    this.programs = programs;
    this.withholds = withholds;
    this.shows = shows;
  }

  /**
   * Looks a path up.
   *
   * @param path A path below the root.
   * @param now Milliseconds since 1970.
   * @returns What is there: a regular file, a folder, or nothing. A program is
   * nothing that is served.
   * @throws {Deno.errors.NotCapable} If Deno may not read the root.
   */
  async find(path: string, now: number = Date.now()): Promise<Found> {
    using place = await Place.at(path, this);
    if (place === undefined || this.runs(path, place)) return undefined;
    const { facts, real } = place;
    if (facts.isDirectory) return "folder";
    // "file.txt/" is no file, and neither is a pipe.
    if (!facts.isFile || path.endsWith("/")) return undefined;
    return describe({ path, real }, facts, now);
  }

  /**
   * Opens a file to read it.
   *
   * @param file A path, or what {@linkcode find} found.
   * @returns The open file, which the caller closes; undefined when there is
   * none, or not the one any more that was found.
   * @throws {HttpError} 403 if the system refuses to open it; its `cause` says
   * why.
   * @throws {Deno.errors.NotCapable} If Deno may not read the root.
   */
  async open(file: string | ServableFile): Promise<OpenFile | undefined> {
    const found = typeof file === "string" ? await this.find(file) : file;
    if (typeof found !== "object") return undefined;
    const opened = await unlessAbsent(this.root, () => openToRead(found.real));
    // Whatever the path leads to by now, it is the file that was inside.
    if (opened === undefined || isSame(opened.facts, found)) return opened;
    opened.close();
    return undefined;
  }

  /**
   * Tells whether there is a folder, of programs or not.
   *
   * @param path The path.
   */
  async isFolder(path: string): Promise<boolean> {
    using place = await Place.at(path, this);
    return place?.facts.isDirectory ?? false;
  }

  /**
   * Reads a folder.
   *
   * @param path The path of the folder.
   * @returns Its entries that are {@linkcode shows | shown}, by name, folders
   * first; none where there is no folder.
   * @throws {HttpError} 503 if too many entries are in memory.
   */
  async *list(path: string): AsyncGenerator<ListingEntry> {
    using folder = await Place.at(path, this);
    if (!folder?.facts.isDirectory) return;
    const { shows } = this;
    const order = { by: "name", descending: false } as const;
    const source = { folder, shows, confinement: this };
    using held = new HeldEntries();
    for await (const batch of readListing(source, order, held)) yield* batch;
  }

  /**
   * Writes a file, which appears under its name when it is whole.
   *
   * @param path The path of the file; its folder is there.
   * @param chunks Its content.
   * @param options How to receive it; by default it replaces nothing.
   * @returns Whether it is a new file, and no new version of one.
   * @throws {HttpError} 409 if something is in the way, or there is no such
   * folder; 413 if it is too large; 403 if it would be a program; what the system
   * refuses, by {@linkcode storageError}.
   */
  async write(
    path: string,
    chunks: AsyncIterable<Uint8Array>,
    { maxBytes = Infinity, overwrite = false }: Partial<UploadOptions> = {},
  ): Promise<boolean> {
    const options = { maxBytes, overwrite };
    return await this.#change(
      path,
      (entry) => receiveFile(entry, chunks, options),
    );
  }

  /**
   * Makes a folder.
   *
   * @param path The path; the folder that it lies in is there.
   * @throws {HttpError} As {@linkcode write}.
   */
  async mkdir(path: string): Promise<void> {
    await this.#change(path, makeFolder);
  }

  /**
   * Removes a file, a link itself, or a folder.
   *
   * @param path The path.
   * @param options Whether a folder goes with all that is in it.
   * @throws {HttpError} As {@linkcode write}; 409 also if nothing is there, or a
   * folder is not empty.
   */
  async remove(
    path: string,
    { recursive = false }: { readonly recursive?: boolean } = {},
  ): Promise<void> {
    await this.#change(path, (entry) => removeEntry(entry, recursive));
  }

  /**
   * Moves a file or a folder. What is there, a file or an empty folder, is
   * replaced.
   *
   * @param from The path.
   * @param to The new path.
   * @throws {HttpError} As {@linkcode remove}.
   */
  async rename(from: string, to: string): Promise<void> {
    await this.#change(
      from,
      (source) => this.#change(to, (target) => moveEntry(source, target)),
    );
  }

  /**
   * Tells whether a file is run by some class of the server, or all files of a
   * folder are. A link is known by its own name and by what it leads to.
   *
   * @param path The path.
   * @param there What it led to, and where that lies without links.
   * @returns Whether it must not leave as it is.
   */
  runs(
    path: string,
    { facts, real }: { readonly facts: FileFacts; readonly real: string },
  ): boolean {
    const { programs } = this;
    if (programs.isEmpty) return false;
    const names = facts.isFile ? [path, real] : [];
    return names.some((name) => programs.hasName(name)) ||
      programs.hasPath(real);
  }

  /**
   * Tells whether a file that was found is what it was and where it was.
   *
   * @param file The file.
   */
  async isUnchanged(file: ServableFile): Promise<boolean> {
    const { path } = file;
    try {
      const [info, real] = await Promise.all([
        Deno.stat(path),
        Deno.realPath(path),
      ]);
      return real === file.real && isSame(info, file);
    } catch {
      return false;
    }
  }

  /** Changes an entry of a folder that is inside the root. */
  async #change<T>(
    path: string,
    act: (entry: Entry) => Promise<T>,
  ): Promise<T> {
    const end = path.endsWith("/") ? path.length - 1 : path.length;
    const nameStart = path.lastIndexOf("/", end - 1) + 1;
    const name = path.slice(nameStart, end);
    if (/^\.{0,2}$/.test(name)) {
      throw new HttpError(403, "No file has this name");
    }
    using folder = await Place.at(path.slice(0, nameStart) || ".", this);
    if (!folder?.facts.isDirectory) {
      throw new HttpError(409, "There is no such folder");
    }
    requireGranted({ name: "write", path: folder.real });
    this.#requireNoProgram(folder, name);
    this.#requireNotWithheld(folder, name);
    try {
      return await act({ folder, name });
    } catch (error) {
      throw storageError(error);
    }
  }

  /** What a client sends is no program, replaces none and configures none. */
  #requireNoProgram({ real }: Place, name: string): void {
    const { programs } = this;
    if (programs.isEmpty) return;
    if (programs.hasName(name) || programs.hasPath(join(real, name))) {
      throw new HttpError(403, "Programs cannot be uploaded");
    }
    if (programs.configures(name)) {
      throw new HttpError(403, "What configures programs cannot be uploaded");
    }
  }

  /** Who replaced the file of passwords would let himself in. */
  #requireNotWithheld(folder: Place, name: string): void {
    if (this.withholds === undefined) return;
    const there = unlessThrown(() => Deno.lstatSync(folder.entry(name)));
    if (there === undefined || !this.withholds(there)) return;
    throw new HttpError(403, "No file can have this name");
  }
}

async function openToRead(path: string): Promise<OpenFile> {
  try {
    return await OpenFile.of(await Descriptor.open(path, READING));
  } catch (cause) {
    if (!isRefusal(cause)) throw cause;
    throw new HttpError(403, "The file may not be read", { cause });
  }
}

/** Undefined where nothing is. */
function unlessThrown<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
