// Preconditions (RFC 9110 §13): may this GET or HEAD be answered with the
// representation, is the client's copy still good, or did its condition fail?
// Goes in: the request fields and the validators of the selected
// representation. Comes out: a word. Called once it is known that the answer
// would otherwise be 200 (§13.2.1).

import {
  matchesStrongly,
  matchesWeakly,
  parseEntityTag,
  parseEntityTags,
} from "./entity_tag.ts";
import { parseHttpDate } from "./http_date.ts";

/** What is known of the selected representation (RFC 9110 §8.8). */
export interface Validators {
  /** The ETag as sent, undefined when there is none. */
  readonly etag?: string | undefined;
  /** Last-Modified in milliseconds since 1970, a whole second; undefined when there is none. */
  readonly lastModified?: number | undefined;
}

/** Where the precondition fields are read from: any field list with `get`. */
export interface FieldSource {
  /**
   * Looks a field up.
   *
   * @param name The field name in lower case.
   * @returns The value, repeats joined with `, `; undefined when absent.
   */
  get(name: string): string | undefined;
}

/** What the preconditions say: answer normally, 304, or 412. */
export type Precondition = "holds" | "not modified" | "failed";

/**
 * Evaluates If-Match, If-Unmodified-Since, If-None-Match and
 * If-Modified-Since of a GET or HEAD request, in the order of RFC 9110
 * §13.2.2. The fifth step, If-Range, is the business of who sends parts.
 *
 * @param fields The request fields.
 * @param validators The validators of the selected representation.
 * @returns What to answer.
 */
export function evaluatePreconditions(
  fields: FieldSource,
  validators: Validators,
): Precondition {
  // Step 1, and step 2 only when If-Match is absent.
  const ifMatch = fields.get("if-match");
  if (ifMatch !== undefined) {
    if (!someTagMatches(ifMatch, validators.etag, matchesStrongly)) {
      return "failed";
    }
  } else if (isModifiedSince(fields.get("if-unmodified-since"), validators)) {
    return "failed";
  }
  // Step 3, and step 4 only when If-None-Match is absent.
  const ifNoneMatch = fields.get("if-none-match");
  if (ifNoneMatch !== undefined) {
    return someTagMatches(ifNoneMatch, validators.etag, matchesWeakly)
      ? "not modified"
      : "holds";
  }
  const ifModifiedSince = fields.get("if-modified-since");
  return isModifiedSince(ifModifiedSince, validators) === false
    ? "not modified"
    : "holds";
}

function someTagMatches(
  text: string,
  etag: string | undefined,
  matches: typeof matchesWeakly,
): boolean {
  // "*" asks only whether there is a representation, and there is one.
  if (text === "*") return true;
  const ours = etag === undefined ? undefined : parseEntityTag(etag);
  if (ours === undefined) return false;
  return parseEntityTags(text).some((theirs) => matches(theirs, ours));
}

/** Undefined when the field is absent, no valid date, or there is nothing to compare with: then it is ignored. */
function isModifiedSince(
  text: string | undefined,
  { lastModified }: Validators,
): boolean | undefined {
  if (text === undefined || lastModified === undefined) return undefined;
  const date = parseHttpDate(text);
  return date === undefined ? undefined : lastModified > date;
}
