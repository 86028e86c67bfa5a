import { assertThrows } from "@std/assert";
import { requireRuntime } from "../../lib/facts/runtime.ts";

Deno.test("requireRuntime() refuses what is too old", () => {
  const old = ["2.9.5", "2.9.0", "2.8.30", "2.5.6", "1.46.3", "1.99.99"];
  for (const version of old) {
    assertThrows(
      () => requireRuntime(version),
      Error,
      `needs Deno 2.9.6 or later, this is ${version}`,
    );
  }
  const recent = ["2.9.6", "2.9.6+abc", "2.9.10", "2.10.0", "3.0.0-rc.1"];
  for (const version of recent) requireRuntime(version);
  requireRuntime();
});
