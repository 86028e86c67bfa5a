// What the tables by sections of the RFCs share: a handler that answers with
// all that it was given, and rows of one request and the whole response.
import { assertEquals } from "@std/assert";
import { HttpRequestHandler, type Limits, verb } from "../../mod.ts";
import { exchange } from "../../lib/testing/mod.ts";
import { eachSplit } from "../_wire.ts";

/** Heads without `Server` and `Date`, and error pages of three digits. */
class Short extends HttpRequestHandler {
  override errorMessageFormat = "%(code)d";
  override errorContentType = "text/plain";

  override sendResponse(code: number, message?: string): void {
    this.sendResponseOnly(code, message);
  }
}

/** Answers every method with the request line, fields and body that it saw. */
export class Witness extends Short {
  @verb("*")
  async tell(): Promise<void> {
    const body = await this.text();
    this.sendResponse(200);
    this.endHeaders();
    this.wfile.write([
      `${this.command} ${this.path}`,
      ...Array.from(this.headers, ([name, value]) => `${name}: ${value}`)
        .filter((line) => line !== "host: a"),
      ...(body === "" ? [] : [body]),
      ...Array.from(this.trailers, (field) => `(${field.join(": ")})`),
    ].join("\n"));
  }
}

/** Knows GET on one path only. */
export class OnePage extends Short {
  @verb("GET", "/")
  page(): void {
    this.sendResponse(200);
    this.endHeaders();
    this.wfile.write("page");
  }
}

/** One request, and all that a client gets for it. */
export interface Row {
  /** The document and section, and the rule. */
  readonly rule: string;
  readonly raw: string;
  readonly want: string;
  readonly limits?: Partial<Limits>;
}

const HOST = "Host: a";

/** A request of HTTP/1.1 without a body. */
export function request(
  line: string,
  ...fields: readonly string[]
): string {
  return [`${line} HTTP/1.1`, HOST, ...fields, "", ""].join("\r\n");
}

/** A request for `/` with these fields. */
export function get(...fields: readonly string[]): string {
  return request("GET /", ...fields);
}

/** A row whose request is served, and what the handler saw of it. */
export function taken(rule: string, raw: string, ...seen: string[]): Row {
  return { rule, raw, want: ok(seen.join("\n")) };
}

/** A response of status 200. */
export function ok(body: string, ...fields: readonly string[]): string {
  const length = `Content-Length: ${body.length}`;
  return ["HTTP/1.1 200 OK", length, ...fields, "", body].join("\r\n");
}

/** A row whose request is refused; the connection closes. */
export function refused(rule: string, raw: string, status: string): Row {
  return { rule, raw, want: refusal(status) };
}

/** A refusal, after which the connection closes. */
export function refusal(status: string): string {
  return [
    `HTTP/1.1 ${status}`,
    "Content-Type: text/plain",
    "Content-Length: 3",
    "Connection: close",
    "",
    status.slice(0, 3),
  ].join("\r\n");
}

/** Registers a test of rows: each whole, cut everywhere, and byte by byte. */
export function table(
  title: string,
  rows: readonly Row[],
  handler: typeof HttpRequestHandler = Witness,
): void {
  Deno.test(title, async (t) => {
    for (const { rule, raw, want, limits = {} } of rows) {
      await t.step(rule, () =>
        eachSplit(raw, async (splits, cut) => {
          const bytes = await exchange(handler, raw, { ...limits, splits });
          const got = Array.from(bytes, (byte) => String.fromCharCode(byte));
          assertEquals(got.join(""), want, cut);
        }));
    }
  });
}

/** A row whose fields reach the handler as they are. */
export function passed(rule: string, ...fields: string[]): Row {
  const seen = fields.map((field) => {
    const colon = field.indexOf(":");
    return field.slice(0, colon).toLowerCase() + field.slice(colon);
  });
  return taken(rule, get(...fields), "GET /", ...seen);
}
