// deno task mutate [folder or file]
import { type Equivalent, readEquivalents } from "./equivalents.ts";
import { FOLDERS, sourcesAt, testsOf } from "./sources.ts";
import { type Mutant, mutantsOf } from "./stryker.ts";

/** The share of all mutants that must be killed, in percent. */
const LEAST_SCORE = 85;

const equivalents = await readEquivalents();
let failed = false;
for (const path of Deno.args.length > 0 ? Deno.args : FOLDERS) {
  const mutants: Mutant[] = [];
  for (const source of await sourcesAt(path)) {
    const made = await mutantsOf(source, await testsOf(source));
    report(source, made);
    mutants.push(...made);
  }
  print(`${path}: ${scoresOf(mutants)}`);
  if (percentKilled(mutants) < LEAST_SCORE) failed = true;
}
Deno.exit(failed ? 1 : 0);

/** Prints what is to be done about a source. */
function report(source: string, mutants: readonly Mutant[]): void {
  print(`  ${source}: ${scoresOf(mutants)}`);
  for (const mutant of mutants) {
    if (mutant.isKilled || isListed(mutant)) continue;
    complain(`line ${mutant.line} survived`, mutant);
  }
  for (const listed of equivalents) {
    if (listed.source !== source) continue;
    const same = mutants.filter((mutant) => isSame(mutant, listed));
    if (same.some(({ isKilled }) => !isKilled)) continue;
    complain(same.length > 0 ? "listed, but killed" : "no mutant", listed);
  }
}

function complain(what: string, { from, to }: Mutant | Equivalent): void {
  failed = true;
  print(`    ${what}\n- ${from}\n+ ${to}`);
}

function isListed(mutant: Mutant): boolean {
  return equivalents.some((listed) => isSame(mutant, listed));
}

function isSame(mutant: Mutant, { source, from, to }: Equivalent): boolean {
  return mutant.source === source && mutant.from === from && mutant.to === to;
}

/** Both figures: the one without the equivalents hides what is listed. */
function scoresOf(mutants: readonly Mutant[]): string {
  const others = mutants.filter((mutant) =>
    mutant.isKilled || !isListed(mutant)
  );
  const percents = [mutants, others].map((all) =>
    percentKilled(all).toFixed(1)
  );
  const endless = mutants.filter(({ isEndless }) => isEndless).length;
  return `${percents[0]} % of ${mutants.length} killed (${endless} endless), ` +
    `${percents[1]} % without equivalents`;
}

function percentKilled(mutants: readonly Mutant[]): number {
  if (mutants.length === 0) return 100;
  const killed = mutants.filter(({ isKilled }) => isKilled).length;
  return 100 * killed / mutants.length;
}

function print(line: string): void {
  // deno-lint-ignore no-console -- a program that prints
  console.log(line);
}
