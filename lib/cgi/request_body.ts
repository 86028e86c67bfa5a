// The body of a request as a program gets it: its length is known before the
// program starts (RFC 3875 §4.1.2, §4.2), whatever coding it came in.
//
// A program waits for its body, and holds a slot meanwhile, so a client that
// sends slowly must not reach it: what is small, or of unknown length, is here
// in full before the program starts. What is large goes through as it comes, and
// may hold no more than a share of the slots. While slow clients hold all of that
// share, the large bodies of others are collected in temporary files; where there
// may be none, they wait in a queue.

import type { FieldList } from "../protocol/field_list.ts";
import type { Slots } from "./slots.ts";
import { type BodySource, Spool, type SpoolSpace } from "./spool.ts";
import { TemporaryFile } from "./temporary_file.ts";

/** A body and its length. */
export interface RequestBody extends BodySource, AsyncDisposable {
  /** The octets in all; `undefined` when the request has no body. */
  readonly length: number | undefined;
  /** Whether the client has sent all of it. */
  readonly isHere: boolean;
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
  /** Octets to keep in memory. */
  readonly memory: number;
  /** The room for what is kept on the disk. */
  readonly space: SpoolSpace;
  /** Places for bodies that are still coming when their program starts. */
  readonly places: Slots;
  /** Whose request it is. */
  readonly client: string;
  /** Whether the body is that of a request before this one. */
  readonly isRedirected: boolean;
}

/**
 * Makes the body ready to be passed on.
 *
 * @returns `undefined` if it is large and there is no place for it.
 * @throws {HttpError} 411 if a chunked body may not go to a temporary file, 503
 *   if there is no room for it there, 413 if it is too long, 400 if it is
 *   malformed.
 */
export async function openBody(
  { fields, rfile }: BodyOwner,
  options: OpenOptions,
): Promise<RequestBody | undefined> {
  const { memory, space, isRedirected } = options;
  if (isRedirected) return NO_BODY;
  if (fields.has("transfer-encoding")) {
    return keptBody(await Spool.collect(rfile, { memory, space }));
  }
  // The framing of the request has checked it: it is one number.
  const [text] = fields.getAll("content-length");
  if (text === undefined) return NO_BODY;
  const length = Number(text);
  if (length <= memory) {
    return keptBody(await Spool.collect(rfile, { memory, space }));
  }
  return await openLarge(length, rfile, options);
}

async function openLarge(
  length: number,
  rfile: BodySource,
  { memory, space, places, client }: OpenOptions,
): Promise<RequestBody | undefined> {
  const place = places.tryTake(client);
  if (place !== undefined) return arrivingBody(length, rfile, place);
  const file = space.canHold(length) ? await TemporaryFile.make() : undefined;
  if (file !== undefined) {
    return keptBody(await Spool.collect(rfile, { memory, space, file }));
  }
  const next = await places.take(undefined, client);
  return next && arrivingBody(length, rfile, next);
}

const NO_BODY: RequestBody = {
  length: undefined,
  isHere: true,
  read: () => Promise.resolve(null),
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

function keptBody(spool: Spool): RequestBody {
  return {
    length: spool.length,
    isHere: true,
    read: () => spool.read(),
    [Symbol.asyncDispose]: () => spool[Symbol.asyncDispose](),
  };
}

/** Gives its place back at its end: what follows is up to the program. */
function arrivingBody(
  length: number,
  rfile: BodySource,
  place: Disposable,
): RequestBody {
  return {
    length,
    isHere: false,
    async read() {
      const octets = await rfile.read();
      if (octets === null) place[Symbol.dispose]();
      return octets;
    },
    [Symbol.asyncDispose]() {
      place[Symbol.dispose]();
      return Promise.resolve();
    },
  };
}
