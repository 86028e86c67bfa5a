// Counts work, where a test must not measure time: how often each block of lib/
// is executed, by V8's precise coverage, and how many bytes and characters are
// given to the platform's own scans. A regular expression counts as linear,
// which `regular_expressions_test.ts` proves.

import { assert } from "@std/assert";
import { Session } from "node:inspector/promises";

const LIB = new URL("../lib/", import.meta.url).href;
/** The transport in memory is the tests' own. */
const TESTING = `${LIB}testing/`;

interface Coverage {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly {
      readonly ranges: readonly { readonly count: number }[];
    }[];
  }[];
}

// Only what is compiled from now on is counted block by block: whoever counts
// imports this file first.
const session = new Session();
session.connect();
await session.post("Profiler.enable");
const settings = { callCount: true, detailed: true };
await session.post("Profiler.startPreciseCoverage", settings);

/** The counts since the last time. */
async function takeCoverage(): Promise<Coverage> {
  const coverage: unknown = await session.post("Profiler.takePreciseCoverage");
  return coverage as Coverage;
}

/**
 * Counts the work of an action.
 *
 * @param action What is done; nothing else may be under way.
 * @returns Blocks, bytes and characters together.
 */
async function workOf(action: () => Promise<unknown>): Promise<number> {
  await takeCoverage();
  const scanned = await scannedBy(action);
  return scanned + blocksOf(await takeCoverage());
}

/**
 * Runs an action on some input and on four times as much, which must not take
 * sixteen times the work.
 *
 * @param run The action.
 * @param size The smaller size.
 */
export async function assertLinear(
  run: (size: number) => Promise<unknown>,
  size: number,
): Promise<void> {
  // What is done once, by whoever comes first, counts for nobody.
  await run(size);
  // What any size takes, as the page of an error, says nothing of the size.
  const fixed = await workOf(() => run(1));
  const less = await workOf(() => run(size)) - fixed;
  const more = await workOf(() => run(4 * size)) - fixed;
  const ratio = more / less;
  const shown = `${less} and ${more}, ${ratio.toFixed(1)} times as much`;
  assert(ratio < 6, shown);
  // Else the count has missed what grows.
  assert(ratio > 1.5, `${shown}: the size makes no difference`);
}

async function scannedBy(action: () => Promise<unknown>): Promise<number> {
  using scans = new Scans();
  await action();
  return scans.count;
}

function blocksOf({ result }: Coverage): number {
  return result
    .filter(({ url }) => url.startsWith(LIB) && !url.startsWith(TESTING))
    .flatMap(({ functions }) => functions)
    .flatMap(({ ranges }) => ranges)
    .reduce((sum, { count }) => sum + count, 0);
}

/**
 * What one call has looked at, told by what went in and what came out, and for
 * an expression where it began.
 */
type Measure = (
  self: unknown,
  args: unknown[],
  result: unknown,
  from: number,
) => number;

const ofSelf: Measure = (self) => lengthOf(self);
const ofArgument: Measure = (_, [source]) => lengthOf(source);
const ofResult: Measure = (_self, _args, result) => lengthOf(result);

/** A search ends where it finds. */
const ofSearch: Measure = (self, [, from], found) => {
  const start = Number(from ?? 0);
  const isFound = typeof found === "number" && found >= 0;
  return isFound ? found + 1 - start : lengthOf(self) - start;
};

/** One that goes on from match to match has looked at what lies between. */
const ofMatch: Measure = (self, [text], result, from) => {
  if (!(self instanceof RegExp)) return 0;
  const goesOn = (self.global || self.sticky) && result !== null;
  return goesOn ? self.lastIndex - from + 1 : lengthOf(text) - from;
};

const ofMove: Measure = (self, [, start, end]) =>
  Number(end ?? lengthOf(self)) - Number(start);

const TYPED_ARRAY: object = Object.getPrototypeOf(Uint8Array.prototype);

const MEASURES: readonly (readonly [object, Record<string, Measure>])[] = [
  [TYPED_ARRAY, {
    indexOf: ofSearch,
    includes: ofSearch,
    slice: ofResult,
    set: ofArgument,
    copyWithin: ofMove,
  }],
  [String.prototype, {
    indexOf: ofSearch,
    includes: ofSearch,
    split: ofSelf,
    replace: ofSelf,
    replaceAll: ofSelf,
    trim: ofSelf,
    trimEnd: ofSelf,
    toLowerCase: ofSelf,
  }],
  // The platform's other methods of expressions call this one.
  [RegExp.prototype, { exec: ofMatch }],
  [TextDecoder.prototype, { decode: ofArgument }],
  [TextEncoder.prototype, { encode: ofArgument, encodeInto: ofArgument }],
];

/** Counts what the platform's methods look at, until it is disposed of. */
class Scans implements Disposable {
  /** Bytes and characters. */
  count = 0;
  readonly #restore: (() => void)[] = [];

  constructor() {
    for (const [prototype, measures] of MEASURES) {
      for (const [name, measure] of Object.entries(measures)) {
        this.#replace(prototype, name, measure);
      }
    }
  }

  [Symbol.dispose](): void {
    for (const restore of this.#restore) restore();
  }

  #replace(prototype: object, name: string, measure: Measure): void {
    const method: unknown = Reflect.get(prototype, name);
    if (typeof method !== "function") throw new TypeError(`No method ${name}`);
    const count = (...call: Parameters<Measure>) => {
      this.count += measure(...call);
    };
    Reflect.set(prototype, name, function (this: unknown, ...args: unknown[]) {
      const from = this instanceof RegExp ? this.lastIndex : 0;
      const result: unknown = Reflect.apply(method, this, args);
      count(this, args, result, from);
      return result;
    });
    this.#restore.push(() => Reflect.set(prototype, name, method));
  }
}

function lengthOf(value: unknown): number {
  return typeof value === "string" || value instanceof Uint8Array ||
      Array.isArray(value)
    ? value.length
    : 0;
}
