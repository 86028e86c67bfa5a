// The open connections of a server beside a model of them: they come and end in
// any order, several wait for fewer of them, and the server ends, at first with
// patience.

import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { TransportConnection } from "../../lib/server/connection.ts";
import type { Deadlines } from "../../lib/server/deadlines.ts";
import { OpenConnections } from "../../lib/server/open_connections.ts";
import { type Place, Roster } from "../../lib/server/roster.ts";
import { call, checkModel, turn, Watched } from "../_model.ts";
import { Timers } from "../_timers.ts";

/** A connection, and what was done to it. */
class FakeConnection {
  drained = 0;
  closed = 0;
  readonly served = Promise.withResolvers<void>();

  drain(): void {
    this.drained++;
  }

  close(): void {
    this.closed++;
  }
}

/** Knows who is watched, and does nothing about it. */
class FakeDeadlines {
  readonly watched = new Roster<unknown>();

  add(connection: unknown): Place<unknown> {
    return this.watched.add(connection);
  }

  delete(place: Place<unknown>): void {
    this.watched.delete(place);
  }
}

interface Model {
  readonly open: Set<FakeConnection>;
  /** Of how many there must be fewer, for each who waits. */
  waiting: { count: number; isOver: boolean; watched: Watched<void> }[];
  /** Those that were open when the server began to end. */
  drained: FakeConnection[];
  isEnding: boolean;
  isCut: boolean;
}

class Real {
  readonly timers = new Timers();
  readonly deadlines = new FakeDeadlines();
  readonly connections = new OpenConnections(
    this.deadlines as unknown as Deadlines,
  );
  ending: Watched<void> | undefined;
}

const add = call<Model, Real>("add", (model, { connections }) => {
  const one = new FakeConnection();
  model.open.add(one);
  void connections.add(
    one as unknown as TransportConnection,
    () => one.served.promise,
  );
}, (model) => !model.isEnding);

const finish = (index: number) =>
  call<Model, Real>(`finish(${index})`, (model) => {
    const one = [...model.open][index % model.open.size];
    if (one === undefined) return;
    model.open.delete(one);
    one.served.resolve();
  });

const wait = (count: number) =>
  call<Model, Real>(`wait(${count})`, (model, { connections }) => {
    // There is nothing to wait for, whoever comes in this turn.
    const isOver = connections.size < count;
    const watched = new Watched(connections.awaitFewerThan(count));
    model.waiting.push({ count, isOver, watched });
  });

const end = call<Model, Real>("end", (model, real) => {
  model.isEnding = true;
  model.drained = [...model.open];
  real.ending = new Watched(real.connections.end(1));
}, (model) => !model.isEnding);

const late = call<Model, Real>("late", (model, { timers, ending }) => {
  // At first for those that have not ended, then for those that were cut.
  if (ending === undefined || timers.running.length === 0) return;
  model.isCut = true;
  timers.fire(timers.running[0]);
});

const nextTurn = call<Model, Real>("turn", async (model, real) => {
  await turn();
  const { connections, deadlines, ending } = real;
  assertEquals(connections.size, model.open.size);
  assertEquals(new Set(deadlines.watched.items()), new Set(model.open));
  const isEnding = ending !== undefined;
  const { isCut } = model;
  for (const { count, isOver, watched } of model.waiting) {
    const goesOn = !isOver && model.open.size >= count && !isEnding;
    assertEquals(watched.outcome === undefined, goesOn, `fewer than ${count}`);
  }
  // What has settled once stays so, however many come.
  model.waiting = model.waiting.filter(({ watched }) => !watched.outcome);
  for (const { drained } of model.drained) assertEquals(drained, 1);
  if (isCut) { for (const { closed } of model.open) assertEquals(closed, 1); }
  if (isEnding && !isCut) {
    assertEquals(ending.outcome !== undefined, model.open.size === 0);
  }
});

const often = <T>(calls: fc.Arbitrary<T>) => [calls, calls, calls];

Deno.test("OpenConnections holds all that are open, and tells who waits", () =>
  checkModel<Model, Real>({
    start: () => ({
      model: {
        open: new Set(),
        waiting: [],
        drained: [],
        isEnding: false,
        isCut: false,
      },
      real: new Real(),
    }),
    calls: [
      ...often(fc.constant(add)),
      ...often(fc.nat(20).map(finish)),
      ...often(fc.constant(nextTurn)),
      fc.integer({ min: 1, max: 4 }).map(wait),
      fc.constant(end),
      fc.constant(late),
    ],
    end: async (model, real) => {
      await nextTurn.run(model, real);
      for (const one of model.open) one.served.resolve();
      model.open.clear();
      await nextTurn.run(model, real);
      assertEquals(model.waiting, []);
      if (real.ending !== undefined) assertEquals(real.timers.running, []);
    },
    stop: ({ timers }) => timers[Symbol.dispose](),
    runs: 500,
  }));
