// What a ByteWriter says of a peer that is gone: by a write of nothing where
// none is under way, and to whoever listens.

import { assertEquals, assertStrictEquals } from "@std/assert";
import { ByteWriter } from "../../lib/bytes/byte_writer.ts";
import type { ConnectionLost } from "../../lib/facts/errors.ts";

/** A writer, and its writes, which are settled by hand. */
function writerOf() {
  const writes: { size: number; settle: PromiseWithResolvers<number> }[] = [];
  const writer = new ByteWriter({
    read: () => Promise.resolve(null),
    write(p) {
      const settle = Promise.withResolvers<number>();
      writes.push({ size: p.length, settle });
      return settle.promise;
    },
    close() {},
  });
  const failures: ConnectionLost[] = [];
  writer.onFailure = (failure) => failures.push(failure);
  return {
    writer,
    failures,
    sizes: () => writes.map(({ size }) => size),
    /** Fails the last one. */
    async fail(error: Error): Promise<void> {
      writes.at(-1)?.settle.reject(error);
      await turn();
    },
    writes,
  };
}

function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

Deno.test("ByteWriter.probe() writes nothing, once at a time", async () => {
  const { writer, writes, sizes } = writerOf();
  writer.probe();
  writer.probe();
  assertEquals(sizes(), [0]);
  writes[0]?.settle.resolve(0);
  await turn();
  assertEquals(writer.failed, false);
  writer.probe();
  assertEquals(sizes(), [0, 0]);
});

Deno.test("ByteWriter.probe() leaves it to a write that is under way", async () => {
  const { writer, sizes, fail } = writerOf();
  writer.write("a");
  writer.send();
  writer.probe();
  assertEquals(sizes(), [1]);
  await fail(new Error("gone"));
  writer.probe();
  assertEquals(sizes(), [1]);
});

Deno.test("ByteWriter tells once that a write has failed", async () => {
  const { writer, writes, failures, fail } = writerOf();
  assertEquals(writer.failure, undefined);
  writer.probe();
  writer.write("a");
  writer.send();
  const cause = new Error("broken pipe");
  await fail(cause);
  assertEquals([writer.failed, failures.length], [true, 1]);
  const [failure] = failures;
  assertStrictEquals(writer.failure, failure);
  assertEquals(failure?.message, "Cannot write to the peer");
  assertStrictEquals(failure?.cause, cause);
  writes[0]?.settle.reject(new Error("again"));
  await turn();
  assertEquals(failures.length, 1);
  assertStrictEquals(writer.failure, failure);
});

Deno.test("ByteWriter tells that a probe has failed", async () => {
  const { writer, failures, fail } = writerOf();
  writer.probe();
  await fail(new Error("reset"));
  assertEquals([writer.failed, failures.length], [true, 1]);
});

Deno.test("ByteWriter.release() tells whoever listens that the connection is closed", async (t) => {
  await t.step("nothing is under way", () => {
    const { writer, failures } = writerOf();
    writer.release();
    assertEquals([writer.failed, failures.length], [true, 1]);
    const { cause } = failures[0] ?? {};
    assertEquals(String(cause), "Error: The connection is closed");
  });
  await t.step("a write is under way, which will fail", async () => {
    const { writer, failures, fail } = writerOf();
    writer.write("a");
    writer.send();
    writer.release();
    assertEquals([writer.failed, failures.length], [false, 0]);
    await fail(new Error("closed"));
    assertEquals([writer.failed, failures.length], [true, 1]);
  });
  await t.step("nobody listens", () => {
    const { writer } = writerOf();
    writer.onFailure = undefined;
    writer.release();
    assertEquals(writer.failed, false);
  });
});
