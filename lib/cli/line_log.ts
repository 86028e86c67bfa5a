// The access log on standard error. Lines are collected and written together
// once in a turn of the event loop: a write for each would cost more than many
// a request. What is left at exit is for the owner to flush.

import { bold, cyan, dim, green, red, yellow } from "@std/fmt/colors";

/** Where a log goes: what of `Deno.stderr` it needs. */
export interface LogOutput {
  /** Writes some octets at once and tells how many. */
  writeSync(octets: Uint8Array): number;
  /** Whether it is a terminal, which gets colours. */
  isTerminal(): boolean;
}

/** Milliseconds until a full pipe is tried again. */
const RETRY_INTERVAL = 5;

/** What nobody notifies: to wait on it is to sleep. */
const NEVER = new Int32Array(new SharedArrayBuffer(4));

const REQUEST = /^(\S+ - - )(\[[^\]]*\]) "(.*)" ([1-5])([0-9]{2}) (\S+)$/;

const STATUS_COLORS: Readonly<Record<string, (text: string) => string>> = {
  "1": bold,
  "2": green,
  "3": cyan,
  "4": yellow,
  "5": red,
};

/** Writes the lines of a log, joined. */
export class LineLog {
  #output: LogOutput;
  #isColored: boolean;
  #lines: string[] = [];

  /**
   * Makes a log.
   *
   * @param output Where it goes.
   */
  constructor(output: LogOutput = Deno.stderr) {
    this.#output = output;
    this.#isColored = !Deno.noColor && output.isTerminal();
  }

  /** Takes a line; it is written before the next turn but one. */
  readonly write = (line: string): void => {
    if (this.#lines.length === 0) setTimeout(this.flush, 0);
    this.#lines.push(this.#isColored ? colorLine(line) : line);
  };

  /** Writes all lines that were taken. */
  readonly flush = (): void => {
    if (this.#lines.length === 0) return;
    const text = this.#lines.join("\n") + "\n";
    this.#lines = [];
    try {
      writeAll(this.#output, new TextEncoder().encode(text));
    } catch {
      // Nobody reads it any more (`… 2>&1 | head`), or the disk is full: that
      // must not end the server.
    }
  };
}

/**
 * Colours a line of the access log as Python does: by its status.
 *
 * @param line The line; any other than that of a request stays as it is.
 */
export function colorLine(line: string): string {
  const [, client, time, request, first, rest, size] = REQUEST.exec(line) ?? [];
  const paint = first === undefined ? undefined : STATUS_COLORS[first];
  if (client === undefined || time === undefined || paint === undefined) {
    return line;
  }
  return `${client}${dim(time)} "${request}" ${
    paint(`${first}${rest}`)
  } ${size}`;
}

/** Writes everything, and waits for a slow reader as other programs do. */
function writeAll(output: LogOutput, octets: Uint8Array): void {
  for (let at = 0; at < octets.length;) {
    try {
      at += output.writeSync(octets.subarray(at));
    } catch (error) {
      // The other end has made the pipe non-blocking.
      if (!(error instanceof Deno.errors.WouldBlock)) throw error;
      Atomics.wait(NEVER, 0, 0, RETRY_INTERVAL);
    }
  }
}
