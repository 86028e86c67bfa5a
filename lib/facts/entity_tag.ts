// Entity tags (RFC 9110 §8.8.3): reads the lists that If-Match and If-None-Match
// carry, and compares. Pure text.

import { skipOws } from "./grammar.ts";

/** An entity tag as two facts: is it weak, and its quoted opaque part. */
export interface EntityTag {
  /** True for the `W/` form: good for cache validation, not for ranges. */
  readonly weak: boolean;
  /** The opaque part with its quotes, `"65a1-1c"`. */
  readonly opaque: string;
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
