// One run of a program answers one request: the body goes in and the output
// comes out, side by side, so that a program may answer before it has read its
// input, or never read it at all. Whatever ends the run early is the reason
// with which the request fails.

import { type Reporter, tryToLog } from "../handler/error_report.ts";
import { isAboutContent } from "./content_fields.ts";
import { within } from "./deadline.ts";
import {
  type ConditionalRequest,
  conditionOf,
  notModifiedFields,
} from "./document_condition.ts";
import {
  type DocumentHead,
  type LocalRedirect,
  OutputError,
} from "./output.ts";
import type { Program } from "./program.ts";
import { ProgramError, type ProgramRun } from "./program_run.ts";
import {
  type AnswerSink,
  drainOutput,
  type OutputSink,
  readOutputHead,
  relayDocument,
  relayRaw,
} from "./relay.ts";
import type { RunGuard } from "./run_guard.ts";
import type { RequestBody } from "./request_body.ts";

/** What a run needs of the handler whose request it answers. */
export interface AnsweringHandler
  extends AnswerSink, ConditionalRequest, Reporter {
  /** Takes the body. */
  readonly wfile: OutputSink;
  /** Aborted when the client goes away; asked for once the body was read. */
  readonly signal: AbortSignal;
  /** Gives the connection to a program that writes its whole answer. */
  detach(): { wfile: OutputSink };
  /** Answers with an error page. */
  sendError(
    code: number,
    message?: string,
    explain?: string,
    headers?: DocumentHead["fields"],
  ): void | Promise<void>;
  /** Logs the request. */
  logRequest(code: number | string): void;
  /** Tells the owner of the server what is wrong. */
  logProblem(message: string): void;
}

/** One request and the run that answers it. */
export interface Answering {
  readonly program: Program;
  readonly run: ProgramRun;
  readonly guard: RunGuard;
  /** The body of the request, `undefined` if it has none. */
  readonly body: Pick<RequestBody, "read" | "isHere"> | undefined;
  readonly handler: AnsweringHandler;
}

/** Milliseconds in which a program's end mostly shows on its input too. */
const INPUT_GRACE = 5;

/**
 * Passes the body in and the answer out, until the run is over.
 *
 * @returns The local redirect, if that is the answer.
 * @throws {OutputError} If the output is not a CGI response.
 * @throws {ProgramError} If the program breaks off.
 * @throws {unknown} The reason why the run was ended early.
 */
export async function answerWithProgram(
  answering: Answering,
): Promise<LocalRedirect | undefined> {
  const { guard, handler } = answering;
  const { body } = answering;
  const feeding = body === undefined ? undefined : feed(answering);
  // After the body was first read: the signal reads ahead of who does not. A
  // program that leaves a body unread must not outlive its client.
  guard.watch(handler.signal);
  let redirect: LocalRedirect | undefined;
  try {
    redirect = await answer(answering);
    await judge(answering);
  } catch (error) {
    guard.end(error);
  }
  if (feeding !== undefined) await endFeeding(feeding, answering);
  guard.check();
  return redirect;
}

/** Passes the body in; never rejects. */
async function feed({ body, run, guard }: Answering): Promise<void> {
  try {
    for (;;) {
      const octets = await body?.read() ?? null;
      if (octets === null) break;
      if (!await run.write(octets)) return;
      guard.restart();
    }
    await run.closeInput();
    guard.restart();
  } catch (error) {
    guard.end(error);
  }
}

/**
 * Waits for a body that a program did not read to its end. It may take its
 * time, but the client has its answer. To leave its reader alone is no choice:
 * the next request comes through it.
 */
async function endFeeding(
  feeding: Promise<void>,
  { run, guard, handler }: Answering,
): Promise<void> {
  if (await within(feeding, INPUT_GRACE)) return;
  if (!guard.hasEnded) await handler.wfile.flush();
  run.stop();
  await feeding;
}

async function answer(
  answering: Answering,
): Promise<LocalRedirect | undefined> {
  const { program, run, guard, handler } = answering;
  const first = await run.read();
  guard.answered();
  if (program.nph) {
    await answerRaw(first, answering);
    return undefined;
  }
  const { head, rest } = await readOutputHead(first, run);
  if (head.kind === "local-redirect") {
    await drainOutput(run);
    return head;
  }
  const condition = conditionOf(head, handler);
  if (condition !== "holds") {
    await answerCondition(condition, head, answering);
    return undefined;
  }
  const wfile = guard.watchOutput(handler.wfile);
  const lie = await relayDocument(head, rest, run, handler, wfile);
  if (lie !== undefined) handler.logProblem(`${nameOf(program)}: ${lie}`);
  return undefined;
}

/** The rest of the output is read and dropped: the program is not killed. */
async function answerCondition(
  condition: "failed" | "not modified",
  { fields }: DocumentHead,
  { run, handler }: Answering,
): Promise<void> {
  if (condition === "failed") {
    const kept = fields.filter(([name]) => !isAboutContent(name));
    await handler.sendError(412, undefined, undefined, kept);
  } else {
    handler.sendResponse(304);
    for (const [name, value] of notModifiedFields(fields)) {
      handler.sendHeader(name, value);
    }
    handler.endHeaders();
    await handler.wfile.flush();
  }
  await drainOutput(run);
}

async function answerRaw(
  first: Uint8Array | null,
  { run, guard, handler }: Answering,
): Promise<void> {
  if (first === null) throw new OutputError("Cannot answer: no output");
  const [, status] = /^HTTP\/1\.[01] ([0-9]{3})/.exec(
    String.fromCharCode(...first.subarray(0, 12)),
  ) ?? [];
  tryToLog(handler, () => handler.logRequest(status ?? "-"));
  await relayRaw(first, run, guard.watchOutput(handler.detach().wfile));
}

/** An answer that a signal cut short must not look complete. */
async function judge({ program, run, handler }: Answering): Promise<void> {
  const { code, signal } = await run.outcome();
  if (signal !== null) throw new ProgramError(`Cannot finish: ${signal}`);
  if (code !== 0) {
    handler.logProblem(`${nameOf(program)}: exit status ${code}`);
  }
}

/** How the log names a program. */
export function nameOf(program: Program): string {
  return program.scriptName || program.file;
}
