// Content codings for files (RFC 9110 §8.4): the siblings that a build left
// beside a file, and compression on the fly. Pure but for the platform's
// `CompressionStream`.

/** A coding that a file may lie compressed in beside the plain one. */
export type StoredCoding = "br" | "zstd" | "gzip";

/** A coding that the platform can make while sending. */
export type StreamCoding = "br" | "gzip";

/** The extension of a compressed sibling, by coding; favourites first. */
export const SIBLING_EXTENSIONS: Readonly<Record<StoredCoding, string>> = {
  br: ".br",
  zstd: ".zst",
  gzip: ".gz",
};

/** The codings of stored siblings, favourites first. */
export const STORED_CODINGS: readonly StoredCoding[] = ["br", "zstd", "gzip"];

/**
 * Tells the coding that is the file's own: an `.svgz` is an SVG in gzip, and no
 * browser shows it as anything else.
 *
 * @param path The path of the file.
 * @param type Its Content-Type.
 * @returns The coding; undefined for a file that is what its type says.
 */
export function ownCoding(path: string, type: string): "gzip" | undefined {
  return /\.svgz$/i.test(path) && type.startsWith("image/svg+xml")
    ? "gzip"
    : undefined;
}

/**
 * The codings made on the way, favourites first: for what is kept the one that
 * makes it smallest, for what is encoded each time the one that is fast.
 *
 * @param size Octets of the plain content.
 * @returns The codings.
 */
export function streamCodings(size: number): readonly StreamCoding[] {
  return size > COMPRESS_FAST_FROM ? ["gzip", "br"] : ["br", "gzip"];
}

/** Octets above which speed matters more than size. */
const COMPRESS_FAST_FROM = 256 * 1024;

/** Below this many octets compression gains nothing that a packet would show. */
export const COMPRESS_FROM = 1024;

const COMPRESSIBLE =
  /^(?:text\/|application\/(?:[^;]*\+)?(?:json|xml|javascript|wasm|jsonl|manifest|x-sh|toml|yaml|rtf|sql|graphql)(?:[-; ]|$)|image\/(?:svg\+xml|bmp|x-icon|vnd\.microsoft\.icon)|font\/(?:ttf|otf|collection)|application\/vnd\.ms-fontobject)/;

/**
 * Tells whether content of this type gains from compression: text and its like,
 * not what is compressed already.
 *
 * @param type A Content-Type.
 * @returns Whether to compress.
 */
export function isCompressible(type: string): boolean {
  return COMPRESSIBLE.test(type) && !type.startsWith("text/event-stream");
}

/**
 * Opens a compressor of the platform.
 *
 * @param coding The content coding.
 * @returns A stream that takes plain octets and gives encoded ones.
 */
export function compressor(coding: StreamCoding): CompressionStream {
  return new CompressionStream(coding === "br" ? "brotli" : "gzip");
}
