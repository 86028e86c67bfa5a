// The multipart/byteranges media type (RFC 9110 §14.6): the framing around the
// parts of a 206 with several ranges. Pure; the octets between are the file's.

import { type ByteRange, contentRange } from "./range.ts";

/** A laid-out multipart body: what to say of it, and what goes around its parts. */
export interface Byteranges {
  /** The Content-Type of the answer. */
  readonly contentType: string;
  /** Octets of the whole body, framing included. */
  readonly contentLength: number;
  /** Each part: the text before its octets, and which octets. */
  readonly parts: readonly {
    readonly head: string;
    readonly range: ByteRange;
  }[];
  /** The text after the last part. */
  readonly tail: string;
}

/**
 * Lays out a multipart/byteranges body.
 *
 * @param ranges The ranges, in the order to send them.
 * @param size Octets of the whole representation.
 * @param type The media type of the representation; undefined to leave it out.
 * @param boundary A delimiter that the content does not hold.
 * @returns The framing.
 */
export function layOutByteranges(
  ranges: readonly ByteRange[],
  size: number,
  type: string | undefined,
  boundary: string = randomBoundary(),
): Byteranges {
  const typeLine = type === undefined ? "" : `Content-Type: ${type}\r\n`;
  const parts = ranges.map((range, index) => ({
    head: `${index === 0 ? "" : "\r\n"}--${boundary}\r\n${typeLine}` +
      `Content-Range: ${contentRange(range, size)}\r\n\r\n`,
    range,
  }));
  const tail = `\r\n--${boundary}--\r\n`;
  let contentLength = tail.length;
  for (const { head, range } of parts) {
    contentLength += head.length + range.last - range.first + 1;
  }
  return {
    contentType: `multipart/byteranges; boundary=${boundary}`,
    contentLength,
    parts,
    tail,
  };
}

/** 122 random bits: no file can hold it but by being written after the request. */
function randomBoundary(): string {
  return crypto.randomUUID().replaceAll("-", "");
}
