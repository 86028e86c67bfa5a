// The header section of the last request of a connection, and what came of it:
// most clients send the same fields with each of their requests.

import type { Limits } from "../facts/limits.ts";
import type { FieldList } from "./field_list.ts";
import { decideFraming, type Framing } from "./framing.ts";
import {
  type HttpVersion,
  parseHeaderSection,
  type RequestHead,
} from "./request_head.ts";

/** What an idle connection may hold for its next request. */
const MAX_REMEMBERED = 4096;

/** Parses the header sections of one connection, repeated ones once. */
export class RepeatedSection {
  #limits: Limits;
  #section: string | undefined;
  #version: HttpVersion | undefined;
  #fields: FieldList | undefined;
  #framing: Framing | undefined;

  /**
   * Makes a parser that remembers nothing yet.
   *
   * @param limits The limits of sections and bodies.
   */
  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /**
   * Parses a header section, unless it is the last one again. One that is
   * refused is not remembered.
   *
   * @throws {HttpError} 400 or 431.
   */
  readonly parse = (section: string, version: HttpVersion): FieldList => {
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

  /**
   * Decides the framing of a request whose section was parsed here.
   *
   * @throws {HttpError} 400, 413, 417 or 501.
   */
  framing(head: RequestHead): Framing {
    // Absolute-form has fields of its own, with another Host.
    if (head.fields !== this.#fields) return decideFraming(head, this.#limits);
    return this.#framing ??= decideFraming(head, this.#limits);
  }
}
