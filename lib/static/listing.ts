// The entries of a folder, in order, a few at a time: what the listing page and
// the JSON listing are written from. A folder of 100,000 entries holds its
// names in memory and nothing else until each is about to be written.

import { type FolderEntry, readEntries } from "./folder_entries.ts";
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

/** What the caller decides about each name. */
export interface ListingRules {
  /** Whether the name is shown at all. */
  readonly shows: (name: string) => boolean;
  /** Whether a symbolic link may be followed; asked for links only. */
  readonly follows: (path: string) => Promise<boolean>;
}

/** Entries looked up at once, and written at once. */
const BATCH = 128;

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
 * @param path Its path.
 * @param order How to order it.
 * @param rules What to leave out.
 * @returns Batches of entries; what vanishes meanwhile is left out.
 * @throws {Deno.errors.PermissionDenied} If the folder may not be read.
 */
export async function* readListing(
  path: string,
  order: ListingOrder,
  rules: ListingRules,
): AsyncGenerator<ListingEntry[]> {
  const found = await readEntries(path, rules.shows);
  if (order.by === "name" && !found.some((entry) => entry.isSymlink)) {
    // The names and kinds decide the order, so the rest can wait.
    const compare = (a: FolderEntry, b: FolderEntry) =>
      compareNames(kindOf(a), a.name, kindOf(b), b.name, order.descending);
    for await (const names of sortedBatches(found, compare, BATCH)) {
      yield await describe(path, names, rules);
    }
    return;
  }
  const entries: ListingEntry[] = [];
  for (let start = 0; start < found.length; start += BATCH) {
    const names = found.slice(start, start + BATCH);
    entries.push(...await describe(path, names, rules));
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
    return collator.compare(a.name, b.name);
  }
  return compareNames(a.kind, a.name, b.kind, b.name, order.descending);
}

const collator = new Intl.Collator("en", { numeric: true });

function compareNames(
  kindA: "folder" | "file",
  a: string,
  kindB: "folder" | "file",
  b: string,
  descending: boolean,
): number {
  if (kindA !== kindB) return kindA === "folder" ? -1 : 1;
  return descending ? collator.compare(b, a) : collator.compare(a, b);
}

function kindOf(entry: FolderEntry): "folder" | "file" {
  return entry.isDirectory ? "folder" : "file";
}

async function describe(
  folder: string,
  found: FolderEntry[],
  rules: ListingRules,
): Promise<ListingEntry[]> {
  const entries = await Promise.all(
    found.map((entry) => describeOne(folder, entry, rules)),
  );
  return entries.filter((entry) => entry !== undefined);
}

async function describeOne(
  folder: string,
  { name, isSymlink }: FolderEntry,
  rules: ListingRules,
): Promise<ListingEntry | undefined> {
  const path = folder.endsWith("/") ? folder + name : `${folder}/${name}`;
  try {
    if (isSymlink && !await rules.follows(path)) return undefined;
    const file = await Deno.stat(path);
    // Sockets, pipes and devices are no content.
    if (!file.isFile && !file.isDirectory) return undefined;
    return {
      name,
      kind: file.isDirectory ? "folder" : "file",
      link: isSymlink,
      size: file.isDirectory ? undefined : file.size,
      modified: file.mtime?.getTime(),
    };
  } catch {
    // Gone, a broken link, or a name that is no UTF-8 and cannot be opened.
    return undefined;
  }
}
