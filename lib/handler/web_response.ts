// A web `Response` as the answer: through the steps of the pipeline, so that
// overridden ones see it, or handed on whole where the transport can do that.

import { DONE, type Writer } from "../bytes/stream.ts";
import type { ResponseWriter } from "../protocol/exchange.ts";
import { tryToLog } from "./error_report.ts";
import { ResponsePipeline } from "./response_pipeline.ts";

/** The steps of an answer that a web `Response` goes through. */
export interface ResponseSteps {
  /** The method of the request. */
  readonly command: string;
  /** Where the body goes. */
  readonly wfile: Writer;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
  /** Starts the head. */
  sendResponse(code: number, message?: string): void;
  /** Adds a field. */
  sendHeader(name: string, value: string): void;
  /** Ends the head. */
  endHeaders(): void;
}

/**
 * Of an answer to HEAD only the length matters: what is longer than this, or has
 * to be waited for, is not read to its end.
 */
const MAX_OF_HEAD = 16_384;

/**
 * Sends what a method has returned: whole where the transport takes it so, else
 * through the steps.
 *
 * @param handler Whose method it was.
 * @param writer The response of the transport.
 * @param response What was returned.
 * @returns A promise if it has to be waited for.
 */
export function sendReturned(
  handler: ResponsePipeline & ResponseSteps,
  writer: ResponseWriter,
  response: Response,
): void | Promise<void> {
  if (hasOwnSteps(handler) || !writer.adopt(response)) {
    return sendWebResponse(handler, response);
  }
  tryToLog(handler, () => handler.logRequest(response.status));
}

/** A class that changes the steps changes every answer, however it is given. */
function hasOwnSteps(handler: ResponsePipeline): boolean {
  const { prototype } = ResponsePipeline;
  return handler.sendResponse !== prototype.sendResponse ||
    handler.sendResponseOnly !== prototype.sendResponseOnly ||
    handler.sendHeader !== prototype.sendHeader ||
    handler.endHeaders !== prototype.endHeaders;
}

/**
 * Answers with a web `Response`.
 *
 * @param steps The steps of the handler.
 * @param response The answer, whose body is consumed.
 * @returns A promise if there is a body.
 */
export function sendWebResponse(
  steps: ResponseSteps,
  response: Response,
): void | Promise<void> {
  const { body } = response;
  try {
    sendHead(steps, response);
  } catch (error) {
    // Whoever makes the body hears that nobody wants it.
    body?.cancel(error).catch(ignore);
    throw error;
  }
  if (body !== null) return sendStream(steps, body);
}

function sendHead(steps: ResponseSteps, response: Response): void {
  if (response.status === 101) {
    // Who made it, as Deno.upgradeWebSocket(), does not have the connection.
    throw new Error(
      "Cannot send a Response of the status 101: answer by the steps, " +
        "then take the connection by detach()",
    );
  }
  steps.sendResponse(response.status, response.statusText || undefined);
  // Half the time of `for of`, which makes a pair of each field.
  response.headers.forEach((value, name) => {
    if (!isAboutAnotherHop(name, value)) steps.sendHeader(name, value);
  });
  steps.endHeaders();
}

/**
 * Tells whether a field is about the connection that a `Response` came by, as
 * one from `fetch` has it: the framing here is derived. A wish to close holds.
 */
function isAboutAnotherHop(name: string, value: string): boolean {
  return name === "transfer-encoding" || name === "keep-alive" ||
    name === "connection" && value.toLowerCase() !== "close";
}

/** The turns in which a stream over octets in memory gives a piece. */
const TURNS = 8;

/**
 * Sends a stream as it comes: what can be had at once is joined, and is sent
 * before the next piece has to be waited for.
 */
async function sendStream(
  steps: ResponseSteps,
  stream: ReadableStream<Uint8Array>,
): Promise<void> {
  const { wfile } = steps;
  const isHead = steps.command === "HEAD";
  const reader = stream.getReader();
  let gone: AbortSignal | undefined;
  // A stream that waits for something of its own is not written to the client,
  // and so would never hear that it is gone.
  const leave = () => void reader.cancel(gone?.reason).catch(ignore);
  try {
    for (let size = 0;;) {
      const reading = reader.read();
      let isHere = false;
      const arrive = () => {
        isHere = true;
      };
      reading.then(arrive, arrive);
      // Not in a function of its own: that would cost a promise for each piece.
      for (let i = 0; i < TURNS && !isHere; i++) await DONE;
      if (!isHere) {
        await wfile.flush();
        if (isHead) return await reader.cancel();
        if (gone === undefined) {
          gone = steps.signal;
          gone.addEventListener("abort", leave);
          if (gone.aborted) leave();
        }
      }
      const { done, value } = await reading;
      gone?.throwIfAborted();
      if (done) return;
      await wfile.write(value);
      size += value.length;
      if (isHead && size > MAX_OF_HEAD) return await reader.cancel();
    }
  } catch (error) {
    reader.cancel(error).catch(ignore);
    throw error;
  } finally {
    gone?.removeEventListener("abort", leave);
  }
}

/** A stream that fails while it is cancelled is at its end anyway. */
function ignore(): void {}
