import { assertEquals } from "@std/assert";
import { timeLeft } from "../../lib/bytes/pace.ts";

Deno.test("timeLeft() takes waits off and puts earnings on, up to the timeout", () => {
  const pace = { timeout: 1000, rate: 500 };
  for (
    const [left, waited, bytes, want] of [
      [1000, 300, 0, 700],
      [700, 0, 100, 900],
      [700, 100, 100, 800],
      [700, 0, 1_000_000, 1000],
      [100, 100, 0, 0],
      [100, 150, 0, -50],
    ] as const
  ) {
    assertEquals(timeLeft(pace, left, waited, bytes), want);
  }
});

Deno.test("timeLeft() earns nothing by no bytes, and all by one, at a rate of 0", () => {
  const pace = { timeout: 1000, rate: 0 };
  assertEquals(timeLeft(pace, 700, 100, 0), 600);
  assertEquals(timeLeft(pace, 700, 100, 1), 1000);
});
