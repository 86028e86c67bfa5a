import { assertEquals, assertStrictEquals } from "@std/assert";
import {
  collectLine,
  joined,
  latin1Octets,
  latin1Text,
  lineSpan,
} from "../../lib/bytes/octets.ts";

Deno.test("joined() puts pieces together", () => {
  assertEquals(joined([]), new Uint8Array());
  const one = Uint8Array.of(1, 2);
  assertStrictEquals(joined([one]), one);
  assertEquals(
    joined([one, Uint8Array.of(), Uint8Array.of(3), one]),
    Uint8Array.of(1, 2, 3, 1, 2),
  );
});

Deno.test("latin1Octets() gives each character a byte", () => {
  assertEquals(
    latin1Octets("a\x00\x7f\x80\xff"),
    Uint8Array.of(97, 0, 127, 128, 255),
  );
});

Deno.test("latin1Text() makes a character of each byte", () => {
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
    const text = latin1Text(Uint8Array.from(bytes));
    assertEquals(Array.from(text, (c) => c.charCodeAt(0)), bytes);
  }
});

Deno.test("lineSpan() counts up to the first line feed", () => {
  for (
    const [text, span] of [["", 0], ["\n", 1], ["\nab", 1], ["ab", 2], [
      "a\nb\n",
      2,
    ]] as const
  ) {
    assertEquals(lineSpan(latin1Octets(text)), span, text);
  }
});

Deno.test("collectLine() reads a line that comes in pieces", async (t) => {
  const rows: {
    name: string;
    /** What each read gives. */
    pieces: string[];
    max: number;
    line: string | null;
    /** How much each read is asked for. */
    asked: number[];
  }[] = [
    { name: "the end", pieces: [], max: 8, line: null, asked: [8] },
    {
      name: "a whole line",
      pieces: ["ab\n"],
      max: 8,
      line: "ab\n",
      asked: [8],
    },
    {
      name: "a line in three pieces",
      pieces: ["a", "b", "c\n", "d"],
      max: 8,
      line: "abc\n",
      asked: [8, 7, 6],
    },
    {
      name: "a last line without an end",
      pieces: ["a", "b"],
      max: 8,
      line: "ab",
      asked: [8, 7, 6],
    },
    {
      name: "no more than the maximum",
      pieces: ["ab", "c", "d"],
      max: 3,
      line: "abc",
      asked: [3, 1],
    },
    {
      name: "a first piece as long as the maximum",
      pieces: ["abc", "d"],
      max: 3,
      line: "abc",
      asked: [3],
    },
  ];
  for (const { name, pieces, max, line, asked } of rows) {
    await t.step(name, async () => {
      const left = [...pieces];
      const counts: number[] = [];
      const read = (most: number) => {
        counts.push(most);
        const piece = left.shift();
        return Promise.resolve(
          piece === undefined ? null : latin1Octets(piece),
        );
      };
      const got = await collectLine(read, (most) => most, max);
      assertEquals(got, line === null ? null : latin1Octets(line));
      assertEquals(counts, asked);
    });
  }
  await t.step("reads only what is safe", async () => {
    const counts: number[] = [];
    const pieces = ["a", "\n"];
    await collectLine(
      (most) => {
        counts.push(most);
        return Promise.resolve(latin1Octets(pieces.shift() ?? ""));
      },
      (most) => Math.min(most, 1),
      8,
    );
    assertEquals(counts, [1, 1]);
  });
});
