// A WireExchange that is driven step by step, over a connection in memory.

import { ByteReader } from "../../lib/bytes/byte_reader.ts";
import { ByteWriter } from "../../lib/bytes/byte_writer.ts";
import { latin1Octets } from "../../lib/bytes/octets.ts";
import { type Limits, withLimits } from "../../lib/facts/limits.ts";
import type { RequestHead } from "../../lib/protocol/request_head.ts";
import { WireExchange } from "../../lib/protocol/wire_exchange.ts";

/** What comes of a client: bytes, the end of its side, or a failure. */
export type Arrival = string | null | Error;

/** One connection and what was sent on it. */
export interface Connection {
  readonly exchange: WireExchange;
  readonly reader: ByteReader;
  readonly writer: ByteWriter;
  /** What was sent so far, `\n` for each line end. */
  sent(): string;
}

/**
 * Connects a client.
 *
 * @param arrivals What each read gives; then reads stay pending.
 * @param limits The limits of the server.
 * @param taken Settles when the client reads.
 */
export function connect(
  arrivals: readonly Arrival[],
  limits: Partial<Limits> = {},
  taken: Promise<void> = Promise.resolve(),
): Connection {
  const left = [...arrivals];
  let bytes = "";
  const stream = {
    read(p: Uint8Array): Promise<number | null> {
      const arrival = left.shift();
      if (arrival === undefined) return new Promise(() => {});
      if (arrival === null) return Promise.resolve(null);
      if (arrival instanceof Error) return Promise.reject(arrival);
      p.set(latin1Octets(arrival));
      return Promise.resolve(arrival.length);
    },
    write(p: Uint8Array): Promise<number> {
      bytes += Array.from(p, (byte) => String.fromCharCode(byte)).join("");
      return taken.then(() => p.length);
    },
    close() {},
  };
  const reader = new ByteReader(stream);
  const writer = new ByteWriter(stream);
  const exchange = new WireExchange(reader, writer, withLimits(limits));
  const sent = () => bytes.replaceAll("\r\n", "\n");
  return { exchange, reader, writer, sent };
}

/** The next request; undefined where there is none. */
export async function nextRequest(
  exchange: WireExchange,
): Promise<RequestHead | undefined> {
  let state = exchange.findHead();
  while (state === "partial") {
    await exchange.receiveMore();
    state = exchange.findHead();
  }
  if (state !== "whole") return undefined;
  exchange.beginResponse();
  return exchange.parseHead();
}

/** Responds with an empty 200. */
export function respond({ response }: WireExchange): void {
  response.start(200, "OK");
  response.endHead();
}

/** A GET with these field lines. */
export function get(
  fields: readonly string[] = [],
  version: "1.0" | "1.1" = "1.1",
): string {
  return [`GET /a HTTP/${version}`, "Host: a", ...fields, "", ""].join("\r\n");
}

/** A POST with a body of this length, and what is here of it. */
export function post(length: number, body = "", fields = ""): string {
  const head = `POST /a HTTP/1.1\r\nHost: a\r\n${fields}`;
  return `${head}Content-Length: ${length}\r\n\r\n${body}`;
}
