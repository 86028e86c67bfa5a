// The few functions of the C library that start a process and see its end.
// Deno's own spawn makes a process group by `fork`, which copies the page
// tables of the whole runtime, or by a second `exec`, that of setsid(1);
// `posix_spawn` needs neither. It takes `--allow-ffi` and the GNU C library.

import { constants } from "node:os";
import { CStrings } from "./c_strings.ts";
import {
  F_SETFL,
  FUNCTIONS,
  type Functions,
  O_CLOEXEC,
  O_NONBLOCK,
  SETPGROUP,
  SETSIGDEF,
  SETSIGMASK,
  WNOHANG,
  X_OK,
} from "./libc_functions.ts";
import type { Outcome } from "./program_run.ts";

/** What to spawn. */
export interface SpawnOptions {
  /** The file to run. */
  readonly file: string;
  /** What it is told that it is called. */
  readonly command: string;
  /** The words after it. */
  readonly args: readonly string[];
  /** The working directory. */
  readonly cwd: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether it leads a process group. */
  readonly group: boolean;
  /** Its standard input, `undefined` for an empty one. */
  readonly input: number | undefined;
  /** Its standard output. */
  readonly output: number;
  /** Its standard error. */
  readonly errors: number;
}

/** A pipe, as two descriptors that no other process inherits. */
export interface Pipe {
  /** The end to read from. */
  readonly reader: number;
  /** The end to write to. */
  readonly writer: number;
}

/** The functions of the C library, in the terms of this folder. */
export class Libc {
  readonly #c: Functions;
  readonly #alone: Octets;
  readonly #leader: Octets;
  /** What a call on this thread leaves here is read before the next one. */
  readonly #integers = new Int32Array(2);
  /** What other threads read and write: V8 does not see that they do. */
  readonly #lent = new Set<object>();

  /** Wraps the functions. */
  constructor(functions: Functions) {
    this.#c = functions;
    this.#alone = this.#attributes(0);
    this.#leader = this.#attributes(SETPGROUP);
  }

  /**
   * Makes a pipe.
   *
   * @throws {Error} If there are too many open files.
   */
  pipe(): Pipe {
    if (this.#c.pipe2(this.#integers, O_CLOEXEC) !== 0) {
      throw Object.assign(new Error("Too many open files"), {
        code: "EMFILE",
      });
    }
    const [reader = -1, writer = -1] = this.#integers;
    return { reader, writer };
  }

  /** Closes a descriptor. */
  close(descriptor: number): void {
    this.#c.close(descriptor);
  }

  /**
   * Spawns a process, on another thread.
   *
   * @returns The process id.
   * @throws {Error} If it cannot be started.
   */
  async spawn(options: SpawnOptions): Promise<number> {
    const strings = new CStrings();
    const pid = new Int32Array(new ArrayBuffer(4));
    const file = strings.add(options.file);
    const args = strings.addList([options.command, ...options.args]);
    const env = strings.addList(
      Object.entries(options.env).map(([name, value]) => `${name}=${value}`),
    );
    const actions = this.#actions(options, strings);
    const attributes = options.group ? this.#leader : this.#alone;
    const lent = { strings, pid, file, args, env, actions };
    this.#lent.add(lent);
    try {
      const failure = await this.#c
        .posix_spawn(pid, file, actions, attributes, args, env);
      if (failure !== 0) throw new Error(this.#explain(failure));
      return pid[0] ?? 0;
    } finally {
      this.#c.posix_spawn_file_actions_destroy(actions);
      this.#lent.delete(lent);
    }
  }

  /** The file that a command stands for, `undefined` if there is none. */
  find(command: string, path: string): string | undefined {
    if (command.includes("/")) return command;
    const files = path.split(":").map((folder) => `${folder}/${command}`);
    return files.find((file) => this.#isExecutable(file));
  }

  /** How a child has ended, `undefined` while it has not. */
  poll(pid: number): Outcome | undefined {
    // Stays 0 where there is no such child: where the server was started with
    // SIGCHLD ignored the kernel collects children, and how they ended is lost.
    this.#integers[0] = 0;
    if (this.#c.waitpid(pid, this.#integers, WNOHANG) === 0) return undefined;
    return outcomeOf(this.#integers[0]);
  }

  /** Lets reads and writes return at once. */
  makeNonBlocking(descriptor: number): void {
    this.#c.fcntl(descriptor, F_SETFL, O_NONBLOCK);
  }

  /** Reads what is there: 0 at the end, negative if there is nothing yet. */
  read(descriptor: number, into: Octets): number {
    return Number(this.#c.read(descriptor, into, BigInt(into.length)));
  }

  /** Writes what there is room for; negative if there is none. */
  write(descriptor: number, octets: Octets): number {
    return Number(this.#c.write(descriptor, octets, BigInt(octets.length)));
  }

  /** Signals a process, or a group if negative; whether there is one. */
  kill(pid: number, signal: Deno.Signal): boolean {
    return this.#c.kill(pid, SIGNALS.get(signal) ?? 0) === 0;
  }

  #isExecutable(file: string): boolean {
    return this.#c.access(new CStrings().add(file), X_OK) === 0;
  }

  #actions(
    { cwd, input, output, errors }: SpawnOptions,
    strings: CStrings,
  ): Octets {
    const actions = new Uint8Array(STRUCTURE_SIZE);
    this.#c.posix_spawn_file_actions_init(actions);
    if (input === undefined) {
      this.#c.posix_spawn_file_actions_addopen(
        actions,
        0,
        strings.add("/dev/null"),
        0,
        0,
      );
    } else {
      this.#c.posix_spawn_file_actions_adddup2(actions, input, 0);
    }
    this.#c.posix_spawn_file_actions_adddup2(actions, output, 1);
    this.#c.posix_spawn_file_actions_adddup2(actions, errors, 2);
    this.#c.posix_spawn_file_actions_addchdir_np(
      actions,
      strings.add(cwd),
    );
    return actions;
  }

  /** No signal is blocked or ignored, as Deno ignores SIGPIPE. */
  #attributes(flags: number): Octets {
    const attributes = new Uint8Array(STRUCTURE_SIZE);
    const signals = new Uint8Array(STRUCTURE_SIZE);
    this.#c.sigfillset(signals);
    this.#c.posix_spawnattr_init(attributes);
    this.#c.posix_spawnattr_setsigdefault(attributes, signals);
    this.#c.posix_spawnattr_setflags(
      attributes,
      flags | SETSIGDEF | SETSIGMASK,
    );
    return attributes;
  }

  #explain(failure: number): string {
    const text = this.#c.strerror(failure);
    if (text === null) return `Error ${failure}`;
    return `${Deno.UnsafePointerView.getCString(text)} (error ${failure})`;
  }
}

/**
 * Opens the C library.
 *
 * @returns `undefined` where it is another one or may not be called. Nobody is
 *   asked for the permission.
 */
export function openLibc(): Libc | undefined {
  opened ??= { libc: open() };
  return opened.libc;
}

let opened: { readonly libc: Libc | undefined } | undefined;

function open(): Libc | undefined {
  if (Deno.build.os !== "linux") return undefined;
  const { state } = Deno.permissions.querySync({ name: "ffi" });
  if (state !== "granted") return undefined;
  try {
    return new Libc(Deno.dlopen("libc.so.6", FUNCTIONS).symbols);
  } catch {
    return undefined;
  }
}

type Octets = Uint8Array<ArrayBuffer>;

/** More than the library keeps in any of its structures: 336 octets. */
const STRUCTURE_SIZE = 512;

const SIGNALS: ReadonlyMap<string, number> = new Map(
  Object.entries(constants.signals),
);
const SIGNAL_NAMES: ReadonlyMap<number, string> = new Map(
  [...SIGNALS].map(([name, number]) => [number, name]),
);

/** Reads a status as `waitpid` leaves it. */
function outcomeOf(status: number): Outcome {
  const signal = status & 0x7f;
  if (signal === 0) return { code: (status >> 8) & 0xff, signal: null };
  const name = SIGNAL_NAMES.get(signal) ?? `signal ${signal}`;
  return { code: 128 + signal, signal: name };
}
