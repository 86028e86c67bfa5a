// A response without a handler, step by step.

import { ByteWriter } from "../../lib/bytes/byte_writer.ts";
import {
  type ResponseContext,
  WireResponse,
} from "../../lib/protocol/response_writer.ts";

/** A GET on HTTP/1.1 that leaves the connection open. */
export const CONTEXT: ResponseContext = {
  isHead: false,
  isHttp11: true,
  takesTrailers: false,
  closes: false,
  version: "HTTP/1.1",
  isClientDone: false,
};

/** What a client of HTTP/1.0 changes. */
export const OLD = { isHttp11: false, version: "HTTP/1.0" } as const;
/** More than is held back. */
export const LONG = "x".repeat(20_000);

/** A response, and what was sent of it so far, `\n` for each line end. */
export function responseTo(
  context: Partial<ResponseContext> = {},
): { response: WireResponse; sent: () => string; writer: ByteWriter } {
  let bytes = "";
  const writer = new ByteWriter({
    read: () => Promise.resolve(null),
    write(p) {
      bytes += Array.from(p, (byte) => String.fromCharCode(byte)).join("");
      return Promise.resolve(p.length);
    },
    close() {},
  });
  const response = new WireResponse(writer, { ...CONTEXT, ...context });
  return { response, sent: () => bytes.replaceAll("\r\n", "\n"), writer };
}

/** Begins a response, and brings it to a phase. */
export function advance(
  response: WireResponse,
  phase: WireResponse["phase"],
): void {
  response.begin();
  if (phase === "start") return;
  response.start(200, "OK");
  if (phase === "head") return;
  response.endHead();
  if (phase === "body") return;
  response.end();
}
