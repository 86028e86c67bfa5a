// A child process as the run of a program needs it: octets both ways, its end
// and signals.

import type { Outcome } from "./program_run.ts";

/** What to start. */
export interface ChildOptions {
  /** The file to run, or a name to look up in PATH. */
  readonly command: string;
  /** The words after it. */
  readonly args: readonly string[];
  /** The working directory: the program's own (RFC 3875 §7.2). */
  readonly cwd: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether there is a request body; else standard input is empty. */
  readonly hasBody: boolean;
  /**
   * Whether the program leads a process group. Without one, signals reach the
   * program but not what it started.
   */
  readonly group: boolean;
}

/** A process that has been started. */
export interface Child {
  /** The process id, also that of the group if it leads one. */
  readonly pid: number;
  /** Standard output. */
  readonly output: ChildOutput;
  /** Standard error. */
  readonly errors: ChildOutput;
  /** Standard input, `undefined` if it is empty. */
  readonly input: ChildInput | undefined;
  /** Resolves to how the process ended. */
  ended(): Promise<Outcome>;
  /** Signals the process or its group; whether there was anything left. */
  signal(signal: Deno.Signal): boolean;
}

/** What a process writes. */
export interface ChildOutput {
  /** Resolves to the next octets, `null` at the end or once it is closed. */
  read(): Promise<Uint8Array | null>;
  /** Lets go of it, though the other end may still be open. */
  close(): Promise<void>;
}

/** What a process reads. */
export interface ChildInput {
  /** Hands octets over; rejects once the process has closed its end. */
  write(octets: Uint8Array): Promise<void>;
  /** Says that there are no more. */
  end(): Promise<void>;
  /** Lets go of it, and of what is still to be written. */
  abandon(): void;
}

/** A way to start a process. */
export type StartChild = (options: ChildOptions) => Child | Promise<Child>;
