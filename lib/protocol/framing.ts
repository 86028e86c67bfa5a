// How long the request's body is and whether the connection goes on after it,
// decided on the raw field list (RFC 9112 sections 6 and 9.3).

import { HttpError } from "../facts/errors.ts";
import { isToken, listMembers, trimOws } from "../facts/grammar.ts";
import type { Limits } from "../facts/limits.ts";
import type { FieldList } from "./field_list.ts";
import type { HttpVersion } from "./request_line.ts";

/** How the body of a request is delimited. */
export type BodyFraming =
  | { readonly kind: "none" }
  | { readonly kind: "length"; readonly length: number }
  | { readonly kind: "chunked" };

/** What the head says of the octets after it. */
export interface Framing {
  /** How the body is delimited. */
  readonly body: BodyFraming;
  /** Whether the client lets the connection go on (RFC 9112 section 9.3). */
  readonly keepsAlive: boolean;
  /** Whether the client waits for `100` before it sends the body. */
  readonly expectsContinue: boolean;
  /** Whether the client understands trailers (RFC 9110 section 6.5.1). */
  readonly takesTrailers: boolean;
}

const NO_BODY: BodyFraming = { kind: "none" };
const CHUNKED: BodyFraming = { kind: "chunked" };

/** The framing of nearly all requests without a body. */
const PLAIN: Framing = {
  body: NO_BODY,
  keepsAlive: true,
  expectsContinue: false,
  takesTrailers: false,
};

/**
 * Decides the framing of a request.
 *
 * @param head The version and the fields.
 * @param lines The lines of the fields that may say something of it.
 * @param limits The limit of the body.
 * @returns Its framing.
 * @throws {HttpError} 400 at any doubt: an intermediary may have read it
 * differently, and the rest of the connection would be a smuggled request. 413
 * for a body over the limit, 417 for an unknown expectation, 501 for a transfer
 * coding that is not implemented.
 */
export function decideFraming(
  head: { readonly version: HttpVersion; readonly fields: FieldList },
  lines: readonly number[],
  limits: Pick<Limits, "bodyBytes">,
): Framing {
  const { fields, version } = head;
  let connection = "";
  let lengths = 0;
  let length = "";
  let codings: string | undefined;
  let expectation = "";
  let te = "";
  for (const i of lines) {
    switch (fields.lowerNameAt(i)) {
      case "connection":
        connection += "," + fields.valueAt(i);
        break;
      case "content-length":
        lengths++;
        length = fields.valueAt(i);
        break;
      case "transfer-encoding":
        codings = codings === undefined
          ? fields.valueAt(i)
          : codings + "," + fields.valueAt(i);
        break;
      case "expect":
        expectation += "," + fields.valueAt(i);
        break;
      case "te":
        te += "," + fields.valueAt(i);
        break;
    }
  }
  const isHttp11 = version === "HTTP/1.1";
  if (
    isHttp11 && connection === "" && lengths === 0 && codings === undefined &&
    expectation === "" && te === ""
  ) {
    return PLAIN;
  }
  const options = listMembers(connection);
  return {
    body: decideBody(isHttp11, lengths, length, codings, limits),
    keepsAlive: !options.includes("close") &&
      (isHttp11 || options.includes("keep-alive")),
    expectsContinue: isHttp11 && decideExpectation(expectation),
    takesTrailers: isHttp11 && listMembers(te).includes("trailers"),
  };
}

/** RFC 9112 section 6.3, for requests; the numbers are those of the section. */
function decideBody(
  isHttp11: boolean,
  lengths: number,
  length: string,
  codings: string | undefined,
  limits: Pick<Limits, "bodyBytes">,
): BodyFraming {
  // 1 and 2 are about responses.
  if (codings !== undefined) {
    // 3: both at once ought to be handled as an error: it is an attack.
    if (lengths > 0) {
      throw new HttpError(
        400,
        "There are both Transfer-Encoding and Content-Length",
      );
    }
    // HTTP/1.0 has no transfer codings; its intermediaries pass them on unread.
    if (!isHttp11) {
      throw new HttpError(400, "There is a Transfer-Encoding on HTTP/1.0");
    }
    // 4
    checkCodings(codings);
    return CHUNKED;
  }
  // 7: no length, no body.
  if (lengths === 0) return NO_BODY;
  // 5: a repeated length is refused even where all are equal.
  if (lengths > 1) {
    throw new HttpError(400, "There is more than one Content-Length");
  }
  // 6
  return { kind: "length", length: parseContentLength(length, limits) };
}

function parseContentLength(
  text: string,
  limits: Pick<Limits, "bodyBytes">,
): number {
  // Digits only: no sign, no list, no 0x, nothing that `parseInt` would take;
  // and none in front that makes another reader think of octal numbers.
  if (!/^(?:0|[1-9]\d*)$/.test(text)) {
    throw new HttpError(400, "The Content-Length is not a number");
  }
  // Beyond 15 digits a number is not exact, and other readers overflow.
  if (text.length > 15) {
    throw new HttpError(400, "The Content-Length has too many digits");
  }
  const length = Number(text);
  if (length > limits.bodyBytes) throw new HttpError(413);
  return length;
}

/**
 * Takes exactly one `chunked`. A coding that exists but is not implemented is
 * 501 (RFC 9112 section 6.1), alone or before `chunked`; whatever looks like a
 * disguised `chunked` is 400.
 */
function checkCodings(codings: string): void {
  if (codings.toLowerCase() === "chunked") return;
  const members = codings.toLowerCase().split(",").map(trimOws);
  if (members.at(-1) === "chunked") members.pop();
  const areForeign = members.every((member) =>
    isToken(member) && !member.includes("chunked") && member !== "identity"
  );
  if (areForeign) {
    throw new HttpError(501, "The transfer coding is not implemented");
  }
  throw new HttpError(400, "The Transfer-Encoding is not exactly chunked");
}

/** RFC 9110 section 10.1.1. */
function decideExpectation(value: string): boolean {
  const members = listMembers(value);
  if (members.some((member) => member !== "100-continue")) {
    throw new HttpError(417);
  }
  return members.length > 0;
}
