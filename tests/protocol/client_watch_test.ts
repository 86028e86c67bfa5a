import { assertEquals, assertStrictEquals } from "@std/assert";
import { ByteReader } from "../../lib/bytes/byte_reader.ts";
import { ByteWriter } from "../../lib/bytes/byte_writer.ts";
import { latin1Octets } from "../../lib/bytes/octets.ts";
import { ConnectionLost } from "../../lib/facts/errors.ts";
import { DEFAULT_LIMITS } from "../../lib/facts/limits.ts";
import { ClientWatch } from "../../lib/protocol/client_watch.ts";
import type { BodyFraming } from "../../lib/protocol/framing.ts";
import { RequestBody } from "../../lib/protocol/request_body.ts";

const NONE: BodyFraming = { kind: "none" };
const CHUNKED: BodyFraming = { kind: "chunked" };

/** Lets what is settled be noticed. */
function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** A client under watch: what comes of it is told later. */
function watch(framing: BodyFraming, writer = writerOf()) {
  const arrivals: ((arrival: string | null | Error) => void)[] = [];
  let reads = 0;
  const reader = new ByteReader({
    read(p) {
      reads++;
      return new Promise((resolve, reject) => {
        arrivals.push((arrival) => {
          if (arrival instanceof Error) return reject(arrival);
          if (arrival === null) return resolve(null);
          p.set(latin1Octets(arrival));
          resolve(arrival.length);
        });
      });
    },
    write: (p) => Promise.resolve(p.length),
    close() {},
  });
  const body = new RequestBody(reader, DEFAULT_LIMITS);
  body.begin(framing);
  return {
    reader,
    writer,
    body,
    reads: () => reads,
    start: () => new ClientWatch(reader, writer, body),
    async arrive(arrival: string | null | Error): Promise<void> {
      arrivals.shift()?.(arrival);
      await turn();
    },
  };
}

function writerOf(error?: Error): ByteWriter {
  return new ByteWriter({
    read: () => Promise.resolve(null),
    write: (p) =>
      error === undefined ? Promise.resolve(p.length) : Promise.reject(error),
    close() {},
  });
}

/** Whether the client is said to be gone, and by what. */
function goneBy({ signal }: ClientWatch): [isGone: boolean, cause: unknown] {
  if (!signal.aborted) return [false, undefined];
  const { reason } = signal;
  assertEquals(reason instanceof ConnectionLost, true);
  assertEquals(reason.message, "The client went away");
  return [true, reason.cause];
}

Deno.test("ClientWatch hears of a reset", async () => {
  const client = watch(NONE);
  const watching = client.start();
  assertEquals(goneBy(watching), [false, undefined]);
  const reset = new Error("reset");
  await client.arrive(reset);
  const [isGone, cause] = goneBy(watching);
  assertEquals([isGone, cause instanceof ConnectionLost], [true, true]);
  assertStrictEquals((cause as ConnectionLost).cause, reset);
});

Deno.test("ClientWatch hears of a write that fails, and of one that has failed", async () => {
  const error = new Error("broken pipe");
  for (const isBefore of [false, true]) {
    const client = watch(NONE, writerOf(error));
    const early = isBefore ? undefined : client.start();
    client.writer.write("a");
    await client.writer.flush().catch(() => {});
    const watching = early ?? client.start();
    const [isGone, cause] = goneBy(watching);
    assertEquals(isGone, true);
    assertStrictEquals(cause, client.writer.failure);
  }
});

Deno.test("ClientWatch takes the end of a client's side for no departure (9112 9.6)", async () => {
  for (const framing of [NONE, CHUNKED]) {
    const client = watch(framing);
    const watching = client.start();
    await client.arrive(null);
    assertEquals(goneBy(watching), [false, undefined]);
  }
});

Deno.test("ClientWatch hears of a body that cannot come any more (9112 8)", async () => {
  for (
    const [length, piece, isGone] of [
      [3, "ab", true],
      [3, "abc", false],
      [3, "abcGET", false],
    ] as const
  ) {
    const client = watch({ kind: "length", length });
    const watching = client.start();
    await client.arrive(piece);
    await client.arrive(null);
    assertEquals(goneBy(watching), [isGone, undefined], piece);
  }
});

Deno.test("ClientWatch reads ahead up to 16 KiB, and leaves the body to its reader", async (t) => {
  await t.step("of requests that are ahead of their time", async () => {
    for (const [size, reads] of [[16_383, 2], [16_384, 1]] as const) {
      const client = watch(NONE);
      client.reader.buffer = new Uint8Array(65_536);
      client.reader.end = size - 1;
      const watching = client.start();
      await client.arrive("x");
      assertEquals(client.reads(), reads, `${size}`);
      assertEquals(goneBy(watching), [false, undefined]);
    }
  });
  await t.step(
    "not of a body that somebody reads, until it is over",
    async () => {
      const client = watch({ kind: "length", length: 3 });
      const reading = client.body.read();
      await turn();
      client.start();
      await turn();
      assertEquals(client.reads(), 1);
      await client.arrive("ab");
      assertEquals((await reading)?.length, 2);
      await turn();
      assertEquals(client.reads(), 1);
      const rest = client.body.read();
      await turn();
      await client.arrive("c");
      await rest;
      await turn();
      assertEquals(client.reads(), 3);
    },
  );
  await t.step("a body that breaks off while it is read", async () => {
    const client = watch({ kind: "length", length: 3 });
    const reading = client.body.read().catch(() => {});
    await turn();
    const watching = client.start();
    await client.arrive(null);
    await reading;
    await turn();
    assertEquals(watching.signal.aborted, true);
  });
  await t.step(
    "a body that is here and fills what is read ahead",
    async () => {
      const client = watch({ kind: "length", length: 16_384 });
      client.reader.buffer = new Uint8Array(65_536);
      client.reader.end = 16_384;
      client.start();
      await turn();
      assertEquals(client.reads(), 0);
      while (!client.body.isDone) await client.body.read();
      await turn();
      assertEquals(client.reads(), 1);
    },
  );
});

Deno.test("ClientWatch.end() listens no more, abort() tells a reason of its own", async () => {
  const client = watch(NONE);
  const watching = client.start();
  watching.end();
  assertEquals(client.writer.onFailure, undefined);
  await client.arrive(new Error("reset"));
  assertEquals(watching.signal.aborted, false);
  const reason = new Error("shutdown");
  watching.abort(reason);
  assertStrictEquals(watching.signal.reason, reason);
  // Of the next request, it reads nothing.
  const other = watch(NONE);
  const ended = other.start();
  ended.end();
  await other.arrive("G");
  assertEquals(other.reads(), 1);
});
