// What the log adds to a 421: how the command is told to answer for a name.

import { hostNameOf } from "../facts/host_name.ts";
import type { HttpRequestHandler } from "../handler/http_request_handler.ts";

const MISDIRECTED = 421;

/**
 * Logs by which name a client has asked in vain.
 *
 * @param handler Whose request it is.
 * @param code The status of the response.
 */
export function logUnknownHost(
  handler: HttpRequestHandler,
  code: number,
): void {
  if (code !== MISDIRECTED) return;
  const name = hostNameOf(handler.fields.get("host") ?? "");
  if (name === undefined) return;
  // A client chose it, and the reader may paste it into a shell.
  const isPlain = /^[a-z0-9][a-z0-9.-]*$/.test(name);
  handler.logError(
    `no such host "${name}"${isPlain ? `: add --host ${name}` : ""}`,
  );
}
