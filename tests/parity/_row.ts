// One behaviour that CPython's own tests assert of its http.server.

import type { HttpHandlerClass } from "../../mod.ts";
import { exchange, type ExchangeOptions } from "../../lib/testing/mod.ts";

/** One behaviour. */
export interface Row {
  /** The number of the behaviour in the list that this port goes by. */
  readonly row: number;
  /** What is done. */
  readonly name: string;
  /** Does it here, and says what came of it. */
  readonly see: () => string | Promise<string>;
  /** What comes of it in Python. */
  readonly python: string;
  /** Where something else comes of it here on purpose: what, and why. */
  readonly differs?: { readonly here: string; readonly why: string };
}

/** All that a client gets for octets, as latin-1. */
export async function ask(
  classes: HttpHandlerClass | readonly HttpHandlerClass[],
  request: string,
  options: ExchangeOptions = {},
): Promise<string> {
  const octets = await exchange(classes, request, options);
  return Array.from(octets, (octet) => String.fromCharCode(octet)).join("");
}

/** The first line of an answer. */
export function lineOf(answer: string): string {
  return answer.split("\r\n")[0] ?? "";
}

/** The status of an answer. */
export function statusOf(answer: string): string {
  return lineOf(answer).split(" ")[1] ?? "";
}

/** The body of an answer. */
export function bodyOf(answer: string): string {
  return answer.slice(answer.indexOf("\r\n\r\n") + 4);
}

/** The value of a field of an answer; "none" where it is not there. */
export function fieldOf(answer: string, name: string): string {
  const head = answer.slice(0, answer.indexOf("\r\n\r\n"));
  const line = head.split("\r\n").find((line) =>
    line.toLowerCase().startsWith(name.toLowerCase() + ":")
  );
  return line?.slice(name.length + 1).trim() ?? "none";
}
