// The head of a CGI response (RFC 3875 §6): octets of a program's output in,
// in pieces of any size, and what the server has to do with them out. Lines
// end with CRLF or LF (§7.2). A broken head is an error here, never a guess:
// a client must not see half of one.

import { ByteBuffer } from "../bytes/byte_buffer.ts";
import { trimOws } from "../facts/grammar.ts";
import { isAboutContent } from "./content_fields.ts";

/** What a program may not exceed, and what it did not keep. */
export interface OutputLimits {
  /** Octets of the head, the blank line included. */
  readonly headBytes: number;
  /** Lines of the head. */
  readonly headLines: number;
}

/** The limits on the head of a program's output. */
export const OUTPUT_LIMITS: OutputLimits = {
  headBytes: 64 * 1024,
  headLines: 4096,
};

/** What the head of a program's output asks for (§6.2). */
export type OutputHead =
  | DocumentHead
  | LocalRedirect;

/** The server answers as if `target` had been requested (§6.2.2). */
export interface LocalRedirect {
  readonly kind: "local-redirect";
  readonly target: string;
  /** The fields that the answer gets besides its own, as cookies. */
  readonly fields: DocumentHead["fields"];
}

/** A response to pass to the client: document or client redirect. */
export interface DocumentHead {
  readonly kind: "document" | "client-redirect";
  readonly status: number;
  /** The reason phrase, `undefined` for the usual one. */
  readonly reason: string | undefined;
  /** The fields to send, without those that are the server's own. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  /** What the program says the length of its body is. */
  readonly contentLength: number | undefined;
}

/** Thrown when the output of a program is not a CGI response. */
export class OutputError extends Error {
  /** The class's name, for logs. */
  override readonly name: string = "OutputError";
}

/** Collects a program's output until its head is whole. */
export class OutputHeadReader {
  readonly #limits: OutputLimits;
  readonly #held = new ByteBuffer();
  #scanned = 0;
  #lineStart = 0;
  #lines: string[] = [];

  /** Starts before the first octet. */
  constructor(limits: OutputLimits = OUTPUT_LIMITS) {
    this.#limits = limits;
  }

  /** The octets after the head, once `push` has returned it. */
  get rest(): Uint8Array {
    return this.#held.bytes.subarray(this.#scanned);
  }

  /**
   * Takes the next piece of output.
   *
   * @returns The head when this piece completes it, else `undefined`.
   * @throws {OutputError} If the head is broken or exceeds a limit.
   */
  push(piece: Uint8Array): OutputHead | undefined {
    this.#held.add(piece);
    const { bytes } = this.#held;
    for (;;) {
      const end = bytes.indexOf(LF, this.#scanned);
      if (end < 0) break;
      this.#scanned = end + 1;
      this.#checkSize(this.#scanned);
      const line = latin1(bytes.subarray(this.#lineStart, end));
      this.#lineStart = this.#scanned;
      const text = line.endsWith("\r") ? line.slice(0, -1) : line;
      if (text === "") return parseOutputHead(this.#lines);
      this.#lines.push(text);
    }
    this.#scanned = bytes.length;
    this.#checkSize(this.#scanned);
    return undefined;
  }

  /**
   * Says that the output has ended.
   *
   * @throws {OutputError} Always: the head was not whole yet.
   */
  end(): never {
    // A line that is no field says more about what went wrong.
    for (const line of this.#lines) parseField(line);
    throw new OutputError(
      this.#held.length === 0
        ? "Cannot answer: the program wrote nothing"
        : "Cannot answer: the output ended before its head did",
    );
  }

  #checkSize(octets: number): void {
    if (octets > this.#limits.headBytes) {
      throw new OutputError(
        `Cannot read the head: longer than ${this.#limits.headBytes} octets`,
      );
    }
    if (this.#lines.length > this.#limits.headLines) {
      throw new OutputError(
        `Cannot read the head: more than ${this.#limits.headLines} lines`,
      );
    }
  }
}

/**
 * Says what the lines of a head ask for.
 *
 * @throws {OutputError} If a line is not a field, a CGI field comes twice, no
 *   field is there, or a value is not one.
 */
export function parseOutputHead(lines: readonly string[]): OutputHead {
  const own = new Map<string, string>();
  const fields: [string, string][] = [];
  for (const line of lines) {
    const [name, value] = parseField(line);
    const lower = name.toLowerCase();
    if (!CGI_FIELDS.has(lower)) {
      if (!WITHHELD.has(lower)) fields.push([name, value]);
      continue;
    }
    if (own.has(lower)) throw new OutputError(`Cannot choose: two ${name}`);
    const sent = lower === "location" ? encodeReference(value) : value;
    own.set(lower, sent);
    if (lower === "content-type" || lower === "location") {
      fields.push([name, sent]);
    }
  }
  // §6.3 asks for one of the CGI fields. Other servers take any, and so do the
  // programs: a page without a type is still a page.
  if (own.size === 0 && fields.length === 0) {
    throw new OutputError("Cannot answer: no field stands in the head");
  }
  return decide(own, fields);
}

/** §6.2: which of the four responses the CGI fields make. */
function decide(
  own: ReadonlyMap<string, string>,
  fields: readonly (readonly [string, string])[],
): OutputHead {
  const location = own.get("location");
  const stated = parseStatus(own.get("status"));
  const contentLength = parseLength(own.get("content-length"));
  if (location === "") throw new OutputError("Cannot redirect: empty Location");
  // With a Status the program answers the client itself, as PHP and many
  // others do with a path in Location; without one a path is §6.2.2.
  if (location !== undefined && stated === undefined) {
    if (location.startsWith("/")) {
      const [target = ""] = location.split("#", 1);
      if (/^[^?]*%00/.test(target)) {
        throw new OutputError("Cannot redirect: escaped NUL in Location");
      }
      const carried = fields.filter(([name]) => !isAboutContent(name));
      return { kind: "local-redirect", target, fields: carried };
    }
    return {
      kind: "client-redirect",
      status: 302,
      reason: undefined,
      fields,
      contentLength,
    };
  }
  const { status, reason } = stated ?? { status: 200, reason: undefined };
  const redirects = location !== undefined && status >= 300 && status < 400;
  const kind = redirects ? "client-redirect" : "document";
  return { kind, status, reason, fields, contentLength };
}

/** The fields whose meaning is for the server; each at most once (§6.3). */
const CGI_FIELDS: ReadonlySet<string> = new Set([
  "content-type",
  "content-length",
  "location",
  "status",
]);

/** Fields about the connection: the server's own affair (§6.3.4, §6.2.1). */
const WITHHELD: ReadonlySet<string> = new Set([
  "connection",
  "date",
  "keep-alive",
  "proxy-connection",
  "server",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** A field name is a token (RFC 9110 §5.6.2), with no space before the colon. */
const FIELD = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):(.*)$/s;

function parseField(line: string): [name: string, value: string] {
  const match = FIELD.exec(line);
  const name = match?.[1];
  const value = match?.[2];
  if (name === undefined || value === undefined) {
    throw new OutputError(`Cannot read the line ${JSON.stringify(cut(line))}`);
  }
  // A control octet could end the field early for whoever reads it next.
  // deno-lint-ignore no-control-regex -- those are what is looked for
  if (/[\x00-\x08\x0a-\x1f\x7f]/.test(value)) {
    throw new OutputError(`Cannot send ${name}: control octet in its value`);
  }
  return [name, trimOws(value)];
}

/**
 * Escapes the bytes that no URI reference may hold (RFC 3986 §2), as other
 * servers do: programs write spaces, quotes and names as they stand.
 */
function encodeReference(value: string): string {
  return value.replace(
    /%(?![0-9A-Fa-f]{2})|[^!#$%&'()*+,\-./0-9:;=?@A-Z[\]_a-z~]/g,
    (byte) => "%" + byte.charCodeAt(0).toString(16).toUpperCase(),
  );
}

function parseStatus(
  value: string | undefined,
): { status: number; reason: string | undefined } | undefined {
  if (value === undefined) return undefined;
  const [code = ""] = value.split(/[ \t]/, 1);
  if (!/^[2-5][0-9]{2}$/.test(code)) {
    throw new OutputError(
      `Cannot use the Status ${JSON.stringify(cut(value))}`,
    );
  }
  const reason = trimOws(value.slice(code.length));
  return { status: Number(code), reason: reason || undefined };
}

function parseLength(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (!/^[0-9]{1,15}$/.test(value)) {
    throw new OutputError(
      `Cannot use the Content-Length ${JSON.stringify(cut(value))}`,
    );
  }
  return Number(value);
}

/** Enough of a broken line for the log to show which it is. */
function cut(text: string): string {
  return text.length > 80 ? text.slice(0, 80) + "…" : text;
}

const LF = 0x0a;

/** Heads are octets: `latin1` of the encoding standard is windows-1252. */
function latin1(octets: Uint8Array): string {
  let text = "";
  for (const octet of octets) text += String.fromCharCode(octet);
  return text;
}
