import { assertEquals } from "@std/assert";
import { BodyPace, bodyTooLate } from "../../lib/protocol/body_pace.ts";
import { DEFAULT_LIMITS } from "../../lib/facts/limits.ts";

/** What a client sends, and how long the server has waited for it before. */
type Step = readonly [waited: number, bytes: number];

/** By step: how long the wait after it may take. */
const ROWS: readonly {
  name: string;
  steps: readonly Step[];
  want: number[];
}[] = [
  { name: "nothing", steps: [], want: [] },
  {
    name: "waits are added up",
    steps: [[400, 0], [500, 0], [90, 0]],
    want: [600, 100, 10],
  },
  {
    name: "what comes at the rate earns the time back",
    steps: [[900, 50], [500, 50], [500, 50]],
    want: [600, 600, 600],
  },
  {
    name: "a fast start is no credit",
    steps: [[0, 1_000_000], [600, 1], [300, 1]],
    want: [1000, 410, 120],
  },
  {
    name: "a fast end makes up for a slow start",
    steps: [[990, 1], [0, 1_000_000], [990, 0]],
    want: [20, 1000, 10],
  },
  {
    name: "the last wait is no longer than its deadline",
    steps: [[1000, 0], [5, 0]],
    want: [1, 1],
  },
];

Deno.test("BodyPace asks for no rate by 0, but for some byte in time", () => {
  const limits = { ...DEFAULT_LIMITS, bodyTimeout: 1000, minimumRate: 0 };
  const pace = new BodyPace(limits);
  const allowances = [[0, 0], [900, 0], [90, 1], [900, 1], [600, 2]]
    .map(([waited = 0, received = 0]) => {
      pace.add(waited);
      return pace.allowance(received);
    });
  assertEquals(allowances, [1000, 100, 1000, 100, 1000]);
});

Deno.test("BodyPace asks for the rate over recent time", async (t) => {
  // A byte earns ten milliseconds.
  const limits = { ...DEFAULT_LIMITS, bodyTimeout: 1000, minimumRate: 100 };
  const pace = new BodyPace(limits);
  for (const { name, steps, want } of ROWS) {
    await t.step(name, () => {
      pace.start();
      let received = 0;
      assertEquals(pace.allowance(received), 1000);
      const allowances = steps.map(([waited, bytes]) => {
        pace.add(waited);
        received += bytes;
        return pace.allowance(received);
      });
      assertEquals(allowances, want);
    });
  }
});

Deno.test("bodyTooLate() is a 408 (9110 15.5.9)", () => {
  const { status, message } = bodyTooLate();
  assertEquals(
    [status, message],
    [408, "The request body took too long to arrive"],
  );
});
