import * as std from "npm:deno-std@^1.4.0/cli/parse_args.js";

export interface ParseOptions {
  "--"?: boolean;
  alias?: Record<string, string | readonly string[]>;
  boolean?: boolean | readonly string[];
  collect?: readonly string[];
  default?: Record<string, unknown>;
  negatable?: readonly string[];
  stopEarly?: boolean;
  string?: readonly string[];
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

export function parseArgs(
  args: readonly string[],
  options?: ParseOptions,
): Record<string, unknown> & { _: (string | number)[] } {
  return std.parseArgs(args, options);
}
