// A folder and all below it as one archive, tar or zip. Nothing is held in
// memory but the piece in hand, and no file is open but the one it is of. The
// library for zip is fetched when the first one is asked for.

import { type FolderEntry, readEntries } from "./folder_entries.ts";
import type { ListingRules } from "./listing.ts";
import { portableName } from "./portable_name.ts";
import { type Member, packTar } from "./tar.ts";

/** An archive format. */
export type ArchiveFormat = "tar" | "zip";

const TYPES: Readonly<Record<ArchiveFormat, string>> = {
  tar: "application/x-tar",
  zip: "application/zip",
};

/** A zip knows no time before it; the library would wrap round to 2098. */
const OLDEST = new Date(1980, 0, 1);

/** What the caller decides about each file and folder. */
export interface ArchiveRules extends ListingRules {
  /** Whether the content may leave; asked about what was opened, and of folders. */
  readonly packs: (path: string, info: Deno.FileInfo) => Promise<boolean>;
}

/** Bytes read at once. */
const PIECE = 64 * 1024;

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
 * @param folder The path of the folder.
 * @param rules What to leave out; links to folders are always left out, so
 * that no link leads around for ever.
 * @returns The bytes of the archive.
 */
export async function* packFolder(
  format: ArchiveFormat,
  folder: string,
  rules: ArchiveRules,
): AsyncGenerator<Uint8Array> {
  const members = walk(folder, "", rules);
  try {
    yield* format === "zip" ? packZip(members) : packTar(members);
  } finally {
    await members.return(undefined);
  }
}

async function* packZip(
  members: AsyncGenerator<Member>,
): AsyncGenerator<Uint8Array> {
  const { makeZip } = await import("client-zip");
  // Cancelling its stream would throw into `members`; we end those ourselves.
  const reader = makeZip(zipEntries(members)).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

async function* zipEntries(members: AsyncIterable<Member>): AsyncGenerator<
  | { name: string; lastModified: Date }
  | { name: string; lastModified: Date; input: AsyncIterable<Uint8Array> }
> {
  for await (const { name, modified, content } of members) {
    const lastModified = modified < OLDEST ? OLDEST : modified;
    if (content === undefined) yield { name, lastModified };
    else yield { name, lastModified, input: content };
  }
}

async function* walk(
  folder: string,
  prefix: string,
  rules: ArchiveRules,
): AsyncGenerator<Member> {
  const entries = await entriesOf(folder, rules);
  const names = new Set(entries.map(({ name }) => name));
  for (const { name, isSymlink } of entries) {
    // Unpacked elsewhere, the name may not lead out of the folder.
    const safeName = portableName(name);
    if (safeName !== name && names.has(safeName)) continue;
    const path = folder.endsWith("/") ? folder + name : `${folder}/${name}`;
    if (isSymlink && !await rules.follows(path)) continue;
    const info = await statOf(path);
    const modified = info?.mtime ?? new Date(0);
    if (info?.isDirectory && !isSymlink) {
      if (!await rules.packs(path, info)) continue;
      const within = `${prefix}${safeName}/`;
      yield { name: within, size: 0, modified, content: undefined };
      yield* walk(path, within, rules);
    } else if (info?.isFile) {
      using file = await openOf(path);
      if (file === undefined) continue;
      const opened = await file.stat();
      if (!opened.isFile || !await rules.packs(path, opened)) continue;
      const { size } = opened;
      const content = readExactly(file, size);
      yield { name: prefix + safeName, size, modified, content };
    }
  }
}

async function entriesOf(
  folder: string,
  rules: ArchiveRules,
): Promise<FolderEntry[]> {
  try {
    const entries = await readEntries(folder, rules.shows);
    return entries.sort((a, b) => a.name < b.name ? -1 : 1);
  } catch {
    return []; // gone meanwhile, or not ours to read
  }
}

/** The size is in the archive already: a file that grew is cut, one that shrank is an error. */
async function* readExactly(
  file: Deno.FsFile,
  size: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (let left = size; left > 0;) {
    const piece = new Uint8Array(Math.min(PIECE, left));
    const count = await file.read(piece);
    if (count === null) throw new Error("Cannot pack a file that shrank");
    left -= count;
    yield piece.subarray(0, count);
  }
}

async function statOf(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.stat(path);
  } catch {
    return undefined; // gone meanwhile
  }
}

async function openOf(path: string): Promise<Deno.FsFile | undefined> {
  try {
    return await Deno.open(path);
  } catch {
    return undefined; // gone meanwhile, or not ours to read
  }
}
