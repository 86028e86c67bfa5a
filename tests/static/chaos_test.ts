import { assert, assertEquals } from "@std/assert";
import { chaos } from "./chaos.ts";

const SEED = Math.floor(Math.random() * 2 ** 31);

/** Files do shrink while they are sent: that response cannot be completed. */
const EXPECTED =
  /^Error: Cannot (?:pack a file that shrank|send the file: it has shrunk)$/;

Deno.test({
  name: `clients that go at random leave nothing behind, seed ${SEED}`,
  ignore: Deno.build.os !== "linux",
  async fn() {
    const { visits, bystanders, errors, ...remains } = await chaos(
      5_000,
      12,
      SEED,
    );
    assertEquals(remains, {
      descriptors: [],
      files: [],
      connections: 0,
      outside: [],
      leaks: 0,
    });
    assertEquals(errors.filter((error) => !EXPECTED.test(error)), []);
    assert(visits > 20, `only ${visits} visits`);
    assert(bystanders > 5, `only ${bystanders} bystanders`);
  },
});
