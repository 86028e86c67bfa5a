// The command at a terminal, where the platform asks the user for a permission
// that is missing, and serves nobody meanwhile: no request may lead to that.

import { assert, assertEquals, assertMatch } from "@std/assert";

const ROOT = new URL("../../", import.meta.url).pathname;

/** Of util-linux: runs a command at a terminal of its own. */
const SCRIPT = "/usr/bin/script";

const PROGRAM = "#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\n'\nwc -c\n";

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** A folder with a program, a link out of it, and what that leads to. */
async function makeSite(): Promise<string> {
  const path = await Deno.makeTempDir();
  await Deno.mkdir(`${path}/site/cgi-bin`, { recursive: true });
  await Deno.writeTextFile(`${path}/site/a.txt`, "hello");
  await Deno.writeTextFile(`${path}/site/cgi-bin/count`, PROGRAM, {
    mode: 0o755,
  });
  await Deno.writeTextFile(`${path}/beside.txt`, "beside");
  await Deno.symlink("../beside.txt", `${path}/site/away.txt`);
  return path;
}

/** The command at a terminal. */
class Terminal implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #output: ReadableStreamDefaultReader<string>;
  #text = "";

  private constructor(args: readonly string[]) {
    const flags = [`--config=${ROOT}deno.json`, `--lock=${ROOT}deno.lock`];
    const command = [Deno.execPath(), "run", ...flags, ...args].map((word) =>
      `'${word}'`
    ).join(" ");
    this.#process = new Deno.Command(SCRIPT, {
      args: ["-qefc", command, "/dev/null"],
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    this.#output = this.#process.stdout.pipeThrough(new TextDecoderStream())
      .getReader();
  }

  static async start(args: readonly string[]): Promise<Terminal> {
    const terminal = new Terminal(args);
    await terminal.#readUntil(/\((http:\S+)\)/);
    void terminal.#readUntil(/(?!)/).catch(() => {});
    return terminal;
  }

  get url(): string {
    return /\((http:\S+)\)/.exec(this.#text)?.[1] ?? "";
  }

  get text(): string {
    return this.#text;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill("SIGTERM");
    await this.#process.stdin.close().catch(() => {});
    await this.#process.status;
    await this.#output.closed;
  }

  async #readUntil(words: RegExp): Promise<void> {
    while (!words.test(this.#text)) {
      const { value, done } = await this.#output.read();
      assert(!done, `the command has ended: ${this.#text}`);
      this.#text += value;
    }
  }
}

/** More than is kept in memory, in chunks. */
function chunkedBody(): ReadableStream<Uint8Array> {
  return ReadableStream.from([
    new Uint8Array(100_000),
    new Uint8Array(100_000),
  ]);
}

interface Row {
  name: string;
  permissions: (site: string) => string[];
  flags: string[];
  path: string;
  init?: () => RequestInit;
  status: number;
  body?: RegExp;
}

const ROWS: Row[] = [
  {
    name: "a chunked body that needs a file",
    permissions: () => ["-NR", "--allow-run"],
    flags: ["--cgi"],
    path: "cgi-bin/count",
    init: () => ({ method: "POST", body: chunkedBody() }),
    status: 411,
  },
  {
    name: "a large body while others arrive",
    permissions: () => ["-NR", "--allow-run"],
    flags: ["--cgi"],
    path: "cgi-bin/count",
    init: () => ({ method: "POST", body: new Uint8Array(200_000) }),
    status: 200,
    body: /^200000\s/,
  },
  {
    name: "a program that is not in the list",
    permissions: () => ["-NR", "--allow-run=kill"],
    flags: ["--cgi"],
    path: "cgi-bin/count",
    status: 500,
  },
  {
    name: "a program without a list of what ends it",
    permissions: (site) => ["-NR", `--allow-run=${site}/cgi-bin/count`],
    flags: ["--cgi"],
    path: "cgi-bin/count",
    status: 200,
  },
  {
    name: "a link to where Deno may not read",
    permissions: (site) => ["-N", `-R=${site},${ROOT}`],
    flags: ["--follow-symlinks"],
    path: "away.txt",
    status: 404,
  },
  {
    name: "a listing of such a link",
    permissions: (site) => ["-N", `-R=${site},${ROOT}`],
    flags: ["--follow-symlinks", "--archive"],
    path: "",
    status: 200,
    body: /a\.txt/,
  },
];

Deno.test("no request has the platform ask at the terminal", {
  ignore: Deno.build.os !== "linux" || !isThere(SCRIPT),
}, async (t) => {
  const path = await makeSite();
  for (const row of ROWS) {
    await t.step(row.name, async () => {
      const site = `${path}/site`;
      await using terminal = await Terminal.start([
        ...row.permissions(site),
        `${ROOT}mod.ts`,
        "0",
        "--directory",
        site,
        ...row.flags,
      ]);
      const signal = AbortSignal.timeout(20_000);
      const url = terminal.url + row.path;
      const init = { ...row.init?.(), signal };
      const response = await fetch(url, init).catch((cause) => {
        throw new Error(terminal.text, { cause });
      });
      assertMatch(await response.text(), row.body ?? /^/);
      assertEquals(response.status, row.status, terminal.text);
      const bystander = await fetch(`${terminal.url}a.txt`, { signal });
      assertMatch(await bystander.text(), /^hello$/);
    });
  }
  await Deno.remove(path, { recursive: true });
});
