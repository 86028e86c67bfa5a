import { assertEquals, assertThrows } from "@std/assert";
import { latin1Octets } from "../../lib/bytes/octets.ts";
import { HttpError } from "../../lib/facts/errors.ts";
import { withLimits } from "../../lib/facts/limits.ts";
import { findHeadEnd, PartialHead } from "../../lib/protocol/partial_head.ts";

const LIMITS = withLimits({ requestLineBytes: 20, headBytes: 10 });
const LINE = "GET / HTTP/1.1\r\n";
const METHOD = "400 The method is not a token";
const VERSION = "400 The HTTP version is malformed";
const LONG_METHOD = "400 The method is too long";
const LONG_HEAD = "431 The header fields are too long";

/** What `check` says of the bytes so far: `"ok"`, or its error. */
function verdict(check: () => void): string {
  try {
    check();
    return "ok";
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    return `${error.status} ${error.message}`;
  }
}

/** Each row: the bytes so far, time after time, and what is said of the last. */
const ROWS: readonly [name: string, heads: string[], want: string][] = [
  ["a lone CR may be half an empty line (9112 2.2)", ["\r"], "ok"],
  ["a CR and more is no empty line", ["\r", "\rG"], METHOD],
  ["one byte that no method has", ["("], METHOD],
  ["a space in front", [" "], METHOD],
  ["the beginning of a method", ["G", "GE", "GET"], "ok"],
  ["a method with a CR behind it is waited on", ["GET\r"], "ok"],
  ["a wrong byte behind a CR", ["GET\r", "GET\rx"], METHOD],
  ["a wrong byte later in a method", ["G", "G("], METHOD],
  ["a line of the limit", ["GET /" + "a".repeat(16)], "ok"],
  ["a line over the limit", ["GET", "GET /" + "a".repeat(17)], "414 "],
  ["a method of the limit", ["G".repeat(21)], "ok"],
  ["a method over the limit", ["G".repeat(21), "G".repeat(22)], LONG_METHOD],
  ["a whole line that is none (9112 3)", ["GET", "GET / HTTP/x\r\n"], VERSION],
  ["a line longer than the fields may be", ["GET /" + "a".repeat(10)], "ok"],
  ["fields of the limit, half the empty line", [
    LINE,
    `${LINE}A: ${"b".repeat(5)}\r\n\r`,
  ], "ok"],
  ["fields over the limit", [LINE, `${LINE}A: ${"b".repeat(9)}`], LONG_HEAD],
];

Deno.test("PartialHead says at once what cannot become a request", async (t) => {
  for (const [name, heads, want] of ROWS) {
    await t.step(name, () => {
      const partial = new PartialHead(LIMITS);
      const said = heads.map((head) =>
        verdict(() => partial.check(latin1Octets(head)))
      );
      const last = said.pop();
      assertEquals(said, said.map(() => "ok"));
      assertEquals(last, want);
    });
  }
});

Deno.test("PartialHead.start() knows nothing of the head before", () => {
  for (const before of ["GE", "GET /", LINE, `${LINE}A: b`]) {
    const partial = new PartialHead(LIMITS);
    partial.check(latin1Octets(before));
    partial.start();
    assertEquals(verdict(() => partial.check(latin1Octets("("))), METHOD);
    partial.start();
    const long = latin1Octets("G".repeat(22));
    assertEquals(verdict(() => partial.check(long)), LONG_METHOD);
  }
});

Deno.test("findHeadEnd() finds the empty line behind its start (9112 2.1)", () => {
  for (
    const [text, start, from, end] of [
      ["A\r\n\r\nB", 0, 0, 5],
      ["A\r\nB\r\n\r\n", 0, 0, 8],
      ["A\r\nB\r\n\r\n", 0, 7, 8],
      ["\r\n\r\nA", 0, 0, 4],
      ["x\r\n\r\n\r\nA", 3, 3, 7],
      // Of an empty line the first half is no part of the head.
      ["\r\n\r\nA", 2, 2, -1],
      ["x\r\n\r\nA\r\n", 3, 3, -1],
      ["A\r\n\r", 0, 0, -1],
      ["A\r\n", 0, 0, -1],
      ["", 0, 0, -1],
    ] as const
  ) {
    const bytes = latin1Octets(text);
    const found = findHeadEnd(bytes, start, from, bytes.length, LIMITS);
    assertEquals(found, end, JSON.stringify(text));
  }
});

Deno.test("findHeadEnd() refuses LF without CR, and first what is before it (9112 2.2)", () => {
  const bareLf = "A line ends with LF alone";
  const method = "The method is not a token";
  for (
    const [text, start, message] of [
      ["\nGET", 0, method],
      ["GET / HTTP/1.1\n", 0, bareLf],
      [`${LINE}A: b\n`, 0, bareLf],
      [`${LINE}\n`, 0, bareLf],
      // The CR ends the body of the request before.
      ["\r\nGET", 1, method],
      ["G(T / HTTP/1.1\n", 0, method],
    ] as const
  ) {
    const bytes = latin1Octets(text);
    const find = () => findHeadEnd(bytes, start, start, bytes.length, LIMITS);
    assertEquals(assertThrows(find, HttpError).message, message, text);
  }
});
