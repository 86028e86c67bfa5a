// The records of FastCGI 1.0 (specification §3.3, §3.4, §8): values in, octets
// out, and back. The client is in `fastcgi_connection.ts`.

import { ByteBuffer } from "../bytes/byte_buffer.ts";
import { encodeByteText } from "../bytes/byte_text.ts";
import { joined } from "../bytes/octets.ts";

/** The record types that a responder and its client exchange. */
export const RECORD_TYPE = {
  beginRequest: 1,
  abortRequest: 2,
  endRequest: 3,
  params: 4,
  stdin: 5,
  stdout: 6,
  stderr: 7,
} as const;

/** How an application ended a request (§5.5). */
export const PROTOCOL_STATUS = {
  requestComplete: 0,
  cannotMultiplex: 1,
  overloaded: 2,
  unknownRole: 3,
} as const;

/** One record. */
export interface FastCgiRecord {
  /** One of `RECORD_TYPE`, or a type that is to be ignored. */
  readonly type: number;
  /** The request it belongs to; 0 for the connection. */
  readonly requestId: number;
  /** Its octets, without the padding. */
  readonly content: Uint8Array;
}

/** The content length is 16 bits; this keeps records a multiple of 8. */
const MAX_CONTENT = 0xfff8;
const HEADER_LENGTH = 8;
const VERSION = 1;
const ROLE_RESPONDER = 1;
const KEEP_CONNECTION = 1;

/** Encodes BEGIN_REQUEST for the role Responder. */
export function encodeBegin(requestId: number, keep: boolean): Uint8Array {
  const flags = keep ? KEEP_CONNECTION : 0;
  const content = Uint8Array.of(0, ROLE_RESPONDER, flags, 0, 0, 0, 0, 0);
  return encodeRecord(RECORD_TYPE.beginRequest, requestId, content);
}

/** Encodes a whole stream, its end included, in as few records as it takes. */
export function encodeStream(
  type: number,
  requestId: number,
  content: Uint8Array,
): Uint8Array {
  const end = encodeRecord(type, requestId, new Uint8Array(0));
  if (content.length === 0) return end;
  return joined([encodePart(type, requestId, content), end]);
}

/** Encodes a part of a stream that has not ended. */
export function encodePart(
  type: number,
  requestId: number,
  content: Uint8Array,
): Uint8Array {
  const records: Uint8Array[] = [];
  for (let start = 0; start < content.length; start += MAX_CONTENT) {
    const part = content.subarray(start, start + MAX_CONTENT);
    records.push(encodeRecord(type, requestId, part));
  }
  return joined(records);
}

/** Encodes name-value pairs (§3.4), the content of a PARAMS stream. */
export function encodePairs(pairs: Record<string, string>): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const [name, value] of Object.entries(pairs)) {
    const nameOctets = encodeByteText(name);
    const valueOctets = encodeByteText(value);
    parts.push(
      encodeLength(nameOctets.length),
      encodeLength(valueOctets.length),
      nameOctets,
      valueOctets,
    );
  }
  return joined(parts);
}

/** What an END_REQUEST says (§5.5). */
export interface EndOfRequest {
  /** The exit status of the application. */
  readonly appStatus: number;
  /** One of `PROTOCOL_STATUS`. */
  readonly protocolStatus: number;
}

/** Decodes the content of an END_REQUEST; `undefined` if it is short. */
export function decodeEnd(content: Uint8Array): EndOfRequest | undefined {
  if (content.length < HEADER_LENGTH) return undefined;
  const view = new DataView(content.buffer, content.byteOffset);
  return { appStatus: view.getUint32(0), protocolStatus: view.getUint8(4) };
}

/** Cuts a stream of octets into records. */
export class RecordDecoder {
  #held = new ByteBuffer();
  /** How many of the held bytes belong to records that were taken out. */
  #taken = 0;

  /** Whether the bytes so far end between two records. */
  get isBetweenRecords(): boolean {
    return this.#taken === this.#held.length;
  }

  /** Takes the next bytes. */
  push(bytes: Uint8Array): void {
    if (this.#taken > 0) {
      const rest = this.#held.bytes.subarray(this.#taken);
      // The records that were taken out are views of the old memory.
      this.#held = new ByteBuffer();
      this.#taken = 0;
      this.#held.add(rest);
    }
    this.#held.add(bytes);
  }

  /**
   * Takes the next whole record out, `undefined` if there is none yet.
   *
   * @throws {RangeError} If the peer speaks another protocol version.
   */
  next(): FastCgiRecord | undefined {
    const held = this.#held.bytes.subarray(this.#taken);
    const [version] = held;
    if (version !== undefined && version !== VERSION) {
      throw new RangeError(`Cannot read a FastCGI record: version ${version}`);
    }
    if (held.length < HEADER_LENGTH) return undefined;
    const view = new DataView(held.buffer, held.byteOffset);
    const end = HEADER_LENGTH + view.getUint16(4);
    const size = end + view.getUint8(6);
    if (held.length < size) return undefined;
    this.#taken += size;
    return {
      type: view.getUint8(1),
      requestId: view.getUint16(2),
      content: held.subarray(HEADER_LENGTH, end),
    };
  }
}

function encodeRecord(
  type: number,
  requestId: number,
  content: Uint8Array,
): Uint8Array {
  const record = new Uint8Array(HEADER_LENGTH + content.length);
  const view = new DataView(record.buffer);
  view.setUint8(0, VERSION);
  view.setUint8(1, type);
  view.setUint16(2, requestId);
  view.setUint16(4, content.length);
  record.set(content, HEADER_LENGTH);
  return record;
}

/** One octet up to 127, else four with the highest bit set. */
function encodeLength(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length);
  const octets = new Uint8Array(4);
  new DataView(octets.buffer).setUint32(0, (length | 0x80000000) >>> 0);
  return octets;
}
