// The request line (RFC 9112 section 3). In: the line, or its beginning. Out: a
// method, a target and a version, with exactly one space between.

import { HttpError } from "../facts/errors.ts";
import {
  isHost,
  isOriginForm,
  isToken,
  splitAbsoluteForm,
} from "../facts/grammar.ts";
import type { Limits } from "../facts/limits.ts";

/** The versions that are told apart; `HTTP/1.x` with x > 1 counts as 1.1. */
export type HttpVersion = "HTTP/1.0" | "HTTP/1.1";

/** The three parts of a request line (RFC 9112 section 3). */
export function parseRequestLine(
  line: string,
  limits: Limits,
): { method: string; target: string; version: HttpVersion } {
  const first = line.indexOf(" ");
  const method = first < 0 ? line : line.slice(0, first);
  checkMethod(method);
  if (line.length > limits.requestLineBytes) throw lineTooLong(first >= 0);
  const second = line.indexOf(" ", first + 1);
  if (second < 0 || line.indexOf(" ", second + 1) >= 0) {
    throw new HttpError(
      400,
      "The request line is not a method, a target and a version with one space between",
    );
  }
  const target = line.slice(first + 1, second);
  const version = parseVersion(line.slice(second + 1));
  return { method, target, version };
}

/** `HTTP-version = "HTTP/" DIGIT "." DIGIT` (RFC 9112 section 2.3). */
function parseVersion(text: string): HttpVersion {
  if (text === "HTTP/1.1") return "HTTP/1.1";
  if (text === "HTTP/1.0") return "HTTP/1.0";
  if (!/^HTTP\/\d\.\d$/.test(text)) {
    throw new HttpError(400, "The HTTP version is malformed");
  }
  if (!text.startsWith("HTTP/1.")) {
    throw new HttpError(505, "The HTTP version is not 1.0 or 1.1");
  }
  return "HTTP/1.1";
}

/**
 * Refuses a method that is none; the whole line may not be here yet.
 *
 * @throws {HttpError} 400.
 */
export function checkMethod(method: string): void {
  if (!isToken(method)) throw new HttpError(400, "The method is not a token");
}

/**
 * Reduces the other three forms of a target (RFC 9112 section 3.2).
 *
 * @returns The target in origin-form, or `*`, or the authority of a CONNECT;
 * with absolute-form also its authority.
 * @throws {HttpError} 400 if it is none of them.
 */
export function toOriginForm(
  method: string,
  target: string,
): { path: string; authority?: string } {
  if (target === "*" && method === "OPTIONS") return { path: target };
  // authority-form is for proxies, which this server is not; dispatch refuses.
  const isConnect = method === "CONNECT";
  if (isConnect && isHost(target) && /:\d+$/.test(target)) {
    return { path: target };
  }
  const absolute = splitAbsoluteForm(target);
  if (
    isConnect || absolute === undefined || !isHost(absolute.authority) ||
    !isOriginForm(absolute.originForm)
  ) {
    throw new HttpError(400, "The request target is malformed");
  }
  return { path: absolute.originForm, authority: absolute.authority };
}

/** The refusal of a line that is too long, or of its method alone. */
export function lineTooLong(hasMethod: boolean): HttpError {
  return hasMethod
    ? new HttpError(414)
    : new HttpError(400, "The method is too long");
}
