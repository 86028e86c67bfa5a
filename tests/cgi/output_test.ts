import { assertEquals, assertThrows } from "@std/assert";
import {
  OutputError,
  type OutputHead,
  OutputHeadReader,
} from "../../lib/cgi/output.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Feeds the pieces; the head and what came after it. */
function read(
  pieces: readonly Uint8Array[],
): { head: OutputHead; rest: string } {
  const reader = new OutputHeadReader({ headBytes: 256, headLines: 8 });
  for (const [index, piece] of pieces.entries()) {
    const head = reader.push(piece);
    if (head === undefined) continue;
    const rest = [reader.rest, ...pieces.slice(index + 1)];
    return { head, rest: rest.map((part) => decoder.decode(part)).join("") };
  }
  return reader.end();
}

/** The output whole, cut at every offset, and octet by octet. */
function* cuts(output: string): Generator<Uint8Array[]> {
  const octets = encoder.encode(output);
  yield [octets];
  for (let at = 1; at < octets.length; at++) {
    yield [octets.slice(0, at), octets.slice(at)];
  }
  yield Array.from(octets, (octet) => Uint8Array.of(octet));
}

const HEADS: readonly { name: string; output: string; want: OutputHead }[] = [
  {
    name: "RFC 3875 6.2.1 document",
    output: "Content-Type: text/plain\n\nbody",
    want: {
      kind: "document",
      status: 200,
      reason: undefined,
      fields: [["Content-Type", "text/plain"]],
      contentLength: undefined,
    },
  },
  {
    name: "RFC 3875 6.3.4 lines end with CRLF or LF",
    output: "Content-Type: text/plain\r\nX-A:  b \t\nSet-Cookie: a=1\r\n" +
      "set-cookie: b=2\r\n\r\nbody",
    want: {
      kind: "document",
      status: 200,
      reason: undefined,
      fields: [
        ["Content-Type", "text/plain"],
        ["X-A", "b"],
        ["Set-Cookie", "a=1"],
        ["set-cookie", "b=2"],
      ],
      contentLength: undefined,
    },
  },
  {
    name: "a value that ends with the UTF-8 of à, whose last byte is 0xA0",
    output: "Content-Type: text/plain\nX-A: \u00e0 \n\nbody",
    want: {
      kind: "document",
      status: 200,
      reason: undefined,
      fields: [["Content-Type", "text/plain"], ["X-A", "\xc3\xa0"]],
      contentLength: undefined,
    },
  },
  {
    name: "RFC 3875 6.3.3 Status",
    output: "status: 404 Nope, not here\nContent-Length: 4\n\nbody",
    want: {
      kind: "document",
      status: 404,
      reason: "Nope, not here",
      fields: [],
      contentLength: 4,
    },
  },
  {
    name: "Status without a reason",
    output: "Status: 204\n\nbody",
    want: {
      kind: "document",
      status: 204,
      reason: undefined,
      fields: [],
      contentLength: undefined,
    },
  },
  {
    name: "RFC 3875 6.2.2 local redirect",
    output: "Location: /other?a=b#c\n\nbody",
    want: { kind: "local-redirect", target: "/other?a=b", fields: [] },
  },
  {
    name: "a local redirect with an escaped NUL in its query",
    output: "Location: /a?b%00c\n\nbody",
    want: { kind: "local-redirect", target: "/a?b%00c", fields: [] },
  },
  {
    name: "a local redirect keeps what is not about a content",
    output: 'Set-Cookie: a=1\nContent-Type: a/b\nETag: "x"\n' +
      "Location: /b\nSet-Cookie: b=2\nCache-Control: no-store\n\nbody",
    want: {
      kind: "local-redirect",
      target: "/b",
      fields: [
        ["Set-Cookie", "a=1"],
        ["Set-Cookie", "b=2"],
        ["Cache-Control", "no-store"],
      ],
    },
  },
  {
    name: "RFC 3875 6.2.3 client redirect is a 302",
    output: "Location: https://example.org/x#y\n\nbody",
    want: {
      kind: "client-redirect",
      status: 302,
      reason: undefined,
      fields: [["Location", "https://example.org/x#y"]],
      contentLength: undefined,
    },
  },
  {
    name: "RFC 3875 6.2.4 client redirect with document",
    output: "Status: 303 See Other\nLocation: /x\nContent-Type: a/b\n\nbody",
    want: {
      kind: "client-redirect",
      status: 303,
      reason: "See Other",
      fields: [["Location", "/x"], ["Content-Type", "a/b"]],
      contentLength: undefined,
    },
  },
  {
    name: "Location beside a 201 is a field of the document",
    output: "Status: 201 Created\nLocation: /new\n\nbody",
    want: {
      kind: "document",
      status: 201,
      reason: "Created",
      fields: [["Location", "/new"]],
      contentLength: undefined,
    },
  },
  {
    name: "RFC 3875 6.2.1 fields about the connection are the server's",
    output: "Connection: close\nTransfer-Encoding: chunked\nServer: x\n" +
      "Content-Type: a/b\nUpgrade: y\n\nbody",
    want: {
      kind: "document",
      status: 200,
      reason: undefined,
      fields: [["Content-Type", "a/b"]],
      contentLength: undefined,
    },
  },
  {
    name: "fields, though none of those of CGI",
    output: "X-A: b\n\nbody",
    want: {
      kind: "document",
      status: 200,
      reason: undefined,
      fields: [["X-A", "b"]],
      contentLength: undefined,
    },
  },
  {
    name: "a tab behind the code of Status",
    output: "Status: 404\tNope\n\nbody",
    want: {
      kind: "document",
      status: 404,
      reason: "Nope",
      fields: [],
      contentLength: undefined,
    },
  },
  {
    name: "a local redirect to a name beyond ASCII",
    output: "Location: /café.txt\n\nbody",
    want: { kind: "local-redirect", target: "/caf%C3%A9.txt", fields: [] },
  },
  {
    name: "a local redirect to a space",
    output: "Location: /a b\n\nbody",
    want: { kind: "local-redirect", target: "/a%20b", fields: [] },
  },
  {
    name: "a local redirect to what no URI may hold",
    output: 'Location: /x?q="|{\\\n\nbody',
    want: { kind: "local-redirect", target: "/x?q=%22%7C%7B%5C", fields: [] },
  },
  {
    name: "a local redirect to escapes, and a % that is none",
    output: "Location: /%41/100%/%zz\n\nbody",
    want: { kind: "local-redirect", target: "/%41/100%25/%25zz", fields: [] },
  },
  {
    name: "a client redirect to a name beyond ASCII",
    output: "Status: 302\nLocation: http://a/é?b c#d e\n\nbody",
    want: {
      kind: "client-redirect",
      status: 302,
      reason: undefined,
      fields: [["Location", "http://a/%C3%A9?b%20c#d%20e"]],
      contentLength: undefined,
    },
  },
];

Deno.test("OutputHeadReader reads a head from pieces of any size", async (t) => {
  for (const { name, output, want } of HEADS) {
    await t.step(name, () => {
      for (const pieces of cuts(output)) {
        assertEquals(read(pieces), { head: want, rest: "body" });
      }
    });
  }
});

const BROKEN: readonly { name: string; output: string; message: string }[] = [
  {
    name: "nothing",
    output: "",
    message: "Cannot answer: the program wrote nothing",
  },
  {
    name: "half a head",
    output: "Content-Type: text/plain\n",
    message: "Cannot answer: the output ended before its head did",
  },
  {
    name: "no field at all",
    output: "\nbody",
    message: "Cannot answer: no field stands in the head",
  },
  {
    name: "text instead of a head",
    output: "Hello, world\n\n",
    message: 'Cannot read the line "Hello, world"',
  },
  {
    name: "a space before the colon",
    output: "Content-Type : a/b\n\n",
    message: 'Cannot read the line "Content-Type : a/b"',
  },
  {
    name: "a folded line",
    output: "Content-Type: a/b;\n c=d\n\n",
    message: 'Cannot read the line " c=d"',
  },
  {
    name: "a bare CR in a value",
    output: "Content-Type: a/b\rX: y\n\n",
    message: "Cannot send Content-Type: control octet in its value",
  },
  {
    name: "a NUL in a value",
    output: "Content-Type: a\0b\n\n",
    message: "Cannot send Content-Type: control octet in its value",
  },
  {
    name: "RFC 3875 6.3 a CGI field twice",
    output: "Status: 200\nStatus: 404\n\n",
    message: "Cannot choose: two Status",
  },
  {
    name: "a Status that is not final",
    output: "Status: 100 Continue\n\n",
    message: 'Cannot use the Status "100 Continue"',
  },
  {
    name: "a Status that is not a number",
    output: "Status: OK\n\n",
    message: 'Cannot use the Status "OK"',
  },
  {
    name: "a Content-Length with a sign",
    output: "Content-Type: a/b\nContent-Length: +4\n\n",
    message: 'Cannot use the Content-Length "+4"',
  },
  {
    name: "an empty Location",
    output: "Location:\n\n",
    message: "Cannot redirect: empty Location",
  },
  {
    name: "a path in Location with an escaped NUL",
    output: "Location: /a%00b?c\n\n",
    message: "Cannot redirect: escaped NUL in Location",
  },
  {
    name: "a head without an end",
    output: "X: " + "a".repeat(300),
    message: "Cannot read the head: longer than 256 octets",
  },
  {
    name: "a head of many lines",
    output: "X: a\n".repeat(9),
    message: "Cannot read the head: more than 8 lines",
  },
];

Deno.test("OutputHeadReader refuses a broken head", async (t) => {
  for (const { name, output, message } of BROKEN) {
    await t.step(name, () => {
      for (const pieces of cuts(output)) {
        assertThrows(() => read(pieces), OutputError, message);
      }
    });
  }
});

Deno.test("OutputHeadReader takes thousands of lines", () => {
  const lines = "X-A: b\n".repeat(4_000);
  const head = new OutputHeadReader().push(encoder.encode(lines + "\n"));
  assertEquals(head?.kind === "document" && head.fields.length, 4_000);
});
