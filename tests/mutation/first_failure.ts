// Loaded before the tests of a mutant: the first step that fails ends the run,
// where otherwise the other rows of its table follow, and of the cuts of a row
// only some are made. What kills a mutant stays the same, and comes much sooner.

import { cuts } from "../_cuts.ts";

type Body = (t: Deno.TestContext) => void | Promise<void>;

const { test } = Deno;

cuts.most = 4;
Object.assign(Deno, {
  test(first: string | Deno.TestDefinition, body: Body) {
    const definition = typeof first === "string"
      ? { name: first, fn: body }
      : first;
    const fn: Body = (t) => definition.fn(withLastStep(t));
    test({ ...definition, fn, sanitizeExit: false });
  },
});

/** The same context, whose first step that fails is the last one. */
function withLastStep(t: Deno.TestContext): Deno.TestContext {
  const step = async (name: string, body: Body): Promise<boolean> => {
    const isRight = await t.step(name, (inner) => body(withLastStep(inner)));
    if (!isRight) Deno.exit(1);
    return isRight;
  };
  return { ...t, step } as Deno.TestContext;
}
