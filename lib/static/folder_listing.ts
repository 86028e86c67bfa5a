// Answers with the listing of a folder, as a page or as JSON, while it is being
// read: the first entries leave before the last ones are looked at.

import type { Writer } from "../bytes/stream.ts";
import { HttpError } from "../facts/errors.ts";
import { prefersJson } from "./accept.ts";
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

/**
 * Sends a listing.
 *
 * @param steps The steps of the handler.
 * @param source The folder, and what is shown of it.
 * @param page What the page shows besides the entries.
 * @param accept The Accept value of the request.
 * @throws {HttpError} 404 if the folder may not be read, as in Python, 503 if
 * too many entries of folders are in memory.
 */
export async function sendListing(
  steps: ListingSteps,
  source: ListingSource,
  page: ListingPage,
  accept: string | undefined,
): Promise<void> {
  using held = new HeldEntries();
  const batches = await begin(readListing(source, page.order, held));
  steps.sendResponse(200);
  steps.sendHeader("Vary", "Accept");
  steps.sendHeader("X-Content-Type-Options", "nosniff");
  if (prefersJson(accept)) {
    steps.sendHeader("Content-Type", "application/json; charset=utf-8");
    steps.endHeaders();
    await writeAll(writeListingJson(batches), steps.wfile);
    return;
  }
  const { styles, scripts } = inlineParts(page);
  const policy = await contentSecurityPolicy(styles, scripts);
  steps.sendHeader("Content-Type", "text/html; charset=utf-8");
  steps.sendHeader("Content-Security-Policy", policy);
  steps.sendHeader("Referrer-Policy", "same-origin");
  steps.endHeaders();
  await writeAll(writeListingPage(page, batches), steps.wfile);
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

async function writeAll(
  pieces: AsyncIterable<string>,
  wfile: Writer,
): Promise<void> {
  for await (const piece of pieces) await wfile.write(piece);
}
