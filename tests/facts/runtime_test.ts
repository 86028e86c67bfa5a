import { assertThrows } from "@std/assert";
import { requireRuntime } from "../../lib/facts/runtime.ts";

Deno.test("requireRuntime() refuses what is too old", () => {
  for (const version of ["2.8.3", "2.5.6", "1.46.3", "1.99.0"]) {
    assertThrows(
      () => requireRuntime(version),
      Error,
      `needs Deno 2.9 or later, this is ${version}`,
    );
  }
  for (const version of ["2.9.0", "2.9.6+abc", "2.10.0", "3.0.0-rc.1"]) {
    requireRuntime(version);
  }
  requireRuntime();
});
