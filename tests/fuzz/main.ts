// deno task fuzz [count] [seed]
import { fuzz } from "./_fuzz.ts";

const [count = 100_000, seed = Math.floor(Math.random() * 2 ** 32)] = Deno.args
  .map(Number);
print(`seed ${seed}, ${count} inputs`);
const statuses = await fuzz(seed, count);
for (const [status, times] of [...statuses].sort(([a], [b]) => a - b)) {
  print(`${status}: ${times} answers`);
}
print("no invariant was broken");

function print(line: string): void {
  // deno-lint-ignore no-console -- a program that prints
  console.log(line);
}
