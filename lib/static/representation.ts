// Which representation of a file a client gets (RFC 9110 §12): the file itself,
// a compressed sibling that lies beside it, or the file compressed on the way.

import { chooseCoding } from "./accept.ts";
import {
  COMPRESS_FROM,
  isCompressible,
  ownCoding,
  SIBLING_EXTENSIONS,
  STORED_CODINGS,
  type StoredCoding,
  type StreamCoding,
  streamCodings,
} from "./content_coding.ts";
import { variantEntityTag } from "./file_entity_tag.ts";
import type { FileCache } from "./file_cache.ts";
import type { ServableFile } from "./servable_file.ts";

/** One representation of a file. */
export interface Representation {
  /** Whose octets are sent: the file, or its sibling. */
  readonly file: ServableFile;
  /** The Content-Type, that of the file in any coding. */
  readonly type: string;
  /** The Content-Encoding; undefined where the bytes are what the type says. */
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
    coding: ownCoding(file.path, type),
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
  const only = plainRepresentation(file, type, false);
  // What is compressed already is one representation, for whoever asks.
  if (only.coding !== undefined) return only;
  const siblings = selection.precompressed
    ? await findSiblings(file, cache, selection.now)
    : new Map<StoredCoding, ServableFile>();
  const compresses = selection.compress && file.size >= COMPRESS_FROM &&
    isCompressible(type);
  const made = compresses && !selection.hasRange
    ? streamCodings(file.size)
    : [];
  const plain = { ...only, varies: compresses || siblings.size > 0 };
  // One choice for both: what lies there is the server's favourite, but not
  // against the weights of the client.
  const coding = chooseCoding(selection.acceptEncoding, [
    ...siblings.keys(),
    ...made.filter((coding) => !siblings.has(coding)),
  ]);
  if (coding === undefined) return plain;
  const sibling = siblings.get(coding);
  if (sibling !== undefined) {
    return { ...plain, file: sibling, coding, etag: tagOf(sibling, coding) };
  }
  const streamCoding = made.find((name) => name === coding);
  return { ...plain, coding, streamCoding, etag: tagOf(file, coding) };
}

function tagOf({ etag }: ServableFile, coding: string): string | undefined {
  return etag && variantEntityTag(etag, coding);
}

/** Those that are as new as the file, in the order of the server's preference. */
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
  const siblings = new Map<StoredCoding, ServableFile>();
  for (const [index, coding] of STORED_CODINGS.entries()) {
    const sibling = found[index];
    if (sibling !== undefined && !isOlder(sibling, file)) {
      siblings.set(coding, sibling);
    }
  }
  return siblings;
}

/**
 * Whether a sibling was made of an earlier version. Compressors give it the
 * time of the file, some of them in whole seconds.
 */
function isOlder(sibling: ServableFile, file: ServableFile): boolean {
  const { modified = 0 } = sibling;
  return Math.floor(modified / 1000) < Math.floor((file.modified ?? 0) / 1000);
}
