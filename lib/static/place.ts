// From a path to a place: what the path leads to, with links resolved, and the
// certainty that it lies inside the root. Attack: a folder on the way is swapped
// for a symbolic link between the look and the use.
//
// - Where a descriptor can be used as a place, what the path leads to is held on
//   to first, and it is then asked where it lies.
// - Elsewhere it is looked up by its path, which is proved afterwards.
// - Where links may lead out of the root there is nothing to prove.

import { dirname, SEPARATOR } from "@std/path";
import { requireGranted } from "../facts/permission.ts";
import type { ProgramGuard } from "../handler/program_guard.ts";
import { unlessAbsent } from "./absence.ts";
import { canPin, Descriptor } from "./descriptor.ts";
import { identityOf } from "./identity.ts";
import type { FileFacts } from "./open_file.ts";
import { isWithin } from "./path.ts";
import { isProved, type Sighting } from "./path_proof.ts";

/** Where files may lie. */
export interface Confinement {
  /** The folder served, or the only file. */
  readonly root: string;
  /** Whether symbolic links may lead out of it. */
  readonly followSymlinks: boolean;
  /** Knows the files that are run, and may not be served; by default none are. */
  readonly programs?: ProgramGuard | undefined;
  /**
   * Tells of files that are not there for anybody, by whatever name or link, as
   * the passwords by which clients are let in. By default there are none.
   */
  readonly withholds?: ((facts: FileIdentity) => boolean) | undefined;
}

/** Which file it is, whatever its path: an inode may be used again. */
export type FileIdentity = Pick<Deno.FileInfo, "dev" | "ino" | "birthtime">;

/** How often it is looked anew where something was swapped meanwhile. */
const MAX_ATTEMPTS = 5;

/** What a path led to: it lies inside the root, or may lie anywhere. */
export class Place implements Disposable {
  /** What the file system said. */
  readonly facts: FileFacts;
  /** Where it was, without links. */
  readonly real: string;
  readonly #descriptor: Descriptor | undefined;
  /** The root without links, where a path is all there is; else undefined. */
  readonly #provingRoot: string | undefined;

  private constructor(
    facts: FileFacts,
    real: string,
    descriptor?: Descriptor,
    provingRoot?: string,
  ) {
    this.facts = facts;
    this.real = real;
    this.#descriptor = descriptor;
    this.#provingRoot = provingRoot;
  }

  /**
   * Resolves a path.
   *
   * @param path The path.
   * @param confinement Where it may lead.
   * @returns What is there, which the caller lets go of; undefined when there is
   * nothing, or it is withheld or outside the root, or does not stay the same for
   * long enough to tell.
   * @throws {Deno.errors.NotCapable} If Deno may not read the root.
   */
  static async at(
    path: string,
    confinement: Confinement,
  ): Promise<Place | undefined> {
    const { root, followSymlinks, withholds } = confinement;
    const place = await unlessAbsent(root, async () => {
      if (pinsFor(confinement)) {
        return await Place.#pinned(path, followSymlinks ? "/" : root);
      }
      requireGranted({ name: "read", path: root });
      return followSymlinks
        ? await Place.#found(path)
        : await Place.#proved(path, root);
    });
    if (place === undefined || !withholds?.(place.facts)) return place;
    place[Symbol.dispose]();
    return undefined;
  }

  /**
   * A path to an entry of this folder. Where {@linkcode isPinned}, it leads into
   * this very folder whatever becomes of the folder's own path.
   *
   * @param name The name of the entry.
   */
  entry(name: string): string {
    const path = this.path;
    return path.endsWith("/") ? path + name : `${path}/${name}`;
  }

  /** A path to it, as {@linkcode entry}. */
  get path(): string {
    return this.#descriptor?.path ?? this.real;
  }

  /** Whether what its paths lead to needs no proof. */
  get isPinned(): boolean {
    return this.#provingRoot === undefined;
  }

  /**
   * Tells whether entries that were seen by their paths are those of this
   * folder, and it still lies inside the root.
   *
   * @param seen What was seen, by the paths that {@linkcode entry} gave.
   * @param since Milliseconds since 1970, before the first look.
   */
  async holds(seen: readonly Sighting[], since: number): Promise<boolean> {
    const root = this.#provingRoot;
    if (root === undefined) return true;
    return await isProved({ root, folder: this.real, seen, since });
  }

  /** Lets go of it. */
  [Symbol.dispose](): void {
    this.#descriptor?.[Symbol.dispose]();
  }

  static async #pinned(path: string, root: string): Promise<Place | undefined> {
    const descriptor = await Descriptor.pin(path);
    try {
      const real = descriptor.location;
      if (isWithin(real, await Deno.realPath(root), SEPARATOR)) {
        return new Place(await Deno.stat(descriptor.path), real, descriptor);
      }
    } catch (error) {
      descriptor[Symbol.dispose]();
      throw error;
    }
    descriptor[Symbol.dispose]();
    return undefined;
  }

  static async #found(path: string): Promise<Place> {
    const real = await Deno.realPath(path);
    requireGranted({ name: "read", path: real });
    return new Place(await Deno.lstat(real), real);
  }

  static async #proved(path: string, root: string): Promise<Place | undefined> {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      const since = Date.now();
      const [real, realRoot] = await Promise.all([
        Deno.realPath(path),
        Deno.realPath(root),
      ]);
      if (!isWithin(real, realRoot, SEPARATOR)) return undefined;
      const facts = await Deno.lstat(real);
      const claim = {
        root: realRoot,
        folder: dirname(real),
        seen: [{ path: real, identity: identityOf(facts) }],
        since,
      };
      if (!facts.isSymlink && await isProved(claim)) {
        return new Place(facts, real, undefined, realRoot);
      }
    }
    return undefined;
  }
}

const pins = new WeakMap<Confinement, boolean>();

/** Asked once for each: permissions do not come back. */
function pinsFor(confinement: Confinement): boolean {
  let pinned = pins.get(confinement);
  if (pinned === undefined) pins.set(confinement, pinned = canPin());
  return pinned;
}
