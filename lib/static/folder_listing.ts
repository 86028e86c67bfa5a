// Answers with the listing of a folder, as a page or as JSON, while it is being
// read: the first entries leave before the last ones are looked at.

import type { Writer } from "../bytes/stream.ts";
import { HttpError } from "../facts/errors.ts";
import { prefersJson } from "./accept.ts";
import {
  type ListingEntry,
  type ListingRules,
  readListing,
} from "./listing.ts";
import { contentSecurityPolicy } from "./listing_look.ts";
import {
  inlineParts,
  type ListingPage,
  writeListingJson,
  writeListingPage,
} from "./listing_page.ts";

/** The steps of an answer that a listing goes through. */
export interface ListingSteps {
  /** The method of the request. */
  readonly command: string;
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
 * @param folder The path of the folder.
 * @param page What the page shows besides the entries.
 * @param rules Which entries are left out.
 * @param accept The Accept value of the request.
 * @throws {HttpError} 404 if the folder may not be read, as in Python.
 */
export async function sendListing(
  steps: ListingSteps,
  folder: string,
  page: ListingPage,
  rules: ListingRules,
  accept: string | undefined,
): Promise<void> {
  const batches = await begin(readListing(folder, page.order, rules));
  steps.sendResponse(200);
  steps.sendHeader("Vary", "Accept");
  steps.sendHeader("X-Content-Type-Options", "nosniff");
  if (prefersJson(accept)) {
    steps.sendHeader("Content-Type", "application/json; charset=utf-8");
    steps.endHeaders();
    return await writeBody(steps, writeListingJson(batches));
  }
  const { styles, scripts } = inlineParts(page);
  const policy = await contentSecurityPolicy(styles, scripts);
  steps.sendHeader("Content-Type", "text/html; charset=utf-8");
  steps.sendHeader("Content-Security-Policy", policy);
  steps.sendHeader("Referrer-Policy", "same-origin");
  steps.endHeaders();
  await writeBody(steps, writeListingPage(page, batches));
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

async function writeBody(
  { command, wfile }: ListingSteps,
  pieces: AsyncIterable<string>,
): Promise<void> {
  // Entries that nobody will see are not looked at.
  if (command === "HEAD") return await wfile.flush();
  for await (const piece of pieces) await wfile.write(piece);
}
