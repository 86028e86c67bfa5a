import { assertEquals } from "@std/assert";
import { latin1Octets } from "../../lib/bytes/octets.ts";
import { HttpError } from "../../lib/facts/errors.ts";
import { withLimits } from "../../lib/facts/limits.ts";
import { HeadScanner } from "../../lib/protocol/request_head.ts";

const LIMITS = withLimits({ requestLineBytes: 20, headBytes: 10 });
const LINE = "GET / HTTP/1.1\r\n";
const METHOD = "400 The method is not a token";
const VERSION = "400 The HTTP version is malformed";
const LONG_METHOD = "400 The method is too long";
const LONG_HEAD = "431 The header fields are too long";
const BARE_LF = "400 A line ends with LF alone";

/** What may stand in a buffer before and behind the bytes of a head. */
const SURROUNDINGS = [["", ""], ["GET /\r", "\n\n"], ["x".repeat(30), "x: y"]];

/** What a scan says of the bytes so far: a size, `-1`, or its error. */
function verdict(
  scanner: HeadScanner,
  text: string,
  [before = "", behind = ""]: readonly string[] = [],
): string {
  const bytes = latin1Octets(before + text + behind);
  const { length } = before;
  try {
    return String(scanner.scan(bytes, length, length + text.length));
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    return `${error.status} ${error.message}`;
  }
}

/** Each row: the bytes so far, time after time, and what is said of the last. */
const ROWS: readonly [name: string, heads: string[], want: string][] = [
  ["a CR in front is no method", ["\rG"], METHOD],
  ["one byte that no method has", ["("], METHOD],
  ["a space in front", [" "], METHOD],
  ["the beginning of a method", ["G", "GE", "GET"], "-1"],
  ["a method with a CR behind it is waited on", ["GET\r"], "-1"],
  ["a wrong byte behind a CR", ["GET\r", "GET\rx"], METHOD],
  ["a wrong byte later in a method", ["G", "G("], METHOD],
  ["a line of the limit", ["GET /" + "a".repeat(16)], "-1"],
  ["a line over the limit", ["GET", "GET /" + "a".repeat(17)], "414 "],
  ["a method of the limit", ["G".repeat(21)], "-1"],
  ["a method over the limit", ["G".repeat(21), "G".repeat(22)], LONG_METHOD],
  ["a whole line that is none (9112 3)", ["GET", "GET / HTTP/x\r\n"], VERSION],
  ["a line longer than the fields may be", ["GET /" + "a".repeat(10)], "-1"],
  ["fields of the limit, half the empty line", [
    LINE,
    `${LINE}A: ${"b".repeat(5)}\r\n\r`,
  ], "-1"],
  ["fields over the limit", [LINE, `${LINE}A: ${"b".repeat(9)}`], LONG_HEAD],
  ["a head without fields", [LINE, `${LINE}\r\n`], "18"],
  ["a head of a few lines", [`${LINE}A: b\r\n\r\n`], "24"],
  ["what is behind a head", [`${LINE}\r\nGET`], "18"],
  ["LF alone in front (9112 2.2)", ["\nGET"], METHOD],
  ["LF alone behind a method", ["GET\n"], BARE_LF],
  ["LF alone behind a line", ["GET / HTTP/1.1\n"], BARE_LF],
  ["LF alone behind a field", [`${LINE}A: b\n`], BARE_LF],
  ["LF alone as the empty line", [`${LINE}\n`], BARE_LF],
  ["a wrong method before LF alone", ["G(T / HTTP/1.1\n"], METHOD],
];

Deno.test("HeadScanner says at once what cannot become a request", async (t) => {
  for (const [name, heads, want] of ROWS) {
    for (const around of SURROUNDINGS) {
      await t.step(`${name}, between ${JSON.stringify(around)}`, () => {
        const scanner = new HeadScanner(LIMITS);
        scanner.begin();
        const said = heads.map((head) => verdict(scanner, head, around));
        const last = said.pop();
        assertEquals(said, said.map(() => "-1"));
        assertEquals(last, want);
      });
      await t.step(`${name}, byte by byte`, () => {
        const scanner = new HeadScanner(LIMITS);
        scanner.begin();
        const whole = heads.at(-1) ?? "";
        let said = "-1";
        for (let end = 1; end <= whole.length && said === "-1"; end++) {
          said = verdict(scanner, whole.slice(0, end), around);
        }
        assertEquals(said, want);
      });
    }
  }
});

Deno.test("HeadScanner.begin() knows nothing of the head before", () => {
  for (const before of ["GE", "GET /", LINE, `${LINE}A: b`]) {
    const scanner = new HeadScanner(LIMITS);
    scanner.begin();
    verdict(scanner, before);
    scanner.begin();
    assertEquals(scanner.lineSize, 0);
    assertEquals(verdict(scanner, "("), METHOD);
    scanner.begin();
    assertEquals(verdict(scanner, "G".repeat(22)), LONG_METHOD);
  }
});
