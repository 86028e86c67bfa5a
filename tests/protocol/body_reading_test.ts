// Which bytes a RequestBody gives in one read, and how long it waits for them.

import { assertEquals, assertRejects } from "@std/assert";
import { HttpError } from "../../lib/facts/errors.ts";
import type { BodyFraming } from "../../lib/protocol/framing.ts";
import { bodyOf, CHUNKED, lengthOf, text, turn } from "./_body.ts";

const LINES: readonly {
  name: string;
  framing: BodyFraming;
  pieces: string[];
  max?: number;
  want: (string | null)[];
}[] = [
  {
    name: "a line of which only the beginning is here",
    framing: lengthOf(7),
    pieces: ["ab", "c\nd", "ef"],
    want: ["abc\n", "def", null],
  },
  {
    name: "lines that are here",
    framing: lengthOf(5),
    pieces: ["a\n\nb\n"],
    want: ["a\n", "\n", "b\n", null],
  },
  {
    name: "a last line without an end, and what follows the body",
    framing: lengthOf(2),
    pieces: ["abc\nGET"],
    want: ["ab", null],
  },
  {
    name: "a line feed that follows the body",
    framing: lengthOf(2),
    pieces: ["a\n\nGET"],
    want: ["a\n", null],
  },
  {
    name: "nothing is here, and two lines come",
    framing: lengthOf(4),
    pieces: ["", "a\nb\n"],
    want: ["a\n", "b\n", null],
  },
  {
    name: "a line as long as the maximum",
    framing: lengthOf(8),
    pieces: ["abc\ndefg"],
    max: 4,
    want: ["abc\n", "defg", null],
  },
  {
    name: "a line longer than the maximum",
    framing: lengthOf(8),
    pieces: ["abcdef\ng"],
    max: 4,
    want: ["abcd", "ef\n", "g", null],
  },
  {
    name: "a line in two chunks",
    framing: CHUNKED,
    pieces: ["1\r\na\r\n2\r\nb\n\r\n2\r\nc\n\r\n0\r\n\r\n"],
    want: ["ab\n", "c\n", null],
  },
];

Deno.test("RequestBody.readLine() gives one line, and none of what follows the body", async (t) => {
  for (const { name, framing, pieces, max, want } of LINES) {
    await t.step(name, async () => {
      const { body } = await bodyOf(framing, pieces);
      const got: (string | null)[] = [];
      for (const _ of want) got.push(text(await body.readLine(max)));
      assertEquals(got, want);
    });
  }
});

Deno.test("RequestBody.readLine() takes no line feed of before or behind for an end", async (t) => {
  await t.step("one that was read", async () => {
    const { body } = await bodyOf(lengthOf(6), ["a\nbc", "d\n"]);
    assertEquals(text(await body.readLine()), "a\n");
    assertEquals(text(await body.read(1)), "b");
    assertEquals(text(await body.readLine()), "cd\n");
  });
  await t.step("one that is left over in the buffer", async () => {
    const { body, reader } = await bodyOf(lengthOf(8), ["012\n", "ab", "c\n"]);
    assertEquals(text(await body.readLine()), "012\n");
    await reader.fill();
    assertEquals(text(await body.readLine()), "abc\n");
  });
});

Deno.test("RequestBody lets others get on among reads that need no wait", async (t) => {
  for (const read of ["read", "readLine"] as const) {
    await t.step(read, async () => {
      const { body } = await bodyOf(lengthOf(400), ["\n".repeat(400)]);
      let isOn = false;
      const timer = setTimeout(() => isOn = true, 0);
      let got = "";
      for (let count = 0; count < 300; count++) {
        got += text(await body[read](1));
      }
      clearTimeout(timer);
      assertEquals([isOn, got], [true, "\n".repeat(300)]);
    });
  }
});

Deno.test("RequestBody parts the bytes between reads at once", async () => {
  const large = "x".repeat(40_000);
  const { body } = await bodyOf(lengthOf(40_003), [
    "",
    large.slice(0, 4_000),
    large.slice(4_000) + "a\nb",
  ]);
  const direct = body.read();
  const line = body.readLine();
  assertEquals(text(await direct), large.slice(0, 4_000));
  let rest = "";
  for (let piece: string | null = text(await line); piece !== null;) {
    rest += piece;
    piece = text(await body.read());
  }
  assertEquals(rest, `${large.slice(4_000)}a\nb`);
});

/** Runs `use` on a clock that it sets. */
async function withClock(
  use: (set: (time: number) => void) => Promise<void>,
): Promise<void> {
  const { now } = Date;
  let time = 1000;
  Date.now = () => time;
  try {
    await use((next) => time = next);
  } finally {
    Date.now = now;
  }
}

Deno.test("RequestBody has less time for each wait, and earns it by bytes (9110 15.5.9)", async (t) => {
  // A byte earns ten milliseconds.
  const limits = { bodyTimeout: 1000, minimumRate: 100 };
  for (const size of [100, 100_000]) {
    await t.step(`${size} bytes`, () =>
      withClock(async (set) => {
        const arrivals = [1300, 1500].map((time) => ({
          time,
          ...Promise.withResolvers<string>(),
        }));
        const { body, reader } = await bodyOf(
          lengthOf(size),
          ["", ...arrivals.map(({ promise }) => promise)],
          limits,
        );
        const deadlines: number[] = [];
        for (const { time, resolve } of arrivals) {
          const reading = body.read();
          await turn();
          deadlines.push(reader.expiresAt);
          set(time);
          resolve("ab");
          await reading;
        }
        const last = body.read();
        await turn();
        deadlines.push(reader.expiresAt);
        // 300 ms were waited, then 200 ms: what is left, and 20 ms for two bytes.
        assertEquals(deadlines, [2000, 1300 + 720, 1500 + 540]);
        reader.expire();
        const error = await assertRejects(
          () => last,
          HttpError,
          "The request body took too long to arrive",
        );
        assertEquals(error.status, 408);
      }));
  }
});
