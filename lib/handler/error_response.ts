// The response to an error. It may fail itself, because of the error's own
// fields or of an override: the client gets a response all the same.

import { ConnectionLost, type HttpError } from "../facts/errors.ts";
import type { Exchange } from "../protocol/exchange.ts";
import { endsWithin } from "./deadline.ts";
import { report } from "./error_report.ts";
import type { ResponsePipeline } from "./response_pipeline.ts";

/**
 * Sends the page of an error; where that fails, a plain 500. A page that takes
 * longer than `handlerTimeout` has failed.
 *
 * @param handler Whose page it is.
 * @param exchange The exchange, in which nothing is committed yet.
 * @param error The error.
 * @returns Whether the connection goes on.
 */
export async function respondToError(
  handler: ResponsePipeline,
  exchange: Exchange,
  error: HttpError,
): Promise<boolean> {
  const { status, message, explain, headers } = error;
  const limit = handler.server.limits.handlerTimeout;
  const ways = [
    // What is overridden may have a default of its own.
    () => handler.sendError(status, message || undefined, explain, headers),
    () => handler.sendError(500),
    () => sendBareError(exchange),
  ];
  for (const send of ways) {
    try {
      const sending = send();
      if (sending !== undefined && !await endsWithin(sending, limit)) {
        throw new Error("The page of an error took longer than handlerTimeout");
      }
      await exchange.finish();
      return !exchange.closes;
    } catch (failure) {
      exchange.closes = true;
      if (!(failure instanceof ConnectionLost)) {
        report(handler.server, failure, handler.clientAddress);
      }
      if (exchange.response.isCommitted) break;
    }
  }
  exchange.abort(error);
  return false;
}

/** Responds by none of the steps: one of them fails. */
function sendBareError({ response }: Exchange): void {
  response.reset();
  response.start(500, "Internal Server Error");
  response.endHead();
}
