import { assertEquals } from "@std/assert";
import { nextTurn, TurnCounter } from "../../lib/bytes/turn.ts";

Deno.test("TurnCounter ends a turn with every 256th read", () => {
  const turns = new TurnCounter();
  const ends: number[] = [];
  for (let read = 1; read <= 600; read++) if (turns.isOver) ends.push(read);
  assertEquals(ends, [256, 512]);
});

Deno.test("nextTurn() lets a timer get on that was set before", async () => {
  let isOn = false;
  setTimeout(() => isOn = true, 0);
  await nextTurn();
  assertEquals(isOn, true);
});
