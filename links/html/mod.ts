import * as std from "npm:deno-std@^1.4.0/html/mod.js";

export const escape: (str: string) => string = std.escape;
