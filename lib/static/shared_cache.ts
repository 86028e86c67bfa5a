// The memory of files that all instances of a handler class share. A setting is
// a field of an instance, which may have another value for each request: only
// those share that have all settings in common on which the memory hangs.

import { FileCache, type FileCacheOptions } from "./file_cache.ts";
import { isServableName, type PathRules } from "./path.ts";
import type { Confinement } from "./place.ts";
import { Root } from "./root.ts";

/** What the memory of a handler hangs on. */
export interface CacheSettings {
  /** Where its files lie. */
  readonly confinement: Confinement;
  /** Which names are shown. */
  readonly rules: PathRules;
  /** How much is kept. */
  readonly options: FileCacheOptions;
}

/** A memory, and the settings that it was made for. */
export interface SharedCache {
  /** What was found, and the small files. */
  readonly cache: FileCache;
  /** What it hangs on. */
  readonly settings: CacheSettings;
}

/** Memories of a class: the settings may follow a field of the request. */
const MOST = 64;

/** By handler class, the one that was asked for last at the end. */
const caches = new WeakMap<object, SharedCache[]>();

/**
 * Finds the memory that a handler shares.
 *
 * @param owner The handler class.
 * @param settings What the memory hangs on.
 * @returns That of equal settings, new where there is none or where 64 others
 * were asked for since.
 */
export function sharedCacheOf(
  owner: object,
  settings: CacheSettings,
): SharedCache {
  let known = caches.get(owner);
  if (known === undefined) caches.set(owner, known = []);
  const at = known.findIndex((one) => isFor(one, settings));
  const [shared = begin(settings)] = at < 0 ? [] : known.splice(at, 1);
  known.push(shared);
  if (known.length > MOST) known.shift();
  return shared;
}

/**
 * Tells whether a memory is the right one.
 *
 * @param shared The memory.
 * @param settings What is asked for now.
 */
export function isFor({ settings }: SharedCache, now: CacheSettings): boolean {
  const { confinement: a, rules, options } = settings;
  const { confinement: b } = now;
  return a.root === b.root && a.followSymlinks === b.followSymlinks &&
    a.programs === b.programs && a.withholds === b.withholds &&
    rules.dotfiles === now.rules.dotfiles &&
    rules.windows === now.rules.windows &&
    options.maxBytes === now.options.maxBytes &&
    options.maxFileBytes === now.options.maxFileBytes;
}

function begin(settings: CacheSettings): SharedCache {
  const { confinement, rules, options } = settings;
  const root = new Root(confinement, (name) => isServableName(name, rules));
  return { cache: new FileCache(root, options), settings };
}
