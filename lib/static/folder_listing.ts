// Answers with the listing of a folder, as a page or as JSON, while it is being
// read: the first entries leave before the last ones are looked at.

import type { Writer } from "../bytes/stream.ts";
import { HttpError } from "../facts/errors.ts";
import { chooseCoding, prefersJson } from "./accept.ts";
import { compress, takeCompressor } from "./compressors.ts";
import type { StreamCoding } from "./content_coding.ts";
import { HeldEntries } from "./held_entries.ts";
import {
  type ListingEntry,
  type ListingSource,
  readListing,
} from "./listing.ts";
import { contentSecurityPolicy } from "./listing_policy.ts";
import {
  inlineParts,
  type ListingPage,
  writeListingJson,
  writeListingPage,
} from "./listing_page.ts";

/** The steps of an answer that a listing goes through. */
export interface ListingSteps {
  /** Where the body goes. */
  readonly wfile: Writer;
  /** Starts the head. */
  sendResponse(code: number): void;
  /** Adds a field. */
  sendHeader(name: string, value: string): void;
  /** Ends the head. */
  endHeaders(): void;
}

/** What a client takes, and what it is offered. */
export interface ListingWishes {
  /** The Accept value of the request. */
  readonly accept: string | undefined;
  /** The Accept-Encoding value of the request. */
  readonly acceptEncoding: string | undefined;
  /** Whether it may be compressed. */
  readonly compress: boolean;
}

/**
 * Sends a listing.
 *
 * @param steps The steps of the handler.
 * @param source The folder, and what is shown of it.
 * @param page What the page shows besides the entries.
 * @param wishes What the client takes.
 * @throws {HttpError} 404 if the folder may not be read, as in Python, 503 if
 * too many entries of folders are in memory.
 */
export async function sendListing(
  steps: ListingSteps,
  source: ListingSource,
  page: ListingPage,
  wishes: ListingWishes,
): Promise<void> {
  using held = new HeldEntries();
  const batches = await begin(readListing(source, page.order, held));
  const coding = wishes.compress
    ? chooseCoding(wishes.acceptEncoding, CODINGS)
    : undefined;
  using compressor = coding && takeCompressor();
  const isJson = prefersJson(wishes.accept);
  steps.sendResponse(200);
  steps.sendHeader(
    "Vary",
    wishes.compress ? "Accept, Accept-Encoding" : "Accept",
  );
  steps.sendHeader("X-Content-Type-Options", "nosniff");
  if (coding && compressor) steps.sendHeader("Content-Encoding", coding);
  if (isJson) {
    steps.sendHeader("Content-Type", "application/json; charset=utf-8");
  } else await sendPageFields(steps, page);
  steps.endHeaders();
  const pieces = isJson
    ? writeListingJson(batches)
    : writeListingPage(page, batches);
  const content = coding && compressor
    ? compress(encode(pieces), coding)
    : pieces;
  for await (const piece of content) await steps.wfile.write(piece);
}

/** Favourites first: a listing is made anew for each who asks. */
const CODINGS: readonly StreamCoding[] = ["gzip", "br"];

async function sendPageFields(
  steps: ListingSteps,
  page: ListingPage,
): Promise<void> {
  const { styles, scripts } = inlineParts(page);
  const policy = await contentSecurityPolicy(styles, scripts);
  steps.sendHeader("Content-Type", "text/html; charset=utf-8");
  steps.sendHeader("Content-Security-Policy", policy);
  steps.sendHeader("Referrer-Policy", "same-origin");
}

async function* encode(
  pieces: AsyncIterable<string>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  for await (const piece of pieces) yield encoder.encode(piece);
}

/** Reads the first entries, so that a folder that cannot be read is an error page. */
async function begin(
  batches: AsyncGenerator<ListingEntry[]>,
): Promise<AsyncGenerator<ListingEntry[]>> {
  try {
    return resume(await batches.next(), batches);
  } catch (cause) {
    const isOurs = !(cause instanceof Deno.errors.PermissionDenied ||
      cause instanceof Deno.errors.NotFound ||
      cause instanceof Deno.errors.NotADirectory);
    if (!isOurs) {
      throw new HttpError(404, "No permission to list directory", { cause });
    }
    throw cause;
  }
}

async function* resume(
  first: IteratorResult<ListingEntry[]>,
  rest: AsyncGenerator<ListingEntry[]>,
): AsyncGenerator<ListingEntry[]> {
  if (first.done) return;
  yield first.value;
  yield* rest;
}
