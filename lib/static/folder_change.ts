// Changes in a folder that was resolved to a place: something new, something
// that goes or moves. Where the place is pinned each is one call of the system.
//
// Where a path is all there is, the folder may be swapped for a link to one
// outside at any moment. Then everything goes by a secret name first, one that
// nobody can guess: it is proved that the thing of this name is inside the root,
// and as there is no such name outside, the call that then moves it finds either
// that thing or nothing.

import { HttpError } from "../facts/errors.ts";
import { identityOf } from "./identity.ts";
import type { Place } from "./place.ts";

/** An entry of a folder, there or not. */
export interface Entry {
  /** The folder, which stays the caller's. */
  readonly folder: Place;
  /** The name in it. */
  readonly name: string;
}

/** How often something that was swapped away is looked for. */
const SEARCHES = 100;

/**
 * An entry of the same folder by a secret name, hidden and unguessable.
 *
 * @param entry Any entry of the folder.
 */
export function secretEntry({ folder }: Entry): Entry {
  return { folder, name: `.upload-${crypto.randomUUID()}.part` };
}

/**
 * The path of an entry.
 *
 * @param entry The entry.
 */
export function pathOf({ folder, name }: Entry): string {
  return folder.entry(name);
}

/**
 * What is there, links not followed.
 *
 * @param entry The entry.
 * @returns Undefined where nothing is.
 */
export async function lookAt(entry: Entry): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.lstat(pathOf(entry));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/**
 * Makes sure that what has just got a secret name is inside the root.
 *
 * @param secret The entry of that name.
 * @param info What the file system says of it.
 * @param since Milliseconds since 1970, before it got the name.
 * @throws {HttpError} 409 if that cannot be proved.
 */
export async function requireInside(
  secret: Entry,
  info: Deno.FileInfo | undefined,
  since: number,
): Promise<void> {
  const { folder } = secret;
  if (folder.isPinned) return;
  const seen = info && { path: pathOf(secret), identity: identityOf(info) };
  if (seen && await folder.holds([seen], since)) return;
  throw new HttpError(409, "The folder was moved meanwhile");
}

/**
 * Removes what has a secret name, if there is anything.
 *
 * @param secret The entry of that name.
 */
export async function discard(secret: Entry): Promise<void> {
  const searches = secret.folder.isPinned ? 1 : SEARCHES;
  for (let search = 1; search <= searches; search++) {
    try {
      return await Deno.remove(pathOf(secret), { recursive: true });
    } catch {
      // Renamed already, or it is where its path does not lead at the moment.
    }
  }
}

/**
 * Makes a folder.
 *
 * @param entry Where.
 * @throws {HttpError} 409 if its folder was moved meanwhile.
 */
export async function makeFolder(entry: Entry): Promise<void> {
  if (entry.folder.isPinned) return await Deno.mkdir(pathOf(entry));
  const since = Date.now();
  const secret = secretEntry(entry);
  try {
    await Deno.mkdir(pathOf(secret));
    await requireInside(secret, await lookAt(secret), since);
    // A rename would take the place of an empty folder.
    if (await lookAt(entry) !== undefined) {
      throw new HttpError(409, "Something of this name is there");
    }
    await Deno.rename(pathOf(secret), pathOf(entry));
  } catch (error) {
    await discard(secret);
    throw error;
  }
}

/**
 * Removes an entry: a file, a link itself, or a folder.
 *
 * @param entry The entry.
 * @param recursive Whether a folder goes with all that is in it.
 * @throws {HttpError} 409 if its folder was moved meanwhile.
 */
export async function removeEntry(
  entry: Entry,
  recursive: boolean,
): Promise<void> {
  await bySecretName(entry, async (path) => {
    await Deno.remove(path, { recursive });
  });
}

/**
 * Moves an entry, which takes the place of a file or an empty folder there.
 *
 * @param from The entry.
 * @param to Where it goes.
 * @throws {HttpError} 409 if one of the folders was moved meanwhile.
 */
export async function moveEntry(from: Entry, to: Entry): Promise<void> {
  await bySecretName(from, async (path) => {
    if (to.folder.isPinned) return await Deno.rename(path, pathOf(to));
    const since = Date.now();
    const secret = secretEntry(to);
    await Deno.rename(path, pathOf(secret));
    try {
      await requireInside(secret, await lookAt(secret), since);
      await Deno.rename(pathOf(secret), pathOf(to));
    } catch (error) {
      await moveBack(pathOf(secret), path);
      throw error;
    }
  });
}

/** Gives an entry a secret name, unless it is safe from being swapped without. */
async function bySecretName(
  entry: Entry,
  act: (path: string) => Promise<void>,
): Promise<void> {
  if (entry.folder.isPinned) return await act(pathOf(entry));
  const since = Date.now();
  const secret = secretEntry(entry);
  await Deno.rename(pathOf(entry), pathOf(secret));
  try {
    await requireInside(secret, await lookAt(secret), since);
    await act(pathOf(secret));
  } catch (error) {
    await moveBack(pathOf(secret), pathOf(entry));
    throw error;
  }
}

/** What was moved from outside has both names there: it needs the same path again. */
async function moveBack(secret: string, path: string): Promise<void> {
  for (let search = 1; search <= SEARCHES; search++) {
    try {
      return await Deno.rename(secret, path);
    } catch {
      // It is where its path does not lead at the moment.
    }
  }
}
