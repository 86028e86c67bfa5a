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
  env?: Readonly<Record<string, string>>;
  /** Its working directory. */
  cwd?: string;
  /** Whether errors that nobody catches are part of the test. */
  throws?: boolean;
}

function command(args: readonly string[], options: RunOptions): Deno.Command {
  const { permissions = ["-NR"], script = "lib/cli/mod.ts", env, cwd } =
    options;
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      `--config=${ROOT}deno.json`,
      `--lock=${ROOT}deno.lock`,
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

/** The exit status of what SIGKILL has ended. */
const KILLED = Deno.build.os === "windows" ? 1 : 137;
// deno-lint-ignore no-control-regex -- what must not be printed
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/;

/** A command that serves. */
export class Serving implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #stdout: ReadableStreamDefaultReader<string>;
  readonly #stderr: Promise<string>;
  readonly #throws: boolean;
  #mayHaveEnded = false;
  #text = "";
  #firstLines = "";

  private constructor(process: Deno.ChildProcess, throws: boolean) {
    this.#process = process;
    this.#throws = throws;
    this.#stdout = process.stdout.pipeThrough(new TextDecoderStream())
      .getReader();
    this.#stderr = new Response(process.stderr).text();
  }

  /** Starts the command; settles when it has printed its first `lines` lines. */
  static async start(
    args: readonly string[],
    options: RunOptions & { lines?: number } = {},
  ): Promise<Serving> {
    const { lines = 1, throws = false } = options;
    const serving = new Serving(command(args, options).spawn(), throws);
    await serving.#readUntil((text) => text.split("\n").length > lines);
    serving.#firstLines = serving.#text;
    return serving;
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

  /** Settles when it has printed `words`. */
  said(words: string): Promise<void> {
    return this.#readUntil((text) => text.includes(words));
  }

  /** Sends a signal. */
  kill(signal: Deno.Signal): void {
    this.#mayHaveEnded = true;
    try {
      this.#process.kill(signal);
    } catch {
      // It has ended already.
    }
  }

  /** Sends a signal and waits for the end. */
  async stop(signal: Deno.Signal = "SIGINT"): Promise<Ended> {
    this.kill(signal);
    return await this.ended();
  }

  /** Waits for the end. */
  async ended(): Promise<Ended> {
    this.#mayHaveEnded = true;
    for (;;) {
      const { value, done } = await this.#stdout.read();
      if (done) break;
      this.#text += value;
    }
    const { code } = await this.#process.status;
    return { code, stdout: this.#text, stderr: await this.#stderr };
  }

  /**
   * Ends it. That nobody has caught an error is a failure of the test, as is an
   * end that nobody has asked for, and what a terminal would obey.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    const mayHaveEnded = this.#mayHaveEnded;
    const { code, stderr } = await this.stop("SIGKILL");
    if (!mayHaveEnded && code !== KILLED) {
      throw new Error(`It ended by itself, with ${code}: ${stderr}`);
    }
    if (!this.#throws && stderr.includes("Uncaught")) {
      throw new Error(`Nobody has caught this: ${stderr}`);
    }
    if (CONTROL.test(stderr)) {
      throw new Error(`Raw control characters: ${encodeURI(stderr)}`);
    }
  }

  async #readUntil(isThere: (text: string) => boolean): Promise<void> {
    while (!isThere(this.#text)) {
      const { value, done } = await this.#stdout.read();
      if (done) throw new Error(`The command ended: ${await this.#stderr}`);
      this.#text += value;
    }
  }
}
