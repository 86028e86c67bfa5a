import { assert, assertEquals } from "@std/assert";
import { chaos } from "./chaos.ts";

const SEED = Math.floor(Math.random() * 2 ** 31);

Deno.test({
  name:
    `clients and programs that break off leave nothing behind, seed ${SEED}`,
  ignore: Deno.build.os !== "linux",
  async fn() {
    const { requests, ...remains } = await chaos(1_000, 12, SEED);
    assertEquals(remains, { processes: [], descriptors: [], files: [] });
    assert(requests > 20, `only ${requests} requests`);
  },
});
