// What a MultipartReader waits for, and how much it asks for and hands on: over
// bodies that do not end, or end too early.

import { assert, assertEquals, assertRejects } from "@std/assert";
import { latin1Octets } from "../../lib/bytes/octets.ts";
import { HttpError } from "../../lib/facts/errors.ts";
import { MultipartReader } from "../../lib/protocol/multipart_reader.ts";
import { crlf } from "../_wire.ts";

const LIMITS = { formFields: 10, partHeadBytes: 200 };
const HEAD = `Content-Disposition: form-data; name="a"`;

/** A body of pieces, which notes how much it is asked for, and may fail. */
class Body {
  readonly asked: number[] = [];
  readonly #pieces: (string | Error)[];

  constructor(...pieces: (string | Error)[]) {
    this.#pieces = pieces;
  }

  read(max = Infinity): Promise<Uint8Array | null> {
    this.asked.push(max);
    const piece = this.#pieces.shift();
    if (piece === undefined) return Promise.resolve(null);
    if (piece instanceof Error) return Promise.reject(piece);
    assert(piece.length <= max, `${piece.length} of ${max}`);
    return Promise.resolve(latin1Octets(piece));
  }
}

function readerOf(body: Body): MultipartReader {
  return new MultipartReader(body, "B", LIMITS);
}

Deno.test("MultipartReader hands content on without waiting for its end", async (t) => {
  for (const size of [32_768, 40_000]) {
    await t.step(`${size} bytes`, async () => {
      const late = new Error("asked for more");
      const body = new Body(crlf`--B\n${HEAD}\n\n`, "x".repeat(size), late);
      const part = await readerOf(body).next();
      assertEquals((await part?.read())?.length, size);
    });
  }
});

Deno.test("MultipartReader hands on what stands before a delimiter that breaks off", async () => {
  const reader = readerOf(new Body(crlf`--B\n${HEAD}\n\n1\n--B`));
  const part = await reader.next();
  assertEquals(await part?.read(), latin1Octets("1"));
  await assertRejects(
    async () => await part?.read(),
    HttpError,
    "The form is malformed",
  );
});

Deno.test("MultipartReader asks for a quarter to the whole of its buffer", async () => {
  const runs = Array.from({ length: 100 }, () => "x".repeat(16_000));
  const body = new Body(crlf`--B\n${HEAD}\n\n`, ...runs, crlf`\n--B--`);
  const part = await readerOf(body).next();
  for (let run; (run = await part?.read());) {
    assert(run.length <= 65_536, `${run.length}`);
  }
  for (const max of body.asked) {
    assert(max >= 16_384 && max <= 65_536, `${max}`);
  }
});

Deno.test("MultipartReader skips up to 64 spaces and tabs behind a delimiter (2046 5.1.1)", async (t) => {
  for (
    const [padding, isTaken] of [
      [" \t  \t\t", true],
      ["\t".repeat(64), true],
      [" ".repeat(65), false],
    ] as const
  ) {
    await t.step(JSON.stringify(padding), async () => {
      const raw = crlf`--B${padding}\n${HEAD}\n\n1\n--B--`;
      const reading = readerOf(new Body(raw)).next();
      if (isTaken) assertEquals((await reading)?.name, "a");
      else await assertRejects(() => reading, HttpError, "malformed");
    });
  }
});

Deno.test("MultipartReader reads the body to its end, which may be a failure", async () => {
  const gone = new Error("gone");
  const raw = crlf`--B\n${HEAD}\n\n1\n--B--\n`;
  for (const [rest, isWhole] of [["epilogue", true], [gone, false]] as const) {
    const body = new Body(raw, "epilogue", rest);
    const reader = readerOf(body);
    await reader.next();
    if (isWhole) {
      assertEquals(await reader.next(), null);
      assertEquals(body.asked.length, 4);
    } else await assertRejects(() => reader.next(), Error, "gone");
  }
});

Deno.test("MultipartReader takes a byte order mark for a part of the head", async () => {
  const reader = readerOf(
    new Body(crlf`--B\n${"\xef\xbb\xbf"}${HEAD}\n\n1\n--B--`),
  );
  await assertRejects(() => reader.next(), HttpError, "is malformed");
});

Deno.test("MultipartReader keeps the reason why a head is no text", async () => {
  const reader = readerOf(new Body(crlf`--B\n${"\xff"}: a\n\n1\n--B--`));
  const error = await assertRejects(() => reader.next(), HttpError);
  assertEquals(error.message, "The head of a part is not UTF-8");
  assert(error.cause instanceof TypeError);
});
