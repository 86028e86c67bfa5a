// A target with a fault of each kind, by which `attack_test.ts` sees that the
// runner sees it.

import { HttpRequestHandler, verb } from "../../mod.ts";
import { serve } from "./_serve.ts";

const [top = "."] = Deno.args;
const kept: unknown[] = [];

const FAULTS: Readonly<Record<string, () => unknown>> = {
  descriptor: () => kept.push(Deno.openSync(`${top}/secret.txt`)),
  file: () => Deno.writeTextFileSync(`${top}/site/.upload-1.part`, "x"),
  outside: () => Deno.writeTextFileSync(`${top}/outside.txt`, "x"),
  overwrite: () => Deno.writeTextFileSync(`${top}/secret.txt`, "x"),
  program: () => new Deno.Command("sleep", { args: ["5"] }).spawn(),
  memory: () => kept.push(new Uint8Array(400_000_000).fill(1)),
  peak: () => new Uint8Array(400_000_000).fill(1).length,
  // deno-lint-ignore no-console -- the fault
  stack: () => console.error(new Error("reported")),
  // deno-lint-ignore no-console -- the fault
  control: () => console.error("\x1b[2J"),
  secret: () => Deno.readTextFileSync(`${top}/secret.txt`),
  slow() {
    for (const until = Date.now() + 1_000; Date.now() < until;);
  },
  event: () => setTimeout(() => fail(), 0),
  rejection: () => void Promise.reject(new Error("lost")),
};

function fail(): never {
  throw new Error("thrown in a timer");
}

class Faulty extends HttpRequestHandler {
  @verb("GET", "/fault/:fault")
  async fault({ fault }: { fault: string }): Promise<Response> {
    return new Response(String(await FAULTS[fault]?.()));
  }
}

await serve([Faulty]);
