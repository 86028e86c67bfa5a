import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
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

type Step =
  | { do: "take" }
  | { do: "leave" | "free"; which: number }
  | { do: "turn" };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.constant({ do: "take" as const }),
    fc.record({
      do: fc.constantFrom("leave" as const, "free" as const),
      which: fc.nat(7),
    }),
    fc.constant({ do: "turn" as const }),
  ),
  { maxLength: 40 },
);

interface Client {
  readonly gone: AbortController;
  slot: Disposable | undefined;
}

/** Clients that come, leave and finish in any order, several in one turn. */
async function play(slots: Slots, script: readonly Step[]): Promise<Client[]> {
  const clients: Client[] = [];
  const settled: Promise<void>[] = [];
  for (const step of script) {
    if (step.do === "turn") await new Promise((done) => setTimeout(done, 0));
    else if (step.do === "take") {
      const client: Client = { gone: new AbortController(), slot: undefined };
      clients.push(client);
      settled.push(
        slots.take(client.gone.signal).then((slot) => {
          client.slot = slot;
        }),
      );
    } else {
      const client = clients.at(step.which % (clients.length || 1));
      if (step.do === "leave") client?.gone.abort();
      else client?.slot?.[Symbol.dispose]();
    }
  }
  for (const { gone } of clients) gone.abort();
  await Promise.all(settled);
  return clients;
}

Deno.test("Slots has every slot again, whoever gives up and whenever", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 3 }),
      steps,
      async (size, script) => {
        const slots = new Slots({ slots: size, queue: 4, wait: 10_000 });
        const clients = await play(slots, script);
        for (const { slot } of clients) slot?.[Symbol.dispose]();
        const free = [];
        for (let i = 0; i <= size; i++) {
          free.push(
            slots.take(AbortSignal.timeout(0)),
          );
        }
        const got = await Promise.all(free);
        assertEquals(got.filter((slot) => slot !== undefined).length, size);
      },
    ),
    { numRuns: 200 },
  );
});
