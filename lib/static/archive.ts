// A folder and all below it as one stream, tar or zip, by libraries that are
// fetched only when the first archive is asked for. Nothing is held in memory
// but the entry in hand.

import type { ListingRules } from "./listing.ts";
import { portableName } from "./portable_name.ts";

/** An archive format. */
export type ArchiveFormat = "tar" | "zip";

const TYPES: Readonly<Record<ArchiveFormat, string>> = {
  tar: "application/x-tar",
  zip: "application/zip",
};

interface Member {
  readonly name: string;
  readonly size: number;
  readonly modified: Date;
  readonly file: Deno.FsFile | undefined;
}

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
 * Packs a folder.
 *
 * @param format The archive format.
 * @param folder The path of the folder.
 * @param rules What to leave out; links to folders are always left out, so
 * that no link leads around for ever.
 * @returns The archive, read as it is made.
 */
export async function packFolder(
  format: ArchiveFormat,
  folder: string,
  rules: ListingRules,
): Promise<ReadableStream<Uint8Array>> {
  const members = walk(folder, "", rules);
  return format === "zip" ? await packZip(members) : await packTar(members);
}

async function packZip(
  members: AsyncGenerator<Member>,
): Promise<ReadableStream<Uint8Array>> {
  const { makeZip } = await import("client-zip");
  return makeZip(zipEntries(members));
}

async function* zipEntries(members: AsyncGenerator<Member>): AsyncGenerator<
  | { name: string; lastModified: Date }
  | { name: string; lastModified: Date; input: ReadableStream<Uint8Array> }
> {
  for await (const { name, modified: lastModified, file } of members) {
    if (file === undefined) yield { name, lastModified };
    else yield { name, lastModified, input: file.readable };
  }
}

async function packTar(
  members: AsyncGenerator<Member>,
): Promise<ReadableStream<Uint8Array>> {
  const { createTarPacker } = await import("modern-tar");
  const { readable, controller } = createTarPacker();
  const pack = async () => {
    for await (const { name, size, modified, file } of members) {
      const type = file === undefined ? "directory" : "file";
      const body = controller.add({ name, size, type, mtime: modified });
      if (file === undefined) await body.close();
      else await file.readable.pipeThrough(exactly(size)).pipeTo(body);
    }
    controller.finalize();
  };
  // Whoever reads the archive learns of the failure.
  pack().catch((error) => controller.error(error));
  return readable;
}

/** The size is in the archive already: a file that grew is cut, one that shrank is an error. */
function exactly(size: number): TransformStream<Uint8Array, Uint8Array> {
  let left = size;
  return new TransformStream({
    transform(chunk, controller) {
      const part = chunk.subarray(0, left);
      left -= part.length;
      if (part.length > 0) controller.enqueue(part);
    },
    flush() {
      if (left > 0) throw new Error(`Cannot pack a file that shrank`);
    },
  });
}

async function* walk(
  folder: string,
  prefix: string,
  rules: ListingRules,
): AsyncGenerator<Member> {
  const entries: Deno.DirEntry[] = [];
  for await (const entry of Deno.readDir(folder)) {
    if (rules.shows(entry.name)) entries.push(entry);
  }
  entries.sort((a, b) => a.name < b.name ? -1 : 1);
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
      const within = `${prefix}${safeName}/`;
      yield { name: within, size: 0, modified, file: undefined };
      yield* walk(path, within, rules);
    } else if (info?.isFile) {
      const file = await openOf(path);
      if (file === undefined) continue;
      yield { name: prefix + safeName, size: info.size, modified, file };
    }
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
