// What decideFraming() makes of a header section, without a connection.

import { assertEquals, assertThrows } from "@std/assert";
import { HttpError } from "../../lib/facts/errors.ts";
import { decideFraming, type Framing } from "../../lib/protocol/framing.ts";
import { latin1Octets } from "../../lib/bytes/octets.ts";
import { FieldList } from "../../lib/protocol/field_list.ts";
import { FieldScanner } from "../../lib/protocol/field_scanner.ts";

const BODY_BYTES = 999_999_999_999_999;

/** What a request without any of the fields says. */
const PLAIN: Framing = {
  body: { kind: "none" },
  keepsAlive: true,
  expectsContinue: false,
  takesTrailers: false,
};

function framingOf(
  version: "1.0" | "1.1",
  lines: readonly string[],
  bodyBytes = BODY_BYTES,
): Framing {
  const text = lines.map((line) => `${line}\r\n`).join("") + "\r\n";
  const scanner = new FieldScanner({ kind: "header", bytes: 1000, lines: 100 });
  scanner.begin(0);
  scanner.scan(latin1Octets(text), 0, text.length);
  const fields = FieldList.within(text, scanner.offsets);
  const head = { version: `HTTP/${version}`, fields } as const;
  return decideFraming(head, scanner.marked, { bodyBytes });
}

const TAKEN: readonly [
  name: string,
  version: "1.0" | "1.1",
  lines: readonly string[],
  difference: Partial<Framing>,
][] = [
  ["nothing", "1.1", [], {}],
  ["other fields", "1.1", ["Host: a", "X: Expect"], {}],
  ["nothing on 1.0", "1.0", [], { keepsAlive: false }],
  ["9112 6.3: a length of zero", "1.1", ["Content-Length: 0"], {
    body: { kind: "length", length: 0 },
  }],
  ["9112 6.3: a length of 15 digits", "1.1", [
    `Content-Length: ${BODY_BYTES}`,
  ], { body: { kind: "length", length: BODY_BYTES } }],
  ["9112 6.3: chunked", "1.1", ["Transfer-Encoding: chunked"], {
    body: { kind: "chunked" },
  }],
  ["9112 9.3: close", "1.1", ["Connection: close"], { keepsAlive: false }],
  ["9110 10.1.1: 100-continue", "1.1", ["Expect: 100-continue"], {
    expectsContinue: true,
  }],
  ["9110 10.1.1: 100-Continue", "1.1", ["Expect: 100-Continue"], {
    expectsContinue: true,
  }],
  ["9110 10.1.1: 100-continue twice", "1.1", [
    "Expect: 100-continue",
    "Expect: 100-continue",
  ], { expectsContinue: true }],
  ["9110 5.6.1.2: an empty expectation", "1.1", ["Expect: ,"], {}],
  ["9110 10.1.1: 100-continue on 1.0 is ignored", "1.0", [
    "Expect: 100-continue",
    "Connection: keep-alive",
  ], {}],
  ["9110 10.1.4: TE: trailers", "1.1", ["TE: trailers"], {
    takesTrailers: true,
  }],
  ["9110 10.1.4: trailers among others", "1.1", [
    "TE: gzip;q=0.5",
    "TE: Trailers",
  ], { takesTrailers: true }],
  ["9110 10.1.4: another TE", "1.1", ["TE: deflate"], {}],
  ["9110 10.1.4: TE on 1.0", "1.0", [
    "TE: trailers",
    "Connection: keep-alive",
  ], {}],
  ["both, beside a body", "1.1", [
    "Expect: 100-continue",
    "TE: trailers",
    "Content-Length: 1",
  ], {
    body: { kind: "length", length: 1 },
    expectsContinue: true,
    takesTrailers: true,
  }],
];

Deno.test("decideFraming() tells body, persistence, Expect and TE", async (t) => {
  for (const [name, version, lines, difference] of TAKEN) {
    await t.step(name, () => {
      assertEquals(framingOf(version, lines), { ...PLAIN, ...difference });
    });
  }
});

const REFUSED: readonly [
  name: string,
  lines: readonly string[],
  status: number,
  message: string,
][] = [
  ["9110 10.1.1: another expectation", ["Expect: x"], 417, ""],
  [
    "9110 10.1.1: another expectation beside it",
    [
      "Expect: 100-continue, x",
    ],
    417,
    "",
  ],
  [
    "9110 10.1.1: it is one word",
    ["Expect: 100", "Expect: -continue"],
    417,
    "",
  ],
  [
    "9112 6.3: a length over the limit",
    [
      `Content-Length: ${BODY_BYTES + 1}`,
    ],
    400,
    "The Content-Length has too many digits",
  ],
  [
    "9112 6.1: three codings, chunked last",
    [
      "Transfer-Encoding: gzip, br, chunked",
    ],
    501,
    "The transfer coding is not implemented",
  ],
  [
    "9112 6.1: two codings, chunked first",
    [
      "Transfer-Encoding: chunked, gzip",
    ],
    400,
    "The Transfer-Encoding is not exactly chunked",
  ],
];

Deno.test("decideFraming() refuses what two readers may take differently", async (t) => {
  for (const [name, lines, status, message] of REFUSED) {
    await t.step(name, () => {
      const error = assertThrows(() => framingOf("1.1", lines), HttpError);
      assertEquals([error.status, error.message], [status, message]);
    });
  }
});

Deno.test("decideFraming() takes a body of the limit, and none over it", () => {
  for (
    const [length, isTaken] of [[9, true], [10, true], [11, false]] as const
  ) {
    const decide = () => framingOf("1.1", [`Content-Length: ${length}`], 10);
    if (isTaken) assertEquals(decide().body, { kind: "length", length });
    else assertEquals(assertThrows(decide, HttpError).status, 413);
  }
});
