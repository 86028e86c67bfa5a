import { assert, assertEquals } from "@std/assert";
import { chaos } from "./chaos.ts";

Deno.test({
  name: "clients and programs that break off leave nothing behind",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const { requests, ...remains } = await chaos(1_000, 12);
    assertEquals(remains, { processes: [], descriptors: [], files: [] });
    assert(requests > 20, `only ${requests} requests`);
  },
});
