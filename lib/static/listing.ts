// The entries of a folder, in order, a few at a time: what the listing page and
// the JSON listing are written from. A folder of 100,000 entries holds its
// names in memory and nothing else until each is about to be written.

import { type FolderEntry, readEntries } from "./folder_entries.ts";
import { millisecondsOf } from "./file_time.ts";
import type { HeldEntries } from "./held_entries.ts";
import { identityOf } from "./identity.ts";
import { compareNaturally } from "./natural_order.ts";
import type { FileFacts } from "./open_file.ts";
import type { Sighting } from "./path_proof.ts";
import { type Confinement, Place } from "./place.ts";
import { sortedBatches } from "./sorted_batches.ts";

/** One line of a listing. */
export interface ListingEntry {
  /** The name, without a slash. */
  readonly name: string;
  /** What it is, links followed. */
  readonly kind: "folder" | "file";
  /** Whether the name is a symbolic link. */
  readonly link: boolean;
  /** Octets; undefined for a folder. */
  readonly size?: number | undefined;
  /** Milliseconds since 1970; undefined when the file system does not say. */
  readonly modified?: number | undefined;
}

/** How a listing is ordered; folders always come first. */
export interface ListingOrder {
  /** The column. */
  readonly by: "name" | "size" | "date";
  /** Whether the largest, latest or last name comes first. */
  readonly descending: boolean;
}

/** Where a listing comes from. */
export interface ListingSource {
  /** The folder, which stays the caller's. */
  readonly folder: Place;
  /** Whether a name is shown at all. */
  readonly shows: (name: string) => boolean;
  /** Where links may lead. */
  readonly confinement: Confinement;
}

/** Entries looked up at once, and written at once. */
const BATCH = 128;

/** How often a batch is looked at where something was swapped meanwhile. */
const MAX_ATTEMPTS = 5;

/**
 * Reads an order from a query, `sort=size&order=desc`.
 *
 * @param query The text after the `?`.
 * @returns The order; by name where the query says nothing that is known.
 */
export function parseOrder(query: string): ListingOrder {
  const parameters = new URLSearchParams(query);
  const sort = parameters.get("sort");
  return {
    by: sort === "size" || sort === "date" ? sort : "name",
    descending: parameters.get("order") === "desc",
  };
}

/**
 * Reads a folder in order.
 *
 * @param source The folder, and what is shown of it.
 * @param order How to order it.
 * @param held Where the entries are counted that are in memory until the last
 * batch.
 * @returns Batches of entries; what vanishes meanwhile is left out.
 * @throws {HttpError} 503 if too many entries are in memory.
 * @throws {Deno.errors.PermissionDenied} If the folder may not be read.
 */
export async function* readListing(
  source: ListingSource,
  order: ListingOrder,
  held: HeldEntries,
): AsyncGenerator<ListingEntry[]> {
  const found = await readEntries(source.folder.path, source.shows, held);
  if (order.by === "name" && !found.some((entry) => entry.isSymlink)) {
    // The names and kinds decide the order, so the rest can wait.
    const compare = (a: FolderEntry, b: FolderEntry) =>
      compareNames(kindOf(a), a.name, kindOf(b), b.name, order.descending);
    return yield* describeAhead(source, sortedBatches(found, compare, BATCH));
  }
  const entries: ListingEntry[] = [];
  for (let start = 0; start < found.length; start += BATCH) {
    const names = found.slice(start, start + BATCH);
    entries.push(...await describe(source, names));
  }
  const compare = (a: ListingEntry, b: ListingEntry) =>
    compareEntries(a, b, order);
  yield* sortedBatches(entries, compare, BATCH);
}

/**
 * Compares two entries for sorting: folders first, then the column, then the
 * name, with digits counted as numbers (`2.txt` before `10.txt`).
 *
 * @param a One entry.
 * @param b The other.
 * @param order How to order them.
 * @returns Negative when `a` comes first.
 */
export function compareEntries(
  a: ListingEntry,
  b: ListingEntry,
  order: ListingOrder,
): number {
  const turn = order.descending ? -1 : 1;
  if (order.by !== "name" && a.kind === b.kind) {
    const [x, y] = order.by === "size"
      ? [a.size ?? -1, b.size ?? -1]
      : [a.modified ?? 0, b.modified ?? 0];
    if (x !== y) return (x - y) * turn;
    return compareNaturally(a.name, b.name);
  }
  return compareNames(a.kind, a.name, b.kind, b.name, order.descending);
}

function compareNames(
  kindA: "folder" | "file",
  a: string,
  kindB: "folder" | "file",
  b: string,
  descending: boolean,
): number {
  if (kindA !== kindB) return kindA === "folder" ? -1 : 1;
  return descending ? compareNaturally(b, a) : compareNaturally(a, b);
}

function kindOf(entry: FolderEntry): "folder" | "file" {
  return entry.isDirectory ? "folder" : "file";
}

/** While a batch is being written, the next one is looked up. */
async function* describeAhead(
  source: ListingSource,
  batches: AsyncIterable<readonly FolderEntry[]>,
): AsyncGenerator<ListingEntry[]> {
  let ahead: Promise<ListingEntry[]> | undefined;
  try {
    for await (const names of batches) {
      const before = ahead;
      ahead = describe(source, names);
      if (before !== undefined) yield await before;
    }
    if (ahead !== undefined) yield await ahead;
  } finally {
    // The folder is the caller's, who may close it now.
    await Promise.allSettled([ahead]);
  }
}

async function describe(
  source: ListingSource,
  found: readonly FolderEntry[],
): Promise<ListingEntry[]> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const since = Date.now();
    const looks = await Promise.all(
      found.map(({ name }) => look(source, name)),
    );
    const seen = looks.filter((one) => one !== undefined);
    if (
      await source.folder.holds(seen.map(({ sighting }) => sighting), since)
    ) {
      return seen.map(({ entry }) => entry).filter((one) => one !== undefined);
    }
  }
  return [];
}

/** Undefined where nothing is, an entry where there is something to show. */
async function look(
  { folder, confinement }: ListingSource,
  name: string,
): Promise<
  { sighting: Sighting; entry: ListingEntry | undefined } | undefined
> {
  const path = folder.entry(name);
  try {
    const info = await Deno.lstat(path);
    const sighting = { path, identity: identityOf(info) };
    if (confinement.withholds?.(info)) return { sighting, entry: undefined };
    if (!info.isSymlink) return { sighting, entry: entryOf(name, info, false) };
    using target = await Place.at(path, confinement);
    const entry = target && entryOf(name, target.facts, true);
    return { sighting, entry };
  } catch {
    // Gone, or a name that is no UTF-8 and cannot be opened.
    return undefined;
  }
}

/** Sockets, pipes and devices are no content. */
function entryOf(
  name: string,
  facts: FileFacts,
  link: boolean,
): ListingEntry | undefined {
  if (!facts.isFile && !facts.isDirectory) return undefined;
  return {
    name,
    kind: facts.isDirectory ? "folder" : "file",
    link,
    size: facts.isDirectory ? undefined : facts.size,
    modified: millisecondsOf(facts.mtime),
  };
}
