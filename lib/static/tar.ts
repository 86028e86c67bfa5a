// Writes a tar archive (POSIX.1-2001, pax interchange format) as bytes that are
// made when they are asked for: whoever reads slowly makes nothing pile up.
// Pure but for the content that it passes on.

import { joined } from "../bytes/octets.ts";

/** One entry of an archive; a folder has no content. */
export interface Member {
  /** The path in the archive, with a slash at its end for a folder. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  readonly modified: Date;
  /** Exactly `size` bytes; a piece is good until the next one is asked for. */
  readonly content: AsyncIterable<Uint8Array> | undefined;
}

const BLOCK = 512;
/** The largest number that eleven octal digits hold. */
const MAX_OCTAL = 8 ** 11 - 1;
const MAX_NAME = 100;

const encoder = new TextEncoder();

/**
 * Writes an archive.
 *
 * @param members Its entries.
 * @returns The bytes of the archive; a piece is good until the next one is asked
 * for.
 */
export async function* packTar(
  members: AsyncIterable<Member>,
): AsyncGenerator<Uint8Array> {
  for await (const member of members) {
    yield tarHeader(member);
    if (member.content === undefined) continue;
    yield* member.content;
    yield padding(member.size);
  }
  yield new Uint8Array(2 * BLOCK);
}

/**
 * Writes what stands before the content of an entry. What the header has no
 * room for stands in a pax record before it.
 *
 * @param member The entry.
 * @returns Whole blocks.
 */
export function tarHeader(member: Member): Uint8Array<ArrayBuffer> {
  const { size } = member;
  const name = encoder.encode(member.name);
  const time = Math.max(0, Math.floor(member.modified.getTime() / 1000));
  let records = "";
  // deno-lint-ignore no-control-regex -- all of ASCII is meant
  if (name.length > MAX_NAME || !/^[\x00-\x7f]*$/.test(member.name)) {
    records += paxRecord("path", member.name);
  }
  if (size > MAX_OCTAL) records += paxRecord("size", String(size));
  const type = member.content === undefined ? "5" : "0";
  const main = headerBlock(name, type, size, time);
  if (records === "") return main;
  const body = encoder.encode(records);
  const about = headerBlock(encoder.encode("pax"), "x", body.length, time);
  return joined([about, body, padding(body.length), main]);
}

function headerBlock(
  name: Uint8Array,
  type: string,
  size: number,
  time: number,
): Uint8Array<ArrayBuffer> {
  const block = new Uint8Array(BLOCK);
  const put = (at: number, text: string) =>
    encoder.encodeInto(text, block.subarray(at));
  block.set(name.subarray(0, MAX_NAME));
  put(100, type === "5" ? "0000755\0" : "0000644\0");
  put(108, "0000000\0");
  put(116, "0000000\0");
  put(124, `${octal(Math.min(size, MAX_OCTAL), 11)}\0`);
  put(136, `${octal(Math.min(time, MAX_OCTAL), 11)}\0`);
  put(148, "        ");
  put(156, type);
  put(257, "ustar\x0000");
  put(329, "0000000\x000000000\0");
  // The sum counts its own field as spaces.
  const sum = block.reduce((total, byte) => total + byte, 0);
  put(148, `${octal(sum, 6)}\0 `);
  return block;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, "0");
}

/** A record begins with its own length in bytes, the digits of it included. */
function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const length = encoder.encode(rest).length;
  let total = length;
  while (String(total).length + length !== total) {
    total = String(total).length + length;
  }
  return `${total}${rest}`;
}

function padding(size: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array((BLOCK - size % BLOCK) % BLOCK);
}
