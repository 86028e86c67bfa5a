// The body of a request as a program gets it: its length is known before the
// program starts (RFC 3875 §4.1.2, §4.2), whatever coding it came in.

import type { FieldList } from "../protocol/field_list.ts";
import { type BodySource, Spool } from "./spool.ts";

/** A body and its length. */
export interface RequestBody extends BodySource, AsyncDisposable {
  /** The octets in all; `undefined` when the request has no body. */
  readonly length: number | undefined;
}

/** The request that the body belongs to. */
export interface BodyOwner {
  /** The fields of the request. */
  readonly fields: FieldList;
  /** The body without its transfer coding. */
  readonly rfile: BodySource;
}

/** How to open a body. */
export interface OpenOptions {
  /** Octets to keep in memory while they are counted. */
  readonly memory: number;
  /** Whether the body is that of a request before this one. */
  readonly isRedirected: boolean;
}

/**
 * Makes the body ready to be passed on: one with a Content-Length goes through
 * as it comes, a chunked one is read to its end first.
 *
 * @throws {HttpError} 411 if a chunked body may not go to a temporary file,
 *   413 if it is too long, 400 if it is malformed.
 */
export async function openBody(
  { fields, rfile }: BodyOwner,
  { memory, isRedirected }: OpenOptions,
): Promise<RequestBody> {
  if (isRedirected) return passThrough(undefined, rfile);
  if (fields.has("transfer-encoding")) {
    return await Spool.collect(rfile, memory);
  }
  // The framing of the request has checked it: it is one number.
  const [length] = fields.getAll("content-length");
  return passThrough(length === undefined ? undefined : Number(length), rfile);
}

function passThrough(
  length: number | undefined,
  rfile: BodySource,
): RequestBody {
  return {
    length,
    read: () => rfile.read(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
