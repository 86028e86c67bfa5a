// The fields by which a browser lets pages of other origins read an answer (the
// Fetch standard's CORS protocol), and by which a page shuts itself off from
// others (COOP and COEP). Pure.

import type { FieldSource } from "../facts/preconditions.ts";

/** What the handler allows. */
export interface CrossOriginSettings {
  /** The origin that may read, `*` for all, `""` for none. */
  readonly corsOrigin: string;
  /** Whether pages are isolated. */
  readonly crossOriginIsolation: boolean;
}

/** Seconds for which a browser may remember a preflight. */
const PREFLIGHT_AGE = "7200";

/**
 * Whether a browser asks if a page of another origin may send a request.
 *
 * @param method The method of the request.
 * @param fields The fields of the request.
 */
export function isPreflight(method: string, fields: FieldSource): boolean {
  return method === "OPTIONS" &&
    fields.get("access-control-request-method") !== undefined;
}

/**
 * Lists the cross-origin fields of an answer.
 *
 * @param settings What the handler allows.
 * @param method The method of the request.
 * @param fields The fields of the request.
 * @returns The fields to send.
 */
export function crossOriginFields(
  settings: CrossOriginSettings,
  method: string,
  fields: FieldSource,
): [name: string, value: string][] {
  const answer: [string, string][] = [];
  if (settings.crossOriginIsolation) {
    answer.push(["Cross-Origin-Opener-Policy", "same-origin"]);
    answer.push(["Cross-Origin-Embedder-Policy", "require-corp"]);
  }
  const { corsOrigin } = settings;
  if (corsOrigin === "") return answer;
  answer.push(["Access-Control-Allow-Origin", corsOrigin]);
  if (corsOrigin !== "*") answer.push(["Vary", "Origin"]);
  if (method !== "OPTIONS") {
    // What a reader of ranges needs besides the fields that are always shown.
    answer.push([
      "Access-Control-Expose-Headers",
      "Accept-Ranges, Content-Encoding, Content-Length, Content-Range, ETag",
    ]);
    return answer;
  }
  if (!isPreflight(method, fields)) return answer;
  answer.push(["Access-Control-Allow-Methods", "GET, HEAD"]);
  const headers = fields.get("access-control-request-headers");
  if (headers !== undefined && /^[\w!#$%&'*+.^`|~, -]+$/.test(headers)) {
    answer.push(["Access-Control-Allow-Headers", headers]);
  }
  answer.push(["Access-Control-Max-Age", PREFLIGHT_AGE]);
  return answer;
}
