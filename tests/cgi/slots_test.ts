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

Deno.test("Slots hands a slot to the client that holds the fewest", async () => {
  const slots = new Slots({ slots: 2, queue: 4, wait: 10_000 });
  const order: string[] = [];
  const held = [await slots.take(undefined, "a"), slots.tryTake("a")];
  const waiting = ["a 1", "a 2", "b 1", "b 2"].map(async (name) => {
    const slot = await slots.take(undefined, name.slice(0, 1));
    order.push(name);
    return slot;
  });
  for (const slot of held) slot?.[Symbol.dispose]();
  for (const name of ["b 1", "a 1", "b 2", "a 2"]) {
    const index = ["a 1", "a 2", "b 1", "b 2"].indexOf(name);
    (await waiting[index])?.[Symbol.dispose]();
  }
  assertEquals(order, ["b 1", "a 1", "b 2", "a 2"]);
  assert(slots.tryTake("a") !== undefined && slots.tryTake("a") !== undefined);
});

Deno.test("Slots makes room in a full queue for who has fewer in it", async () => {
  const slots = new Slots({ slots: 1, queue: 3, wait: 10_000 });
  const first = await slots.take(undefined, "a");
  const waiting = ["a", "a", "a"].map((client) =>
    slots.take(undefined, client)
  );
  const other = slots.take(undefined, "b");
  // The last of the one who has most.
  assertEquals(await waiting[2], undefined);
  // Not for who would then have as many.
  assertEquals(await slots.take(undefined, "b"), undefined);
  assertEquals(await slots.take(undefined, "a"), undefined);
  first?.[Symbol.dispose]();
  for (const slot of [other, waiting[0], waiting[1]]) {
    (await slot)?.[Symbol.dispose]();
  }
  assert(slots.tryTake() !== undefined);
});
