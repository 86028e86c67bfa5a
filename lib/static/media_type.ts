// Which Content-Type a file name stands for (RFC 9110 §8.3). Pure; called by
// `guessType()` once per file that is opened, not per request.

import { contentType } from "@std/media-types";

/** Source code that the registry does not know or takes for something else. */
const PLAIN = "text/plain; charset=UTF-8";
const TYPESCRIPT = "text/typescript; charset=UTF-8";

/**
 * Media types that differ from the registry's, by extension: compressed files
 * as they are stored, types that an RFC has named since, and source code as
 * text, so that a browser shows it.
 */
export const EXTENSIONS_MAP: Readonly<Record<string, string>> = {
  // A compressed archive is a file of its compression: the last suffix counts.
  ".gz": "application/gzip",
  ".tgz": "application/gzip",
  ".z": "application/octet-stream",
  ".bz2": "application/x-bzip2",
  ".tbz2": "application/x-bzip2",
  ".xz": "application/x-xz",
  ".txz": "application/x-xz",
  ".zst": "application/zstd", // RFC 8878
  ".tzst": "application/zstd",
  ".flac": "audio/flac", // RFC 9639
  ".vcf": "text/vcard; charset=UTF-8", // RFC 6350
  ".jsonl": "application/jsonl; charset=UTF-8",
  ".ndjson": "application/x-ndjson; charset=UTF-8",
  ".sqlite": "application/vnd.sqlite3",
  ".cjs": "text/javascript; charset=UTF-8",
  // In a folder of today it is seldom an MPEG transport stream.
  ".ts": TYPESCRIPT,
  ".mts": TYPESCRIPT,
  ".cts": TYPESCRIPT,
  ".tsx": "text/tsx; charset=UTF-8",
  ".py": "text/x-python; charset=UTF-8",
  ".rb": "text/x-ruby; charset=UTF-8",
  ".bash": PLAIN,
  ".diff": PLAIN,
  ".go": PLAIN,
  ".graphql": PLAIN,
  ".hpp": PLAIN,
  ".kt": PLAIN,
  ".patch": PLAIN,
  ".proto": PLAIN,
  ".ps1": PLAIN,
  ".r": PLAIN,
  ".rs": PLAIN,
  ".svelte": PLAIN,
  ".swift": PLAIN,
  ".vue": PLAIN,
  ".zsh": PLAIN,
};

const known = new Map<string, string | undefined>();

/**
 * Looks a media type up by file name, in a map first and then in the registry
 * of `@std/media-types`, with a charset for text.
 *
 * @param name A file name or path.
 * @param map Media types by lower-case extension, `.js`; they win.
 * @returns The media type; undefined when nobody knows the extension.
 */
export function mediaTypeOf(
  name: string,
  map: Readonly<Record<string, string>>,
): string | undefined {
  const extension = extensionOf(name);
  if (extension === "") return undefined;
  if (Object.hasOwn(map, extension)) return map[extension];
  // The registry's look-up costs microseconds; the extensions in a folder are
  // few, but their number is not the client's to choose.
  if (!known.has(extension)) {
    if (known.size >= 1000) known.clear();
    known.set(extension, contentType(extension));
  }
  return known.get(extension);
}

/**
 * Cuts the extension off a file name.
 *
 * @param name A file name or path.
 * @returns The last extension with its dot, in lower case; `""` when there is
 * none or the dot begins the name.
 */
export function extensionOf(name: string): string {
  const base = name.slice(
    Math.max(name.lastIndexOf("/"), name.lastIndexOf("\\")) + 1,
  );
  const dot = base.lastIndexOf(".");
  return dot > 0 ? base.slice(dot).toLowerCase() : "";
}
