// Entity tags (RFC 9110 §8.8.3): writes the tag of a file, reads the lists that
// If-Match and If-None-Match carry, and compares. Pure text; called by
// conditional.ts and by whoever describes a file.

import { skipOws } from "../facts/grammar.ts";

/** An entity tag as two facts: is it weak, and its quoted opaque part. */
export interface EntityTag {
  /** True for the `W/` form: good for cache validation, not for ranges. */
  readonly weak: boolean;
  /** The opaque part with its quotes, `"65a1-1c"`. */
  readonly opaque: string;
}

/** What the file system says of the state of a file. */
export interface FileState {
  /** Bytes. */
  readonly size: number;
  /** Modification time in milliseconds since 1970; any program can set it. */
  readonly modified: number;
  /**
   * Time of the last change of content or attributes, in milliseconds since
   * 1970; no program can set it. Undefined where the file system has none.
   */
  readonly changed: number | undefined;
  /** The inode; undefined where the file system has none. */
  readonly inode: number | undefined;
}

/**
 * Writes the tag of a file in this state. It differs also when a file was
 * written, or another one put in its place, with the size and the modification
 * time of the last.
 *
 * The tag of a file that is not settled is weak: the file may change again
 * without its times showing it (RFC 9110 §8.8.1).
 *
 * @param state The state of the file.
 * @param now Milliseconds since 1970.
 * @returns The tag as it goes on the wire.
 */
export function fileEntityTag(state: FileState, now: number): string {
  const { size, modified, changed, inode } = state;
  const digest = digestOf(`${inode} ${changed}`);
  const opaque = [modified, size, digest].map((part) => part.toString(36));
  const tag = `"${opaque.join("-")}"`;
  return isSettled(state, now) ? tag : `W/${tag}`;
}

/**
 * Tells whether a file has been left alone for so long that another change
 * would show in its times.
 *
 * @param state The times of the file.
 * @param now Milliseconds since 1970.
 * @returns Whether the times are a strong validator.
 */
export function isSettled(
  { modified, changed = modified }: Pick<FileState, "modified" | "changed">,
  now: number,
): boolean {
  return now - Math.max(modified, changed) >= SETTLED;
}

/** Milliseconds after which a change shows in the times of every file system. */
export const SETTLED = 2000;

/** FNV-1a, of 32 bits: which inode a file has is nobody's business. */
function digestOf(text: string): number {
  let digest = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    digest = Math.imul(digest ^ text.charCodeAt(at), 0x01000193);
  }
  return digest >>> 0;
}

/**
 * Derives the tag of an encoded variant: another representation, another tag
 * (RFC 9110 §8.8.3.3).
 *
 * @param tag The tag of the plain file.
 * @param coding The content coding of the variant.
 * @returns `"abc"` → `"abc-gzip"`.
 */
export function variantEntityTag(tag: string, coding: string): string {
  return `${tag.slice(0, -1)}-${coding}"`;
}

/**
 * Reads one entity tag that fills the whole text.
 *
 * @param text `"abc"` or `W/"abc"`.
 * @returns The tag, or undefined when the text is anything else.
 */
export function parseEntityTag(text: string): EntityTag | undefined {
  const tags = parseEntityTags(text);
  return tags.length === 1 && !text.includes(",") ? tags[0] : undefined;
}

// etagc = %x21 / %x23-7E / obs-text: a tag may hold commas, so a list of tags
// cannot be split at commas.
const TAG = /(W\/)?("[\x21\x23-\x7e\x80-\xff]*")/y;

/**
 * Reads a comma-separated list of entity tags; empty members are skipped
 * (RFC 9110 §5.6.1.2).
 *
 * @param text The field value.
 * @returns The tags in order; none when any member is malformed, so that a
 * malformed list matches nothing.
 */
export function parseEntityTags(text: string): EntityTag[] {
  const tags: EntityTag[] = [];
  for (let at = 0; at <= text.length; at++) {
    at = skipOws(text, at);
    if (at === text.length || text[at] === ",") continue;
    TAG.lastIndex = at;
    const [whole = "", weak, opaque] = TAG.exec(text) ?? [];
    if (opaque === undefined) return [];
    tags.push({ weak: weak !== undefined, opaque });
    at = skipOws(text, at + whole.length);
    if (at < text.length && text[at] !== ",") return [];
  }
  return tags;
}

/**
 * Compares strongly (RFC 9110 §8.8.3.2): same opaque part, neither weak.
 *
 * @param a One tag.
 * @param b The other.
 * @returns Whether they are equivalent octet for octet.
 */
export function matchesStrongly(a: EntityTag, b: EntityTag): boolean {
  return !a.weak && !b.weak && a.opaque === b.opaque;
}

/**
 * Compares weakly (RFC 9110 §8.8.3.2): same opaque part.
 *
 * @param a One tag.
 * @param b The other.
 * @returns Whether they are equivalent in meaning.
 */
export function matchesWeakly(a: EntityTag, b: EntityTag): boolean {
  return a.opaque === b.opaque;
}
