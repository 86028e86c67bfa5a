import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { DONE } from "../../lib/bytes/stream.ts";
import { ConnectionLost } from "../../lib/facts/errors.ts";
import { UnsentBody } from "../../lib/protocol/unsent_body.ts";

const REASON = "Nobody reads the body of a response that has none";

Deno.test("UnsentBody takes a million bytes, and then no more", async () => {
  const body = new UnsentBody();
  for (let size = 0; size < 1_048_576; size += 32_768) {
    await body.take(32_768, false);
  }
  await assertRejects(() => body.take(1, false), ConnectionLost, REASON);
  await assertRejects(
    () => new UnsentBody().take(1_048_577, false),
    ConnectionLost,
    REASON,
  );
});

Deno.test("UnsentBody takes one piece of a client that is gone", async () => {
  const body = new UnsentBody();
  await body.take(10, true);
  await assertRejects(() => body.take(10, true), ConnectionLost, REASON);
});

Deno.test("UnsentBody lets others get on after each 64 KiB, and each 64 writes", async (t) => {
  /** Which of these writes are waited for, counted from 1. */
  async function waits(sizes: number[]): Promise<number[]> {
    const body = new UnsentBody();
    const found: number[] = [];
    for (const [index, size] of sizes.entries()) {
      const taken = body.take(size, false);
      if (taken !== DONE) found.push(index + 1);
      await taken;
    }
    return found;
  }
  await t.step("small writes", async () => {
    assertEquals(await waits(Array(130).fill(1)), [64, 128]);
  });
  await t.step("large ones", async () => {
    assertEquals(await waits([65_535, 1, 65_535, 1, 65_536]), [2, 4, 5]);
    assertEquals(await waits([65_536, 65_535, 2]), [1, 3]);
  });
  await t.step("such a wait is a turn of the event loop", async () => {
    let isOn = false;
    setTimeout(() => isOn = true, 0);
    await new UnsentBody().take(65_536, false);
    assertEquals(isOn, true);
  });
});

Deno.test("UnsentBody rejects where nobody waits, and brings nobody down", async () => {
  const body = new UnsentBody();
  body.take(2_000_000, false);
  // Were it unhandled, the test would end here.
  await new Promise((resolve) => setTimeout(resolve, 0));
  assertStrictEquals(await new UnsentBody().take(1, false), undefined);
});
