// Attack: a peer that is always ready. Its promises settle at once, so that who
// reads or writes goes on in microtasks and nobody else is served. Here a timer
// stands for everybody else.

import { assert } from "@std/assert";
import { ByteReader, type ByteStream, ByteWriter } from "../../mod.ts";

/** Milliseconds after which a task is taken for one that never makes room. */
const PATIENCE = 5_000;

/** Gives and takes at once, whatever is asked. */
const READY: ByteStream = {
  read: (p) => Promise.resolve(p.length),
  write: (p) => Promise.resolve(p.length),
  close() {},
};

/** Whether a timer gets on while a step is taken again and again. */
async function makesRoom(step: () => Promise<unknown>): Promise<boolean> {
  let isOn = false;
  setTimeout(() => isOn = true, 0);
  const until = Date.now() + PATIENCE;
  while (!isOn && Date.now() < until) await step();
  const madeRoom = isOn;
  // The timer of the turn that was under way ends with the test.
  await new Promise((resolve) => setTimeout(resolve, 1));
  return madeRoom;
}

const chunk = new Uint8Array(1_000);
const whole = new Uint8Array(20_000);
const huge = new Uint8Array(100_000);
const reader = new ByteReader(READY);
const direct = new ByteReader(READY);
const writer = new ByteWriter(READY);
const sink = writer.writable.getWriter();
const source = new ByteReader(READY).readable.getReader();

const STEPS: Readonly<Record<string, () => Promise<unknown>>> = {
  "ByteReader.read()": () => reader.read(),
  "ByteReader.readInto()": () => direct.readInto(whole, Infinity, null),
  "ByteReader.readable": () => source.read(),
  "ByteWriter.write() of text": () => writer.write("a row\n"),
  "ByteWriter.write() of small pieces": () => writer.write(chunk),
  "ByteWriter.write() of large pieces": () => writer.write(whole),
  "ByteWriter.write() of very large pieces": () => writer.write(huge),
  "ByteWriter.writeChunk()": () => writer.writeChunk(chunk),
  "ByteWriter.flush()": () => {
    writer.write("an event\n");
    return writer.flush();
  },
  "ByteWriter.writable": () => sink.write(chunk),
};
for (const [name, step] of Object.entries(STEPS)) {
  Deno.test(`${name} makes room for others while the peer is always ready`, async () => {
    assert(await makesRoom(step), "nobody else got a turn");
  });
}
