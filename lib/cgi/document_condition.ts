// A program that gives its document an ETag or a Last-Modified need not compare
// them itself: the preconditions of a GET are evaluated here (RFC 9110 §13), and
// the client that has the document already gets 304. Other methods have had
// their effect by then.

import { parseHttpDate } from "../facts/http_date.ts";
import {
  evaluatePreconditions,
  type FieldSource,
  type Precondition,
} from "../facts/preconditions.ts";
import { isAboutContent } from "./content_fields.ts";
import type { DocumentHead } from "./output.ts";

type Fields = DocumentHead["fields"];

/** The request that a document answers. */
export interface ConditionalRequest {
  /** Its method. */
  readonly command: string;
  /** Its fields. */
  readonly fields: FieldSource;
}

/**
 * Evaluates the preconditions of a request.
 *
 * @param head The head of the program's output.
 * @param request The request.
 * @returns What to answer; a document without validators holds.
 */
export function conditionOf(
  { kind, status, fields }: DocumentHead,
  request: ConditionalRequest,
): Precondition {
  const isRead = request.command === "GET" || request.command === "HEAD";
  if (!isRead || kind !== "document" || status !== 200) return "holds";
  const etag = onlyValue(fields, "etag");
  const date = onlyValue(fields, "last-modified");
  const lastModified = date === undefined ? undefined : parseHttpDate(date);
  if (etag === undefined && lastModified === undefined) return "holds";
  return evaluatePreconditions(request.fields, { etag, lastModified });
}

/** What of the document's fields a 304 has (RFC 9110 §15.4.5). */
export function notModifiedFields(fields: Fields): Fields {
  const kept = ["content-location", "etag", "expires"];
  // It tells a cache of a copy that has no tag when that was made.
  if (onlyValue(fields, "etag") === undefined) kept.push("last-modified");
  return fields.filter(([name]) =>
    kept.includes(name.toLowerCase()) || !isAboutContent(name)
  );
}

/** Two of them say nothing. */
function onlyValue(fields: Fields, name: string): string | undefined {
  const values = fields.filter(([other]) => other.toLowerCase() === name);
  return values.length === 1 ? values[0]?.[1] : undefined;
}
