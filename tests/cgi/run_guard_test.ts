import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { RunGuard, type RunLimits } from "../../lib/cgi/run_guard.ts";
import { Slots } from "../../lib/cgi/slots.ts";
import { HttpError } from "../../lib/facts/errors.ts";

/** A run that says when it was stopped. */
class Run {
  readonly #stopped = Promise.withResolvers<void>();
  readonly stopped = this.#stopped.promise;

  stop(): void {
    this.#stopped.resolve();
  }
}

function places(slots: number): Slots {
  return new Slots({ slots, queue: 0, wait: 0 });
}

const LIMITS: RunLimits = {
  firstByte: Infinity,
  whole: Infinity,
  client: Infinity,
  slow: places(0),
};

const HALTED = { write: pending, flush: pending };

function pending(): Promise<void> {
  return new Promise(() => {});
}

Deno.test("RunGuard ends a run that does not answer or does not end", async () => {
  for (const limits of [{ firstByte: 1 }, { whole: 1 }]) {
    const run = new Run();
    using guard = new RunGuard(run, { ...LIMITS, ...limits });
    await run.stopped;
    const error = assertThrows(() => guard.check(), HttpError);
    assertEquals(error.status, 504);
  }
});

Deno.test("RunGuard ends a run whose client reads slowly when there is no place", async () => {
  const run = new Run();
  using guard = new RunGuard(run, { ...LIMITS, client: 1 });
  // The wait ends with the run.
  const error = await assertRejects(
    () => guard.watchOutput(HALTED).write(new Uint8Array(1)),
    HttpError,
  );
  assertEquals(error.status, 503);
  await run.stopped;
  await assertRejects(() => guard.watchOutput(HALTED).flush(), HttpError);
});

Deno.test("RunGuard gives a run whose client reads slowly a place", async () => {
  const slow = places(1);
  {
    const [first, second] = [new Run(), new Run()];
    const limits = { ...LIMITS, client: 1, slow };
    using patient = new RunGuard(first, limits);
    void patient.watchOutput(HALTED).flush();
    while (isFree(slow)) await new Promise((done) => setTimeout(done, 1));
    using other = new RunGuard(second, limits);
    await assertRejects(() => other.watchOutput(HALTED).flush(), HttpError);
    await second.stopped;
    assert(!patient.hasEnded);
  }
  assert(isFree(slow), "the place is given back");
});

function isFree(slots: Slots): boolean {
  using slot = slots.tryTake();
  return slot !== undefined;
}

Deno.test("RunGuard lets a client be that reads as fast as the program writes", async () => {
  const run = new Run();
  using guard = new RunGuard(run, { ...LIMITS, client: 5 });
  const output = guard.watchOutput({
    write: () => Promise.resolve(),
    flush: () => Promise.resolve(),
  });
  for (let write = 0; write < 20; write++) {
    await output.write(new Uint8Array(1));
    await new Promise((done) => setTimeout(done, 1));
  }
  guard.check();
});
