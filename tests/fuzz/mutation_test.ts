import { assert } from "@std/assert";
import { fuzz } from "./_fuzz.ts";

/** Each run takes others: what one finds becomes a row of the tables. */
const SEED = Math.floor(Math.random() * 2 ** 32);

Deno.test(`Mutated requests break no invariant, seed ${SEED}`, async () => {
  const statuses = await fuzz(SEED, 4000);
  // What is refused and what is served are both among them.
  assert((statuses.get(200) ?? 0) > 100);
  assert((statuses.get(400) ?? 0) > 100);
});
