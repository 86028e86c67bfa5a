// The head of a request (RFC 9112 sections 2 to 5). In: the bytes of a
// connection, checked as they come. Out: where the head ends, then what it says.
// Everything is refused that two readers could understand differently, and of
// several faults the first one is told, however the bytes were cut.

import { latin1Text } from "../bytes/octets.ts";
import { HttpError } from "../facts/errors.ts";
import { isHost, isOriginForm } from "../facts/grammar.ts";
import type { Limits } from "../facts/limits.ts";
import { FieldList } from "./field_list.ts";
import { FieldScanner } from "./field_scanner.ts";
import { decideFraming, type Framing } from "./framing.ts";
import {
  type HttpVersion,
  RequestLineScanner,
  toOriginForm,
} from "./request_line.ts";

export type { HttpVersion } from "./request_line.ts";

/** What the head of a request says. */
export interface RequestHead {
  /** The request line without its line end; `""` where there is no line. */
  readonly line: string;
  /** The method, as sent: methods are case-sensitive. */
  readonly method: string;
  /** The request target as sent. */
  readonly target: string;
  /** The target in origin-form: absolute-form reduced to its path and query. */
  readonly path: string;
  /** The version by which the request is served. */
  readonly version: HttpVersion;
  /** The header fields. */
  readonly fields: FieldList;
  /** What it says of the bytes around it. */
  readonly framing: Framing;
}

/** Checks one head after the other, each byte once. */
export class HeadScanner {
  readonly #limits: Limits;
  readonly #line: RequestLineScanner;
  readonly #fields: FieldScanner;

  /**
   * Makes a scanner.
   *
   * @param limits The limits of heads and bodies.
   */
  constructor(limits: Limits) {
    this.#limits = limits;
    this.#line = new RequestLineScanner(limits.requestLineBytes);
    this.#fields = new FieldScanner({
      kind: "header",
      bytes: limits.headBytes,
      lines: limits.headerCount,
    });
  }

  /** How many bytes the request line has, without its end; 0 before it ended. */
  get lineSize(): number {
    return this.#line.lineEnd;
  }

  /** Begins with the next head. */
  begin(): void {
    this.#line.begin();
  }

  /**
   * Looks at what has come since the last time.
   *
   * @param bytes A buffer.
   * @param start Where the head starts in it.
   * @param end Where the bytes so far end in it.
   * @returns How many bytes the head has, with its empty line; -1 if more has
   * to come.
   * @throws {HttpError} 400, 414, 431 or 505 if this cannot become a request.
   */
  scan(bytes: Uint8Array, start: number, end: number): number {
    if (this.#line.lineEnd === 0) {
      const size = this.#line.scan(bytes, start, end);
      if (size < 0) return -1;
      this.#fields.begin(size);
    }
    return this.#fields.scan(bytes, start, end);
  }

  /**
   * What the head says that was scanned to its end.
   *
   * @param bytes The head without its empty line.
   * @throws {HttpError} 400, 413, 417 or 501.
   */
  parse(bytes: Uint8Array): RequestHead {
    const { methodEnd, targetEnd, lineEnd, version } = this.#line;
    const { offsets, marked } = this.#fields;
    const text = latin1Text(bytes);
    const method = text.slice(0, methodEnd);
    const target = text.slice(methodEnd + 1, targetEnd);
    let fields = FieldList.within(text, offsets);
    checkHost(fields, marked, version);
    let path = target;
    if (!isOriginForm(target) || method === "CONNECT") {
      const reduced = toOriginForm(method, target);
      path = reduced.path;
      // The authority of absolute-form takes the place of Host (section 3.2.2).
      if (reduced.authority !== undefined) {
        fields = fields.with("Host", reduced.authority);
      }
    }
    const framing = decideFraming({ version, fields }, marked, this.#limits);
    const line = text.slice(0, lineEnd);
    return { line, method, target, path, version, fields, framing };
  }
}

/**
 * Exactly one `Host` on 1.1 and at most one on 1.0, each of them valid
 * (RFC 9112 section 3.2): two readers of two hosts may choose differently.
 */
function checkHost(
  fields: FieldList,
  marked: readonly number[],
  version: HttpVersion,
): void {
  let count = 0;
  for (const line of marked) {
    if (fields.lowerNameAt(line) !== "host") continue;
    count++;
    if (count > 1) throw new HttpError(400, "There is more than one Host");
    if (!isHost(fields.valueAt(line))) {
      throw new HttpError(400, "The Host is malformed");
    }
  }
  if (count === 0 && version === "HTTP/1.1") {
    throw new HttpError(400, "There is no Host");
  }
}
