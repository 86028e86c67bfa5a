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
import { type Bytes, includes, Stranger } from "./_stranger.ts";
import {
  type Holdings,
  LOCAL_SOCKET,
  SECRET,
  Target,
  type TargetOptions,
} from "./_target.ts";

/** One attack. */
export interface Attack {
  /** What a stranger does, in words; with the class it belongs to, if known. */
  readonly name: string;
  /** What is done. */
  readonly attack: (stranger: Stranger) => Promise<void>;
  /** Files that are left, as they should be: paths from the served folder. */
  readonly leaves?: readonly string[];
  /** Lines that standard error must hold beside the access log. */
  readonly says?: RegExp;
  /** The most memory in use meanwhile, in bytes beyond that before. */
  readonly peak?: number;
}

/** Milliseconds until what was held must have been given back. */
const SETTLE_TIMEOUT = 10_000;
/** Milliseconds between two looks. */
const LOOK_INTERVAL = 50;
/** Bytes of memory that the runtime may keep for itself. */
const MEMORY_SLACK = 150_000_000;
/** Bytes of memory that an attack may need unless its row says otherwise. */
const PEAK = 300_000_000;

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
  await using bystanders = new Bystanders(target);
  await bystanders.answered(2);
  return target;
}

async function withstand(target: Target, row: Attack): Promise<void> {
  const before = await target.holdings();
  const said = target.stderr.length;
  await target.forgetPeak();
  await attackAmongBystanders(target, row);
  await awaitSame(target, before, row);
  checkWords(target.stderr.slice(said), row.says);
}

async function attackAmongBystanders(
  target: Target,
  { attack }: Attack,
): Promise<void> {
  await using bystanders = new Bystanders(target);
  using stranger = new Stranger(target, (times) => bystanders.answered(times));
  await bystanders.answered(1);
  const attacking = attack(stranger);
  // What fails behind a bystander that was not answered is of no interest.
  attacking.catch(() => {});
  await Promise.race([attacking, bystanders.failure]);
  await bystanders.answered(1);
  assert(!stranger.heard.includes(SECRET), "the secret was sent");
}

/** Waits until the target holds what it held before. */
async function awaitSame(
  target: Target,
  before: Holdings,
  { leaves = [], peak = PEAK }: Attack,
): Promise<void> {
  const until = performance.now() + SETTLE_TIMEOUT;
  let excess: string[];
  do {
    assert(target.isAlive, `the process has ended: ${target.stderr}`);
    excess = excessOf(before, await target.holdings(), leaves, peak);
    if (excess.length === 0) break;
    await new Promise((resolve) => setTimeout(resolve, LOOK_INTERVAL));
  } while (performance.now() < until);
  assertEquals(excess, [], "what is left");
  for (const name of leaves) await Deno.remove(`${target.site}/${name}`);
}

function excessOf(
  before: Holdings,
  after: Holdings,
  leaves: readonly string[],
  peak: number,
): string[] {
  const left = leaves.map((name) => ` site/${name}`);
  const isLeft = (file: string) => left.some((name) => file.endsWith(name));
  return [
    ...Array.from(after.descriptors, ([kind, count]) => {
      const more = count - (before.descriptors.get(kind) ?? 0);
      return more > (kind === LOCAL_SOCKET ? 2 : 0)
        ? `${more} more of ${kind}`
        : "";
    }),
    ...after.children.filter((child) => !before.children.includes(child))
      .map((child) => `process ${child}`),
    ...changed(before.files, after.files.filter((file) => !isLeft(file))),
    ...left.filter((name) => !after.files.some((file) => file.endsWith(name)))
      .map((name) => `no file${name}`),
    grown("memory", before.memory, after.memory, MEMORY_SLACK),
    grown("peak memory", before.memory, after.peak, peak),
  ].filter((line) => line !== "");
}

function changed(
  before: readonly string[],
  after: readonly string[],
): string[] {
  const [was, is] = [new Set(before), new Set(after)];
  return [
    ...[...was.difference(is)].map((file) => `gone or changed: ${file}`),
    ...[...is.difference(was)].map((file) => `new or changed: ${file}`),
  ];
}

function grown(what: string, before: number, after: number, by: number) {
  const more = after - before;
  return more > by ? `${Math.round(more / 1e6)} MB more ${what}` : "";
}

/** No stack, no event of the runtime, no control character, no surprise. */
function checkWords(said: string, expected: RegExp | undefined): void {
  const lines = said.split("\n");
  assertEquals(
    lines.filter((line) => CONTROL.test(line)).map((line) => escape(line)),
    [],
    "raw control characters on standard error",
  );
  const reports = lines.filter((line) => line !== "" && !LOG_LINE.test(line));
  const isExpected = (line: string) => expected?.test(line) ?? false;
  assertEquals(
    reports.filter((line) => !isExpected(line)),
    [],
    "unexpected lines on standard error",
  );
  if (expected !== undefined) {
    assert(reports.some(isExpected), `standard error lacks ${expected}`);
  }
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
}

/** Sends the same bytes on so many connections at once. */
export function sends(
  bytes: Bytes | (() => Bytes),
  { ending = "read", times = 1, wants }: SendOptions = {},
): Attack["attack"] {
  return async (stranger) => {
    const sent = typeof bytes === "function" ? bytes() : bytes;
    await Promise.all(Array.from({ length: times }, async () => {
      const response = await sendOnce(stranger, sent, ending);
      if (wants === undefined) return;
      const isThere = response !== undefined && includes(response, wants);
      assert(isThere, `${wants} is not in ${JSON.stringify(response)}`);
    }));
  };
}

async function sendOnce(
  stranger: Stranger,
  bytes: Bytes,
  ending: Ending,
): Promise<string | undefined> {
  switch (ending) {
    case "read":
      return await stranger.ask(bytes);
    case "half":
      return await stranger.askAndEnd(bytes);
    case "leave":
      return void await stranger.leave(bytes);
    case "reset":
      return void await stranger.reset(bytes);
    case "hold":
      return void await stranger.hold(bytes);
  }
}
