// What is attacked: a server in a process of its own, with a folder to serve
// that lies inside a folder it must never leave. What the process holds is
// read from the system, not asked of the process.

const ROOT = new URL("../../", import.meta.url).pathname;

/** Milliseconds in which a process that is gone must be known to be gone. */
const END_TIMEOUT = 500;

/** The content of a file beside the served folder: no response may hold it. */
export const SECRET = "the secret beside the folder";

/** Milliseconds until a process must have said where it listens. */
const START_TIMEOUT = 30_000;

/**
 * The kind of a socket that is not of a network. The runtime opens a pair for
 * signals some time after its start.
 */
export const LOCAL_SOCKET = "local socket";

/** How a target is started. */
export interface TargetOptions {
  /** The program, from the root of the repository; the command line if absent. */
  readonly script?: string;
  /** Its arguments; `$SITE` stands for the served folder, `$TOP` for its parent. */
  readonly args?: readonly string[];
  /** Its permissions; those of the documented command if absent. */
  readonly permissions?: readonly string[];
  /** Files by their path from the served folder, `../users` beside it; `#!` makes them executable. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Whether clients speak TLS to it. */
  readonly tls?: boolean;
  /** Field lines that bystanders send, each with its line end. */
  readonly bystanderFields?: string;
  /** How many descriptors it may have; as many as this process if absent. */
  readonly descriptors?: number;
}

/** What a process holds at one moment. */
export interface Holdings {
  /** Open descriptors, counted by kind. */
  readonly descriptors: ReadonlyMap<string, number>;
  /** Command lines of child processes. */
  readonly children: readonly string[];
  /** Files in and around the served folder, with their sizes. */
  readonly files: readonly string[];
  /** Resident memory in bytes. */
  readonly memory: number;
  /** The most resident memory since `forgetPeak()`, in bytes. */
  readonly peak: number;
}

/** A server that runs, and the folder around the one that it serves. */
export class Target implements AsyncDisposable {
  /** The folder around the served one. */
  readonly top: string;
  /** The served folder. */
  readonly site: string;
  readonly #options: TargetOptions;
  readonly #process: Deno.ChildProcess;
  readonly #reading: Promise<unknown>;
  readonly #leave = new AbortController();
  #port = 0;
  #stderr = "";
  #exitCode: number | undefined;

  private constructor(top: string, options: TargetOptions) {
    this.top = top;
    this.site = `${top}/site`;
    this.#options = options;
    this.#process = this.#spawn();
    const exit = this.#process.status.then(({ code }) => this.#exitCode = code);
    this.#reading = Promise.all([this.#readStderr(), exit]);
  }

  /** Makes the folders, starts the process, and waits until it listens. */
  static async start(options: TargetOptions): Promise<Target> {
    const top = await Deno.realPath(await Deno.makeTempDir());
    await makeFiles(top, options.files ?? {});
    const target = new Target(top, options);
    await target.#awaitPort();
    return target;
  }

  /** Whether the process still runs. */
  get isAlive(): boolean {
    return this.#exitCode === undefined;
  }

  /** Waits for the end of the process, but not for long. */
  async awaitEnd(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, END_TIMEOUT);
    await Promise.race([promise, this.#reading]);
    clearTimeout(timer);
  }

  /** All that it has written to standard error. */
  get stderr(): string {
    return this.#stderr;
  }

  /** Field lines that bystanders send. */
  get bystanderFields(): string {
    return this.#options.bystanderFields ?? "";
  }

  /** The port it listens on. */
  get port(): number {
    return this.#port;
  }

  /** Opens a connection as a client does. */
  async connect(): Promise<Deno.Conn> {
    const address = { hostname: "127.0.0.1", port: this.#port };
    if (!this.#options.tls) {
      const conn = await Deno.connect(address);
      // Else the system holds back what drips, and sends it together.
      conn.setNoDelay(true);
      return conn;
    }
    const ca = await Deno.readTextFile(`${ROOT}tests/testdata/tls/ca.crt`);
    return await Deno.connectTls({
      ...address,
      hostname: "localhost",
      caCerts: [ca],
    });
  }

  /** What the process holds now. `sh` may look where Deno may not. */
  async holdings(): Promise<Holdings> {
    const script = 'ls -l "/proc/$1/fd"; cat "/proc/$1/status"; ' +
      'sed "s/^/unix /" "/proc/$1/net/unix"; ' +
      'ps -o args= --ppid "$1" | sed "s/^/child /"; ' +
      'find "$2" -type d -printf "file - %P\\n" -o -printf "file %s %P\\n"';
    const text = await shell(script, String(this.#process.pid), this.top);
    return parseHoldings(text);
  }

  /** Begins to measure the most memory anew. */
  async forgetPeak(): Promise<void> {
    await shell('echo 5 >"/proc/$1/clear_refs"', String(this.#process.pid));
  }

  /** Ends the process and removes the folders. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.isAlive) this.#process.kill("SIGKILL");
    await this.#process.status;
    // A program that was left behind may hold the pipe.
    this.#leave.abort();
    await this.#reading;
    await Deno.remove(this.top, { recursive: true });
  }

  #spawn(): Deno.ChildProcess {
    const {
      script = "lib/cli/mod.ts",
      args,
      permissions = ["-NR"],
      descriptors,
    } = this.#options;
    const limit = descriptors === undefined ? "" : `ulimit -n ${descriptors};`;
    return new Deno.Command("sh", {
      args: [
        "-c",
        `${limit} exec "$@"`,
        "sh",
        Deno.execPath(),
        "run",
        "--no-prompt",
        `--config=${ROOT}deno.json`,
        `--lock=${ROOT}deno.lock`,
        ...permissions,
        ROOT + script,
        ...(args ?? []).map((arg) =>
          arg.replace("$SITE", this.site).replace("$TOP", this.top)
        ),
      ],
      env: { NO_COLOR: "1", TMPDIR: `${this.top}/tmp` },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  }

  async #readStderr(): Promise<void> {
    const decoder = new TextDecoder();
    const take = new WritableStream<Uint8Array>({
      write: (bytes) => {
        this.#stderr += decoder.decode(bytes, { stream: true });
      },
    });
    await this.#process.stderr.pipeTo(take, { signal: this.#leave.signal })
      .catch(() => {});
  }

  async #awaitPort(): Promise<void> {
    const timer = setTimeout(() => this.#process.kill(), START_TIMEOUT);
    const reader = this.#process.stdout.pipeThrough(new TextDecoderStream());
    let said = "";
    for await (const piece of reader) {
      said += piece;
      const [, port] = /port (\d+)[^]*\n/.exec(said) ?? [];
      this.#port = Number(port ?? 0);
      // What follows is of no interest: the loop's end closes the pipe.
      if (port !== undefined) break;
    }
    clearTimeout(timer);
    if (this.#port > 0) return;
    await this[Symbol.asyncDispose]();
    throw new Error(`The target has not started: ${this.#stderr}`);
  }
}

async function makeFiles(
  top: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  await Deno.mkdir(`${top}/tmp`);
  await Deno.mkdir(`${top}/site`);
  await Deno.writeTextFile(`${top}/secret.txt`, `${SECRET}\n`);
  await Deno.writeTextFile(`${top}/site/bystander.txt`, "bystander\n");
  for (const [name, content] of Object.entries(files)) {
    const path = `${top}/site/${name}`;
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    const isProgram = typeof content === "string" && content.startsWith("#!");
    const bytes = typeof content === "string"
      ? new TextEncoder().encode(content)
      : content;
    await Deno.writeFile(path, bytes, { mode: isProgram ? 0o755 : 0o644 });
  }
}

async function shell(script: string, ...args: string[]): Promise<string> {
  const { stdout } = await new Deno.Command("sh", {
    args: ["-c", script, "sh", ...args],
    stdin: "null",
    stderr: "null",
  }).output();
  return new TextDecoder().decode(stdout);
}

function parseHoldings(text: string): Holdings {
  const descriptors = new Map<string, number>();
  const children: string[] = [];
  const files: string[] = [];
  const pairs = new Set(
    Array.from(
      text.matchAll(/^unix (?:\S+ +){6}(\d+)/gm),
      ([, inode]) => inode,
    ),
  );
  for (const line of text.split("\n")) {
    const [, what, inode] = /-> ([^[]*)(?:\[(\d+)\])?/.exec(line) ?? [];
    if (what !== undefined) {
      const kind = pairs.has(inode) ? LOCAL_SOCKET : what;
      descriptors.set(kind, (descriptors.get(kind) ?? 0) + 1);
    } else if (line.startsWith("child ")) children.push(line.slice(6));
    else if (line.startsWith("file ")) files.push(line.slice(5));
  }
  return {
    descriptors,
    children,
    files: files.sort(),
    memory: kilobytes(text, "VmRSS"),
    peak: kilobytes(text, "VmHWM"),
  };
}

function kilobytes(text: string, name: string): number {
  return 1024 * Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)?.[1]);
}
