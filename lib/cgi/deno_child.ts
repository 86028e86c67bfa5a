// A child process by way of `Deno.Command`.

import { recodedByteText } from "../bytes/byte_text.ts";
import { requireGranted } from "../facts/permission.ts";
import type { Child, ChildInput, ChildOptions, ChildOutput } from "./child.ts";
import { checkExecutableFormat } from "./executable_format.ts";
import { leadGroup, signalGroup } from "./process_group.ts";
import type { Outcome } from "./program_run.ts";

/**
 * Starts a process with what the platform always has.
 *
 * @throws {Deno.errors.NotCapable} If `--allow-run` does not name the command.
 * @throws {Error} If it cannot be started.
 */
export function startDenoChild(options: ChildOptions): Child {
  requireGranted({ name: "run", command: options.command });
  checkExecutableFormat(options.command);
  const isGroup = options.group && Deno.build.os !== "windows";
  const { command, args, detached } = isGroup
    ? leadGroup(options.command, options.args)
    : { ...options, detached: false };
  const child = new Deno.Command(command, {
    args: [...args],
    cwd: options.cwd,
    env: recoded(options.env),
    clearEnv: true,
    stdin: options.hasBody ? "piped" : "null",
    stdout: "piped",
    stderr: "piped",
    detached,
  }).spawn();
  return new DenoChild(child, isGroup, options.hasBody);
}

/** The platform takes text for variables, where another way passes bytes. */
function recoded(env: ChildOptions["env"]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => [name, recodedByteText(value)]),
  );
}

class DenoChild implements Child {
  readonly pid: number;
  readonly output: ChildOutput;
  readonly errors: ChildOutput;
  readonly input: ChildInput | undefined;
  readonly #child: Deno.ChildProcess;
  readonly #isGroup: boolean;

  constructor(child: Deno.ChildProcess, isGroup: boolean, hasBody: boolean) {
    this.pid = child.pid;
    this.output = new StreamOutput(child.stdout);
    this.errors = new StreamOutput(child.stderr);
    this.input = hasBody ? new StreamInput(child.stdin) : undefined;
    this.#child = child;
    this.#isGroup = isGroup;
  }

  ended(): Promise<Outcome> {
    return this.#child.status;
  }

  signal(signal: Deno.Signal): boolean {
    try {
      if (this.#isGroup && signalGroup(this.pid, signal)) return true;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotCapable)) throw error;
    }
    // Without a group, or before there is one, or without the permission.
    try {
      this.#child.kill(signal);
      return true;
    } catch {
      return false;
    }
  }
}

class StreamOutput implements ChildOutput {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;

  constructor(stream: ReadableStream<Uint8Array>) {
    this.#reader = stream.getReader();
  }

  async read(): Promise<Uint8Array | null> {
    const { value } = await this.#reader.read();
    return value ?? null;
  }

  close(): Promise<void> {
    return this.#reader.cancel();
  }
}

class StreamInput implements ChildInput {
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;

  constructor(stream: WritableStream<Uint8Array>) {
    this.#writer = stream.getWriter();
  }

  write(octets: Uint8Array): Promise<void> {
    return this.#writer.write(octets);
  }

  end(): Promise<void> {
    return this.#writer.close();
  }

  abandon(): void {
    // Not awaited: a write to a program that never reads is still pending.
    this.#writer.abort().catch(() => {});
  }
}
