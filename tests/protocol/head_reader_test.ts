import { assertEquals, assertRejects } from "@std/assert";
import { ByteReader } from "../../lib/bytes/byte_reader.ts";
import { latin1Octets, latin1Text } from "../../lib/bytes/octets.ts";
import { HttpError } from "../../lib/facts/errors.ts";
import { withLimits } from "../../lib/facts/limits.ts";
import { HeadReader } from "../../lib/protocol/head_reader.ts";
import type { RequestHead } from "../../lib/protocol/request_head.ts";

const GET = "GET / HTTP/1.1\r\nHost: a\r\n";

/** A reader of heads, and the connection it reads from. */
function headsOf(...pieces: (string | null)[]) {
  const limits = withLimits({ idleTimeout: 500, headTimeout: 20 });
  const reader = new ByteReader({
    read(p) {
      const piece = pieces.shift();
      if (piece === undefined) return new Promise(() => {});
      if (piece === null) return Promise.resolve(null);
      p.set(latin1Octets(piece));
      return Promise.resolve(piece.length);
    },
    write: (p) => Promise.resolve(p.length),
    close() {},
  });
  return { heads: new HeadReader(reader, limits), reader };
}

/** The lines of a head. */
function textOf({ line, fields }: RequestHead): string {
  return [line, ...Array.from(fields, (field) => field.join(": "))]
    .map((line) => `${line}\r\n`).join("");
}

/** Waits for the next head. */
async function nextHead(heads: HeadReader): Promise<string> {
  for (;;) {
    const head = heads.next();
    if (head === "end") return "end";
    if (head !== "more") return textOf(head);
    await heads.fill();
  }
}

Deno.test("HeadReader finds one head after the other", async (t) => {
  const rows: { name: string; pieces: string[]; heads: string[] }[] = [
    {
      name: "two in one piece",
      pieces: [`${GET}\r\n${GET}X: y\r\n\r\n`],
      heads: [GET, `${GET}X: y\r\n`],
    },
    {
      name: "the second in three pieces",
      pieces: [`${GET}\r\nPOST`, " / HTTP/1.1\r\nHost: ", "a\r\n\r\n"],
      heads: [GET, "POST / HTTP/1.1\r\nHost: a\r\n"],
    },
    {
      name: "many empty lines in front (9112 2.2)",
      pieces: ["\r\n".repeat(100) + `${GET}\r\n`],
      heads: [GET],
    },
    {
      name: "an empty line in two pieces",
      pieces: ["\r", `\n${GET}\r\n`],
      heads: [GET],
    },
    {
      name: "an empty line in two pieces, behind another head",
      pieces: [`${GET}\r\n\r`, `\n${GET}\r\n`],
      heads: [GET, GET],
    },
  ];
  for (const { name, pieces, heads: want } of rows) {
    await t.step(name, async () => {
      const { heads, reader } = headsOf(...pieces);
      const got: string[] = [];
      for (const _ of want) got.push(await nextHead(heads));
      assertEquals(got, want);
      assertEquals(reader.available, 0);
    });
  }
});

Deno.test("HeadReader takes nothing but CRLF for an empty line (9112 2.2)", async (t) => {
  for (const front of ["\n\n", "\n", "x\n"]) {
    await t.step(JSON.stringify(front), async () => {
      const { heads } = headsOf(`${front}${GET}\r\n`);
      const error = await assertRejects(() => nextHead(heads), HttpError);
      assertEquals(error.status, 400);
    });
  }
  for (const front of ["\rG", "\r\r\n"]) {
    await t.step(`${JSON.stringify(front)} belongs to the head`, async () => {
      const { heads } = headsOf(`${front}${GET}\r\n`);
      const error = await assertRejects(() => nextHead(heads), HttpError);
      assertEquals(error.message, "The method is not a token");
    });
  }
});

Deno.test("HeadReader says at once what cannot become a head, of each head", async () => {
  const { heads } = headsOf(`${GET}\r`, "\n(");
  assertEquals(await nextHead(heads), GET);
  const error = await assertRejects(() => nextHead(heads), HttpError);
  assertEquals(error.message, "The method is not a token");
});

Deno.test("HeadReader waits for a head from its first byte, and idles before it", async () => {
  const { now } = Date;
  let time = 1000;
  Date.now = () => time;
  try {
    const { heads, reader } = headsOf("\r\n", "GE", "T");
    const deadlines: number[] = [];
    for (let wait = 0; wait < 3; wait++) {
      assertEquals(heads.next(), "more");
      const filling = heads.fill();
      deadlines.push(reader.expiresAt);
      await filling;
      time += 10;
    }
    // An empty line does not renew the idle deadline, nor a byte that of a head.
    assertEquals(deadlines, [1500, 1500, 1040]);
    const filling = heads.fill();
    assertEquals(reader.expiresAt, 1040);
    reader.expire();
    await assertRejects(
      () => filling,
      HttpError,
      "The request head took too long to arrive",
    );
  } finally {
    Date.now = now;
  }
});

Deno.test("HeadReader.beginsAsHead tells HEAD from all else", async (t) => {
  for (
    const [raw, want] of [
      ["HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", true],
      ["HEAD / HTTP/1.1\r\n(", true],
      ["HEAD ", true],
      ["HEAD", false],
      ["HEADS /", false],
      ["GET / HTTP/1.1\r\nHost: a\r\n\r\nHEAD ", false],
      ["head /", false],
      ["H", false],
      ["", false],
    ] as const
  ) {
    await t.step(JSON.stringify(raw), async () => {
      const { heads } = headsOf(`${GET}\r\n${raw}`);
      await nextHead(heads);
      assertEquals(heads.beginsAsHead, want);
    });
  }
  await t.step("what is left over in the buffer does not count", async () => {
    const { heads, reader } = headsOf("x".repeat(29) + "HEAD ", "");
    await reader.fill();
    for (const start of [0, 29]) {
      reader.start = start;
      reader.end = start + 4;
      assertEquals(heads.beginsAsHead, false);
    }
  });
  await t.step("a head that was moved since it was looked for", async () => {
    const { heads, reader } = headsOf("x".repeat(20) + "HEAD / HT");
    await reader.fill();
    reader.start = 20;
    assertEquals(heads.next(), "more");
    reader.buffer.copyWithin(0, 20, 29);
    reader.buffer.fill(0, 9, 29);
    reader.start = 0;
    reader.end = 9;
    assertEquals(heads.beginsAsHead, true);
  });
});

Deno.test("HeadReader tells a head that breaks off from none (9112 8)", async () => {
  for (const pieces of [[null], ["\r\n", null], [`${GET}\r\n`, null]]) {
    const { heads } = headsOf(...pieces);
    assertEquals(heads.isPartial, false);
    if (pieces.length > 1 && pieces[0] !== "\r\n") await nextHead(heads);
    assertEquals(await nextHead(heads), "end");
    assertEquals(heads.isPartial, false);
  }
  for (const piece of ["\r", "G", GET]) {
    const { heads } = headsOf(piece, null);
    await assertRejects(
      () => nextHead(heads),
      HttpError,
      "The request head ends too early",
    );
    assertEquals(heads.isPartial, false);
  }
});

Deno.test("HeadReader shows the line of a head, and whether it is in order", async (t) => {
  const line = "GET /\xe9 HTTP/1.1\r\n";
  for (
    const [raw, isPartial, hasLine, shown] of [
      ["", true, false, ""],
      ["GET /\xe9", true, false, "GET /\xe9"],
      [line, true, true, line],
      [`${line}Host: a\r\n`, true, true, line],
      [`${line}x\r\n\r\n`, true, true, line],
      ["G(", true, false, "G("],
      [`${GET}\r\n`, false, true, ""],
    ] as const
  ) {
    await t.step(JSON.stringify(raw), async () => {
      const { heads, reader } = headsOf(`${GET}\r\n${raw}`);
      await nextHead(heads);
      assertEquals(heads.isPartial, false);
      try {
        heads.next();
      } catch (error) {
        assertEquals(error instanceof HttpError, true);
      }
      assertEquals([heads.isPartial, heads.hasLine], [isPartial, hasLine]);
      if (isPartial) assertEquals(latin1Text(heads.rawLine), shown);
      assertEquals(reader.available > 0, isPartial && raw !== "");
    });
  }
});

Deno.test("HeadReader skips no empty line of which half is left over", async () => {
  const { heads, reader } = headsOf("\r\n");
  await reader.fill();
  reader.end = 1;
  assertEquals(heads.next(), "more");
  assertEquals(reader.available, 1);
});
