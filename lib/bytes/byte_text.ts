// Text for bytes that should be UTF-8 and need not be, as paths and variables of
// Unix. A byte that is no part of UTF-8 stands as a lone surrogate, 0xE9 as
// U+DCE9, so that all bytes come out as they went in (PEP 383 does the same).
// `isWellFormed()` of a string tells whether there are such bytes in it.

/** The surrogate that would stand for the byte 0. */
const ESCAPE = 0xdc00;

/** Those of pairs are none: with `u` a pair is one character. */
const ESCAPES = /[\udc80-\udcff]/gu;

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/**
 * Decodes bytes, whatever they are.
 *
 * @param bytes The bytes.
 * @returns The text, from which {@linkcode encodeByteText} makes the same bytes.
 */
export function decodeByteText(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return decodePieces(bytes);
  }
}

/**
 * Encodes text as {@linkcode decodeByteText} gives it.
 *
 * @param text The text.
 * @returns UTF-8, but for the bytes that were none.
 */
export function encodeByteText(text: string): Uint8Array<ArrayBuffer> {
  if (text.isWellFormed()) return encoder.encode(text);
  // No UTF-16 unit takes more than three bytes.
  const bytes = new Uint8Array(text.length * 3);
  let used = 0;
  let start = 0;
  const take = (end: number) => {
    const run = text.slice(start, end);
    used += encoder.encodeInto(run, bytes.subarray(used)).written;
  };
  for (const { 0: escape, index } of text.matchAll(ESCAPES)) {
    if (start < index) take(index);
    bytes[used++] = escape.charCodeAt(0) - ESCAPE;
    start = index + 1;
  }
  take(text.length);
  return bytes.slice(0, used);
}

/**
 * Text for who takes none but whole characters: bytes that are not UTF-8 are
 * taken for Latin-1.
 *
 * @param text Text as {@linkcode decodeByteText} gives it.
 */
export function recodedByteText(text: string): string {
  return text.replace(
    ESCAPES,
    (escape) => String.fromCharCode(escape.charCodeAt(0) - ESCAPE),
  );
}

function decodePieces(bytes: Uint8Array): string {
  let text = "";
  let start = 0;
  for (let at = 0; at < bytes.length;) {
    const length = sequenceLength(bytes, at);
    if (length === 0) {
      if (start < at) text += strict.decode(bytes.subarray(start, at));
      text += String.fromCharCode(ESCAPE + (bytes[at] ?? 0));
      start = at + 1;
    }
    at += Math.max(1, length);
  }
  return text + strict.decode(bytes.subarray(start));
}

/** The bytes of the character that begins here; 0 if none does (RFC 3629 §4). */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  const second = bytes[at + 1] ?? 0;
  if (first < 0x80) return 1;
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (first < 0xc2 || first > 0xf4) return 0;
  // Not overlong, no surrogate, not above U+10FFFF.
  const least = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const most = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < least || second > most) return 0;
  for (let next = at + 2; next < at + length; next++) {
    const byte = bytes[next] ?? 0;
    if (byte < 0x80 || byte > 0xbf) return 0;
  }
  return length;
}
