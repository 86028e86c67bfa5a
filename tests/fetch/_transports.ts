// One request, carried in three ways: as octets through the connection loop in
// memory, as a `Request` through `toFetch`, and by a real client through
// `Deno.serve`. What comes back is taken apart in one form.

import type { HttpHandlerClass } from "../../mod.ts";
import { toFetch } from "../../lib/fetch/mod.ts";
import { exchange } from "../../lib/testing/mod.ts";

/** A request, without the fields that frame its body. */
export interface Ask {
  readonly method?: string;
  readonly target: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** An answer taken apart. */
export interface Answer {
  readonly status: number;
  readonly reason: string;
  /** `name: value`, the name in lower case, sorted by name. */
  readonly fields: readonly string[];
  readonly body: string;
  /** Status lines of informational answers that came ahead. */
  readonly ahead?: readonly string[];
  /** The trailer section, as `fields`. */
  readonly trailers?: readonly string[];
}

/** The part of the limits that the suite sets. */
export interface Options {
  readonly bufferedBodyBytes: number;
  readonly onError: (error: unknown) => void;
}

type Classes = HttpHandlerClass | readonly HttpHandlerClass[];

/** Carries a request as octets. */
export async function byWire(
  classes: Classes,
  ask: Ask,
  options: Options,
): Promise<Answer> {
  const { method = "GET", target, fields = {}, body } = ask;
  let head = `${method} ${target} HTTP/1.1\r\nHost: host\r\n`;
  for (const [name, value] of Object.entries(fields)) {
    head += `${name}: ${value}\r\n`;
  }
  if (body !== undefined) head += `Content-Length: ${body.length}\r\n`;
  const octets = await exchange(classes, head + "\r\n" + (body ?? ""), options);
  return parseAnswer(latin1(octets), method === "HEAD");
}

/** Carries a request as a `Request`. */
export async function byFetch(
  classes: Classes,
  ask: Ask,
  options: Options,
): Promise<Answer> {
  const { method = "GET", target, fields = {}, body } = ask;
  const response = await toFetch(classes, options)(
    new Request("http://host" + target, {
      method,
      headers: fields,
      ...body === undefined ? {} : { body: octetsOf(body) },
    }),
  );
  return await takeApart(response);
}

/** Carries a request from a real client through `Deno.serve`. */
export async function byServe(
  origin: string,
  { method = "GET", target, fields = {}, body }: Ask,
): Promise<Answer> {
  const response = await fetch(origin + target, {
    method,
    // The host would compress.
    headers: { "Accept-Encoding": "identity", ...fields },
    redirect: "manual",
    ...body === undefined ? {} : { body: octetsOf(body) },
  });
  return await takeApart(response);
}

async function takeApart(response: Response): Promise<Answer> {
  const { status, statusText } = response;
  const fields = [...response.headers].map(([name, value]) =>
    `${name}: ${value}`
  );
  const body = latin1(await response.bytes());
  return { status, reason: statusText, fields: fields.sort(), body };
}

/** Takes the octets of an answer apart. */
export function parseAnswer(text: string, isHead: boolean): Answer {
  const ahead: string[] = [];
  while (text.startsWith("HTTP/1.1 1")) {
    const end = text.indexOf("\r\n\r\n");
    ahead.push(text.slice(0, end));
    text = text.slice(end + 4);
  }
  const end = text.indexOf("\r\n\r\n");
  const [line = "", ...lines] = text.slice(0, end).split("\r\n");
  const [, status, reason = ""] = /^HTTP\/1\.1 (\d{3}) (.*)$/.exec(line) ?? [];
  const fields = lines.map(lowerName).sort();
  const rest = text.slice(end + 4);
  const [body, trailers] =
    !isHead && fields.includes("transfer-encoding: chunked")
      ? joinChunks(rest)
      : [rest, []];
  return {
    status: Number(status),
    reason,
    fields,
    body,
    ...ahead.length > 0 ? { ahead } : {},
    ...trailers.length > 0 ? { trailers } : {},
  };
}

function joinChunks(text: string): [body: string, trailers: string[]] {
  let body = "";
  for (let at = 0;;) {
    const lineEnd = text.indexOf("\r\n", at);
    const size = parseInt(text.slice(at, lineEnd), 16);
    at = lineEnd + 2;
    if (size === 0) {
      const lines = text.slice(at).split("\r\n").filter((line) => line !== "");
      return [body, lines.map(lowerName)];
    }
    body += text.slice(at, at + size);
    at += size + 2;
  }
}

function lowerName(line: string): string {
  return line.replace(/^[^:]*/, (name) => name.toLowerCase());
}

/** Each octet as one character, so that a difference can be read. */
export function latin1(octets: Uint8Array): string {
  let text = "";
  for (const octet of octets) text += String.fromCharCode(octet);
  return text;
}

function octetsOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (c) => c.charCodeAt(0));
}
