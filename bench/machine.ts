/**
 * Describes the machine and the programs that were measured.
 *
 * @module
 */

import { coresArePinned } from "./cores.ts";

const PROGRAMS: readonly (readonly string[])[] = [
  ["wrk", "--version"],
  ["node", "--version"],
  ["python3", "--version"],
  ["nginx", "-v"],
  ["lighttpd", "-v"],
];

/** One line each, in Markdown. */
export function describeMachine(): string[] {
  const { deno, v8 } = Deno.version;
  return [
    `${cpuModel()}, ${navigator.hardwareConcurrency} cores, ${memory()} GiB`,
    `Linux ${Deno.osRelease()}`,
    `Deno ${deno} (V8 ${v8})`,
    ...PROGRAMS.map(version),
    coresArePinned()
      ? "Servers on one core, load on another"
      : "Servers and load share the cores",
    new Date().toISOString().slice(0, 10),
  ];
}

function cpuModel(): string {
  const text = Deno.readTextFileSync("/proc/cpuinfo");
  return text.match(/^model name\s*:\s*(.+)$/m)?.[1] ?? "unknown processor";
}

function memory(): number {
  return Math.round(Deno.systemMemoryInfo().total / 2 ** 30);
}

/** The first line with a digit in it that a program says of itself. */
function version([program = "", ...args]: readonly string[]): string {
  try {
    const { stdout, stderr } = new Deno.Command(program, { args }).outputSync();
    const said = new TextDecoder().decode(stdout) +
      new TextDecoder().decode(stderr);
    const number = said.match(/\d+\.\d+(\.\d+)?/)?.[0] ?? "of unknown version";
    return `${program} ${number}`;
  } catch {
    return `no ${program}`;
  }
}
