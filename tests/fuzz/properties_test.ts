// Properties of the pure layers, and of the loop over well-formed requests.
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  type FieldList,
  HttpError,
  HttpRequestHandler,
  verb,
} from "../../mod.ts";
import { isFieldValue, isHost, isToken } from "../../lib/facts/grammar.ts";
import { formatHttpDate, parseHttpDate } from "../../lib/facts/http_date.ts";
import { withLimits } from "../../lib/facts/limits.ts";
import { latin1Octets, latin1Text } from "../../lib/bytes/octets.ts";
import { parseChunkLine } from "../../lib/protocol/chunk_line.ts";
import { FieldScanner } from "../../lib/protocol/field_scanner.ts";
import {
  HeadScanner,
  type RequestHead,
} from "../../lib/protocol/request_head.ts";
import { canonicalPath, splitTarget } from "../../lib/protocol/target.ts";
import { exchange } from "../../lib/testing/mod.ts";
import { mirrored, send } from "../_wire.ts";
import { type Answer, readAnswers } from "./_responses.ts";

const LIMITS = withLimits();
const SEED = Math.floor(Math.random() * 2 ** 31);

/** A failure prints the seed and the smallest input. */
const RUNS = { seed: SEED, numRuns: 400 };

/** Text in which each character stands for an octet, rich in what matters. */
const octetText = fc.array(
  fc.oneof(
    fc.constantFrom(
      ...'\r\n\t :;,="\\/%?#*.@[]',
      "\r\n",
      "\r\n\r\n",
      "GET / HTTP/1.1\r\n",
      "Host: a\r\n",
      "Content-Length: ",
      "Transfer-Encoding: chunked\r\n",
      "0\r\n",
    ),
    fc.nat(255).map((code) => String.fromCharCode(code)),
  ),
  { maxLength: 60 },
).map((pieces) => pieces.join(""));

const TCHAR = "!#$%&'*+-.^_`|~09AZaz";
const token = fc.array(fc.constantFrom(...TCHAR), {
  minLength: 1,
  maxLength: 12,
}).map((characters) => characters.join(""));

const VCHAR = '\t !"#,/09:;=?AZaz{}~\x80\xa0\xff';
const fieldValue = fc.array(fc.constantFrom(...VCHAR), { maxLength: 20 })
  .map((characters) => characters.join("").replace(/^[\t ]+|[\t ]+$/g, ""));

/** What `parse` gives, or the status of its refusal; no other error may come. */
function outcome(parse: () => unknown): unknown {
  try {
    return parse();
  } catch (error) {
    assert(error instanceof HttpError, String(error));
    assert(error.status >= 400 && error.status <= 505);
    return error.status;
  }
}

/** The head of which these are the bytes; undefined where it is not whole. */
function headOf(bytes: Uint8Array): RequestHead | undefined {
  const scanner = new HeadScanner(LIMITS);
  scanner.begin();
  const size = scanner.scan(bytes, 0, bytes.length);
  return size < 0 ? undefined : scanner.parse(bytes.subarray(0, size - 2));
}

function pairs(fields: FieldList): [string, string][] {
  return [...fields].map(([name, value]) => [name, value]);
}

Deno.test(`Parsers throw nothing but HttpError, seed ${SEED}`, () => {
  fc.assert(
    fc.property(octetText, (text) => {
      const octets = Uint8Array.from(text, (c) => c.charCodeAt(0));
      outcome(() => {
        const head = headOf(octets);
        if (head === undefined) return;
        assert(isToken(head.method));
        for (const [name, value] of head.fields) {
          assert(isToken(name) && isFieldValue(value));
        }
      });
      outcome(() => parseChunkLine(text));
      outcome(() => {
        const trailers = new FieldScanner({
          kind: "trailer",
          bytes: 100,
          lines: 3,
        });
        trailers.begin(0);
        trailers.scan(octets, 0, octets.length);
      });
      outcome(() => splitTarget("/" + text));
      isHost(text);
      parseHttpDate(text);
    }),
    RUNS,
  );
});

Deno.test("latin1Text() gives each octet its character", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 50 }), (octets) => {
      const text = latin1Text(octets);
      assertEquals(Uint8Array.from(text, (c) => c.charCodeAt(0)), octets);
    }),
    RUNS,
  );
});

Deno.test("HeadScanner reads what was written", () => {
  const fields = fc.array(fc.tuple(token, fieldValue), { maxLength: 8 });
  fc.assert(
    fc.property(token, fields, (method, list) => {
      fc.pre(method !== "CONNECT");
      fc.pre(list.every(([name]) => name.toLowerCase() !== "host"));
      const lines = list.map(([name, value]) => `${name}:\t${value} \r\n`);
      const text = `${method} /a?b HTTP/1.1\r\nHost: c\r\n${lines.join("")}`;
      const head = headOf(latin1Octets(text + "\r\n"));
      assert(head !== undefined);
      assertEquals(head.method, method);
      assertEquals(head.target, "/a?b");
      assertEquals(pairs(head.fields), [["Host", "c"], ...list]);
    }),
    RUNS,
  );
});

Deno.test("canonicalPath() leaves nothing to resolve", () => {
  const segment = fc.constantFrom(
    "",
    ".",
    "..",
    "a",
    "%2e",
    "%2F",
    "b%20c",
    "%E9",
    "%C0%AE",
  );
  const path = fc.array(segment, { maxLength: 8 })
    .map((segments) => "/" + segments.join("/"));
  fc.assert(
    fc.property(path, (rawPath) => {
      const canonical = canonicalPath(rawPath);
      assert(canonical.startsWith("/"), canonical);
      assert(!/\/\/|\/\.{1,2}(?:\/|$)/.test(canonical), canonical);
      assertEquals(canonicalPath(canonical), canonical);
    }),
    RUNS,
  );
});

Deno.test("parseHttpDate() reads what formatHttpDate() writes", () => {
  const time = fc.integer({ min: 0, max: 253_402_300_799 });
  fc.assert(
    fc.property(time, (second) => {
      assertEquals(parseHttpDate(formatHttpDate(second * 1000)), second * 1000);
    }),
    RUNS,
  );
});

/** A request and how the mirror shows it. */
const request = fc.record({
  path: fc.constantFrom("/", "/a", "/a?b"),
  body: fc.option(fc.string({ unit: "grapheme-ascii", maxLength: 20 })),
  chunks: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1 }),
  isChunked: fc.boolean(),
}).map(({ path, body, chunks, isChunked }) => {
  const line = `POST ${path} HTTP/1.1\r\nHost: a\r\n`;
  const want = mirrored(`POST ${path} [${body ?? ""}]`);
  if (body === null) return { raw: `${line}\r\n`, want };
  if (!isChunked) {
    return {
      raw: `${line}Content-Length: ${body.length}\r\n\r\n${body}`,
      want,
    };
  }
  let raw = `${line}Transfer-Encoding: chunked\r\n\r\n`;
  let at = 0;
  for (let i = 0; at < body.length; i++) {
    const piece = body.slice(at, at + (chunks[i % chunks.length] ?? 1));
    raw += `${piece.length.toString(16)};x=y\r\n${piece}\r\n`;
    at += piece.length;
  }
  return { raw: `${raw}0\r\n\r\n`, want };
});

Deno.test("Requests are answered one by one, however they are cut", async () => {
  const cuts = fc.array(fc.nat(400), { maxLength: 12 });
  const requests = fc.array(request, { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(requests, cuts, async (list, offsets) => {
      const raw = list.map((one) => one.raw).join("");
      const splits = offsets.filter((at) => at < raw.length)
        .sort((a, b) => a - b);
      const want = list.map((one) => one.want).join("");
      assertEquals(await send(raw, { splits }), want);
    }),
    RUNS,
  );
});

/** What a handler does with its answer. */
const steps = fc.record({
  status: fc.constantFrom(200, 201, 204, 205, 299, 304, 404, 599),
  reason: fieldValue,
  fields: fc.array(fc.tuple(token.map((name) => `X-${name}`), fieldValue), {
    maxLength: 4,
  }),
  pieces: fc.array(
    fc.oneof(
      fc.string({ unit: "grapheme-ascii", maxLength: 20 }),
      fc.integer({ min: 10_000, max: 40_000 }).map((size) => "x".repeat(size)),
    ),
    { maxLength: 4 },
  ),
  flushes: fc.boolean(),
  declares: fc.boolean(),
  trailer: fc.option(fieldValue),
  isHead: fc.boolean(),
  isOld: fc.boolean(),
});

type Steps = typeof steps extends fc.Arbitrary<infer S> ? S : never;

function write(what: Steps, isHead: boolean): Promise<Uint8Array> {
  class Writing extends HttpRequestHandler {
    @verb("GET")
    async answer(): Promise<void> {
      this.sendResponseOnly(what.status, what.reason);
      for (const [name, value] of what.fields) this.sendHeader(name, value);
      const length = what.pieces.join("").length;
      if (what.declares) this.sendHeader("Content-Length", String(length));
      if (what.trailer !== null) this.sendHeader("Trailer", "X-T");
      this.endHeaders();
      for (const piece of what.pieces) {
        await this.wfile.write(piece);
        if (what.flushes) await this.wfile.flush();
      }
      if (what.trailer !== null) this.sendTrailer("X-T", what.trailer);
    }
  }
  const version = what.isOld ? "1.0" : "1.1";
  const method = isHead ? "HEAD" : "GET";
  const raw = `${method} / HTTP/${version}\r\nHost: a\r\nTE: trailers\r\n\r\n`;
  return exchange(Writing, raw);
}

function read(octets: Uint8Array, isHead: boolean): Answer {
  const text = Array.from(octets, (o) => String.fromCharCode(o)).join("");
  const [answer, ...others] = readAnswers(text, () => isHead);
  assertEquals(others, []);
  assert(answer !== undefined);
  return answer;
}

Deno.test("What the writer writes a reader reads back", async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (what) => {
      const { status, reason, isHead, isOld, pieces, trailer } = what;
      const got = read(await write(what, isHead), isHead);
      assertEquals([got.status, got.reason], [status, reason]);
      assertEquals(got.fields.slice(0, what.fields.length), what.fields);
      const hasContent = !isHead && ![204, 205, 304].includes(status);
      assertEquals(got.body, hasContent ? pieces.join("") : "");
      assertEquals(
        got.trailers,
        trailer !== null && hasContent && !isOld ? [["X-T", trailer]] : [],
      );
      assertEquals(got.closes, isOld);
    }),
    RUNS,
  );
});
