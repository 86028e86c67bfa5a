import { assert, assertEquals } from "@std/assert";
import { isTurnLong, nextTurn, TurnCounter } from "../../lib/bytes/turn.ts";

/** Keeps the event loop for longer than a turn may take. */
function work(): void {
  const until = Date.now() + 30;
  while (Date.now() < until);
}

Deno.test("TurnCounter ends a turn with every 256th read", () => {
  const turns = new TurnCounter();
  const ends: number[] = [];
  for (let read = 1; read <= 600; read++) if (turns.isOver) ends.push(read);
  // A busy machine may take so long for these that there are further ones.
  assert(ends.includes(256) && ends.includes(512), String(ends));
});

Deno.test("TurnCounter ends a turn that has lasted long, within 16 reads", async () => {
  await nextTurn();
  const turns = new TurnCounter();
  isTurnLong();
  work();
  const reads = Array.from({ length: 16 }, () => turns.isOver);
  assertEquals(reads.indexOf(true), 15);
});

Deno.test("TurnCounter.start() begins anew", () => {
  const turns = new TurnCounter();
  for (let read = 0; read < 15; read++) assertEquals(turns.isOver, false);
  turns.start();
  for (let read = 0; read < 15; read++) assertEquals(turns.isOver, false);
});

Deno.test("isTurnLong() measures the turn of all tasks, until the next one", async () => {
  await nextTurn();
  const first = isTurnLong();
  work();
  assertEquals([first, isTurnLong(), isTurnLong()], [false, true, true]);
  // The timer that ends the turn is set before this one.
  await nextTurn();
  assertEquals(isTurnLong(), false);
  await nextTurn();
});

Deno.test("nextTurn() lets a timer get on that was set before", async () => {
  let isOn = false;
  setTimeout(() => isOn = true, 0);
  await nextTurn();
  assertEquals(isOn, true);
});

Deno.test("A turn is long after ten milliseconds, or 256 reads since it began anew", async () => {
  await nextTurn();
  const { now } = Date;
  let time = 1000;
  Date.now = () => time;
  try {
    const turns = new TurnCounter();
    for (let read = 0; read < 255; read++) assertEquals(turns.isOver, false);
    turns.start();
    for (let read = 0; read < 255; read++) assertEquals(turns.isOver, false);
    assertEquals(turns.isOver, true);
    time = 1009;
    assertEquals(isTurnLong(), false);
    time = 1010;
    assertEquals(isTurnLong(), true);
  } finally {
    Date.now = now;
    await nextTurn();
  }
});
