// A handler that tells what it sees of a request, and responds as the request
// plans it.

import { HttpRequestHandler, verb } from "../../mod.ts";

/** What a request asks for, as JSON in its field `X-Plan`. */
export interface Plan {
  readonly status: number;
  /** By the steps, or by a `Response`. */
  readonly returns: boolean;
  /** The bytes behind what is told, in pieces of these lengths. */
  readonly pieces: readonly number[];
  readonly field: string;
}

/** Tells what it sees. */
export class Echo extends HttpRequestHandler {
  @verb("*")
  async echo(): Promise<void | Response> {
    const { status, returns, pieces, field } = this.#plan;
    const body = await this.bytes();
    const told = JSON.stringify({
      method: this.command,
      pathname: this.pathname,
      query: [...new URLSearchParams(this.query)],
      fields: [...this.headers].filter(([name]) => name.startsWith("x-"))
        .map(([name, value]) => [name, elementsOf(value)]),
      body: [...body],
    });
    const content = [told, ...pieces.map((length) => "p".repeat(length))];
    const fields = { "X-Field": field, "Content-Type": "text/plain" };
    if (returns) return respond(status, content, fields);
    this.sendResponse(status);
    for (const [name, value] of Object.entries(fields)) {
      this.sendHeader(name, value);
    }
    this.endHeaders();
    for (const piece of content) await this.wfile.write(piece);
  }

  get #plan(): Plan {
    return JSON.parse(this.headers.get("x-plan") ?? "{}");
  }
}

/**
 * The elements of a list: an empty one means nothing (RFC 9110 §5.6.1), and not all
 * platforms join one.
 */
export function elementsOf(value: string): string[] {
  return value.split(",").map((element) => element.trim())
    .filter((element) => element !== "");
}

function respond(
  status: number,
  content: readonly string[],
  headers: Record<string, string>,
): Response {
  const isEmpty = [204, 205, 304].includes(status);
  const body = ReadableStream.from(content).pipeThrough(
    new TextEncoderStream(),
  );
  return new Response(isEmpty ? null : body, { status, headers });
}
