/**
 * The command line as a function: what `deno run -NR jsr:@verb/http` runs.
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

export { main } from "./main.ts";
