// The folder that is served, as the only way to a file: whoever goes by it gets
// what lies inside the folder and nothing else, whatever links are swapped
// meanwhile. `place.ts` says how.

import { NO_PROGRAMS, type ProgramGuard } from "../handler/program_guard.ts";
import { unlessAbsent } from "./absence.ts";
import { Descriptor, READING } from "./descriptor.ts";
import { type FileFacts, OpenFile } from "./open_file.ts";
import { type Confinement, Place } from "./place.ts";
import {
  describe,
  type Found,
  isSame,
  type ServableFile,
} from "./servable_file.ts";

/**
 * A folder that nothing leads out of. All paths are those that
 * `translatePath()` gives: below the root by text. What lies elsewhere, because
 * of a link or by text, is not there.
 */
export class Root implements Confinement {
  /** The folder, or the only file, that everything lies in. */
  readonly root: string;
  /** Whether symbolic links may lead out of it. */
  readonly followSymlinks: boolean;
  /** Knows the files that are run, and never served. */
  readonly programs: ProgramGuard;
  /** Whether a name is shown in listings and packed into archives. */
  readonly shows: (name: string) => boolean;

  /**
   * Names a folder; nothing is looked at yet.
   *
   * @param confinement The folder, and what of it may be reached.
   * @param shows Which names are shown; if absent, those without a dot before.
   */
  constructor(
    { root, followSymlinks, programs = NO_PROGRAMS }: Confinement,
    shows: (name: string) => boolean = (name) => !name.startsWith("."),
  ) {
    this.root = root;
    this.followSymlinks = followSymlinks;
    this.programs = programs;
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
   * @throws {Deno.errors.NotCapable} If Deno may not read the root.
   */
  async open(file: string | ServableFile): Promise<OpenFile | undefined> {
    const found = typeof file === "string" ? await this.find(file) : file;
    if (typeof found !== "object") return undefined;
    const opened = await unlessAbsent(
      this.root,
      async () => OpenFile.of(await Descriptor.open(found.real, READING)),
    );
    // Whatever the path leads to by now, it is the file that was inside.
    if (opened === undefined || isSame(opened.facts, found)) return opened;
    opened.close();
    return undefined;
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
}
