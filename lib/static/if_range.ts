// If-Range (RFC 9110 §13.1.5), the one precondition that only who sends parts
// asks about. The others are in `facts/preconditions.ts`.

import { matchesStrongly, parseEntityTag } from "../facts/entity_tag.ts";
import { parseHttpDate } from "../facts/http_date.ts";
import type { Validators } from "../facts/preconditions.ts";
import { SETTLED } from "./file_entity_tag.ts";

/** What is known of a file. */
export interface FileValidators extends Validators {
  /** When the file was last changed in any way; undefined when nobody knows. */
  readonly changed?: number | undefined;
}

/**
 * Evaluates If-Range (RFC 9110 §13.1.5): is the part the client holds of this
 * very representation? Only a strong tag or a strong date will do.
 *
 * @param text The If-Range value.
 * @param validators The validators of the selected representation.
 * @param now Milliseconds since 1970.
 * @returns Whether the Range may be honoured.
 */
export function ifRangeHolds(
  text: string,
  { etag, lastModified, changed }: FileValidators,
  now: number,
): boolean {
  if (text.endsWith('"')) {
    const theirs = parseEntityTag(text);
    const ours = etag === undefined ? undefined : parseEntityTag(etag);
    return theirs !== undefined && ours !== undefined &&
      matchesStrongly(theirs, ours);
  }
  if (lastModified === undefined) return false;
  // §8.8.2.2: a date is strong when the file has not been written, or had its
  // time set back, for longer than the clock's step. That it was changed later
  // than its date says nothing: copies keep their dates. Only equality counts,
  // not "no later than".
  const last = Math.max(lastModified, changed ?? lastModified);
  const isStrong = now - last >= SETTLED;
  return isStrong && parseHttpDate(text) === lastModified;
}
