// Deno formats the stack of an error with the source map of each file in it. Where
// no descriptor is left to read that from its cache, it parses the file anew, and
// the first parse of a process opens a file to measure the stack of its thread:
// when that fails, too, the process aborts. Clients without number must not be
// able to bring that about, so the first parse is made while there still are
// descriptors.

import { stripTypeScriptTypes } from "node:module";

/** Of all syntax, this is where the parser measures the stack. */
const SYNTAX = "if (true) {}";

/** Makes errors safe to print when no descriptor is left. */
export function guardStacks(): void {
  stripTypeScriptTypes(SYNTAX);
}
