/**
 * The same handler for `deno serve --parallel`, which wants a default export.
 *
 * @module
 */

import { answer } from "./deno_serve.ts";

export default { fetch: answer } satisfies Deno.ServeDefaultExport;
