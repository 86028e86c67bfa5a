import { assertEquals, assertThrows } from "@std/assert";
import { latin1Octets } from "../../lib/bytes/octets.ts";
import { HttpError } from "../../lib/facts/errors.ts";
import { FieldScanner } from "../../lib/protocol/field_scanner.ts";

const LIMITS = { kind: "header", bytes: 40, lines: 2 } as const;

/** What a scanner says of a section whose bytes come in two parts. */
function scanned(text: string, cut: number): string {
  // In the middle of a buffer, with bytes of others around it.
  const buffer = latin1Octets("::" + text + "X: y\r\n\r\n");
  const scanner = new FieldScanner(LIMITS);
  scanner.begin(0);
  try {
    let size = scanner.scan(buffer, 2, 2 + cut);
    if (size < 0) size = scanner.scan(buffer, 2, 2 + text.length);
    if (size < 0) return "more";
    const { offsets, marked } = scanner;
    const pieces: string[] = [];
    for (let i = 0; i < offsets.length; i += 2) {
      pieces.push(text.slice(offsets[i], offsets[i + 1]));
    }
    return `${size} ${pieces.join("|")} (${marked})`;
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    return `${error.status} ${error.message}`;
  }
}

const NO_TOKEN = "400 A header name is not a token";
const CONTROL = "400 A header value holds a control character";
const TOO_LONG = "431 The header fields are too long";

const ROWS: [text: string, want: string][] = [
  ["\r\n", "2  ()"],
  ["A: b\r\n\r\n", "8 A|b ()"],
  ["A:\t b c\t \r\n\r\n", "13 A|b c ()"],
  ["A:\r\n\r\n", "6 A| ()"],
  ["A: \xe9\r\n\r\n", "8 A|\xe9 ()"],
  ["Host: a\r\nTE: b\r\n\r\n", "18 Host|a|TE|b (0,1)"],
  ["hOsT:a\r\nHosts: a\r\n\r\n", "20 hOsT|a|Hosts|a (0)"],
  ["Expect: a\r\nConnection: b\r\n\r\n", "28 Expect|a|Connection|b (0,1)"],
  ["Content-Length: 1\r\nX: y\r\n\r\n", "27 Content-Length|1|X|y (0)"],
  ["X: y\r\nTransfer-Encoding: a\r\n\r\n", "30 X|y|Transfer-Encoding|a (1)"],
  ["Content_Length: 1\r\n\r\n", "21 Content_Length|1 ()"],
  [`A: ${"b".repeat(35)}\r\n\r\n`, `42 A|${"b".repeat(35)} ()`],
  [`A: ${"b".repeat(36)}\r\n\r\n`, TOO_LONG],
  [`A: ${"b".repeat(60)}`, TOO_LONG],
  ["a".repeat(40) + "\r\n", "400 A header line has no colon"],
  ["a".repeat(41) + "\r\n", TOO_LONG],
  [`A: ${"b".repeat(37)}\rc`, CONTROL],
  [`A: ${"b".repeat(38)}\rc`, TOO_LONG],
  ["A: b\r\nC: d\r\nE: f\r\n\r\n", "431 Too many header fields"],
  ["A: b\r\n", "more"],
  ["A", "more"],
  ["A: b\r", "more"],
  ["A\r\n\r\n", "400 A header line has no colon"],
  [": b\r\n\r\n", NO_TOKEN],
  ["A : b\r\n\r\n", NO_TOKEN],
  [" A: b\r\n\r\n", NO_TOKEN],
  ["A\rB: c\r\n\r\n", NO_TOKEN],
  ["\rA: b\r\n\r\n", NO_TOKEN],
  ["A: b\rc\r\n\r\n", CONTROL],
  ["A: b\0\r\n\r\n", CONTROL],
  // One wrong byte is enough, and an LF behind it makes it no line end.
  ["A(", NO_TOKEN],
  ["A: b\0", CONTROL],
  ["A(\n\r\n", NO_TOKEN],
  ["A: b\0\n\r\n", CONTROL],
  ["A: b\r\n: c\r\n\r\n", NO_TOKEN],
  // What is wrong with a byte within the limit is told before the limit.
  [`${"A".repeat(41)}(`, NO_TOKEN],
  [`${"A".repeat(42)}(`, TOO_LONG],
  [`A: ${"b".repeat(38)}\0`, CONTROL],
  [`A: ${"b".repeat(39)}\0`, TOO_LONG],
  ["A: b\nC: d\r\n\r\n", "400 A line ends with LF alone"],
  ["A\n\r\n", "400 A line ends with LF alone"],
  ["\nA: b\r\n\r\n", "400 A line ends with LF alone"],
];

Deno.test("FieldScanner reads and refuses sections, however they are cut", async (t) => {
  for (const [text, want] of ROWS) {
    await t.step(JSON.stringify(text), () => {
      for (let cut = 0; cut <= text.length; cut++) {
        assertEquals(scanned(text, cut), want, `cut at ${cut}`);
      }
    });
  }
});

Deno.test("FieldScanner explains how many fields are taken (6585 5)", () => {
  const scanner = new FieldScanner({ ...LIMITS, kind: "trailer" });
  scanner.begin(0);
  const bytes = latin1Octets("A:\r\nB:\r\nC:\r\n\r\n");
  const error = assertThrows(
    () => scanner.scan(bytes, 0, bytes.length),
    HttpError,
    "Too many trailer fields",
  );
  assertEquals(error.explain, "At most 2 trailer fields are taken");
});

Deno.test("FieldScanner begins anew with each section", () => {
  const scanner = new FieldScanner(LIMITS);
  const bytes = latin1Octets("Host: a\r\n\r\n");
  scanner.begin(0);
  scanner.scan(bytes, 0, bytes.length);
  const { offsets, marked } = scanner;
  scanner.begin(0);
  scanner.scan(latin1Octets("\r\n"), 0, 2);
  assertEquals([scanner.offsets, scanner.marked], [[], []]);
  // Those of the last one belong to whoever took them.
  assertEquals([offsets, marked], [[0, 4, 6, 7], [0]]);
});
