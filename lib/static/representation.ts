// Which representation of a file a client gets (RFC 9110 §12): the file itself,
// a compressed sibling that lies beside it, or the file compressed on the way.

import { chooseCoding } from "./accept.ts";
import {
  COMPRESS_FROM,
  isCompressible,
  SIBLING_EXTENSIONS,
  STORED_CODINGS,
  type StoredCoding,
  type StreamCoding,
  streamCodings,
} from "./content_coding.ts";
import { variantEntityTag } from "./entity_tag.ts";
import type { FileCache } from "./file_cache.ts";
import type { ServableFile } from "./servable_file.ts";

/** One representation of a file. */
export interface Representation {
  /** Whose octets are sent: the file, or its sibling. */
  readonly file: ServableFile;
  /** The Content-Type, that of the file in any coding. */
  readonly type: string;
  /** The Content-Encoding; undefined for the file itself. */
  readonly coding: string | undefined;
  /** The coding to make on the way; undefined when the octets are there. */
  readonly streamCoding: StreamCoding | undefined;
  /** The entity tag of this representation. */
  readonly etag: string | undefined;
  /** Whether another client could get another representation. */
  readonly varies: boolean;
}

/** What a client asked for, and what the handler offers. */
export interface Selection {
  /** The Accept-Encoding value. */
  readonly acceptEncoding: string | undefined;
  /** Whether the request has a Range: no coding is made on the way then. */
  readonly hasRange: boolean;
  /** Whether compressed siblings are looked for. */
  readonly precompressed: boolean;
  /** Whether files are compressed on the way. */
  readonly compress: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * Describes the file itself as a representation.
 *
 * @param file The file.
 * @param type Its Content-Type.
 * @param varies Whether another client could get another representation.
 * @returns The plain representation.
 */
export function plainRepresentation(
  file: ServableFile,
  type: string,
  varies: boolean,
): Representation {
  return {
    file,
    type,
    coding: undefined,
    streamCoding: undefined,
    etag: file.etag,
    varies,
  };
}

/**
 * Chooses the representation to send.
 *
 * @param file The file that was asked for.
 * @param type Its Content-Type.
 * @param cache Where siblings are looked up.
 * @param selection What is wanted and offered.
 * @returns The representation.
 */
export async function selectRepresentation(
  file: ServableFile,
  type: string,
  cache: FileCache,
  selection: Selection,
): Promise<Representation> {
  const { acceptEncoding, now } = selection;
  const siblings = selection.precompressed
    ? await findSiblings(file, cache, now)
    : new Map<StoredCoding, ServableFile>();
  const stored = chooseCoding(acceptEncoding, [...siblings.keys()]);
  const sibling = stored && siblings.get(stored);
  if (stored !== undefined && sibling !== undefined) {
    return {
      file: sibling,
      type,
      coding: stored,
      streamCoding: undefined,
      etag: sibling.etag && variantEntityTag(sibling.etag, stored),
      varies: true,
    };
  }
  const compresses = selection.compress && file.size >= COMPRESS_FROM &&
    isCompressible(type);
  const plain = plainRepresentation(
    file,
    type,
    compresses || siblings.size > 0,
  );
  if (!compresses || selection.hasRange) return plain;
  const coding = chooseCoding(acceptEncoding, streamCodings(file.size));
  if (coding === undefined) return plain;
  const etag = file.etag && variantEntityTag(file.etag, coding);
  return { ...plain, coding, streamCoding: coding, etag };
}

async function findSiblings(
  file: ServableFile,
  cache: FileCache,
  now: number,
): Promise<Map<StoredCoding, ServableFile>> {
  const found = await Promise.all(
    STORED_CODINGS.map((coding) =>
      cache.findOptional(file.path + SIBLING_EXTENSIONS[coding], now)
    ),
  );
  // In the order of the codings, which is that of the server's preference.
  const siblings = new Map<StoredCoding, ServableFile>();
  for (const [index, coding] of STORED_CODINGS.entries()) {
    const sibling = found[index];
    if (sibling !== undefined) siblings.set(coding, sibling);
  }
  return siblings;
}
