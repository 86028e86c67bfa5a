import * as std from "npm:deno-std@^1.4.0/cli/parse_args.js";

export interface ParseOptions<
  Booleans extends string,
  Strings extends string,
  Collected extends string,
> {
  "--"?: boolean;
  alias?: Partial<Record<string, string | readonly string[]>>;
  boolean?: Booleans | readonly Booleans[];
  collect?: Collected | readonly Collected[];
  default?: Record<string, unknown>;
  negatable?: string | readonly string[];
  stopEarly?: boolean;
  string?: Strings | readonly Strings[];
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

/** Values by name; of a name that is known only at run time, little is said. */
type Values<
  Booleans extends string,
  Strings extends string,
  Collected extends string,
> =
  & {
    [Name in Strings]?: Name extends Collected ? string[] : string;
  }
  & { [Name in Booleans]: Name extends Collected ? boolean[] : boolean };

export function parseArgs<
  const Booleans extends string = never,
  const Strings extends string = never,
  const Collected extends string = never,
>(
  args: string[],
  options?: ParseOptions<Booleans, Strings, Collected>,
): Values<Booleans, Strings, Collected> & { _: (string | number)[] } {
  return std.parseArgs(args, options);
}
