// From the output of a program to the answer of the server (RFC 3875 §6.2): a
// head that was read whole becomes the handler's own head, the rest its body.
// Output is passed on as it comes; only what the program has not finished
// within a moment is held back, so that a small answer leaves in one write.

import { handled } from "../bytes/stream.ts";
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

/** Milliseconds for a program to end whose length is not true so far. */
const CHECK_TIME = 100;

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
  run: Pick<ProgramRun, "read" | "outcome">,
  sink: AnswerSink,
  wfile: OutputSink,
): Promise<string | undefined> {
  const declared = head.contentLength;
  const isHead = sink.command === "HEAD";
  const start = declared === undefined || isHead || declared > CHECKED_LENGTH
    ? { pieces: [rest], size: rest.length, next: readNext(run) }
    : await collectStart(rest, run, declared);
  // A short body that is whole gets its true length. Any other is held to what
  // was declared: bytes too many are dropped here, and too few make the
  // response visibly incomplete.
  const isKept = declared !== undefined &&
    (start.next !== undefined ||
      start.size === declared && !await endsSoon(run));
  sink.sendResponse(head.status, head.reason);
  for (const [name, value] of head.fields) sink.sendHeader(name, value);
  if (isKept) sink.sendHeader("Content-Length", String(declared));
  sink.endHeaders();
  const room = isKept && !isHead ? declared : Infinity;
  const length = await relayOutput(start, run, wfile, room);
  // It is complete: what the program does behind it is nothing to wait for.
  if (isKept && !await endsSoon(run)) await wfile.flush();
  if (declared === undefined || declared === length || isHead) return undefined;
  return `declared ${declared} bytes and wrote ${length}`;
}

/** Nobody waits for it any more when the client is gone before. */
function readNext(
  run: Pick<ProgramRun, "read">,
): Promise<Uint8Array | null> {
  return handled(run.read());
}

function endsSoon(run: Pick<ProgramRun, "outcome">): Promise<boolean> {
  return within(run.outcome(), HOLD_TIME);
}

/** What came of a body so far. */
interface OutputStart {
  readonly pieces: readonly Uint8Array[];
  /** The bytes of the pieces. */
  readonly size: number;
  /** The read that waits for more; absent at the end of the output. */
  readonly next: Promise<Uint8Array | null> | undefined;
}

/** Waits a moment for the end of a short body. */
async function collectStart(
  rest: Uint8Array,
  run: Pick<ProgramRun, "read">,
  declared: number,
): Promise<OutputStart> {
  const pieces = [rest];
  let size = rest.length;
  for (;;) {
    const next = readNext(run);
    const patience = size === declared ? HOLD_TIME : CHECK_TIME;
    const isHere = await within(next, patience);
    if (!isHere) return { pieces, size, next };
    const piece = await next;
    if (piece === null) return { pieces, size, next: undefined };
    pieces.push(piece);
    size += piece.length;
    if (size > CHECKED_LENGTH) return { pieces, size, next: readNext(run) };
  }
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

/** Returns how many bytes there were, though not more than `room` are sent. */
async function relayOutput(
  { pieces, next }: OutputStart,
  run: Pick<ProgramRun, "read">,
  wfile: OutputSink,
  room: number,
): Promise<number> {
  let length = 0;
  const pass = async (piece: Uint8Array) => {
    const sent = piece.subarray(0, Math.max(0, room - length));
    length += piece.length;
    if (sent.length > 0) await wfile.write(sent);
  };
  for (const piece of pieces) await pass(piece);
  while (next !== undefined) {
    if (!await within(next, HOLD_TIME)) await wfile.flush();
    const piece: Uint8Array | null = await next;
    if (piece === null) break;
    await pass(piece);
    next = readNext(run);
  }
  return length;
}
