// The head of the last request of a connection, and what came of it: most
// clients send the same fields with each of their requests, and those that poll
// send the same head. What is the same to the octet means the same: such a head
// is not even decoded.

import type { Limits } from "../facts/limits.ts";
import type { FieldList } from "./field_list.ts";
import { decideFraming, type Framing } from "./framing.ts";
import { findHeadEnd } from "./partial_head.ts";
import {
  decodeHead,
  type HttpVersion,
  parseHeaderSection,
  parseRequestHead,
  type RequestHead,
} from "./request_head.ts";

/** What an idle connection may hold for its next request, in octets. */
const MAX_REMEMBERED = 4096;

const NO_OCTETS = new Uint8Array();

const CR = 0x0d;
const LF = 0x0a;

/** Finds and parses the heads of one connection, repeated ones once. */
export class RepeatedHead {
  #limits: Limits;
  /** The octets of the last head, without its empty line. */
  #octets = NO_OCTETS;
  #length = 0;
  #head: RequestHead | undefined;
  /** Whether the head that was found last is the one before it again. */
  #isRepeated = false;
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

  /** What the head that was found last says, if it is the one before it again. */
  get known(): RequestHead | undefined {
    return this.#isRepeated ? this.#head : undefined;
  }

  /**
   * Looks for the end of a head; see {@linkcode findHeadEnd}.
   *
   * @param buffer The octets.
   * @param start Where the request line starts.
   * @param from Where to look from.
   * @param end Where the octets read so far end.
   * @returns The index after the empty line, or -1 if it is not there yet.
   * @throws {HttpError} 400, 414, 431 or 505.
   */
  findEnd(
    buffer: Uint8Array,
    start: number,
    from: number,
    end: number,
  ): number {
    this.#isRepeated = this.#standsAt(buffer, start, from, end);
    if (this.#isRepeated) return start + this.#length + 2;
    return findHeadEnd(buffer, start, from, end, this.#limits);
  }

  /**
   * Parses a head. One that is refused is not remembered.
   *
   * @param octets The head without its empty line.
   * @throws {HttpError} 400, 414, 431 or 505.
   */
  parse(octets: Uint8Array): RequestHead {
    const text = decodeHead(octets);
    const head = parseRequestHead(text, this.#limits, this.#parseSection);
    if (octets.length <= MAX_REMEMBERED) {
      this.#remember(octets);
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

  /**
   * Whether the last head stands here, with its empty line. It is looked for
   * once, as soon as there are enough bytes.
   */
  #standsAt(
    buffer: Uint8Array,
    start: number,
    from: number,
    end: number,
  ): boolean {
    const octets = this.#octets;
    const length = this.#length;
    const last = start + length;
    if (length === 0 || last + 2 > end || last + 2 <= from) return false;
    for (let i = 0; i < length; i++) {
      if (buffer[start + i] !== octets[i]) return false;
    }
    return buffer[last] === CR && buffer[last + 1] === LF;
  }

  #remember(octets: Uint8Array): void {
    if (octets.length > this.#octets.length) this.#octets = octets.slice();
    else this.#octets.set(octets);
    this.#length = octets.length;
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
