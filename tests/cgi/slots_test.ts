import { assert, assertEquals } from "@std/assert";
import { Slots } from "../../lib/cgi/slots.ts";

Deno.test("Slots hands a slot to the one who waits longest", async () => {
  const slots = new Slots({ slots: 1, queue: 2, wait: 10_000 });
  const order: string[] = [];
  const first = await slots.take();
  const second = slots.take().then((slot) => (order.push("second"), slot));
  const third = slots.take().then((slot) => (order.push("third"), slot));
  assertEquals(await slots.take(), undefined);
  first?.[Symbol.dispose]();
  (await second)?.[Symbol.dispose]();
  (await third)?.[Symbol.dispose]();
  assertEquals(order, ["second", "third"]);
  const again = await slots.take();
  assert(again !== undefined);
});

Deno.test("Slots refuses at once when the queue is full", async () => {
  const slots = new Slots({ slots: 1, queue: 0, wait: 10_000 });
  assert(await slots.take() !== undefined);
  assertEquals(await slots.take(), undefined);
});

Deno.test("Slots lets nobody wait longer than the limit", async () => {
  const slots = new Slots({ slots: 1, queue: 1, wait: 1 });
  const first = await slots.take();
  assertEquals(await slots.take(), undefined);
  first?.[Symbol.dispose]();
  assert(await slots.take() !== undefined);
});

Deno.test("Slots ends the wait of a client that went away", async () => {
  const slots = new Slots({ slots: 1, queue: 1, wait: 10_000 });
  const first = await slots.take();
  const client = new AbortController();
  const waiting = slots.take(client.signal);
  client.abort();
  assertEquals(await waiting, undefined);
  assertEquals(await slots.take(AbortSignal.abort()), undefined);
  first?.[Symbol.dispose]();
  assert(await slots.take() !== undefined);
});

Deno.test("Slots hands no slot to one who gives up in the same turn", async () => {
  const slots = new Slots({ slots: 1, queue: 2, wait: 10_000 });
  for (const isFreedFirst of [false, true]) {
    const first = await slots.take();
    assert(first !== undefined);
    const client = new AbortController();
    const waiting = slots.take(client.signal);
    if (isFreedFirst) first[Symbol.dispose]();
    client.abort();
    first[Symbol.dispose]();
    assertEquals(await waiting, undefined);
    const next = await slots.take();
    assert(next !== undefined, "the slot is lost");
    next[Symbol.dispose]();
  }
});

Deno.test("Slots takes a slot back once", async () => {
  const slots = new Slots({ slots: 1, queue: 0, wait: 10_000 });
  const first = await slots.take();
  first?.[Symbol.dispose]();
  first?.[Symbol.dispose]();
  assert(await slots.take() !== undefined);
  assertEquals(await slots.take(), undefined);
});
