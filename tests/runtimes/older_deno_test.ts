// Versions of Deno on which deadlines do nothing: there is no server on them.

import { assertEquals, assertMatch } from "@std/assert";
import { OLDEST_DENO } from "../../lib/facts/runtime.ts";
import { installed, ROOT, run, VERSIONS } from "./_runtimes.ts";

for (const [name, version] of VERSIONS) {
  if (!name.startsWith("deno")) continue;
  const deno = installed(`${name}/deno`);
  const line = `needs Deno ${OLDEST_DENO} or later, this is ${version}`;

  Deno.test({
    name: `Deno ${version} is told in one line that it is too old`,
    ignore: deno === undefined,
    async fn(t) {
      await t.step("by the command", async () => {
        const args = [
          "run",
          "--no-lock",
          "--no-prompt",
          "-NR",
          "lib/cli/mod.ts",
          "0",
        ];
        assertEquals(await run(deno ?? "", args), {
          code: 2,
          stdout: "",
          stderr: `error: ${line}\n`,
        });
      });
      await t.step("by the library", async () => {
        const script = `
          import { HttpRequestHandler, HttpServer } from "${ROOT}mod.ts";
          try {
            new HttpServer({ port: 0 }, HttpRequestHandler);
          } catch (error) {
            console.log(String(error));
          }
        `;
        const args = ["eval", "--no-lock", "--ext=ts", script];
        assertEquals(await run(deno ?? "", args), {
          code: 0,
          stdout: `Error: ${line}\n`,
          stderr: "",
        });
      });
    },
  });
}

Deno.test("the tests run on the oldest version that is supported", async () => {
  const told = new RegExp(`Deno ${OLDEST_DENO}\\s+or\\s+later`);
  for (const file of ["README.md", "SECURITY.md"]) {
    assertMatch(await Deno.readTextFile(ROOT + file), told);
  }
  for (const file of ["README.md", ".ci/run"]) {
    const text = await Deno.readTextFile(ROOT + file);
    const versions = [...text.matchAll(/\bdeno@([\w.]+)/g)];
    assertEquals(versions.map(([, version]) => version), [OLDEST_DENO]);
  }
});
