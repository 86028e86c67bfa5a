// What the parts of a request head become, without a connection: the request
// line, the forms of a target, and the fields.

import { assertEquals, assertThrows } from "@std/assert";
import { HttpError } from "../../lib/facts/errors.ts";
import { withLimits } from "../../lib/facts/limits.ts";
import {
  decodeHead,
  parseFields,
  parseRequestHead,
} from "../../lib/protocol/request_head.ts";
import {
  lineTooLong,
  parseRequestLine,
  toOriginForm,
} from "../../lib/protocol/request_line.ts";

const LIMITS = withLimits({
  requestLineBytes: 20,
  headBytes: 12,
  headerCount: 2,
});

/** Status and message of what `parse` throws. */
function refusalOf(parse: () => unknown): [status: number, message: string] {
  const { status, message } = assertThrows(parse, HttpError);
  return [status, message];
}

Deno.test("parseRequestLine() parts a line at two spaces (9112 3)", () => {
  for (
    const [line, method, target, version] of [
      ["GET / HTTP/1.1", "GET", "/", "HTTP/1.1"],
      ["A b HTTP/1.0", "A", "b", "HTTP/1.0"],
      ["GET / HTTP/1.7", "GET", "/", "HTTP/1.1"],
      ["GET /234567 HTTP/1.1", "GET", "/234567", "HTTP/1.1"],
    ] as const
  ) {
    assertEquals(parseRequestLine(line, LIMITS), { method, target, version });
  }
});

Deno.test("parseRequestLine() refuses what is no line or too long (9112 3)", () => {
  const parts =
    "The request line is not a method, a target and a version with one space between";
  const method = "The method is not a token";
  const version = "The HTTP version is malformed";
  for (
    const [line, status, message] of [
      ["GET /2345678 HTTP/1.1", 414, ""],
      ["G".repeat(21), 400, "The method is too long"],
      ["G".repeat(20), 400, parts],
      ["", 400, method],
      ["GET/", 400, method],
      [" / HTTP/1.1", 400, method],
      ["GET /", 400, parts],
      ["GET / HTTP/1.1 ", 400, parts],
      ["GET / xHTTP/1.1", 400, version],
      ["GET / HTTP/1.1x", 400, version],
      ["GET / HTTP/x", 400, version],
      ["GET / HTTP/2.0", 505, "The HTTP version is not 1.0 or 1.1"],
    ] as const
  ) {
    const refusal = refusalOf(() => parseRequestLine(line, LIMITS));
    assertEquals(refusal, [status, message], line);
  }
});

Deno.test("lineTooLong() blames the line, or a method that has not ended", () => {
  assertEquals(
    refusalOf(() => {
      throw lineTooLong(true);
    }),
    [414, ""],
  );
  assertEquals(
    refusalOf(() => {
      throw lineTooLong(false);
    }),
    [400, "The method is too long"],
  );
});

Deno.test("toOriginForm() takes the other three forms of a target (9112 3.2)", () => {
  for (
    const [method, target, want] of [
      ["OPTIONS", "*", { path: "*" }],
      ["CONNECT", "b:443", { path: "b:443" }],
      ["CONNECT", "[::1]:443", { path: "[::1]:443" }],
      ["GET", "http://b/c?d", { path: "/c?d", authority: "b" }],
      ["OPTIONS", "http://b:81", { path: "/", authority: "b:81" }],
    ] as const
  ) {
    assertEquals(toOriginForm(method, target), want, target);
  }
});

Deno.test("toOriginForm() refuses each form with a method that has it not (9112 3.2)", () => {
  for (
    const [method, target] of [
      ["GET", "*"],
      ["options", "*"],
      ["OPTIONS", "a"],
      ["OPTIONS", ""],
      ["GET", "b:443"],
      ["CONNECT", "b"],
      ["CONNECT", "b:"],
      ["CONNECT", "*"],
      ["CONNECT", "a b:443"],
      ["CONNECT", "b:443/"],
      ["CONNECT", "http://b/"],
      ["GET", "http://u@b/"],
      ["GET", "http://b/\\"],
    ] as const
  ) {
    assertEquals(
      refusalOf(() => toOriginForm(method, target)),
      [400, "The request target is malformed"],
      `${method} ${target}`,
    );
  }
});

Deno.test("parseRequestHead() gives what each part says (9112 3)", () => {
  const limits = withLimits();
  const rows: [text: string, path: string, fields: [string, string][]][] = [
    ["GET /a?b HTTP/1.1\r\nHost: c\r\n", "/a?b", [["Host", "c"]]],
    ["OPTIONS * HTTP/1.1\r\nHost: c\r\n", "*", [["Host", "c"]]],
    ["CONNECT d:1 HTTP/1.1\r\nHost: c\r\n", "d:1", [["Host", "c"]]],
    // The authority of absolute-form takes the place of Host (9112 3.2.2).
    ["GET http://d/a HTTP/1.1\r\nX: y\r\nhost: c\r\n", "/a", [["X", "y"], [
      "host",
      "d",
    ]]],
    ["GET http://d HTTP/1.0\r\n", "/", [["Host", "d"]]],
  ];
  for (const [text, path, fields] of rows) {
    const [line = ""] = text.split("\r\n");
    const [method, target, version] = line.split(" ");
    const { fields: got, ...head } = parseRequestHead(text, limits);
    assertEquals(head, { line, method, target, path, version } as typeof head);
    assertEquals([...got], fields);
  }
});

Deno.test("parseRequestHead() refuses a path with CONNECT (9112 3.2.3)", () => {
  const parse = () =>
    parseRequestHead("CONNECT /a HTTP/1.1\r\nHost: c\r\n", withLimits());
  assertEquals(refusalOf(parse), [400, "The request target is malformed"]);
});

Deno.test("parseFields() takes lines up to its limits, their bytes and their number", () => {
  assertEquals([...parseFields("", LIMITS)], []);
  assertEquals([...parseFields("A: b\r\nC:d\r\n", LIMITS)], [["A", "b"], [
    "C",
    "d",
  ]]);
  assertEquals(
    refusalOf(() => parseFields("A: bc\r\nC:de\r\n", LIMITS)),
    [431, "The header fields are too long"],
  );
  const many = () => parseFields("A:\r\nB:\r\nC:\r\n", LIMITS);
  assertEquals(refusalOf(many), [431, "Too many header fields"]);
  assertEquals(
    assertThrows(many, HttpError).explain,
    "At most 2 header fields are taken",
  );
});

Deno.test("parseFields() tells a name that is empty from a line without a colon (9112 5)", () => {
  assertEquals(
    refusalOf(() => parseFields(":b\r\n", LIMITS)),
    [400, "A header name is not a token"],
  );
  assertEquals(
    refusalOf(() => parseFields("b\r\nA:\r\n", LIMITS)),
    [400, "A header line has no colon"],
  );
});

Deno.test("decodeHead() makes a character of each byte (9110 5.5)", () => {
  for (
    const bytes of [
      [],
      [0x41, 0x0a],
      [0x41, 0xe9],
      // Two bytes that UTF-8 takes for one character, and a byte order mark.
      [0xc3, 0xa9],
      [0xef, 0xbb, 0xbf, 0x41],
      [0xff, 0xfd, 0x00],
    ]
  ) {
    const text = decodeHead(Uint8Array.from(bytes));
    assertEquals(Array.from(text, (c) => c.charCodeAt(0)), bytes);
  }
});
