// The entity tag of a file (RFC 9110 §8.8.3), and those of its encoded variants.
// Pure text; called by whoever describes a file.

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
