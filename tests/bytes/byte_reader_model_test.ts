// A ByteReader beside a model of it: bytes come in pieces, and waits are cut off
// by a deadline, by the end and by a failure, several in one turn. Each byte has
// the value that its position gives it, and what is nobody's is overwritten.

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type ByteStream, ConnectionLost } from "../../mod.ts";
import { ByteReader } from "../../lib/bytes/byte_reader.ts";
import { call, checkModel, turn, Watched } from "../_model.ts";

const LF = 0x0a;
const POISON = 0xdb;

/** The bytes at these positions of what the peer sends; some are line ends. */
function sent(from: number, to: number): Uint8Array {
  return Uint8Array.from({ length: to - from }, (_, i) => {
    const at = from + i;
    return at % 37 === 36 ? LF : 0x61 + at % 23;
  });
}

/** What somebody waits for; `late` makes a deadline an error. */
interface Want {
  readonly kind: "fill" | "into" | "line" | "read";
  readonly max: number;
  readonly late: boolean;
}

/** The bytes from `taken` to `came` have come, and nobody has taken them. */
interface Model {
  taken: number;
  came: number;
  /** What comes in this turn. */
  coming: number;
  stream: "open" | "ended" | "failed";
  isCut: boolean;
  want: Want | undefined;
  /** What was buffered already for whoever waits. */
  buffered: Outcome;
}

/** How a wait ends: with so many bytes, or without more. */
type Outcome = number | "end" | "error" | undefined;

function outcomeOf(model: Model): Outcome {
  const { taken, came, coming, want, isCut, stream } = model;
  if (want === undefined) return undefined;
  // What comes in the turn of a cut is nobody's any more.
  const fresh = isCut ? 0 : coming;
  const rest = sent(taken, came + fresh);
  const most = Math.min(rest.length, want.max);
  const needsFresh = want.kind === "fill" || want.kind === "into";
  if (needsFresh && fresh > 0) return fresh;
  if (want.kind === "read" && most > 0) return most;
  if (want.kind === "line") {
    const line = rest.subarray(0, most).indexOf(LF) + 1;
    if (line > 0) return line;
    if (most === want.max) return most;
  }
  const over = isCut ? (want.late ? "failed" : "ended") : stream;
  if (over === "failed") return "error";
  if (over === "open") return undefined;
  return want.kind === "line" && most > 0 ? most : "end";
}

/** A stream whose reads are settled by hand. */
class Stream implements ByteStream {
  state: "open" | Error | null = "open";
  position = 0;
  pending: Uint8Array | undefined;
  #reading = Promise.withResolvers<number | null>();

  read(p: Uint8Array): Promise<number | null> {
    assert(this.pending === undefined, "two reads at once");
    assert(p.length > 0, "a read into nothing");
    p.fill(POISON);
    this.pending = p;
    this.#reading = Promise.withResolvers();
    if (this.state !== "open") this.finish(this.state);
    return this.#reading.promise;
  }

  /** Gives the read up to so many bytes; tells how many. */
  give(count: number): number {
    const from = this.position;
    this.position += Math.min(count, this.pending?.length ?? 0);
    this.pending?.set(sent(from, this.position));
    this.pending = undefined;
    this.#reading.resolve(this.position - from);
    return this.position - from;
  }

  /** Ends the stream, or breaks it. */
  finish(state: Error | null): void {
    this.state = state;
    this.pending = undefined;
    if (state === null) this.#reading.resolve(null);
    else this.#reading.reject(state);
  }

  write(p: Uint8Array): Promise<number> {
    return Promise.resolve(p.length);
  }

  close(): void {}
}

class Real {
  readonly stream = new Stream();
  readonly reader = new ByteReader(this.stream);
  readonly into = new Uint8Array(600);
  waiting: Watched<unknown> | undefined;
  /** What was given out, and what it must hold for ever. */
  readonly given: [bytes: unknown, want: Uint8Array][] = [];

  wait({ kind, max, late }: Want): Promise<unknown> {
    const { reader } = this;
    const error = late ? () => new ConnectionLost("late") : null;
    reader.timeout = late ? 60_000 : Infinity;
    if (kind === "fill") return reader.fill(Infinity, error);
    if (kind === "read") return reader.read(max);
    if (kind === "line") return reader.readLine(max);
    return reader.readInto(this.into.subarray(0, max), Infinity, error);
  }
}

const want = (kind: Want["kind"], max: number, late: boolean) =>
  call<Model, Real>(`${kind}(${max}${late ? ", late" : ""})`, (model, real) => {
    // Past the buffer nobody reads while something is read into it.
    if (kind === "into" && real.reader.isFilling) return;
    model.want = { kind, max, late };
    const now = { ...model, coming: 0, isCut: false, stream: "open" } as const;
    model.buffered = outcomeOf(now);
    real.waiting = new Watched(real.wait(model.want));
  }, (model) => {
    if (model.want !== undefined) return false;
    // Nor while it holds something.
    return kind !== "into" || model.came + model.coming === model.taken;
  });

const nextTurn = call<Model, Real>("turn", async (model, real) => {
  await turn();
  const { reader, waiting } = real;
  const outcome = model.buffered ?? outcomeOf(model);
  if (!model.isCut) model.came += model.coming;
  model.coming = 0;
  if (model.want !== undefined) compare(model, real, outcome, waiting?.outcome);
  const { buffer, start, end } = reader;
  assertEquals(buffer.slice(start, end), sent(model.taken, model.came));
  assertEquals(reader.failed, model.stream === "failed");
  buffer.fill(POISON, 0, start);
  if (real.stream.pending === undefined) buffer.fill(POISON, end);
});

function compare(
  model: Model,
  real: Real,
  outcome: Outcome,
  got: Watched<unknown>["outcome"],
): void {
  if (outcome === undefined) return assertEquals(got, undefined);
  assert(got !== undefined, "the wait goes on");
  const { kind } = model.want ?? {};
  model.want = undefined;
  if (outcome === "error") {
    assert("error" in got && got.error instanceof ConnectionLost);
    return;
  }
  assert("value" in got, "the wait has failed");
  if (kind === "fill") return assertEquals(got.value, outcome !== "end");
  if (outcome === "end") return assertEquals(got.value, null);
  if (kind === "into") assertEquals(got.value, outcome);
  const piece = kind === "into" ? real.into.slice(0, outcome) : got.value;
  real.given.push([piece, sent(model.taken, model.taken + outcome)]);
  model.taken += outcome;
}

const take = (count: number) =>
  call<Model, Real>(`take(${count})`, (model, real) => {
    const most = Math.min(count, model.came - model.taken);
    const bytes = real.reader.take(most);
    real.given.push([bytes, sent(model.taken, model.taken + most)]);
    model.taken += most;
  }, (model) => model.want === undefined);

const arrive = (count: number) =>
  call<Model, Real>(`arrive(${count})`, (model, real) => {
    if (real.stream.pending !== undefined) {
      model.coming += real.stream.give(count);
    }
  }, (model) => model.stream === "open");

const finish = (state: "ended" | "failed") =>
  call<Model, Real>(state, (model, real) => {
    // Seen by those only who read.
    if (real.stream.pending === undefined) return;
    model.stream = state;
    real.stream.finish(state === "ended" ? null : new Error("reset"));
  }, (model) => model.stream === "open" && model.coming === 0);

const expire = call<Model, Real>("expire", (model, real) => {
  model.isCut = true;
  real.reader.expire();
});

const lookAhead = call<Model, Real>(
  "lookAhead",
  (_, real) => real.reader.lookAhead(),
);

const size = fc.oneof(
  fc.integer({ min: 1, max: 8 }),
  fc.integer({ min: 1, max: 60 }),
  fc.constant(5_000),
);
const often = <T>(calls: fc.Arbitrary<T>) => [calls, calls, calls];

Deno.test("ByteReader gives the bytes that came, whatever comes when", () =>
  checkModel<Model, Real>({
    start: () => ({
      model: {
        taken: 0,
        came: 0,
        coming: 0,
        stream: "open",
        isCut: false,
        want: undefined,
        buffered: undefined,
      },
      real: new Real(),
    }),
    calls: [
      ...often(fc.constant(nextTurn)),
      ...often(size.map(arrive)),
      ...often(
        fc.tuple(
          fc.constantFrom<Want["kind"][]>("fill", "into", "line", "read"),
          fc.oneof(fc.integer({ min: 1, max: 8 }), fc.constant(600)),
          fc.boolean(),
        ).map((args) => want(...args)),
      ),
      size.map(take),
      fc.constant(lookAhead),
      fc.constantFrom(finish("ended"), finish("failed"), expire),
    ],
    end: async (model, real) => {
      await nextTurn.run(model, real);
      // The next connection gets its buffer, unless a read may still fill it.
      real.reader.release();
      const next = new ByteReader(real.stream);
      next.buffer.fill(0);
      real.stream.give(5_000);
      assertEquals(next.buffer.some((byte) => byte !== 0), false);
      next.release();
      await turn();
      for (const [bytes, want] of real.given) assertEquals(bytes, want);
    },
    runs: 300,
  }));
