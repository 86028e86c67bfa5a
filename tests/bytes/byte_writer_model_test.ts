// Two ByteWriters, which share their buffers, beside a model of each: the peer
// takes a part of a write or all of it, or fails. Whoever has written an array
// overwrites it as soon as the promise settles, and so is every buffer of the
// writers' own once it was taken.

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { ConnectionLost } from "../../mod.ts";
import { ByteBuffer } from "../../lib/bytes/byte_buffer.ts";
import { ByteWriter } from "../../lib/bytes/byte_writer.ts";
import { nextTurn as laterTurn } from "../../lib/bytes/turn.ts";
import { call, checkModel, turn, Watched } from "../_model.ts";
import { Peer, POISON } from "../_peer.ts";

/** What a writer may hold besides what its callers wait for. */
const MOST_HELD = 65_536 + 16_384;

const encoder = new TextEncoder();

/** What was written, and how much of it the peer has. */
interface Model {
  readonly written: ByteBuffer;
  taken: number;
  /** How much has to be sent without anybody asking again. */
  due: number;
  isBroken: boolean;
}

class Real {
  readonly peer = new Peer();
  readonly writer = new ByteWriter(this.peer);
  readonly waiting: { until: number; watched: Watched<void> }[] = [];
  failures = 0;

  constructor() {
    this.writer.pace = { timeout: 60_000, rate: 1 };
    this.writer.onFailure = () => void this.failures++;
  }

  wait(until: number, promise: Promise<void>): void {
    this.waiting.push({ until, watched: new Watched(promise) });
  }
}

const BOTH = [0, 1] as const;
type Which = typeof BOTH[number];
type Pair<T> = readonly [T, T];
type Models = Pair<Model>;
type Reals = Pair<Real>;

const CRLF = encoder.encode("\r\n");

/** A call of one of the two writers. */
const of = (
  which: Which,
  name: string,
  run: (model: Model, real: Real) => void,
) =>
  call<Models, Reals>(
    `${name} of ${which}`,
    (models, reals) => run(models[which], reals[which]),
  );

function expectBytes(model: Model, ...pieces: Uint8Array[]): void {
  if (model.isBroken) return;
  for (const piece of pieces) model.written.add(piece);
}

/** A letter that tells one piece from the next. */
const letterOf = ({ written }: Model) => 0x61 + written.length % 23;

const writeText = (which: Which, size: number, isAscii: boolean) =>
  of(which, `write("${size}, ${isAscii}")`, (model, real) => {
    const letters = String.fromCharCode(letterOf(model)).repeat(size);
    const text = isAscii ? letters : letters + "\xe9";
    expectBytes(model, encoder.encode(text));
    real.wait(0, real.writer.write(text));
  });

const writeLatin1 = (which: Which) =>
  of(which, "writeLatin1", (model, real) => {
    // A failed writer only collects, and sends nothing.
    expectBytes(model, new Uint8Array([0xe9, 0x78]));
    if (!model.isBroken) real.writer.writeLatin1("\xe9x");
  });

const writeBytes = (which: Which, size: number, isChunk: boolean) =>
  of(which, `${isChunk ? "writeChunk" : "write"}(${size})`, (model, real) => {
    const bytes = new Uint8Array(size).fill(letterOf(model));
    real.peer.foreign.add(bytes.buffer);
    const line = encoder.encode(`${size.toString(16)}\r\n`);
    expectBytes(model, ...isChunk ? [line, bytes, CRLF] : [bytes]);
    if (isChunk && model.isBroken) return;
    const { writer } = real;
    const written = isChunk ? writer.writeChunk(bytes) : writer.write(bytes);
    const reuse = () => void bytes.fill(POISON);
    written.then(reuse, reuse);
    real.wait(0, written);
  });

const send = (which: Which, waits: boolean) =>
  of(which, waits ? "flush" : "send", (model, real) => {
    model.due = model.written.length;
    if (!waits) real.writer.send();
    else real.wait(model.due, real.writer.flush());
  });

const take = (which: Which, most: number) =>
  of(which, `take(${most})`, (model, real) => {
    model.taken += real.peer.take(most);
  });

const breakOff = (which: Which) =>
  of(which, "break", (model, real) => {
    if (!real.peer.isAsked) return;
    model.isBroken = true;
    real.peer.break();
  });

const probe = (which: Which) =>
  of(which, "probe", (_, real) => real.writer.probe());

const nextTurn = call<Models, Reals>("turn", async (models, reals) => {
  await turn();
  // In a turn that has lasted long, writers go on in the one after it.
  if (reals.some(waitsIdly)) {
    await laterTurn();
    await turn();
  }
  for (const which of BOTH) compare(models[which], reals[which]);
});

function waitsIdly({ peer, waiting }: Real): boolean {
  return !peer.isTaking && waiting.some(({ watched }) => !watched.outcome);
}

function compare(model: Model, { peer, writer, waiting, failures }: Real) {
  assertSame(peer.taken.bytes, model.written.bytes.subarray(0, model.taken));
  assertEquals(peer.taken.length, model.taken);
  assertEquals([writer.failed, failures], [model.isBroken, +model.isBroken]);
  assertEquals(writer.expiresAt < Infinity, peer.isTaking);
  const isIdle = !peer.isTaking;
  if (isIdle && !model.isBroken) assert(model.taken >= model.due, "not sent");
  for (const { until, watched: { outcome } } of waiting) {
    // Whoever waits goes on when there is nothing to wait for.
    if (outcome === undefined) assert(!isIdle, "waits for ever");
    else if ("error" in outcome) {
      assert(model.isBroken && outcome.error instanceof ConnectionLost);
    } else assert(model.isBroken || model.taken >= until, "settled early");
  }
  const isWaitedFor = waiting.some(({ watched }) => !watched.outcome);
  const held = model.written.length - model.taken;
  if (held === 0) assertEquals(writer.congested, false);
  if (!isWaitedFor && !model.isBroken) assert(held <= MOST_HELD, `${held}`);
}

/** Not by assertEquals: its message would hold megabytes. */
function assertSame(got: Uint8Array, want: Uint8Array): void {
  const at = got.findIndex((byte, i) => byte !== want[i]);
  assert(at < 0, `byte ${at} is ${got[at]}, not ${want[at]}`);
}

const SIZES = [1, 5, 100, 8_192, 8_193, 16_384, 20_000, 65_536, 70_000];
const which = fc.constantFrom(...BOTH);
const size = fc.constantFrom(...SIZES);
const often = <T>(calls: fc.Arbitrary<T>) => [calls, calls, calls];

Deno.test("ByteWriter sends what was written, however the peer takes it", () =>
  checkModel<Models, Reals>({
    start: () => {
      const model = () => ({
        written: new ByteBuffer(),
        taken: 0,
        due: 0,
        isBroken: false,
      });
      return {
        model: [model(), model()],
        real: [new Real(), new Real()],
      };
    },
    calls: [
      ...often(fc.constant(nextTurn)),
      ...often(
        fc.tuple(which, fc.oneof(size, fc.constant(Infinity)))
          .map((args) => take(...args)),
      ),
      ...often(
        fc.tuple(which, size, fc.boolean()).map((args) => writeBytes(...args)),
      ),
      fc.tuple(which, size, fc.boolean()).map((args) => writeText(...args)),
      which.map(writeLatin1),
      fc.tuple(which, fc.boolean()).map((args) => send(...args)),
      which.map(probe),
      which.map(breakOff),
    ],
    end: async (models, reals) => {
      for (const which of BOTH) {
        await turn();
        send(which, true).run(models, reals);
        while (reals[which].peer.isTaking) {
          take(which, Infinity).run(models, reals);
          await turn();
        }
      }
      await nextTurn.run(models, reals);
      for (const { written, taken, isBroken } of models) {
        if (!isBroken) assertEquals(taken, written.length);
      }
    },
    runs: 300,
  }));
