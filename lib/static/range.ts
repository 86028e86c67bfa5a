// The Range field (RFC 9110 §14): which octets of a representation of a known
// size to send. Pure; called for GET only, after the preconditions hold.

import { trimOws } from "../facts/grammar.ts";

/** A run of octets, both ends included, as in `Content-Range`. */
export interface ByteRange {
  /** Position of the first octet. */
  readonly first: number;
  /** Position of the last octet. */
  readonly last: number;
}

/** The most range-specs a request may name; with more the Range is ignored. */
export const MAX_RANGES = 64;

const BYTES_UNIT = /^bytes=/i;
const RANGE_SPEC = /^(?:([0-9]+)-([0-9]*)|-([0-9]+))$/;

/**
 * Reads a Range value against a representation.
 *
 * Ranges that overlap or touch are joined, and what remains is in the order
 * asked for (§15.3.7.2), so that no Range multiplies the body (§17.15).
 *
 * @param text The Range value.
 * @param size Octets in the representation.
 * @returns The satisfiable ranges, at least one; `"whole"` when the Range is to
 * be ignored (another unit, malformed, too many, or an empty representation);
 * `"unsatisfiable"` when none of the ranges holds an octet (416).
 */
export function parseRange(
  text: string,
  size: number,
): ByteRange[] | "whole" | "unsatisfiable" {
  if (!BYTES_UNIT.test(text) || size === 0) return "whole";
  const specs = text.slice("bytes=".length).split(",", MAX_RANGES + 1);
  if (specs.length > MAX_RANGES || /^[ \t]/.test(text.slice(6))) return "whole";
  const ranges: ByteRange[] = [];
  let named = 0;
  for (const spec of specs) {
    const trimmed = trimOws(spec);
    if (trimmed === "") continue; // an empty list member, §5.6.1.2
    const range = parseSpec(trimmed, size);
    if (range === "invalid") return "whole";
    named++;
    if (range !== undefined) ranges.push(range);
  }
  if (named === 0) return "whole";
  return ranges.length === 0 ? "unsatisfiable" : coalesce(ranges);
}

/**
 * Writes a Content-Range value.
 *
 * @param range The octets sent; undefined for the `*` of a 416.
 * @param size Octets in the whole representation.
 * @returns `bytes 0-4/26`, or `bytes *\/26`.
 */
export function contentRange(
  range: ByteRange | undefined,
  size: number,
): string {
  return range === undefined
    ? `bytes */${size}`
    : `bytes ${range.first}-${range.last}/${size}`;
}

/** Undefined: well-formed, but none of its octets exists. */
function parseSpec(
  spec: string,
  size: number,
): ByteRange | "invalid" | undefined {
  const match = RANGE_SPEC.exec(spec);
  if (match === null) return "invalid";
  const [, firstText, lastText = "", suffix] = match;
  // Digits beyond 2^53 lose their low places as numbers, which is harmless:
  // they are only compared with a size.
  if (firstText === undefined) {
    const length = Math.min(Number(suffix), size);
    return length === 0 ? undefined : { first: size - length, last: size - 1 };
  }
  const first = Number(firstText);
  const last = lastText === "" ? Infinity : Number(lastText);
  if (last < first) return "invalid";
  return first >= size ? undefined : { first, last: Math.min(last, size - 1) };
}

function coalesce(ranges: ByteRange[]): ByteRange[] {
  const order = ranges.map((range, index) => ({ ...range, index }))
    .sort((a, b) => a.first - b.first);
  const joined: (ByteRange & { index: number })[] = [];
  for (const range of order) {
    const before = joined.at(-1);
    if (before === undefined || range.first > before.last + 1) {
      joined.push(range);
      continue;
    }
    joined[joined.length - 1] = {
      first: before.first,
      last: Math.max(before.last, range.last),
      index: Math.min(before.index, range.index),
    };
  }
  return joined.sort((a, b) => a.index - b.index)
    .map(({ first, last }) => ({ first, last }));
}
