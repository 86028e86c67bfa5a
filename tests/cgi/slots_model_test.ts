// Slots beside a model of them: clients come, leave, are late and finish in any
// order, several in one turn, and some give their slot back twice.

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { Slots } from "../../lib/cgi/slots.ts";
import { call, checkModel, turn, Watched } from "../_model.ts";
import { type Timer, Timers } from "../_timers.ts";

const SLOTS = 2;
const QUEUE = 3;

/** What has become of a client; one that is granted will know in this turn. */
type State = "waits" | "granted" | "leaves" | "holds" | "none" | "done";

interface Model {
  readonly clients: State[];
  /** Those that wait, the one who came first in front. */
  readonly queue: number[];
  /** Slots that are taken. */
  taken: number;
}

interface Client {
  readonly gone: AbortController;
  readonly timer: Timer | undefined;
  readonly taking: Watched<Disposable | undefined>;
}

class Real {
  readonly timers = new Timers();
  readonly slots = new Slots({ slots: SLOTS, queue: QUEUE, wait: 1_000 });
  readonly clients: Client[] = [];

  slotOf(client: number): Disposable | undefined {
    const outcome = this.clients[client]?.taking.outcome;
    return outcome && "value" in outcome ? outcome.value : undefined;
  }
}

/** A slot goes to the one who waits longest, or is free. */
function giveBack(model: Model): void {
  const next = model.queue.shift();
  if (next === undefined) model.taken--;
  else model.clients[next] = "granted";
}

function stopWaiting(model: Model, client: number): void {
  if (model.clients[client] === "granted") model.clients[client] = "leaves";
  if (model.clients[client] !== "waits") return;
  model.clients[client] = "none";
  model.queue.splice(model.queue.indexOf(client), 1);
}

const take = (isGone: boolean) =>
  call<Model, Real>(isGone ? "take, gone" : "take", (model, real) => {
    const client = model.clients.length;
    const isFree = model.taken < SLOTS;
    if (isGone || (!isFree && model.queue.length >= QUEUE)) {
      model.clients.push("none");
    } else if (isFree) {
      model.taken++;
      model.clients.push("holds");
    } else {
      model.clients.push("waits");
      model.queue.push(client);
    }
    const gone = new AbortController();
    if (isGone) gone.abort();
    const taking = new Watched(real.slots.take(gone.signal));
    real.clients.push({ gone, taking, timer: real.timers.running.at(-1) });
  });

/** A call that concerns one of the clients that came so far. */
const ofClient = (
  name: string,
  index: number,
  run: (client: number, model: Model, real: Real) => void,
) =>
  call<Model, Real>(`${name}(${index})`, (model, real) => {
    run(index % model.clients.length, model, real);
  }, (model) => model.clients.length > 0);

const leave = (index: number) =>
  ofClient("leave", index, (client, model, real) => {
    stopWaiting(model, client);
    real.clients[client]?.gone.abort();
  });

const late = (index: number) =>
  ofClient("late", index, (client, model, real) => {
    if (model.clients[client] !== "waits") return;
    stopWaiting(model, client);
    real.timers.fire(real.clients[client]?.timer);
  });

const finish = (index: number) =>
  ofClient("finish", index, (client, model, real) => {
    const slot = real.slotOf(client);
    if (slot === undefined) return;
    if (model.clients[client] === "holds") {
      model.clients[client] = "done";
      giveBack(model);
    }
    slot[Symbol.dispose]();
  });

const nextTurn = call<Model, Real>("turn", async (model, real) => {
  for (const [client, state] of model.clients.entries()) {
    if (state === "granted") model.clients[client] = "holds";
    if (state !== "leaves") continue;
    model.clients[client] = "none";
    giveBack(model);
  }
  // Those to whom the slots of others went.
  for (const [client, state] of model.clients.entries()) {
    if (state === "granted") model.clients[client] = "holds";
  }
  await turn();
  for (const [client, state] of model.clients.entries()) {
    const { outcome } = real.clients[client]?.taking ?? {};
    assertEquals(outcome === undefined, state === "waits", `${client}`);
    const hasSlot = real.slotOf(client) !== undefined;
    assertEquals(hasSlot, state === "holds" || state === "done", `${client}`);
  }
  assertEquals(real.timers.running.length, model.queue.length);
});

/** Ends all, and takes every slot again. */
async function end(model: Model, real: Real): Promise<void> {
  await nextTurn.run(model, real);
  for (const client of model.clients.keys()) {
    leave(client).run(model, real);
    finish(client).run(model, real);
  }
  await turn();
  for (let free = 0; free < SLOTS; free++) assert(real.slots.tryTake());
  assertEquals(real.slots.tryTake(), undefined);
}

const often = <T>(calls: fc.Arbitrary<T>) => [calls, calls, calls];

Deno.test("Slots go to those who wait, in order, and are never lost", () =>
  checkModel<Model, Real>({
    start: () => ({
      model: { clients: [], queue: [], taken: 0 },
      real: new Real(),
    }),
    calls: [
      ...often(fc.constant(take(false))),
      ...often(fc.nat(20).map(finish)),
      ...often(fc.constant(nextTurn)),
      fc.constant(take(true)),
      fc.nat(20).map(leave),
      fc.nat(20).map(late),
    ],
    end,
    stop: ({ timers }) => timers[Symbol.dispose](),
    runs: 500,
  }));
