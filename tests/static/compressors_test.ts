import { assert, assertEquals } from "@std/assert";
import { compress } from "../../lib/static/compressors.ts";

const TEXT = new Uint8Array(512 * 1024).fill(97);

/** Turns of the event loop that others get meanwhile. */
async function turnsDuring(work: Promise<unknown>): Promise<number> {
  let isDone = false;
  let turns = 0;
  const settled = work.finally(() => isDone = true);
  while (!isDone) {
    await new Promise((resolve) => setTimeout(resolve, 0));
    turns++;
  }
  await settled;
  return turns;
}

Deno.test("compress() gives others a turn between any two pieces", async () => {
  for (const [coding, pieces] of [["gzip", 16], ["br", 32]] as const) {
    const bodies = Array.from({ length: 4 }, () => {
      const encoded = compress(new Blob([TEXT]).stream(), coding);
      const format = coding === "br" ? "brotli" : coding;
      const plain = encoded.pipeThrough(new DecompressionStream(format));
      return new Response(plain).bytes();
    });
    // Timers of others are due as often as ours, give or take a few.
    const turns = await turnsDuring(Promise.all(bodies));
    assert(turns >= pieces * 2, `${turns} turns`);
    for (const body of bodies) assertEquals(await body, TEXT);
  }
});

Deno.test("compress() cancels its source with its result", async () => {
  const canceled = Promise.withResolvers<void>();
  const source = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: (controller) => controller.enqueue(TEXT),
    cancel: () => canceled.resolve(),
  });
  const reader = compress(source, "gzip").getReader();
  await reader.read();
  await reader.cancel();
  await canceled.promise;
});
