// The one canonical path. In: a target in origin-form. Out: the path that
// routing and file mapping both use, decoded once, and the query untouched.
// Two spellings of one path must never be told apart by one and not by the
// other: that has let clients around checks and into the sources of programs.

import { decodeByteText, encodeByteText } from "../bytes/byte_text.ts";
import { joined } from "../bytes/octets.ts";
import { HttpError } from "../facts/errors.ts";

/** A request target taken apart. */
export interface Target {
  /**
   * The path: percent-decoded once, dot segments resolved, repeated slashes
   * joined, with a `/` in front.
   */
  readonly pathname: string;
  /** What follows the first `?`, still encoded; `""` where there is none. */
  readonly query: string;
}

/** What needs work: an escape, a repeated slash, a dot segment. */
const NEEDS_WORK = /%|\/\/|\/\.{1,2}(?:\/|$)/;

/**
 * Takes a target apart.
 *
 * @param path The target in origin-form.
 * @returns Its canonical path and its query.
 * @throws {HttpError} 400 for an escape that is none, one of NUL, escapes that
 * are not UTF-8, or a dot segment beside an escaped slash.
 */
export function splitTarget(path: string): Target {
  const target = splitByteTarget(path);
  if (!target.pathname.isWellFormed()) throw malformedEscape();
  return target;
}

/**
 * Takes a target apart for who passes its path on as bytes: those that are not
 * UTF-8 stand as lone surrogates, see `byte_text.ts`.
 *
 * @param path The target in origin-form.
 * @returns Its canonical path and its query.
 * @throws {HttpError} 400 for an escape that is none, one of NUL, or a dot
 * segment beside an escaped slash.
 */
export function splitByteTarget(path: string): Target {
  // A request asks more than once, and the next one often for the same.
  if (path === lastPath) return lastTarget;
  const mark = path.indexOf("?");
  const rawPath = mark < 0 ? path : path.slice(0, mark);
  lastTarget = {
    pathname: NEEDS_WORK.test(rawPath) ? canonicalPath(rawPath) : rawPath,
    query: mark < 0 ? "" : path.slice(mark + 1),
  };
  lastPath = path;
  return lastTarget;
}

let lastPath: string | undefined;
let lastTarget: Target = { pathname: "/", query: "" };

/**
 * The canonical form of a path. Dot segments are resolved as a URL resolves them
 * (RFC 3986 section 5.2.4), ahead of escaped slashes, and an empty segment counts
 * as one: an application sees a URL, and what guards it sees this path.
 *
 * @param rawPath The path, percent-encoded, without a query.
 * @returns The path, in which bytes that are not UTF-8 stand as lone surrogates.
 * @throws {HttpError} 400 for an escape that is none, one of NUL, or a dot
 * segment beside an escaped slash.
 */
export function canonicalPath(rawPath: string): string {
  const segments: string[] = [];
  let last = "";
  for (const rawSegment of rawPath.replace(/^\//, "").split("/")) {
    last = decodePath(rawSegment);
    if (DOT_SEGMENT_INSIDE.test(last)) {
      throw new HttpError(400, "The path hides a dot segment");
    }
    // Above the root there is nothing: the root stays the root.
    if (last === "..") segments.pop();
    else if (last !== ".") segments.push(last);
  }
  const names = segments.join("/").split("/").filter((name) => name !== "");
  const isDirectory = names.length > 0 && /(?:^|\/)\.{0,2}$/.test(last);
  return "/" + names.join("/") + (isDirectory ? "/" : "");
}

/** A dot segment that only an escaped slash parts from others. */
const DOT_SEGMENT_INSIDE = /^\.{1,2}\/|\/\.{1,2}(?:\/|$)/;

/**
 * Writes a pathname as the path of a URL: what `decodeURIComponent` reads back,
 * with the characters escaped that would end the path or that some clients take
 * for a slash.
 *
 * @param pathname A decoded pathname, or one segment of it.
 * @returns The escaped text; slashes stay.
 */
export function encodePathname(pathname: string): string {
  return encodeURIComponent(pathname.toWellFormed())
    .replaceAll("%2F", "/")
    .replace(/%(?:21|24|26|2B|2C|3A|3B|3D|40)/g, decodeURIComponent);
}

function decodePath(rawPath: string): string {
  let path: string;
  try {
    path = decodeURIComponent(rawPath);
  } catch {
    path = decodeBytes(rawPath);
  }
  if (path.includes("\0")) {
    throw new HttpError(400, "The path holds an escaped NUL");
  }
  return path;
}

/** Decodes escapes some of which are not UTF-8. */
function decodeBytes(rawPath: string): string {
  const [start = "", ...escaped] = rawPath.split("%");
  const pieces = [encodeByteText(start)];
  for (const piece of escaped) {
    if (!/^[0-9A-Fa-f]{2}/.test(piece)) throw malformedEscape();
    pieces.push(Uint8Array.of(parseInt(piece.slice(0, 2), 16)));
    pieces.push(encodeByteText(piece.slice(2)));
  }
  return decodeByteText(joined(pieces));
}

function malformedEscape(): HttpError {
  return new HttpError(400, "The path holds a malformed escape");
}
