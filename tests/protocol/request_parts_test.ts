// What the parts of a request head become, without a connection: the request
// line, the forms of a target, and the fields.

import { assertEquals, assertThrows } from "@std/assert";
import { HttpError } from "../../lib/facts/errors.ts";
import { withLimits } from "../../lib/facts/limits.ts";
import { latin1Octets } from "../../lib/bytes/octets.ts";
import {
  HeadScanner,
  type RequestHead,
} from "../../lib/protocol/request_head.ts";
import {
  RequestLineScanner,
  toOriginForm,
} from "../../lib/protocol/request_line.ts";

/** The parts of a line, whose bytes come in two pieces. */
function lineOf(
  text: string,
  cut: number,
): { method: string; target: string; version: string } {
  const bytes = latin1Octets(text + "\r\n");
  const scanner = new RequestLineScanner(20);
  scanner.begin();
  let size = scanner.scan(bytes, 0, cut);
  if (size < 0) size = scanner.scan(bytes, 0, bytes.length);
  assertEquals(size, bytes.length);
  const { methodEnd, targetEnd, lineEnd, version } = scanner;
  assertEquals(lineEnd, text.length);
  const method = text.slice(0, methodEnd);
  return { method, target: text.slice(methodEnd + 1, targetEnd), version };
}

function headOf(text: string): RequestHead {
  const bytes = latin1Octets(text + "\r\n");
  const scanner = new HeadScanner(withLimits());
  scanner.begin();
  assertEquals(scanner.scan(bytes, 0, bytes.length), bytes.length);
  return scanner.parse(bytes.subarray(0, -2));
}

/** Status and message of what `parse` throws. */
function refusalOf(parse: () => unknown): [status: number, message: string] {
  const { status, message } = assertThrows(parse, HttpError);
  return [status, message];
}

Deno.test("RequestLineScanner parts a line at two spaces (9112 3)", () => {
  for (
    const [line, method, target, version] of [
      ["GET / HTTP/1.1", "GET", "/", "HTTP/1.1"],
      ["A b HTTP/1.0", "A", "b", "HTTP/1.0"],
      ["GET / HTTP/1.7", "GET", "/", "HTTP/1.1"],
      ["GET /234567 HTTP/1.1", "GET", "/234567", "HTTP/1.1"],
    ] as const
  ) {
    for (let cut = 0; cut <= line.length; cut++) {
      assertEquals(lineOf(line, cut), { method, target, version });
    }
  }
});

Deno.test("RequestLineScanner refuses what is no line or too long (9112 3)", () => {
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
    for (let cut = 0; cut <= line.length; cut++) {
      const refusal = refusalOf(() => lineOf(line, cut));
      assertEquals(refusal, [status, message], `${line} cut at ${cut}`);
    }
  }
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
      ["CONNECT", "[::1]"],
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

Deno.test("HeadScanner gives what each part says (9112 3)", () => {
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
    const { fields: got, framing: _framing, ...head } = headOf(text);
    assertEquals(head, { line, method, target, path, version } as typeof head);
    assertEquals([...got], fields);
  }
});

Deno.test("HeadScanner refuses a path with CONNECT (9112 3.2.3)", () => {
  const parse = () => headOf("CONNECT /a HTTP/1.1\r\nHost: c\r\n");
  assertEquals(refusalOf(parse), [400, "The request target is malformed"]);
});

Deno.test("HeadScanner.parse() counts no other field for a Host (9112 3.2)", () => {
  const head = headOf(
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTE: x y\r\n",
  );
  assertEquals(head.fields.get("Host"), "a");
  assertEquals(
    refusalOf(() => headOf("POST / HTTP/1.1\r\nContent-Length: 5\r\n")),
    [400, "There is no Host"],
  );
});
