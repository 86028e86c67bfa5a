import * as std from "npm:deno-std@^1.4.0/fmt/bytes.js";

export interface FormatOptions {
  binary?: boolean;
  bits?: boolean;
  locale?: boolean | string | string[];
  maximumFractionDigits?: number;
  minimumFractionDigits?: number;
  signed?: boolean;
}

export const format: (num: number, options?: FormatOptions) => string =
  std.format;
