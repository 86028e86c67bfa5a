// A folder and all below it as one archive, tar or zip. Nothing is held in
// memory but the piece in hand, and no file is open but the one it is of. The
// library for zip is fetched when the first one is asked for.

import { BufferPool } from "../bytes/buffer_pool.ts";
import { nextTurn } from "../bytes/turn.ts";
import { isAbsence, unlessRefused } from "./absence.ts";
import { millisecondsOf } from "./file_time.ts";
import { type FolderEntry, readEntries } from "./folder_entries.ts";
import { HeldEntries } from "./held_entries.ts";
import { identityOf } from "./identity.ts";
import type { OpenFile } from "./open_file.ts";
import { Place } from "./place.ts";
import { portableName } from "./portable_name.ts";
import type { Root } from "./root.ts";
import { type Member, packTar } from "./tar.ts";
import { Turns } from "./turns.ts";

/** An archive format. */
export type ArchiveFormat = "tar" | "zip";

const TYPES: Readonly<Record<ArchiveFormat, string>> = {
  tar: "application/x-tar",
  zip: "application/zip",
};

/** A zip knows no time before it; the library would wrap round to 2098. */
const OLDEST = new Date(1980, 0, 1);

/** Bytes read at once. */
const PIECE = 64 * 1024;

/** Bytes of a path that count as much as an entry of a folder. */
const NAME_BYTES = 128;

const encoder = new TextEncoder();

const buffers = new BufferPool(PIECE, 16);

const turns = new Turns();

/**
 * Reads an archive format from a query, `archive=zip`.
 *
 * @param query The text after the `?`.
 * @returns The format, or undefined.
 */
export function parseArchiveFormat(query: string): ArchiveFormat | undefined {
  if (!query.includes("archive=")) return undefined;
  const format = new URLSearchParams(query).get("archive");
  return format === "tar" || format === "zip" ? format : undefined;
}

/**
 * The fields of an archive's answer.
 *
 * @param format The archive format.
 * @param name The name of the folder.
 * @returns Content-Type and Content-Disposition (RFC 6266).
 */
export function archiveFields(
  format: ArchiveFormat,
  name: string,
): [name: string, value: string][] {
  const plain = name.replace(/[^ -~]|["%\\]/g, "_");
  const encoded = encodeURIComponent(`${name}.${format}`)
    .replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
  return [
    ["Content-Type", TYPES[format]],
    [
      "Content-Disposition",
      `attachment; filename="${plain}.${format}"; filename*=UTF-8''${encoded}`,
    ],
  ];
}

/**
 * Packs a folder. Each piece is made when it is asked for; whoever stops asking
 * calls `return()`, as `for await` does, and nothing stays open.
 *
 * @param format The archive format.
 * @param root Where files are found and opened.
 * @param path The path of the folder. What `root` does not show is left out, and
 * so is a link to a folder: none may lead around for ever.
 * @returns The bytes of the archive; a piece is good until the next one is asked
 * for.
 */
export async function* packFolder(
  format: ArchiveFormat,
  root: Root,
  path: string,
): AsyncGenerator<Uint8Array> {
  using held = new HeldEntries();
  const members = membersOf(root, path, held);
  try {
    yield* format === "zip" ? packZip(members, held) : packTar(members);
  } finally {
    await members.return(undefined);
  }
}

async function* packZip(
  members: AsyncGenerator<Member>,
  held: HeldEntries,
): AsyncGenerator<Uint8Array> {
  const { makeZip } = await import("client-zip");
  // Cancelling its stream would throw into `members`; we end those ourselves.
  const reader = makeZip(zipEntries(members, held)).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

async function* zipEntries(
  members: AsyncIterable<Member>,
  held: HeldEntries,
): AsyncGenerator<
  | { name: string; lastModified: Date }
  | { name: string; lastModified: Date; input: AsyncIterable<Uint8Array> }
> {
  for await (const { name, modified, content } of members) {
    // The library keeps the path for the end of the archive.
    held.add(1 + Math.floor(encoder.encode(name).length / NAME_BYTES));
    const lastModified = modified < OLDEST ? OLDEST : modified;
    if (content === undefined) yield { name, lastModified };
    else yield { name, lastModified, input: copiesOf(content) };
  }
}

/**
 * The library queues pieces before they are sent, and works out a checksum of
 * each. That holds the one thread that all clients share: all archives together
 * get one piece in a turn of the event loop.
 */
async function* copiesOf(
  content: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  for await (const piece of content) {
    await turns.take(nextTurn);
    yield piece.slice();
  }
}

/** A folder as it was read. No descriptor is kept: it may be deep in others. */
interface Folder {
  /** Its path without links. */
  readonly real: string;
  readonly modified: Date;
  /** What is shown of it, in order. */
  readonly entries: readonly FolderEntry[];
}

/** A folder that is being packed. */
interface Level {
  readonly folder: Folder;
  /** Its path in the archive, with a slash at its end; empty for the topmost. */
  readonly prefix: string;
  readonly names: ReadonlySet<string>;
  /** Entries that were packed. */
  count: number;
}

function levelOf(folder: Folder, prefix: string): Level {
  const names = new Set(folder.entries.map(({ name }) => name));
  return { folder, prefix, names, count: 0 };
}

// Folders can be in one another for two thousand levels: a function that calls
// itself for each would exceed the stack.
async function* membersOf(
  root: Root,
  path: string,
  held: HeldEntries,
): AsyncGenerator<Member> {
  const top = await readFolder(root, path, held);
  const levels = top === undefined ? [] : [levelOf(top, "")];
  for (let level; (level = levels.at(-1)) !== undefined;) {
    const { folder: { real, entries }, prefix, names } = level;
    const entry = entries[level.count++];
    if (entry === undefined) {
      held.drop(entries.length);
      levels.pop();
      continue;
    }
    const { name } = entry;
    // Unpacked elsewhere, the name may not lead out of the folder.
    const safeName = portableName(name);
    if (safeName !== name && names.has(safeName)) continue;
    const path = real.endsWith("/") ? real + name : `${real}/${name}`;
    const info = await lstatOf(path);
    if (info?.isDirectory) {
      const folder = await readFolder(root, path, held, info);
      if (folder === undefined) continue;
      const within = `${prefix}${safeName}/`;
      const { modified } = folder;
      yield { name: within, size: 0, modified, content: undefined };
      levels.push(levelOf(folder, within));
    } else yield* fileMember(root, path, prefix + safeName);
  }
}

async function* fileMember(
  root: Root,
  path: string,
  name: string,
): AsyncGenerator<Member> {
  using file = await unlessRefused(() => root.open(path));
  if (file === undefined) return;
  const { size, mtime } = file.facts;
  const modified = new Date(millisecondsOf(mtime) ?? 0);
  yield { name, size, modified, content: readExactly(file, size) };
}

/**
 * Reads a folder; where `seen` is given, it must be that one, and none to which a
 * link leads by now.
 */
async function readFolder(
  root: Root,
  path: string,
  held: HeldEntries,
  seen?: Deno.FileInfo,
): Promise<Folder | undefined> {
  using place = await Place.at(path, root);
  if (place === undefined || root.runs(path, place)) return undefined;
  const { facts, real } = place;
  if (seen && identityOf(seen) !== identityOf(facts)) return undefined;
  const entries = await entriesOf(place, root, held);
  return {
    real,
    modified: new Date(millisecondsOf(facts.mtime) ?? 0),
    entries,
  };
}

/** Nothing of a folder that may not be read. */
async function entriesOf(
  folder: Place,
  { shows }: Root,
  held: HeldEntries,
): Promise<FolderEntry[]> {
  try {
    const entries = await readEntries(folder.path, shows, held);
    return entries.sort((a, b) => a.name < b.name ? -1 : 1);
  } catch (error) {
    if (isAbsence(error)) return [];
    throw error;
  }
}

async function lstatOf(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.lstat(path);
  } catch {
    return undefined; // gone meanwhile
  }
}

/** The size is in the archive already: a file that grew is cut, one that shrank is an error. */
async function* readExactly(
  file: OpenFile,
  size: number,
): AsyncGenerator<Uint8Array> {
  const buffer = buffers.take();
  try {
    for (let left = size; left > 0;) {
      const count = await file.read(buffer.subarray(0, left));
      if (count === null) throw new Error("Cannot pack a file that shrank");
      left -= count;
      yield buffer.subarray(0, count);
    }
  } finally {
    // Only what is suspended is ended: nothing reads into it any more.
    buffers.give(buffer);
  }
}
