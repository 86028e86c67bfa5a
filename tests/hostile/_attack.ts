// The table of attacks, and what runs it. A row says what is sent; the rest is
// the same for all rows: meanwhile bystanders get their responses, the stranger
// gets nothing from outside the served folder, and afterwards the process lives
// and holds what it held before: descriptors, child processes, memory, files in
// and around the folder. Standard error has the access log and nothing else.
//
// Tables are in `<area>_test.ts`, one target for each set of flags:
//
//     testAttacks("the command line", { args: ["0", "-d", "$SITE"] }, [
//       { name: "half a head", attack: sends("GET /", { ending: "leave" }) },
//       { name: "no Host", attack: sends(raw, { wants: "HTTP/1.1 400 " }) },
//       { name: "in steps", async attack(stranger) { … stranger.connect() … } },
//     ]);
//
// Handler classes are served by a script that ends in `await serve([Class])` of
// `_serve.ts`: `{ script: "tests/hostile/handler_app.ts" }`.

import { assert, assertEquals } from "@std/assert";
import { Bystanders } from "./_bystander.ts";
import { type Allowance, awaitSame, LOOK_INTERVAL } from "./_remains.ts";
import { type Bytes, includes, Stranger } from "./_stranger.ts";
import { SECRET, Target, type TargetOptions } from "./_target.ts";

/** One attack. */
export interface Attack extends Allowance {
  /** What a stranger does, in words; with the class it belongs to, if known. */
  readonly name: string;
  /** What is done. */
  readonly attack: (stranger: Stranger) => Promise<void>;
  /** Lines that standard error must hold beside the access log. */
  readonly says?: RegExp;
}

/** How long the runner waits, in milliseconds. */
export interface Patience {
  /** Until what was held must have been given back. */
  readonly settling: number;
  /** Until a bystander must have a response. */
  readonly bystander: number;
}

/**
 * Much more than a busy machine needs, and much less than the attacks cost when
 * they succeed.
 */
const PATIENCE: Patience = { settling: 30_000, bystander: 5_000 };
/** What the access log begins a line with; no other line is expected. */
const LOG_LINE = /^\S+ - - \[[^\]]+\] /;
// deno-lint-ignore no-control-regex -- what must not be printed
const CONTROL = /[\x00-\x09\x0b-\x1f\x7f-\x9f]/;

/** Whether what a target holds can be looked up. */
const IS_LINUX = Deno.build.os === "linux";

/**
 * Registers a test in which the attacks are run against one target, one after
 * the other. A target that an attack has broken is replaced for the next.
 */
export function testAttacks(
  title: string,
  options: TargetOptions,
  attacks: readonly Attack[],
): void {
  Deno.test(`${title} under attack`, { ignore: !IS_LINUX }, async (t) => {
    let target = await startWarm(options);
    try {
      for (const attack of attacks) {
        const isUnharmed = await t.step(
          attack.name,
          () => withstand(target, attack),
        );
        if (isUnharmed) continue;
        await target[Symbol.asyncDispose]();
        target = await startWarm(options);
      }
    } finally {
      await target[Symbol.asyncDispose]();
    }
  });
}

/** What a runtime opens when it is first used is no leak. */
async function startWarm(options: TargetOptions): Promise<Target> {
  const target = await Target.start(options);
  await using bystanders = new Bystanders(target, PATIENCE.bystander);
  await bystanders.answered(2);
  return target;
}

/** Runs one attack; rejects if the target is harmed. */
export async function withstand(
  target: Target,
  row: Attack,
  patience = PATIENCE,
): Promise<void> {
  const before = await target.holdings();
  // The line that is being written belongs to this row.
  const start = target.stderr.lastIndexOf("\n") + 1;
  await target.forgetPeak();
  try {
    await attackAmongBystanders(target, row, patience.bystander);
  } catch (cause) {
    await target.awaitEnd();
    if (target.isAlive) throw cause;
    throw new Error(`the process has ended: ${target.stderr.slice(-2_000)}`, {
      cause,
    });
  }
  await awaitSame(target, before, row, patience.settling);
  await checkWords(target, start, row.says, patience.settling);
}

async function attackAmongBystanders(
  target: Target,
  { attack }: Attack,
  deadline: number,
): Promise<void> {
  await using bystanders = new Bystanders(target, deadline);
  using stranger = new Stranger(target, (times) => bystanders.answered(times));
  await bystanders.answered(1);
  const attacking = attack(stranger);
  // What fails behind a bystander that was not answered is of no interest.
  attacking.catch(() => {});
  await Promise.race([attacking, bystanders.failure]);
  await bystanders.answered(1);
  assert(!stranger.heard.includes(SECRET), "the secret was sent");
}

/** No stack, no event of the runtime, no control character, no surprise. */
async function checkWords(
  target: Target,
  start: number,
  expected: RegExp | undefined,
  timeout: number,
): Promise<void> {
  const isExpected = (line: string) => expected?.test(line) ?? false;
  const until = performance.now() + timeout;
  let lines = linesFrom(target, start);
  while (expected !== undefined && !lines.some(isExpected)) {
    assert(performance.now() < until, `standard error lacks ${expected}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_INTERVAL));
    lines = linesFrom(target, start);
  }
  assertEquals(
    lines.filter((line) => CONTROL.test(line)).map((line) => encodeURI(line)),
    [],
    "raw control characters on standard error",
  );
  assertEquals(
    lines.filter((line) => !LOG_LINE.test(line) && !isExpected(line)),
    [],
    "unexpected lines on standard error",
  );
}

/** The lines that are ended. */
function linesFrom(target: Target, start: number): string[] {
  return target.stderr.slice(start).split("\n").slice(0, -1);
}

/** How the connection of an attack ends. */
export type Ending = "read" | "half" | "leave" | "reset" | "hold";

/** What an attack of one piece of raw bytes may say. */
export interface SendOptions {
  /**
   * How the connection ends: after the response was read (`read`), the same
   * after the stranger's own end was closed (`half`), at once (`leave`, and
   * `reset` by RST), or in silence once bystanders were answered (`hold`).
   */
  readonly ending?: Ending;
  /** How many connections. */
  readonly times?: number;
  /** What each response must hold. */
  readonly wants?: string | RegExp;
  /** What no response may hold. */
  readonly lacks?: string | RegExp;
}

/** Sends the same bytes on so many connections at once. */
export function sends(
  bytes: Bytes | (() => Bytes),
  { ending = "read", times = 1, wants, lacks }: SendOptions = {},
): Attack["attack"] {
  return async (stranger) => {
    const sent = typeof bytes === "function" ? bytes() : bytes;
    await Promise.all(Array.from({ length: times }, async () => {
      const response = await sendOnce(stranger, sent, ending);
      const shown = JSON.stringify(response.slice(0, 5_000));
      if (wants !== undefined) {
        assert(includes(response, wants), `${wants} is not in ${shown}`);
      }
      if (lacks !== undefined) {
        assert(!includes(response, lacks), `${lacks} is in ${shown}`);
      }
    }));
  };
}

/** Settles with what was received, if anything was read. */
async function sendOnce(
  stranger: Stranger,
  bytes: Bytes,
  ending: Ending,
): Promise<string> {
  if (ending === "read") return await stranger.ask(bytes);
  if (ending === "half") return await stranger.askAndEnd(bytes);
  await stranger[ending](bytes);
  return "";
}
