// From a command line to options, by the table of flags. `parseArgs` does the
// parsing; what Python's argparse takes beyond it is spelt out before: flags
// with two values, `-bADDR`, and long names cut short as far as they are clear.

import { parseArgs } from "@std/cli/parse-args";
import { CommandError } from "./command_error.ts";
import type { Flag, FlagGroup } from "./flag.ts";

/** Stands between the values of a flag that has two: no argument can hold it. */
const SEPARATOR = "\0";

/**
 * Takes a command line into options.
 *
 * @param args The arguments.
 * @param groups The table of flags.
 * @param options The options, which are changed.
 * @returns The arguments that belong to no flag.
 * @throws {CommandError} If a flag is unknown, or a value wrong or missing.
 */
export function parseFlags<Options>(
  args: readonly string[],
  groups: readonly FlagGroup<Options>[],
  options: Options,
): string[] {
  const flags = groups.flatMap((group) => group.flags);
  const valued = flags.filter(takesValue).map(({ name }) => name);
  const { _: rest, ...named } = parseArgs(spellOut(args, flags), {
    string: ["_", ...valued],
    boolean: flags.filter((flag) => !takesValue(flag)).map(({ name }) => name),
    collect: valued,
    alias: Object.fromEntries(
      flags.flatMap(({ name, short }) => short ? [[name, short]] : []),
    ),
    unknown(arg, key) {
      if (key === undefined) return;
      throw new CommandError(`unknown flag ${arg}, see --help`);
    },
  });
  // The names are known only at run time, so the package can type no value.
  const given: Readonly<Record<string, unknown>> = named;
  for (const flag of flags) {
    const value = given[flag.name];
    if (value === true) flag.set(options);
    if (!Array.isArray(value)) continue;
    for (const text of value) setFlag(flag, String(text), options);
  }
  return rest.map(String);
}

function setFlag<Options>(
  flag: Flag<Options>,
  text: string,
  options: Options,
): void {
  try {
    if (text === "") throw new CommandError(`needs ${flag.values?.join(" ")}`);
    flag.set(options, ...text.split(SEPARATOR));
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new CommandError(`--${flag.name}: ${error.message}`, error.exitCode);
  }
}

function takesValue<Options>({ values }: Flag<Options>): boolean {
  return values !== undefined;
}

/** Writes each flag with its whole name and all its values in one argument. */
function spellOut<Options>(
  args: readonly string[],
  flags: readonly Flag<Options>[],
): string[] {
  const spelt: string[] = [];
  const left = [...args];
  for (let arg; (arg = left.shift()) !== undefined;) {
    if (arg === "--") return [...spelt, arg, ...left];
    const { flag, attached } = recognise(arg, flags);
    if (flag?.values === undefined) {
      spelt.push(flag === undefined ? arg : spellSwitch(flag, attached));
      continue;
    }
    const values = attached === undefined ? [] : [attached];
    if (values.length === 0 && flag.fallback !== undefined) {
      values.push(flag.fallback);
    }
    while (values.length < flag.values.length && !isFlag(left[0])) {
      values.push(left.shift() ?? "");
    }
    const isWhole = values.length === flag.values.length;
    spelt.push(`--${flag.name}=${isWhole ? values.join(SEPARATOR) : ""}`);
  }
  return spelt;
}

/** `--upload=false` must not switch uploads on: a switch takes no value. */
function spellSwitch<Options>(
  { name }: Flag<Options>,
  attached: string | undefined,
): string {
  if (attached === undefined) return `--${name}`;
  throw new CommandError(`--${name}: takes no value`);
}

/** The flag that an argument names, and the value that is attached to it. */
function recognise<Options>(
  arg: string,
  flags: readonly Flag<Options>[],
): { flag?: Flag<Options> | undefined; attached?: string | undefined } {
  const [, name, longValue] = /^--([^=]+)(?:=(.*))?$/s.exec(arg) ?? [];
  if (name !== undefined) {
    return { flag: findByName(name, flags), attached: longValue };
  }
  const [, letter, equals, rest = ""] = /^-([^-])(=?)(.*)$/s.exec(arg) ?? [];
  const flag = flags.find(({ short }) => short === letter);
  if (letter === undefined || flag === undefined) return {};
  if (equals === "" && rest === "") return { flag };
  // Switches may share a dash, `-qV`: those are for `parseArgs`.
  return equals !== "" || takesValue(flag) ? { flag, attached: rest } : {};
}

function findByName<Options>(
  name: string,
  flags: readonly Flag<Options>[],
): Flag<Options> | undefined {
  const like = flags.filter((flag) => flag.name.startsWith(name));
  return like.find((flag) => flag.name === name) ??
    (like.length === 1 ? like[0] : undefined);
}

/** Whether an argument, or the lack of one, ends the values before it. */
function isFlag(arg: string | undefined): boolean {
  return arg === undefined || (arg.startsWith("-") && arg !== "-");
}
