// From the output of a program to the answer of the server (RFC 3875 §6.2): a
// head that was read whole becomes the handler's own head, the rest its body.
// Output is passed on as it comes; only what the program has not finished
// within a moment is held back, so that a small answer leaves in one write.

import { within } from "./deadline.ts";
import {
  type DocumentHead,
  type OutputHead,
  OutputHeadReader,
} from "./output.ts";
import type { ProgramRun } from "./program_run.ts";

/** Where the body of an answer goes. */
export interface OutputSink {
  /** Resolves when more may follow. */
  write(octets: Uint8Array): Promise<void>;
  /** Sends what was held back. */
  flush(): Promise<void>;
}

/** The part of a handler that takes a head. */
export interface AnswerSink {
  /** The request method. */
  readonly command: string;
  /** Starts the head. */
  sendResponse(code: number, reason?: string): void;
  /** Adds a field to the head. */
  sendHeader(name: string, value: string): void;
  /** Ends the head. */
  endHeaders(): void;
}

/** Milliseconds that output may stay with the server before it is passed on. */
const HOLD_TIME = 5;

/** A body of a declared length up to this is checked before it is sent. */
const CHECKED_LENGTH = 16_384;

/**
 * Reads the head of a program's output.
 *
 * @param first The octets that were read first.
 * @returns The head, and what came of the body with it.
 * @throws {OutputError} If the output is not a CGI response.
 */
export async function readOutputHead(
  first: Uint8Array | null,
  run: Pick<ProgramRun, "read">,
): Promise<{ head: OutputHead; rest: Uint8Array }> {
  const reader = new OutputHeadReader();
  for (let octets = first; octets !== null; octets = await run.read()) {
    const head = reader.push(octets);
    if (head !== undefined) return { head, rest: reader.rest };
  }
  return reader.end();
}

/**
 * Answers with a document, up to the end of the output.
 *
 * @returns What was wrong with the length that the program declared, if
 *   anything was.
 */
export async function relayDocument(
  head: DocumentHead,
  rest: Uint8Array,
  run: Pick<ProgramRun, "read">,
  sink: AnswerSink,
  wfile: OutputSink,
): Promise<string | undefined> {
  const declared = head.contentLength;
  const isHead = sink.command === "HEAD";
  // A small body comes whole before its length is sent, so a wrong one does no
  // harm. A larger one is held to its word: octets too many are dropped here,
  // and too few make the answer visibly incomplete.
  const isChecked = declared !== undefined && declared <= CHECKED_LENGTH;
  const isKept = declared !== undefined && (isHead || !isChecked);
  sink.sendResponse(head.status, head.reason);
  for (const [name, value] of head.fields) sink.sendHeader(name, value);
  if (isKept) sink.sendHeader("Content-Length", String(declared));
  sink.endHeaders();
  const room = isKept && !isHead ? declared : Infinity;
  const length = await relayOctets(rest, run, wfile, room, !isChecked);
  if (declared === undefined || declared === length || isHead) return undefined;
  return `declared ${declared} octets and wrote ${length}`;
}

/** Passes the output on unmodified (§5), as fast as it comes. */
export async function relayRaw(
  first: Uint8Array,
  run: Pick<ProgramRun, "read">,
  wfile: OutputSink,
): Promise<void> {
  let octets: Uint8Array | null = first;
  while (octets !== null) {
    await wfile.write(octets);
    await wfile.flush();
    octets = await run.read();
  }
}

/** Reads the rest of the output and drops it (§6.4: to its end). */
export async function drainOutput(
  run: Pick<ProgramRun, "read">,
): Promise<void> {
  while (await run.read() !== null);
}

/** Returns how many octets there were, though not more than `room` are sent. */
async function relayOctets(
  rest: Uint8Array,
  run: Pick<ProgramRun, "read">,
  wfile: OutputSink,
  room: number,
  flushes: boolean,
): Promise<number> {
  let octets: Uint8Array | null = rest;
  let length = 0;
  while (octets !== null) {
    const sent = octets.subarray(0, Math.max(0, room - length));
    length += octets.length;
    if (sent.length > 0) await wfile.write(sent);
    const next = run.read();
    if (flushes && !await within(next, HOLD_TIME)) await wfile.flush();
    octets = await next;
  }
  return length;
}
