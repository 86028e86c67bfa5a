// The head of an answer, from the status line to the empty line. In: a status,
// a reason phrase and fields, as the handler gives them. Out: the text of the
// head, with the fields that frame the body written by the server alone: a
// handler's own are read as wishes. RFC 9112 sections 4 to 6 and 9.6.

import {
  isAsciiFieldValue,
  isFieldValue,
  listMembers,
  lowerFieldName,
} from "../facts/grammar.ts";
import { forbidsContent } from "../facts/status.ts";
import type { HttpVersion } from "./request_head.ts";

/** How the body is delimited on the wire; `"held"` while that is open. */
export type Coding = "held" | "length" | "chunked" | "close" | "none";

/** What the end of a head depends on. */
export interface HeadEnding {
  /** How the body is delimited. */
  readonly coding: Coding;
  /** The length of the body where `coding` is `"length"`. */
  readonly length: number | undefined;
  /** Whether trailers will follow the body. */
  readonly sendsTrailers: boolean;
  /** Whether the client speaks HTTP/1.1. */
  readonly isHttp11: boolean;
  /** Whether the connection ends after this answer. */
  readonly closes: boolean;
}

/** Fields that no informational answer may have (RFC 9110 section 8.6). */
const FRAMING_FIELDS = ["content-length", "transfer-encoding"];

/** A field that has passed, and its line. */
interface Line {
  readonly value: string;
  readonly text: string;
}

/** The last of each field that is the same in answer after answer. */
const recurring = new Map<string, Line>(
  // As the steps write them, and as web `Headers` do.
  ["Server", "Date", "Content-Type", "Cache-Control"]
    .flatMap((name) => [name, name.toLowerCase()])
    .map((name) => [name, { value: "", text: `${name}: \r\n` }]),
);

/** The status line that passed last. */
let lastStart = { version: "", status: 0, reason: "", text: "" };

/** The head of one answer; `clear` makes it ready for the next. */
export class ResponseHead {
  /** The status code. */
  status = 0;
  /** Whether all of the text is ASCII, which is the fast case. */
  isAscii = true;
  /** The `Content-Length` that the handler declared. */
  declared: number | undefined;
  /** Whether the handler asked for `Transfer-Encoding: chunked`. */
  wantsChunked = false;
  /** The field names of `Trailer`. */
  announced = "";

  #text = "";
  #connection = "";

  /** Forgets everything. */
  clear(): void {
    this.#text = "";
    this.#connection = "";
    this.isAscii = true;
    this.declared = undefined;
    this.wantsChunked = false;
    this.announced = "";
  }

  /**
   * Writes the status line.
   *
   * @throws {RangeError} If the status cannot end an exchange: an informational
   * one goes ahead of the answer, except 101, after which HTTP ends.
   */
  start(version: HttpVersion, status: number, reason: string): void {
    if (
      status === lastStart.status && reason === lastStart.reason &&
      version === lastStart.version
    ) {
      this.status = status;
      this.#text = lastStart.text;
      return;
    }
    if (
      !Number.isInteger(status) || status > 999 ||
      status < 200 && status !== 101
    ) {
      throw new RangeError(`Cannot send the status ${status}`);
    }
    this.checkText(reason, "reason phrase");
    this.status = status;
    this.#text = `${version} ${status} ${reason}\r\n`;
    if (this.isAscii) lastStart = { version, status, reason, text: this.#text };
  }

  /** Adds a field, or notes what it wishes. */
  add(name: string, value: string): void {
    const last = recurring.get(name);
    if (last?.value === value) {
      this.#text += last.text;
      return;
    }
    const lowerName = lowerFieldName(name);
    if (lowerName === undefined) {
      throw new TypeError(
        `Cannot send a field: its name ${JSON.stringify(name)} is not a token`,
      );
    }
    this.checkText(value, name);
    switch (lowerName) {
      case "connection":
        this.#connection = joined(this.#connection, value);
        return;
      case "content-length":
        this.#declare(value);
        return;
      case "transfer-encoding":
        if (value.toLowerCase() !== "chunked") {
          throw new TypeError("Cannot send a Transfer-Encoding but chunked");
        }
        this.wantsChunked = true;
        return;
      case "trailer":
        this.announced = joined(this.announced, value);
        return;
    }
    const text = name + ": " + value + "\r\n";
    this.#text += text;
    if (last !== undefined && this.isAscii) {
      recurring.set(name, { value, text });
    }
  }

  /** Refuses what could start a new line, and notes what is not ASCII. */
  checkText(text: string, what: string): void {
    if (isAsciiFieldValue(text)) return;
    if (!isFieldValue(text)) {
      throw new TypeError(
        `Cannot send the ${what}: it holds a control character or one ` +
          "outside latin-1",
      );
    }
    this.isAscii = false;
  }

  /** The whole head with the fields that frame the body. */
  complete(ending: HeadEnding): string {
    let text = this.#text + this.#framingField(ending);
    if (ending.sendsTrailers) text += "Trailer: " + this.announced + "\r\n";
    return text + this.#connectionField(ending) + "\r\n";
  }

  /**
   * No length at all on 1xx and 204 (RFC 9110 section 8.6); on 304 only that of
   * the 200 which the handler declared; 205 has none but zero.
   */
  #framingField({ coding, length, isHttp11 }: HeadEnding): string {
    if (this.status === 205) return "Content-Length: 0\r\n";
    if (forbidsContent(this.status)) {
      const declares = this.status === 304 && this.declared !== undefined;
      if (!declares) return "";
    }
    if (coding === "length") return "Content-Length: " + length + "\r\n";
    if (coding === "close" || !isHttp11) return "";
    return "Transfer-Encoding: chunked\r\n";
  }

  #connectionField({ coding, closes, isHttp11 }: HeadEnding): string {
    const given = this.#connection;
    if (coding === "close" || closes) {
      const options = listMembers(given).filter((option) =>
        option !== "keep-alive" && option !== "close"
      );
      return `Connection: ${[...options, "close"].join(", ")}\r\n`;
    }
    if (given !== "") return `Connection: ${given}\r\n`;
    // A 1.0 client has to be told that the connection stays.
    return isHttp11 ? "" : "Connection: keep-alive\r\n";
  }

  #declare(value: string): void {
    if (!/^\d{1,15}$/.test(value)) {
      throw new TypeError(`Cannot send the Content-Length ${value}`);
    }
    const length = Number(value);
    if (this.declared !== undefined && this.declared !== length) {
      throw new TypeError("Cannot send two different Content-Length fields");
    }
    this.declared = length;
  }
}

/**
 * The text of an informational answer (RFC 9110 section 15.2).
 *
 * @throws {TypeError} If the phrase or a field holds what a head may not hold,
 * or a field frames a body, which there is none of.
 */
export function informationalHead(
  status: number,
  reason: string,
  fields: Iterable<readonly [name: string, value: string]>,
): string {
  if (!isFieldValue(reason)) {
    throw new TypeError("Cannot send the reason phrase: it breaks its line");
  }
  let head = `HTTP/1.1 ${status} ${reason}\r\n`;
  for (const [name, value] of fields) {
    const lowerName = lowerFieldName(name);
    if (
      lowerName === undefined || FRAMING_FIELDS.includes(lowerName) ||
      !isFieldValue(value)
    ) {
      throw new TypeError(
        `Cannot send the field ${JSON.stringify(name)} with ${status}`,
      );
    }
    head += name + ": " + value + "\r\n";
  }
  return head + "\r\n";
}

function joined(list: string, value: string): string {
  return list === "" ? value : list + ", " + value;
}
