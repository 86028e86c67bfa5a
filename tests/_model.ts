// Random sequences of calls against a model that anyone can see is right. A
// failure names its seed and shows the shortest sequence that fails.
//
//   MODEL_SEED=1 deno test --allow-all tests/bytes/byte_reader_model_test.ts
//   MODEL_RUNS=20 deno test --allow-all tests/bytes/byte_reader_model_test.ts
//   deno task models

import fc from "fast-check";

/** The seed of every model of this process. */
const SEED = Number(
  Deno.env.get("MODEL_SEED") ?? Math.floor(Math.random() * 2 ** 31),
);

/** How many times as often as usual the models are run. */
const TIMES = Number(Deno.env.get("MODEL_RUNS") ?? 1);

/** One call of a sequence: made where the model allows it, then compared. */
export type Call<M, R> = fc.Command<M & object, R>;

/**
 * Makes a call.
 *
 * @param name What the report of a failure shows.
 * @param run Makes it, of the model and in reality, and compares the two.
 * @param isPossible Whether it may be made now.
 */
export function call<M, R>(
  name: string,
  run: (model: M, real: R) => void | Promise<void>,
  isPossible: (model: Readonly<M>) => boolean = () => true,
): Call<M, R> {
  return {
    check: isPossible,
    run,
    toString: () => name,
  };
}

/** What is checked of a model. */
export interface Check<M, R> {
  /** Makes both, at the start of each sequence. */
  readonly start: () => { model: M & object; real: R };
  /** The calls that sequences are made of. */
  readonly calls: fc.Arbitrary<Call<M, R>>[];
  /** Compares at the end of each sequence that has not failed. */
  readonly end: (model: M, real: R) => void | Promise<void>;
  /** Gives back what reality holds, also of one that has failed. */
  readonly stop?: (real: R) => void;
  /** How many sequences there are. */
  readonly runs: number;
  /** How many calls each has at most. */
  readonly length?: number;
}

/**
 * Compares a model and reality over random sequences of calls.
 *
 * @throws {Error} With the shortest sequence that shows a difference, and with
 * how to run it again.
 */
export async function checkModel<M, R>(check: Check<M, R>): Promise<void> {
  const { start, calls, end, stop, runs, length = 40 } = check;
  const sequences = fc.commands(calls, { maxCommands: length, size: "max" });
  const property = fc.asyncProperty(sequences, async (sequence) => {
    const { model, real } = start();
    try {
      for (const made of sequence) {
        if (!made.check(model)) continue;
        // Not awaited if it does not wait: several calls share a turn.
        const running: unknown = made.run(model, real);
        if (running instanceof Promise) await running;
      }
      await end(model, real);
    } finally {
      stop?.(real);
    }
  });
  const details = await fc.check(property, {
    seed: SEED,
    numRuns: runs * TIMES,
  });
  if (!details.failed) return;
  throw new Error(
    `MODEL_SEED=${SEED} runs it again: ${details.counterexample}`,
    { cause: details.errorInstance },
  );
}

/** Settles in the next turn of the event loop: all that can run has run. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A promise that tells whether it is settled, and how. */
export class Watched<T> {
  /** What has become of it. */
  outcome: { value: T } | { error: unknown } | undefined;

  /**
   * Looks after a promise from now on.
   *
   * @param promise The promise, whose rejection is then no uncaught error.
   */
  constructor(promise: Promise<T>) {
    promise.then(
      (value) => void (this.outcome = { value }),
      (error: unknown) => void (this.outcome = { error }),
    );
  }
}
