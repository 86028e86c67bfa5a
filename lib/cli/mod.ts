/**
 * The command line: `deno run -NR jsr:@verb/http/cli` runs it, and a program
 * that imports this has it as a function.
 *
 * @example Serve a folder until Ctrl-C
 * ```ts ignore
 * import { main } from "@verb/http/cli";
 *
 * Deno.exitCode = await main(["--directory", "public", "8080"]);
 * ```
 *
 * @module
 */

import { main } from "./main.ts";

export { main };

// A bundle of a program that imports this may be a main module, too.
if (import.meta.main && import.meta.url.endsWith("/lib/cli/mod.ts")) {
  Deno.exitCode = await main();
}
