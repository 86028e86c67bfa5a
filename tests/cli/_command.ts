// Runs the command line as a user does: a process of its own.

const ROOT = new URL("../../", import.meta.url).pathname;

/** How a command ended. */
export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** Settings of a run. */
export interface RunOptions {
  /** The permissions; those of the documented command unless told otherwise. */
  permissions?: readonly string[];
  /** The script, from the root of the repository. */
  script?: string;
  /** Variables of its environment. */
  env?: Record<string, string>;
  /** Its working directory. */
  cwd?: string;
}

function command(args: readonly string[], options: RunOptions): Deno.Command {
  const { permissions = ["-NR"], script = "mod.ts", env, cwd } = options;
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      `--config=${ROOT}deno.json`,
      ...permissions,
      ROOT + script,
      ...args,
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    env: { NO_COLOR: "1", ...env },
    ...(cwd === undefined ? {} : { cwd }),
  });
}

/** Runs the command to its end. */
export async function run(
  args: readonly string[],
  options: RunOptions = {},
): Promise<Ended> {
  const { code, stdout, stderr } = await command(args, options).output();
  const decoder = new TextDecoder();
  return {
    code,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  };
}

/** A command that serves. */
export class Serving implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #stderr: Promise<string>;
  readonly #rest: Promise<string>;
  readonly #firstLines: string;

  private constructor(
    process: Deno.ChildProcess,
    firstLines: string,
    rest: Promise<string>,
  ) {
    this.#process = process;
    this.#firstLines = firstLines;
    this.#rest = rest;
    this.#stderr = new Response(process.stderr).text();
  }

  /** Starts the command; settles when it has printed its first `lines` lines. */
  static async start(
    args: readonly string[],
    options: RunOptions & { lines?: number } = {},
  ): Promise<Serving> {
    const process = command(args, options).spawn();
    const reader = process.stdout.pipeThrough(new TextDecoderStream())
      .getReader();
    let text = "";
    while (text.split("\n").length <= (options.lines ?? 1)) {
      const { value, done } = await reader.read();
      if (done) {
        const { code } = await process.status;
        const stderr = await new Response(process.stderr).text();
        throw new Error(`The command ended with ${code}: ${stderr}`);
      }
      text += value;
    }
    return new Serving(process, text, readRest(reader));
  }

  /** What it printed when it started. */
  get firstLines(): string {
    return this.#firstLines;
  }

  /** The port in its first line. */
  get port(): number {
    return Number(/port (\d+)/.exec(this.#firstLines)?.[1]);
  }

  /** The URL in its first line, without the slash at the end. */
  get url(): string {
    return /\((\S+)\/\)/.exec(this.#firstLines)?.[1] ?? "";
  }

  /** Sends a signal and waits for the end. */
  async stop(signal: Deno.Signal = "SIGINT"): Promise<Ended> {
    this.kill(signal);
    const { code } = await this.#process.status;
    return {
      code,
      stdout: this.#firstLines + await this.#rest,
      stderr: await this.#stderr,
    };
  }

  /** Sends a signal. */
  kill(signal: Deno.Signal): void {
    try {
      this.#process.kill(signal);
    } catch {
      // It has ended already.
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop("SIGKILL");
  }
}

async function readRest(
  reader: ReadableStreamDefaultReader<string>,
): Promise<string> {
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return text;
    text += value;
  }
}
