// Files that are asked for again and again, kept in memory: what was found at a
// path and, for small files, the octets.
//
// Staleness: what is kept is compared with the disk at each of the first
// CHECKS_PER_WINDOW requests in every second, and only further ones within that
// second are answered unchecked. So a person never sees an old file, and under
// load an answer is at most STALENESS milliseconds old.

import type { OpenFile } from "./open_file.ts";
import type { Root } from "./root.ts";
import { type Found, isSame, type ServableFile } from "./servable_file.ts";
import { isSettled } from "./file_entity_tag.ts";

/** Milliseconds for which a much requested file may be answered unchecked. */
export const STALENESS = 1000;

/** Requests for one path in each window that are checked against the disk. */
export const CHECKS_PER_WINDOW = 10;

/** Paths remembered, whatever their files' size. */
const MAX_ENTRIES = 4096;

interface Entry {
  found: ServableFile | undefined;
  readonly bodies: Map<string, Uint8Array>;
  windowStart: number;
  requests: number;
}

/** How much is kept in memory. */
export interface FileCacheOptions {
  /** Octets kept in all; 0 keeps nothing. */
  readonly maxBytes: number;
  /** Octets of the largest file kept. */
  readonly maxFileBytes: number;
}

/** What was found at paths, and the octets of small files. */
export class FileCache {
  /** Where files are found and opened. */
  readonly root: Root;
  readonly #options: FileCacheOptions;
  /** In order of last check: the first is the one to drop. */
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;

  /**
   * Starts an empty cache.
   *
   * @param root Where files are found and opened.
   * @param options How much is kept.
   */
  constructor(root: Root, options: FileCacheOptions) {
    this.root = root;
    this.#options = options;
  }

  /** Octets held now. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Answers from memory alone.
   *
   * @param path The path.
   * @param now Milliseconds since 1970.
   * @returns The file, when it is known and need not be checked now.
   */
  peek(path: string, now: number): ServableFile | undefined {
    const entry = this.#entries.get(path);
    return entry !== undefined && isTrusted(entry, now)
      ? entry.found
      : undefined;
  }

  /**
   * Forgets a path, whose file turned out to be another than was thought.
   *
   * @param path The path.
   */
  forget(path: string): void {
    this.#drop(path);
  }

  /**
   * Looks a path up, in memory as far as that is recent enough.
   *
   * @param path The path.
   * @param now Milliseconds since 1970.
   * @returns What is there.
   */
  async find(path: string, now: number): Promise<Found> {
    const entry = this.#entries.get(path);
    if (entry !== undefined) this.#renew(path, entry, now);
    if (
      entry?.found !== undefined && await this.root.isUnchanged(entry.found)
    ) {
      return entry.found;
    }
    const found = await this.root.find(path, now);
    if (typeof found === "object") this.#keep(path, found, now);
    // Folders are not remembered: what matters of them is their entries.
    else if (found === "folder" || entry?.found !== undefined) this.#drop(path);
    return found;
  }

  /**
   * Looks up a file that may well not be there, and remembers that too.
   *
   * @param path The path of a file's compressed sibling.
   * @param now Milliseconds since 1970.
   * @returns The file, or undefined.
   */
  async findOptional(
    path: string,
    now: number,
  ): Promise<ServableFile | undefined> {
    const entry = this.#entries.get(path);
    if (entry !== undefined && isTrusted(entry, now)) return entry.found;
    const found = await this.find(path, now);
    if (found === "folder") return undefined;
    if (found === undefined && !this.#entries.has(path)) {
      this.#keep(path, undefined, now);
    }
    return found;
  }

  /**
   * The octets of a small file.
   *
   * @param file The file as it was found.
   * @returns Its octets; undefined when it is too large to keep, or changed.
   */
  async body(file: ServableFile): Promise<Uint8Array | undefined> {
    const kept = this.encodedBody(file, "");
    if (kept !== undefined || file.size > this.#options.maxFileBytes) {
      return kept;
    }
    using opened = await this.root.open(file);
    if (opened === undefined) return undefined;
    const octets = await readExactly(opened, file.size);
    if (octets === undefined || !isSame(await opened.stat(), file)) {
      return undefined;
    }
    return this.keepBody(file, "", octets);
  }

  /**
   * The kept octets of a file.
   *
   * @param file The file as it was found.
   * @param coding A content coding; `""` for the plain octets.
   * @returns The octets, or undefined when they are not kept.
   */
  encodedBody(file: ServableFile, coding: string): Uint8Array | undefined {
    const entry = this.#entries.get(file.path);
    return entry?.found === file ? entry.bodies.get(coding) : undefined;
  }

  /**
   * Tells whether the octets of a file are kept once they were read.
   *
   * @param file The file as it was found.
   */
  mayKeep(file: ServableFile): boolean {
    return this.#entryFor(file, file.size) !== undefined;
  }

  /**
   * Keeps octets of a file, if it is one to keep.
   *
   * @param file The file as it was found.
   * @param coding The content coding; `""` for the plain octets.
   * @param octets The octets.
   * @returns The octets to send: those that are kept already, if there are any,
   * so that not each of many clients holds its own.
   */
  keepBody(
    file: ServableFile,
    coding: string,
    octets: Uint8Array,
  ): Uint8Array {
    const entry = this.#entryFor(file, octets.length);
    if (entry === undefined) return octets;
    const kept = entry.bodies.get(coding);
    if (kept !== undefined) return kept;
    entry.bodies.set(coding, octets);
    this.#bytes += octets.length;
    this.#shrink(file.path);
    return octets;
  }

  /** Where so many octets of the file may be kept, if anywhere. */
  #entryFor(file: ServableFile, size: number): Entry | undefined {
    const entry = this.#entries.get(file.path);
    const { maxBytes, maxFileBytes } = this.#options;
    // A file written just now may change again under the same times and size.
    const { modified, changed } = file;
    const settled = modified !== undefined &&
      isSettled({ modified, changed }, Date.now());
    const fits = size <= Math.min(maxFileBytes, maxBytes);
    return entry?.found === file && settled && fits ? entry : undefined;
  }

  #keep(path: string, found: ServableFile | undefined, now: number): void {
    this.#drop(path);
    // A weak tag becomes strong in time, so such a file is looked up anew.
    const isFleeting = found?.etag?.startsWith("W/") ?? false;
    if (this.#options.maxBytes === 0 || isFleeting) return;
    const entry = { found, bodies: new Map(), windowStart: now, requests: 1 };
    this.#entries.set(path, entry);
    this.#shrink(path);
  }

  /** Starts a new window when the last one is over, and moves the entry to the end. */
  #renew(path: string, entry: Entry, now: number): void {
    const age = now - entry.windowStart;
    if (age >= 0 && age < STALENESS) return;
    entry.windowStart = now;
    entry.requests = 1;
    this.#entries.delete(path);
    this.#entries.set(path, entry);
  }

  #shrink(spared: string): void {
    for (const path of this.#entries.keys()) {
      const full = this.#bytes > this.#options.maxBytes ||
        this.#entries.size > MAX_ENTRIES;
      if (!full) return;
      if (path !== spared) this.#drop(path);
    }
  }

  #drop(path: string): void {
    const entry = this.#entries.get(path);
    if (entry === undefined) return;
    for (const octets of entry.bodies.values()) this.#bytes -= octets.length;
    this.#entries.delete(path);
  }
}

/** Counts the request; a clock that was set back makes nothing trusted. */
function isTrusted(entry: Entry, now: number): boolean {
  const age = now - entry.windowStart;
  if (age < 0 || age >= STALENESS) return false;
  return ++entry.requests > CHECKS_PER_WINDOW;
}

async function readExactly(
  file: OpenFile,
  size: number,
): Promise<Uint8Array | undefined> {
  const octets = new Uint8Array(size);
  for (let at = 0; at < size;) {
    const count = await file.read(octets.subarray(at));
    if (count === null) return undefined;
    at += count;
  }
  return octets;
}
