// The lines that a handler logs, in the format of Python's server and of the
// common log: `127.0.0.1 - - [21/Nov/2026 10:00:00] "GET / HTTP/1.1" 200 -`.

import { MONTHS } from "../facts/http_date.ts";

// deno-lint-ignore no-control-regex -- control characters are what it finds
const UNSAFE = /[\x00-\x1f\x7f-\x9f\\]/g;
// deno-lint-ignore no-control-regex -- control characters are what it finds
const HAS_UNSAFE = /[\x00-\x1f\x7f-\x9f\\]/;

/** The most characters of one message: any request line, but not a body. */
const MAX_LENGTH = 32_768;
/** How many of them are the end of what was longer. */
const END_LENGTH = 4_096;

let cachedSecond = NaN;
let cachedDate = "";

/**
 * The time of a log line in local time, `21/Nov/2026 10:00:00`.
 *
 * @param time Epoch milliseconds.
 */
export function formatLogDate(time: number): string {
  const second = Math.floor(time / 1000);
  if (second !== cachedSecond) {
    const date = new Date(time);
    cachedDate =
      `${two(date.getDate())}/${
        MONTHS[date.getMonth()]
      }/${date.getFullYear()} ` +
      `${two(date.getHours())}:${two(date.getMinutes())}:${
        two(date.getSeconds())
      }`;
    cachedSecond = second;
  }
  return cachedDate;
}

/**
 * Makes text safe to print: a client must not be able to move the cursor of a
 * terminal or to forge a line of the log.
 *
 * @param text What to print.
 * @returns The text with control characters as `\xNN` and backslashes doubled.
 */
export function escapeControls(text: string): string {
  if (!HAS_UNSAFE.test(text)) return text;
  return text.replace(
    UNSAFE,
    (c) =>
      c === "\\"
        ? "\\\\"
        : "\\x" + c.charCodeAt(0).toString(16).padStart(2, "0"),
  );
}

/**
 * Shortens text to be logged. A message may quote what a client sent, up to a
 * whole body, and escaped that would fill a disk four times as fast.
 *
 * @param text The text.
 * @returns The text, if it is short; else its beginning and its end, where an
 * error has its stack.
 */
export function shorten(text: string): string {
  const left = text.length - MAX_LENGTH;
  if (left <= 0) return text;
  return `${text.slice(0, MAX_LENGTH - END_LENGTH)} … ${left} characters … ` +
    text.slice(-END_LENGTH);
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
