// The whole answer to a GET or HEAD for a file, but for its octets: status,
// fields, and which octets. Pure: preconditions (RFC 9110 §13.2.2), then Range
// (§14.2), then the fields of §15.3 and §15.4.5.

import { type Byteranges, layOutByteranges } from "./byteranges.ts";
import {
  evaluatePreconditions,
  type FieldSource,
} from "../facts/preconditions.ts";
import { ifRangeHolds } from "./if_range.ts";
import { type ByteRange, contentRange, parseRange } from "./range.ts";
import type { Representation } from "./representation.ts";

/** A field to send. */
export type PlannedField = readonly [name: string, value: string];

/** What to answer. */
export type FilePlan =
  | { kind: "error"; status: 412 | 416; fields: PlannedField[] }
  | { kind: "not modified"; status: 304; fields: PlannedField[] }
  | { kind: "whole"; status: 200; fields: PlannedField[]; size: number }
  | { kind: "part"; status: 206; fields: PlannedField[]; range: ByteRange }
  | { kind: "parts"; status: 206; fields: PlannedField[]; layout: Byteranges };

/** The request and what the handler adds. */
export interface PlanContext {
  /** `GET` or `HEAD`. */
  readonly method: string;
  /** The request fields. */
  readonly fields: FieldSource;
  /** The Cache-Control of the file. */
  readonly cacheControl: string | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * Plans the answer.
 *
 * @param representation The selected representation.
 * @param context The request and what the handler adds.
 * @returns The plan.
 */
export function planFile(
  representation: Representation,
  context: PlanContext,
): FilePlan {
  const { file, etag } = representation;
  const { lastModified } = file;
  switch (evaluatePreconditions(context.fields, { etag, lastModified })) {
    case "failed":
      return { kind: "error", status: 412, fields: [] };
    case "not modified":
      return {
        kind: "not modified",
        status: 304,
        fields: cacheFields(representation, context),
      };
  }
  const ranges = wantedRanges(representation, context);
  if (ranges === "unsatisfiable") {
    return {
      kind: "error",
      status: 416,
      fields: [["Content-Range", contentRange(undefined, file.size)]],
    };
  }
  if (ranges === "whole") return planWhole(representation, context);
  return planRanges(representation, context, ranges);
}

function wantedRanges(
  { file, etag, streamCoding }: Representation,
  { method, fields, now }: PlanContext,
): ByteRange[] | "whole" | "unsatisfiable" {
  // §14.2: Range means nothing on HEAD. The size of what is compressed on the
  // way is not known.
  if (method !== "GET" || streamCoding !== undefined) return "whole";
  const range = fields.get("range");
  if (range === undefined) return "whole";
  const ifRange = fields.get("if-range");
  const { lastModified, changed } = file;
  const isCurrent = ifRange === undefined ||
    ifRangeHolds(ifRange, { etag, lastModified, changed }, now);
  return isCurrent ? parseRange(range, file.size) : "whole";
}

function planWhole(
  representation: Representation,
  context: PlanContext,
): FilePlan {
  const { file, type, streamCoding } = representation;
  const fields: PlannedField[] = [["Content-Type", type]];
  if (streamCoding === undefined) {
    fields.push(["Content-Length", String(file.size)]);
    fields.push(["Accept-Ranges", "bytes"]);
  }
  fields.push(...lastModifiedField(representation));
  fields.push(...representationFields(representation, context));
  return { kind: "whole", status: 200, fields, size: file.size };
}

function planRanges(
  representation: Representation,
  context: PlanContext,
  ranges: ByteRange[],
): FilePlan {
  const { file: { size }, type } = representation;
  // §15.3.7: who asks with If-Range has the fields of the representation
  // already. Content-Type and Content-Encoding are sent all the same: browsers
  // play by the one, and compare the other with what they have.
  const isKnown = context.fields.get("if-range") !== undefined;
  const rest = [
    ...isKnown ? [] : lastModifiedField(representation),
    ...representationFields(representation, context),
  ];
  const [range] = ranges;
  // §15.3.7.2: a single range must not be sent as multipart.
  if (range !== undefined && ranges.length === 1) {
    const fields: PlannedField[] = [
      ["Content-Type", type],
      ["Content-Length", String(range.last - range.first + 1)],
      ["Content-Range", contentRange(range, size)],
      ...rest,
    ];
    return { kind: "part", status: 206, fields, range };
  }
  const layout = layOutByteranges(ranges, size, type);
  const fields: PlannedField[] = [
    ["Content-Type", layout.contentType],
    ["Content-Length", String(layout.contentLength)],
    ...rest,
  ];
  return { kind: "parts", status: 206, fields, layout };
}

function lastModifiedField(
  { file: { lastModifiedText } }: Representation,
): PlannedField[] {
  return lastModifiedText === undefined
    ? []
    : [["Last-Modified", lastModifiedText]];
}

function representationFields(
  representation: Representation,
  context: PlanContext,
): PlannedField[] {
  const { coding } = representation;
  const fields = cacheFields(representation, context);
  if (coding !== undefined) fields.push(["Content-Encoding", coding]);
  // A browser must not guess that a text is a script.
  fields.push(["X-Content-Type-Options", "nosniff"]);
  return fields;
}

/** What a 304 carries of the 200 (§15.4.5). */
function cacheFields(
  { etag, varies }: Representation,
  { cacheControl }: PlanContext,
): PlannedField[] {
  const fields: PlannedField[] = [];
  if (etag !== undefined) fields.push(["ETag", etag]);
  if (cacheControl !== undefined) fields.push(["Cache-Control", cacheControl]);
  if (varies) fields.push(["Vary", "Accept-Encoding"]);
  return fields;
}
