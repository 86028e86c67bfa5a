// Whether the kernel can run a file by itself. `Deno.Command` hands a file that
// it cannot run to a shell, as `execvp` does; `posix_spawn` refuses it. A
// program is to behave the same with and without `--allow-ffi`.

import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";

/** The first bytes of what Linux, the BSDs and macOS run. */
const FORMATS: readonly (readonly number[])[] = [
  [0x23, 0x21], // #!
  [0x7f, 0x45, 0x4c, 0x46], // ELF
  [0xcf, 0xfa, 0xed, 0xfe], // Mach-O
  [0xca, 0xfe, 0xba, 0xbe], // Mach-O for several processors
];

/**
 * Checks that a file begins as something the kernel runs.
 *
 * @param command A command; only the path of a file is looked at.
 * @throws {Error} If the file begins as nothing of the kind.
 */
export function checkExecutableFormat(command: string): void {
  if (Deno.build.os === "windows" || !command.startsWith("/")) return;
  const start = readStart(command);
  if (start === undefined) return;
  const isKnown = FORMATS.some((format) =>
    format.every((byte, at) => start[at] === byte)
  );
  if (!isKnown) throw new Error("Exec format error: no #! line");
}

/** Undefined where the file may be run, but not read. */
function readStart(path: string): Uint8Array | undefined {
  let descriptor: number | undefined;
  try {
    // Without a wait: a pipe may have taken the place of the program.
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    if (!fstatSync(descriptor).isFile()) return undefined;
    const start = new Uint8Array(4);
    readSync(descriptor, start);
    return start;
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
