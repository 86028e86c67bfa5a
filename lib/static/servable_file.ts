// What is known of a regular file that may be served, and whether it is still
// the same. Pure.

import { formatHttpDate } from "../facts/http_date.ts";
import { fileEntityTag } from "./file_entity_tag.ts";
import { millisecondsOf } from "./file_time.ts";
import { identityOf, isSameIdentity } from "./identity.ts";
import type { FileFacts } from "./open_file.ts";

/** A regular file that may be served, as it was when it was looked at. */
export interface ServableFile {
  /** The path it was found under. */
  readonly path: string;
  /** Where it lay, without links. */
  readonly real: string;
  /** Octets. */
  readonly size: number;
  /** Modification time in milliseconds since 1970; undefined when unknown. */
  readonly modified: number | undefined;
  /** Time of the last change of content or attributes, as `modified`. */
  readonly changed: number | undefined;
  /** The device and inode, which tell that it is the very file that was checked. */
  readonly identity: string;
  /** The entity tag; undefined when there is no modification time. */
  readonly etag: string | undefined;
  /** Last-Modified in milliseconds, whole seconds, never in the future (RFC 9110 §8.8.2.1). */
  readonly lastModified: number | undefined;
  /** Last-Modified as it goes on the wire. */
  readonly lastModifiedText: string | undefined;
}

/** What is at a path: a file, a folder, or nothing that may be served. */
export type Found = ServableFile | "folder" | undefined;

/**
 * Tells whether a file is what it was.
 *
 * @param info What is known now.
 * @param file What was known then.
 * @returns Whether identity, size and times are the same.
 */
export function isSame(info: FileFacts, file: ServableFile): boolean {
  return info.isFile && info.size === file.size &&
    millisecondsOf(info.mtime) === file.modified &&
    millisecondsOf(info.ctime) === file.changed &&
    isSameIdentity(identityOf(info), file.identity);
}

/**
 * Describes a regular file.
 *
 * @param where The path it was found under, and where it lay.
 * @param info What the file system says.
 * @param now Milliseconds since 1970.
 * @returns Its size and validators.
 */
export function describe(
  { path, real }: Pick<ServableFile, "path" | "real">,
  info: FileFacts,
  now: number,
): ServableFile {
  const { size } = info;
  const modified = millisecondsOf(info.mtime);
  const changed = millisecondsOf(info.ctime);
  const lastModified = modified === undefined
    ? undefined
    : Math.floor(Math.min(modified, now) / 1000) * 1000;
  return {
    path,
    real,
    size,
    modified,
    changed,
    identity: identityOf(info),
    etag: modified === undefined ? undefined : fileEntityTag(
      { size, modified, changed, inode: info.ino ?? undefined },
      now,
    ),
    lastModified,
    lastModifiedText: lastModified === undefined
      ? undefined
      : formatHttpDate(lastModified),
  };
}
