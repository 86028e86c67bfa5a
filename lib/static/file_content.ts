// The octets of a representation: from memory, from the open file, or through a
// compressor; and sending those that a plan names.

import type { Writer } from "../bytes/stream.ts";
import { compress } from "./compressors.ts";
import type { StreamCoding } from "./content_coding.ts";
import { writeByteranges, writeRange } from "./file_body.ts";
import type { FileCache } from "./file_cache.ts";
import type { FilePlan } from "./file_plan.ts";
import type { OpenFile } from "./open_file.ts";
import type { Representation } from "./representation.ts";
import type { ServableFile } from "./servable_file.ts";

/** Octets in memory, or a file that is open. */
export type Content = Uint8Array | OpenFile;

/** A plan that has octets to send. */
export type ContentPlan = Extract<FilePlan, { status: 200 | 206 }>;

/**
 * Opens the content of a representation.
 *
 * @param representation What is to be sent.
 * @param cache Where small content is kept.
 * @param method `GET`, or `HEAD`: then the file is opened to see that it may be,
 * and nothing is read.
 * @returns The content, which the caller closes if it is a file; undefined when
 * the file is not what it was.
 * @throws {HttpError} 403 if the file may not be read.
 */
export async function openContent(
  { file, streamCoding }: Representation,
  cache: FileCache,
  method: string,
): Promise<Content | undefined> {
  if (method === "HEAD") return await cache.root.open(file);
  // What is not kept would be in memory once for each client that reads it.
  const isWhole = streamCoding !== undefined || cache.mayKeep(file);
  const plain = isWhole ? await cache.body(file) : undefined;
  if (plain === undefined) return await cache.root.open(file);
  if (streamCoding === undefined) return plain;
  const encoded = await compressOnce(file, plain, streamCoding);
  return cache.keepBody(file, streamCoding, encoded);
}

/**
 * Sends the octets that a plan names.
 *
 * @param content The content, encoded already if it is in memory.
 * @param plan Which octets.
 * @param streamCoding The coding to make of an open file.
 * @param wfile Where they go.
 * @throws {Error} If the file has shrunk.
 */
export async function sendContent(
  content: Content,
  plan: ContentPlan,
  streamCoding: StreamCoding | undefined,
  wfile: Writer,
): Promise<void> {
  if (content instanceof Uint8Array) await sendOctets(content, plan, wfile);
  else if (streamCoding !== undefined) {
    const encoded = compress(content.readable, streamCoding);
    for await (const chunk of encoded) await wfile.write(chunk);
  } else if (plan.kind === "parts") {
    await writeByteranges(content, plan.layout, wfile);
  } else await writeRange(content, rangeOf(plan), wfile);
}

/**
 * Sends octets from memory that a plan names.
 *
 * @param octets The whole content.
 * @param plan Which octets.
 * @param wfile Where they go.
 * @returns Settles when more may be written.
 */
export function sendOctets(
  octets: Uint8Array,
  plan: ContentPlan,
  wfile: Writer,
): Promise<void> {
  if (plan.kind === "whole") return wfile.write(octets);
  if (plan.kind === "part") {
    const { first, last } = plan.range;
    return wfile.write(octets.subarray(first, last + 1));
  }
  for (const { head, range: { first, last } } of plan.layout.parts) {
    wfile.write(head);
    wfile.write(octets.subarray(first, last + 1));
  }
  return wfile.write(plan.layout.tail);
}

function rangeOf(
  plan: Exclude<ContentPlan, { kind: "parts" }>,
): { first: number; last: number } {
  return plan.kind === "part" ? plan.range : { first: 0, last: plan.size - 1 };
}

/** By what was found: for the same content it is the same object. */
const underWay = new WeakMap<
  ServableFile,
  Map<StreamCoding, Promise<Uint8Array>>
>();

/** Compresses for all who ask meanwhile: Brotli takes a quarter of a second. */
async function compressOnce(
  file: ServableFile,
  plain: Uint8Array,
  coding: StreamCoding,
): Promise<Uint8Array> {
  let byCoding = underWay.get(file);
  if (byCoding === undefined) underWay.set(file, byCoding = new Map());
  let encoding = byCoding.get(coding);
  if (encoding === undefined) {
    byCoding.set(coding, encoding = compressWhole(plain, coding));
  }
  try {
    return await encoding;
  } finally {
    byCoding.delete(coding);
  }
}

async function compressWhole(
  octets: Uint8Array,
  coding: StreamCoding,
): Promise<Uint8Array> {
  const source = new Blob([new Uint8Array(octets)]).stream();
  return await new Response(compress(source, coding)).bytes();
}
