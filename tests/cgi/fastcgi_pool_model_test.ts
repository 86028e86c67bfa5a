// The connections to a FastCGI application under clients that come, leave and
// finish, and an application that accepts, refuses, dawdles and closes, in any
// order and several in one turn. What must hold at the end of each turn is what
// `compare` says.

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { FastCgiPool, type Lease } from "../../lib/cgi/fastcgi_pool.ts";
import { call, checkModel, turn, Watched } from "../_model.ts";
import { Timers } from "../_timers.ts";

const CONNECTIONS = 2;
const QUEUE = 2;

/** The side of the client of a connection that does not exist. */
class FakeConnection {
  isOpen = true;
  isRef = true;
  /** Whether the application has closed it. */
  isBroken = false;
  #reading: PromiseWithResolvers<number | null> | undefined;

  read(): Promise<number | null> {
    this.#reading = Promise.withResolvers();
    if (this.isBroken) this.#reading.resolve(null);
    return this.#reading.promise;
  }

  write(p: Uint8Array): Promise<number> {
    return Promise.resolve(p.length);
  }

  /** What the application does at any time. */
  break(): void {
    this.isBroken = true;
    this.#reading?.resolve(null);
  }

  close(): void {
    if (!this.isOpen) throw new Deno.errors.BadResource("closed");
    this.isOpen = false;
    this.#reading?.reject(new Deno.errors.BadResource("closed"));
  }

  ref(): void {
    this.isRef = true;
  }

  unref(): void {
    this.isRef = false;
  }
}

/** A client, and what it has done so far. */
interface Client {
  readonly gone: AbortController;
  readonly taking: Watched<Lease | undefined>;
  isReleased: boolean;
  /** Whether its connection is being replaced, or could not be. */
  isWithout: boolean;
  isRenewing: boolean;
}

class Real {
  readonly timers = new Timers();
  readonly pool = new FastCgiPool("127.0.0.1:9", {
    connections: CONNECTIONS,
    queue: QUEUE,
    wait: 1,
    idle: 1,
    connect: 1,
  });
  readonly clients: Client[] = [];
  readonly connections: FakeConnection[] = [];
  /** Connections that the application has not accepted yet. */
  readonly #connecting = new Set<PromiseWithResolvers<Deno.TcpConn>>();
  readonly #connect = Deno.connect;

  constructor() {
    const connect = ({ signal }: Deno.ConnectOptions) => {
      const connecting = Promise.withResolvers<Deno.TcpConn>();
      this.#connecting.add(connecting);
      const giveUp = () => this.#settle(connecting, "refuse", signal?.reason);
      signal?.addEventListener("abort", giveUp);
      return connecting.promise;
    };
    Object.assign(Deno, { connect });
  }

  get connecting(): number {
    return this.#connecting.size;
  }

  get open(): FakeConnection[] {
    return this.connections.filter(({ isOpen }) => isOpen);
  }

  leaseOf(client: Client | undefined): Lease | undefined {
    const outcome = client?.taking.outcome;
    return outcome && "value" in outcome ? outcome.value : undefined;
  }

  get leases(): Lease[] {
    return this.clients.filter(({ isReleased }) => !isReleased)
      .map((client) => this.leaseOf(client))
      .filter((lease) => lease !== undefined);
  }

  /** Accepts or refuses one of those that connect. */
  settle(index: number, how: "accept" | "refuse"): void {
    const connecting = [...this.#connecting].at(index % this.connecting);
    if (connecting !== undefined) {
      this.#settle(connecting, how, new Deno.errors.ConnectionRefused("no"));
    }
  }

  #settle(
    connecting: PromiseWithResolvers<Deno.TcpConn>,
    how: "accept" | "refuse",
    reason: unknown,
  ): void {
    if (!this.#connecting.delete(connecting)) return;
    if (how === "refuse") return connecting.reject(reason);
    const connection = new FakeConnection();
    this.connections.push(connection);
    connecting.resolve(connection as unknown as Deno.TcpConn);
  }

  stop(): void {
    this.timers[Symbol.dispose]();
    Object.assign(Deno, { connect: this.#connect });
  }
}

/** There is nothing to keep in mind: what must hold is seen from outside. */
type Model = Record<never, never>;

const take = (isGone: boolean) =>
  call<Model, Real>(isGone ? "take, gone" : "take", (_, real) => {
    const gone = new AbortController();
    if (isGone) gone.abort(new Error("gone"));
    const taking = new Watched(real.pool.take(gone.signal));
    real.clients.push({
      gone,
      taking,
      isReleased: false,
      isWithout: false,
      isRenewing: false,
    });
  });

/** A call that concerns one of the clients that came so far. */
const ofClient = (
  name: string,
  index: number,
  run: (client: Client, real: Real) => void,
) =>
  call<Model, Real>(`${name}(${index})`, (_, real) => {
    const client = real.clients[index % real.clients.length];
    if (client !== undefined) run(client, real);
  });

const leave = (index: number) =>
  ofClient("leave", index, ({ gone }) => gone.abort(new Error("gone")));

const release = (index: number, mayServeAgain: boolean) =>
  ofClient(`release ${mayServeAgain}`, index, (client, real) => {
    if (client.isReleased) return;
    const lease = real.leaseOf(client);
    if (lease === undefined) return;
    client.isReleased = true;
    lease.release(mayServeAgain && !client.isWithout);
  });

const renew = (index: number) =>
  ofClient("renew", index, (client, real) => {
    const lease = real.leaseOf(client);
    if (lease === undefined || client.isReleased || client.isRenewing) return;
    client.isWithout = client.isRenewing = true;
    lease.renew().then(() => client.isWithout = false).catch(() => {})
      .finally(() => client.isRenewing = false);
  });

const settle = (index: number, how: "accept" | "refuse") =>
  call<Model, Real>(`${how}(${index})`, (_, real) => {
    if (real.connecting > 0) real.settle(index, how);
  });

const breakOff = (index: number) =>
  call<Model, Real>(`break(${index})`, (_, { open }) => {
    open[index % open.length]?.break();
  });

const late = (index: number) =>
  call<Model, Real>(`late(${index})`, (_, { timers }) => {
    const { running } = timers;
    timers.fire(running[index % running.length]);
  });

const close = call<Model, Real>("close", (_, { pool }) => pool.close());

const nextTurn = call<Model, Real>("turn", async (_, real) => {
  await turn();
  compare(real);
});

function compare({ clients, open, leases, connecting, timers }: Real): void {
  const asking = clients.filter(({ taking }) => taking.outcome === undefined);
  const renewing = clients.filter(({ isRenewing }) => isRenewing).length;
  const without = clients.filter((one) => one.isWithout && !one.isReleased);
  const taken = leases.length + connecting - renewing;
  const waiting = asking.length - (connecting - renewing);
  const idle = open.filter(({ isRef }) => !isRef);
  assert(open.length + connecting <= CONNECTIONS, "too many connections");
  assertEquals(open.length, idle.length + leases.length - without.length);
  assert(waiting <= QUEUE, "too many wait");
  assert(waiting === 0 || taken === CONNECTIONS, "waits for nothing");
  const isAnyBroken = idle.some(({ isBroken }) => isBroken);
  assertEquals(isAnyBroken, false, "keeps a connection that is closed");
  const held = new Set(leases.map(({ connection }) => connection));
  assertEquals(held.size, leases.length, "a connection of two clients");
  assertEquals(timers.running.length, waiting + connecting + idle.length);
  const gone = asking.filter((client) => client.gone.signal.aborted);
  assertEquals(gone.length, 0, "waits for somebody who has left");
}

async function end(model: Model, real: Real): Promise<void> {
  await nextTurn.run(model, real);
  while (real.connecting > 0) {
    real.settle(0, "accept");
    await turn();
  }
  for (const index of real.clients.keys()) leave(index).run(model, real);
  await turn();
  for (const index of real.clients.keys()) {
    release(index, true).run(model, real);
  }
  // Each slot is free again, and nothing is left open.
  const again = Array.from(
    { length: CONNECTIONS },
    () => new Watched(real.pool.take()),
  );
  await turn();
  while (real.connecting > 0) {
    real.settle(0, "accept");
    await turn();
  }
  for (const { outcome } of again) {
    assert(outcome !== undefined && "value" in outcome && outcome.value);
    outcome.value.release(true);
  }
  real.pool.close();
  assertEquals([real.open.length, real.timers.running], [0, []]);
}

const often = <T>(calls: fc.Arbitrary<T>) => [calls, calls, calls];
const index = fc.nat(20);

Deno.test("FastCgiPool loses no connection and no slot, whoever breaks off", () =>
  checkModel<Model, Real>({
    start: () => ({ model: {}, real: new Real() }),
    calls: [
      ...often(fc.constant(take(false))),
      ...often(fc.tuple(index, fc.boolean()).map((args) => release(...args))),
      ...often(index.map((at) => settle(at, "accept"))),
      ...often(fc.constant(nextTurn)),
      fc.constant(take(true)),
      index.map((at) => settle(at, "refuse")),
      index.map(leave),
      index.map(late),
      index.map(renew),
      index.map(breakOff),
      fc.constant(close),
    ],
    end,
    stop: (real) => real.stop(),
    runs: 500,
  }));
