// The runner is itself put to the test: it sees each fault that there is a
// word for.

import { assertRejects } from "@std/assert";
import { sends, withstand } from "./_attack.ts";
import { get } from "./_request.ts";
import { Target } from "./_target.ts";

/** Faults, and what the runner says of each. */
const FAULTS: readonly (readonly [fault: string, report: string])[] = [
  ["descriptor", "1 more of /"],
  ["file", "new or changed: 1 site/.upload-1.part"],
  ["outside", "new or changed: 1 outside.txt"],
  ["secret", "the secret was sent"],
  ["overwrite", "new or changed: 1 secret.txt"],
  ["program", "sleep 5"],
  ["stack", "Error: reported"],
  ["control", "%1B%5B2J"],
  ["slow", "no response in 700 ms for the client"],
  ["memory", "MB more memory"],
  ["peak", "MB more peak memory"],
];

/** Faults that end the process. */
const DEADLY: readonly (readonly [fault: string, report: string])[] = [
  ["event", "thrown in a timer"],
  ["rejection", "Uncaught (in promise) Error: lost"],
];

const OPTIONS = {
  script: "tests/hostile/faulty_app.ts",
  args: ["$TOP"],
  permissions: ["-NRW", "--allow-run"],
};

Deno.test("withstand() sees what is left behind", {
  ignore: Deno.build.os !== "linux",
}, async (t) => {
  await using target = await Target.start(OPTIONS);
  for (const [fault, report] of FAULTS) {
    await t.step(fault, async () => {
      await seeFault(target, fault, report);
    });
  }
});

Deno.test("withstand() sees that a process has ended", {
  ignore: Deno.build.os !== "linux",
}, async (t) => {
  for (const [fault, report] of DEADLY) {
    await t.step(fault, async () => {
      await using target = await Target.start(OPTIONS);
      await seeFault(target, fault, report);
    });
  }
});

async function seeFault(
  target: Target,
  fault: string,
  report: string,
): Promise<void> {
  const row = { name: fault, attack: sends(get(`/fault/${fault}`)) };
  // The server is busy for a second where a bystander has to wait; elsewhere a
  // busy machine may take its time to fill the memory.
  const bystander = fault === "slow" ? 700 : 60_000;
  await assertRejects(
    () => withstand(target, row, { settling: 200, bystander }),
    Error,
    report,
  );
}
