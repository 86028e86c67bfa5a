// The head of the last request of a connection, and what came of it: most
// clients send the same fields with each of their requests, and those that poll
// send the same head. What is the same to the octet means the same.

import type { Limits } from "../facts/limits.ts";
import type { FieldList } from "./field_list.ts";
import { decideFraming, type Framing } from "./framing.ts";
import {
  type HttpVersion,
  parseHeaderSection,
  parseRequestHead,
  type RequestHead,
} from "./request_head.ts";

/** What an idle connection may hold for its next request, in octets. */
const MAX_REMEMBERED = 4096;

/** Parses the heads of one connection, repeated ones once. */
export class RepeatedHead {
  #limits: Limits;
  #text: string | undefined;
  #head: RequestHead | undefined;
  #section: string | undefined;
  #version: HttpVersion | undefined;
  #fields: FieldList | undefined;
  #framing: Framing | undefined;

  /**
   * Makes a parser that remembers nothing yet.
   *
   * @param limits The limits of heads and bodies.
   */
  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /**
   * Parses a head, unless it is the last one again. One that is refused is not
   * remembered.
   *
   * @param text The head as of `decodeHead`.
   * @throws {HttpError} 400, 414, 431 or 505.
   */
  parse(text: string): RequestHead {
    if (this.#head !== undefined && text === this.#text) return this.#head;
    const head = parseRequestHead(text, this.#limits, this.#parseSection);
    if (text.length <= MAX_REMEMBERED) {
      this.#text = text;
      this.#head = head;
    }
    return head;
  }

  /**
   * Decides the framing of a request whose head was parsed here.
   *
   * @throws {HttpError} 400, 413, 417 or 501.
   */
  framing(head: RequestHead): Framing {
    // Absolute-form has fields of its own, with another Host.
    if (head.fields !== this.#fields) return decideFraming(head, this.#limits);
    return this.#framing ??= decideFraming(head, this.#limits);
  }

  #parseSection = (section: string, version: HttpVersion): FieldList => {
    const known = this.#fields;
    const isRepeated = section === this.#section && version === this.#version;
    if (known !== undefined && isRepeated) return known;
    const fields = parseHeaderSection(section, version, this.#limits);
    if (section.length <= MAX_REMEMBERED) {
      this.#section = section;
      this.#version = version;
      this.#fields = fields;
      this.#framing = undefined;
    }
    return fields;
  };
}
