// What is done with octets in more than one place.

import { ByteBuffer } from "./byte_buffer.ts";

/**
 * Pieces as one.
 *
 * @param pieces The pieces in order.
 * @returns Their octets: the piece itself where there is only one.
 */
export function joined(
  pieces: readonly Uint8Array<ArrayBuffer>[],
): Uint8Array<ArrayBuffer>;
export function joined(pieces: readonly Uint8Array[]): Uint8Array;
export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const [first] = pieces;
  if (first !== undefined && pieces.length === 1) return first;
  let size = 0;
  for (const piece of pieces) size += piece.length;
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/**
 * The octets of text in which each character stands for one (ISO-8859-1).
 *
 * @param text Characters up to U+00FF.
 */
export function latin1Octets(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (c) => c.charCodeAt(0));
}

/**
 * Text in which each character stands for one byte (ISO-8859-1).
 *
 * @param bytes The bytes.
 */
export function latin1Text(bytes: Uint8Array): string {
  // UTF-8 decoding is the platform's fastest. It gives a character for each
  // byte exactly when all are ASCII; a wrong byte becomes U+FFFD.
  const text = utf8.decode(bytes);
  if (text.length === bytes.length && !text.includes("\ufffd")) return text;
  let latin1 = "";
  for (const byte of bytes) latin1 += String.fromCharCode(byte);
  return latin1;
}

const utf8 = new TextDecoder();

/** The line feed. */
export const LF = 0x0a;

/**
 * Reads up to and including the next LF from what can only be read in pieces.
 *
 * @param read Reads up to so many octets; `null` at the end.
 * @param safe How many octets may be read, of at most so many, without passing
 * the next LF: at least one.
 * @param max The most octets to return.
 * @returns The line, or `null` at the end.
 */
export async function collectLine(
  read: (max: number) => Promise<Uint8Array | null>,
  safe: (max: number) => number,
  max: number,
): Promise<Uint8Array | null> {
  const first = await read(safe(max));
  if (first === null || first.length >= max || first.at(-1) === LF) {
    return first;
  }
  const line = new ByteBuffer(max);
  line.add(first);
  while (line.length < max) {
    const piece = await read(safe(max - line.length));
    if (piece === null) break;
    line.add(piece);
    if (piece.at(-1) === LF) break;
  }
  return line.take();
}

/**
 * How many octets of a window stand up to and including its first LF; all of
 * them where it has none.
 *
 * @param window The octets.
 */
export function lineSpan(window: Uint8Array): number {
  const at = window.indexOf(LF);
  return at < 0 ? window.length : at + 1;
}
