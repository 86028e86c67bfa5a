// However slowly it comes: four times the input, four times the work. To look
// at all that is here again for each byte that drips in is sixteen times.

import { assertLinear } from "./_work.ts";
import { HttpRequestHandler, verb } from "../mod.ts";
import { RecordDecoder } from "../lib/cgi/fastcgi_record.ts";
import { OutputHeadReader } from "../lib/cgi/output.ts";
import { StderrLines } from "../lib/cgi/stderr_lines.ts";
import { DEFAULT_LIMITS } from "../lib/facts/limits.ts";
import { MultipartReader } from "../lib/protocol/multipart_reader.ts";
import { exchange } from "../lib/testing/mod.ts";

class Reading extends HttpRequestHandler {
  @verb("GET")
  nothing(): Response {
    return new Response(null);
  }

  @verb("POST", "/bytes")
  async readBytes(): Promise<Response> {
    await this.bytes();
    return new Response(null);
  }

  @verb("POST", "/lines")
  async readLines(): Promise<Response> {
    while (await this.rfile.readLine() !== null);
    return new Response(null);
  }
}

/** What a client sends, a byte in each packet. */
const DRIPPED: readonly {
  name: string;
  raw: (size: number) => string;
  size: number;
}[] = [
  {
    name: "a target",
    raw: (size) => `GET /${"a".repeat(size)} HTTP/1.1\r\nHost: a\r\n\r\n`,
    size: 4_000,
  },
  {
    name: "a method",
    raw: (size) => "A".repeat(size),
    size: 4_000,
  },
  {
    name: "the value of a field behind a long request line",
    raw: (size) =>
      `GET /${"a".repeat(size)} HTTP/1.1\r\nHost: a\r\n` +
      `A: ${"b".repeat(4 * size)}\r\n\r\n`,
    size: 2_000,
  },
  {
    name: "a head that begins as the last one did",
    raw: (size) => {
      const head = `GET / HTTP/1.1\r\nHost: a\r\nA: ${"b".repeat(size)}`;
      return `${head}\r\n\r\n${head}\r\nB: ${"c".repeat(4 * size)}\r\n\r\n`;
    },
    size: 900,
  },
  {
    name: "empty lines before a head",
    raw: (size) => "\r\n".repeat(size) + "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    size: 4_000,
  },
  {
    name: "a chunk extension",
    raw: (size) => chunked(`0;${"a".repeat(size)}\r\n\r\n`),
    size: 4_000,
  },
  {
    name: "a trailer",
    raw: (size) => chunked(`0\r\nA: ${"b".repeat(size)}\r\n\r\n`),
    size: 2_000,
  },
  {
    name: "trailers",
    raw: (size) => chunked(`0\r\n${"A: b\r\n".repeat(size)}\r\n`),
    size: 25,
  },
  {
    name: "chunks of one byte",
    raw: (size) => chunked("1\r\na\r\n".repeat(size) + "0\r\n\r\n"),
    size: 2_000,
  },
  {
    name: "a line of a body",
    raw: (size) => withLength("/lines", "a".repeat(size)),
    size: 4_000,
  },
  {
    name: "a line of a body in chunks of one byte",
    raw: (size) => chunked("1\r\na\r\n".repeat(size) + "0\r\n\r\n", "/lines"),
    size: 4_000,
  },
  {
    name: "a body",
    raw: (size) => withLength("/bytes", "a".repeat(size)),
    size: 8_000,
  },
];

function chunked(body: string, path = "/bytes"): string {
  return `POST ${path} HTTP/1.1\r\nHost: a\r\n` +
    `Transfer-Encoding: chunked\r\n\r\n${body}`;
}

function withLength(path: string, body: string): string {
  return `POST ${path} HTTP/1.1\r\nHost: a\r\n` +
    `Content-Length: ${body.length}\r\n\r\n${body}`;
}

Deno.test("a request takes work by its size", async (t) => {
  for (const { name, raw, size } of DRIPPED) {
    await t.step(`${name}, byte by byte`, () =>
      assertLinear(
        (size) => exchange(Reading, raw(size), { splits: "each" }),
        size,
      ));
    await t.step(
      `${name}, whole`,
      () => assertLinear((size) => exchange(Reading, raw(size)), size),
    );
  }
});

/** The bytes of a text, each by itself. */
function* eachByte(text: string): Generator<Uint8Array> {
  for (const byte of new TextEncoder().encode(text)) yield Uint8Array.of(byte);
}

const PART = '\r\nContent-Disposition: form-data; name="a"\r\n';

async function readForm(text: string): Promise<void> {
  const pieces = eachByte(text);
  const read = () => Promise.resolve(pieces.next().value ?? null);
  const form = new MultipartReader({ read }, "B", DEFAULT_LIMITS);
  for (let part; (part = await form.next()) !== null;) {
    while (await part.read() !== null);
  }
}

function readOutputHead(text: string): void {
  const reader = new OutputHeadReader();
  for (const byte of eachByte(text)) reader.push(byte);
}

function readRecord(size: number): void {
  const decoder = new RecordDecoder();
  const header = Uint8Array.of(1, 6, 0, 1, size >> 8, size & 255, 0, 0);
  for (const byte of header) decoder.push(Uint8Array.of(byte));
  for (const byte of eachByte("a".repeat(size))) {
    decoder.push(byte);
    decoder.next();
  }
}

function readStderr(text: string): void {
  const lines = new StderrLines(() => {});
  for (const byte of eachByte(text)) lines.push(byte);
}

/** What else comes in pieces. */
const PIECES: readonly {
  name: string;
  run: (size: number) => unknown;
  size: number;
}[] = [
  {
    name: "a field of a program's head",
    run: (size) => readOutputHead(`Status: 200\nA: ${"b".repeat(size)}\n\n`),
    size: 10_000,
  },
  {
    name: "the fields of a program's head",
    run: (size) => readOutputHead("Status: 200\n" + "A: b\n".repeat(size)),
    size: 60,
  },
  { name: "a FastCGI record", run: readRecord, size: 10_000 },
  {
    name: "standard error of a program",
    run: (size) => readStderr("a".repeat(size)),
    size: 10_000,
  },
  {
    name: "a part of a form",
    run: (size) => readForm(`--B${PART}\r\n${"a".repeat(size)}\r\n--B--`),
    size: 30_000,
  },
  {
    name: "a part full of what looks like a delimiter",
    run: (size) => readForm(`--B${PART}\r\n${"\r\n--".repeat(size)}\r\n--B--`),
    size: 8_000,
  },
  {
    name: "the head of a part",
    run: (size) =>
      readForm(`--B${PART}A: ${"b".repeat(size)}\r\n\r\n\r\n--B--`),
    size: 1_500,
  },
  {
    name: "what stands before the first part",
    run: (size) => readForm(`${"a".repeat(size)}\r\n--B--`),
    size: 30_000,
  },
  {
    name: "many parts",
    run: (size) => readForm(`--B${PART}\r\na\r\n`.repeat(size) + "--B--"),
    size: 500,
  },
];

Deno.test("what comes in pieces takes work by its size", async (t) => {
  for (const { name, run, size } of PIECES) {
    await t.step(
      name,
      () => assertLinear(async (size) => await run(size), size),
    );
  }
});
