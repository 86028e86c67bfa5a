// A RequestBody over bytes that arrive as told, without a request.

import { ByteReader } from "../../lib/bytes/byte_reader.ts";
import { latin1Octets } from "../../lib/bytes/octets.ts";
import { type Limits, withLimits } from "../../lib/facts/limits.ts";
import type { BodyFraming } from "../../lib/protocol/framing.ts";
import { RequestBody } from "../../lib/protocol/request_body.ts";

export const CHUNKED: BodyFraming = { kind: "chunked" };

/** The framing of a body of this length. */
export function lengthOf(length: number): BodyFraming {
  return { kind: "length", length };
}

/** Bytes as text. */
export function text(bytes: Uint8Array | null | undefined): string | null {
  return bytes ? new TextDecoder("latin1").decode(bytes) : null;
}

/** Lets what is settled be noticed. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/**
 * A body of which the first piece is here.
 *
 * @param framing How it is delimited.
 * @param pieces What each read of the connection gives; null ends it, and past
 * the last one reads stay pending.
 * @param limits The limits of the server.
 */
export async function bodyOf(
  framing: BodyFraming,
  pieces: readonly (string | null | Promise<string>)[],
  limits: Partial<Limits> = {},
): Promise<{ body: RequestBody; reader: ByteReader; waits: () => number }> {
  const left = [...pieces];
  const reader = new ByteReader({
    async read(p) {
      const piece = left.length > 0
        ? await left.shift()
        : await new Promise(() => {});
      if (typeof piece !== "string") return null;
      const here = piece.slice(0, p.length);
      if (here.length < piece.length) left.unshift(piece.slice(p.length));
      p.set(latin1Octets(here));
      return here.length;
    },
    write: (p) => Promise.resolve(p.length),
    close() {},
  });
  let waits = 0;
  const waiter = { beforeFirstWait: () => void waits++ };
  if (left[0] === "") left.shift();
  else await reader.fill();
  const body = new RequestBody(reader, withLimits(limits), waiter);
  body.begin(framing);
  return { body, reader, waits: () => waits };
}
