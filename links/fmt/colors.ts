import * as std from "npm:deno-std@^1.4.0/fmt/colors.js";

export const bold: (str: string) => string = std.bold;
export const cyan: (str: string) => string = std.cyan;
export const dim: (str: string) => string = std.dim;
export const green: (str: string) => string = std.green;
export const magenta: (str: string) => string = std.magenta;
export const red: (str: string) => string = std.red;
export const yellow: (str: string) => string = std.yellow;
