// The help, from the same table by which command lines are read.

import type { Flag, FlagGroup } from "./flag.ts";

const FLAG_WIDTH = 28;

/**
 * Lays the help out, no line longer than 80 columns.
 *
 * @param usage The lines above the table.
 * @param groups The table of flags.
 * @returns The text, with a line end at its end.
 */
export function formatHelp<Options>(
  usage: string,
  groups: readonly FlagGroup<Options>[],
): string {
  const blocks = groups.map(({ title, flags }) =>
    [title, ...flags.map(formatFlag)].join("\n")
  );
  return [usage, ...blocks].join("\n") + "\n";
}

function formatFlag<Options>(flag: Flag<Options>): string {
  const { name, short, values = [], fallback, help } = flag;
  const value = fallback === undefined
    ? values.map((value) => ` ${value}`).join("")
    : `[=${values.join(" ")}]`;
  const letter = short === undefined ? "    " : `-${short}, `;
  return `  ${`${letter}--${name}${value}`.padEnd(FLAG_WIDTH)} ${help}`;
}
