// What the tables of the wire share: raw text with CRLF, an application that
// shows what it understood, and each way in which a network may cut the input.
import { assertEquals } from "@std/assert";
import { HttpRequestHandler, type Limits, verb, type Writer } from "../mod.ts";
import { exchange } from "../lib/testing/mod.ts";
import { cuts } from "./_cuts.ts";
import { reusing } from "./_reuse.ts";

/** A request glued behind a row: it runs unless the connection was closed. */
export const NEXT = "GET /next HTTP/1.1\r\nHost: a\r\n\r\n";

const TYPE = "Content-Type: text/plain";

/** Answers with what it understood; its heads and error pages are short. */
export class Mirror extends HttpRequestHandler {
  override errorMessageFormat = "%(message)s";
  override errorContentType = "text/plain";

  override get wfile(): Writer {
    return reusing(super.wfile);
  }

  override sendResponse(code: number, message?: string): void {
    this.sendResponseOnly(code, message);
  }

  @verb("*")
  async mirror(): Promise<void> {
    const body = await this.text();
    this.sendResponse(200);
    this.endHeaders();
    this.wfile.write(`${this.command} ${this.path} [${body}]`);
    for (const field of this.trailers) this.wfile.write(` ${field.join("=")}`);
  }
}

/** Text with `\n` as line ends, as it is on the wire. */
export function crlf(text: TemplateStringsArray, ...values: unknown[]): string {
  return String.raw({ raw: text }, ...values).replaceAll("\n", "\r\n");
}

/** What {@linkcode Mirror} answers to a request that it understood so. */
export function mirrored(text: string, ...fields: string[]): string {
  const head = [`Content-Length: ${text.length}`, ...fields].join("\r\n");
  return `HTTP/1.1 200 OK\r\n${head}\r\n\r\n${text}`;
}

/** The refusal of a request, after which the connection is closed. */
export function refused(status: string, message = status.slice(4)): string {
  const fields = `Content-Length: ${message.length}\r\nConnection: close`;
  return `HTTP/1.1 ${status}\r\n${TYPE}\r\n${fields}\r\n\r\n${message}`;
}

/** One row: a request, and all that a client gets for it. */
export interface Row {
  name: string;
  raw: string;
  want: string;
  /** Whether the input ends within a request: nothing can be glued behind. */
  isCut?: boolean;
  limits?: Partial<Limits>;
}

/** Plays a row whole, cut at each octet, octet by octet, and with NEXT behind. */
export async function play(row: Row): Promise<void> {
  const { raw, want, limits = {}, isCut = false } = row;
  await eachSplit(raw, async (splits, cut) => {
    assertEquals(await send(raw, { ...limits, splits }), want, cut);
  });
  if (isCut) return;
  const closes = /\r\nConnection: close\r\n/.test(want);
  const both = want + (closes ? "" : mirrored("GET /next []"));
  await eachSplit(raw + NEXT, async (splits, cut) => {
    assertEquals(await send(raw + NEXT, { ...limits, splits }), both, cut);
  });
}

/** Calls `use` with each way to cut `raw`, and what the way is called. */
export async function eachSplit(
  raw: string,
  use: (splits: readonly number[] | "each", cut: string) => Promise<void>,
): Promise<void> {
  await use([], "whole");
  await use("each", "octet by octet");
  // Of what is long only some cuts are made.
  const step = Math.ceil(raw.length / cuts.most);
  for (let at = 1; at < raw.length; at += step) await use([at], `cut at ${at}`);
}

/** What {@linkcode Mirror} answers to `raw`, each octet a character. */
export async function send(
  raw: string,
  options: Parameters<typeof exchange>[2] = {},
): Promise<string> {
  const octets = await exchange(Mirror, raw, options);
  return Array.from(octets, (octet) => String.fromCharCode(octet)).join("");
}
