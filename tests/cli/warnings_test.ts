import { assertEquals } from "@std/assert";
import { parseOptions } from "../../lib/cli/main.ts";
import { warningsOf } from "../../lib/cli/warnings.ts";

const UPLOAD =
  "whoever reaches this address may upload: add --auth-file or --allow";
const PASSWORDS = "passwords go over the network in the clear: add --tls-cert";

Deno.test("warningsOf() warns of open doors", async (t) => {
  const rows: [args: string, want: string[]][] = [
    ["", []],
    ["--upload", []],
    ["--upload -b localhost -b ::1 -b 127.0.0.2 -b unix:s", []],
    ["--auth-file u", []],
    ["-b 0.0.0.0", []],
    ["-b 0.0.0.0 --upload", [UPLOAD]],
    ["-b ::1 -b :: --upload", [UPLOAD]],
    ["-b nas --upload --allow 10.0.0.0/8", []],
    ["-b 0.0.0.0 --upload --auth-file u", [PASSWORDS]],
    ["-b 0.0.0.0 --auth-env", [PASSWORDS]],
    ["-b 0.0.0.0 --auth-file u --tls-cert c", []],
  ];
  for (const [args, want] of rows) {
    await t.step(args, () => {
      const options = parseOptions(args.split(" ").filter((arg) => arg !== ""));
      assertEquals(warningsOf(options), want);
    });
  }
});
