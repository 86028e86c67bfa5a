// What an attack has left behind: what a target holds afterwards and did not
// hold before.

import { assert, assertEquals } from "@std/assert";
import { type Holdings, LOCAL_SOCKET, type Target } from "./_target.ts";

/** What an attack may leave or need. */
export interface Allowance {
  /** Files that are left, as they should be: paths from the served folder. */
  readonly leaves?: readonly string[];
  /** The most memory in use meanwhile, in bytes beyond that before. */
  readonly peak?: number;
}

/** Milliseconds between two looks. */
export const LOOK_INTERVAL = 50;
/** Bytes of memory that the runtime may keep for itself. */
const MEMORY_SLACK = 150_000_000;
/** Bytes of memory that an attack may need unless its row says otherwise. */
const PEAK = 300_000_000;

/** Waits until the target holds what it held before. */
export async function awaitSame(
  target: Target,
  before: Holdings,
  { leaves = [], peak = PEAK }: Allowance,
  timeout: number,
): Promise<void> {
  const until = performance.now() + timeout;
  let excess: string[];
  do {
    assert(
      target.isAlive,
      `the process has ended: ${target.stderr.slice(-2_000)}`,
    );
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
