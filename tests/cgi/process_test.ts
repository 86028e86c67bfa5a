import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { constants } from "node:os";
import type { ChildOptions, StartChild } from "../../lib/cgi/child.ts";
import { startDenoChild } from "../../lib/cgi/deno_child.ts";
import { openLibc } from "../../lib/cgi/libc.ts";
import { startPosixChild } from "../../lib/cgi/posix_child.ts";
import {
  type CgiProcess,
  type ProcessOptions,
  startProcess,
} from "../../lib/cgi/process.ts";
import { ProgramError } from "../../lib/cgi/program_run.ts";

const decoder = new TextDecoder();

type Shell = (
  script: string,
  options?: Partial<ProcessOptions>,
) => Promise<CgiProcess>;

const libc = openLibc();
const WAYS: Record<string, StartChild> = {
  "Deno.Command": startDenoChild,
  ...(libc && {
    posix_spawn: (options: ChildOptions) => startPosixChild(options, libc),
  }),
};

/** Registers a test for each way to start a process. */
function testEachWay(
  name: string,
  test: (shell: Shell) => void | Promise<void>,
): void {
  for (const [way, start] of Object.entries(WAYS)) {
    Deno.test(`CgiProcess ${name}, by ${way}`, () => test(shellOf(start)));
  }
}

function shellOf(start: StartChild): Shell {
  return (script, options) =>
    startProcess({
      command: "/bin/sh",
      args: ["-c", script],
      cwd: "/",
      env: { PATH: "/usr/bin:/bin" },
      hasBody: false,
      group: true,
      killGrace: 5_000,
      onStderr: () => {},
      ...options,
    }, start);
}

async function readAll(run: CgiProcess): Promise<string> {
  let text = "";
  for (;;) {
    const octets = await run.read();
    if (octets === null) return text;
    text += decoder.decode(octets);
  }
}

/** Whether a process is there and not a zombie. */
async function isAlive(pid: string): Promise<boolean> {
  const ps = new Deno.Command("ps", { args: ["-o", "stat=", "-p", pid] });
  const state = decoder.decode((await ps.output()).stdout).trim();
  return state !== "" && !state.startsWith("Z");
}

/** Whether a process ends: on a busy machine a killed one takes its time. */
async function ends(pid: string): Promise<boolean> {
  for (let look = 0; look < 200; look++) {
    if (!await isAlive(pid)) return true;
  }
  return false;
}

testEachWay(
  "runs with its own environment and directory only",
  async (shell) => {
    await using run = await shell("env | sort | grep -v '^_='; pwd", {
      env: { PATH: "/usr/bin:/bin", A: "b c" },
      cwd: "/usr",
    });
    assertEquals(
      await readAll(run),
      "A=b c\nPATH=/usr/bin:/bin\nPWD=/usr\n/usr\n",
    );
    assertEquals((await run.outcome()).code, 0);
  },
);

testEachWay("passes standard input and its end on", async (shell) => {
  await using run = await shell("cat", { hasBody: true });
  assertEquals(await run.write(new TextEncoder().encode("a body")), true);
  await run.closeInput();
  assertEquals(await readAll(run), "a body");
});

testEachWay("without a body has an empty standard input", async (shell) => {
  await using run = await shell("cat; echo done");
  assertEquals(await readAll(run), "done\n");
});

testEachWay("passes megabytes both ways without a loss", async (shell) => {
  await using run = await shell("cat", { hasBody: true });
  const octets = new Uint8Array(3_000_001).map((_, index) => index % 251);
  const writing = run.write(octets).then(() => run.closeInput());
  let at = 0;
  for (;;) {
    const part = await run.read();
    if (part === null) break;
    assertEquals(part, octets.subarray(at, at + part.length));
    at += part.length;
  }
  await writing;
  assertEquals(at, octets.length);
});

testEachWay(
  "passes a long argument and a large environment on",
  async (shell) => {
    const value = "x".repeat(100_000);
    await using run = await shell('printf %s "$A$1" | wc -c; printf %s "$B"', {
      args: ["-c", 'printf %s "$A$1" | wc -c; printf %s "$B"', "sh", value],
      env: { PATH: "/usr/bin:/bin", A: value, B: "après" },
    });
    assertEquals((await readAll(run)).trim(), "200000\naprès");
  },
);

testEachWay(
  "lets SIGPIPE end a program, and blocks no signal",
  async (shell) => {
    await using run = await shell("grep -E '^Sig(Blk|Ign):' /proc/self/status");
    const [blocked, ignored] = (await readAll(run)).match(/[0-9a-f]{16}/g) ??
      [];
    assertEquals(blocked, "0000000000000000");
    const sigpipe = 1n << BigInt(constants.signals.SIGPIPE - 1);
    assertEquals(BigInt(`0x${ignored}`) & sigpipe, 0n);
  },
);

testEachWay("does not start with a NUL in its arguments", async (shell) => {
  await assertRejects(
    () => shell("", { args: ["a\0b"] }),
    ProgramError,
    "/bin/sh",
  );
});

testEachWay(
  "reports an input that the program does not read",
  async (shell) => {
    await using run = await shell("exec 0<&-; echo closed", { hasBody: true });
    assertEquals(await readAll(run), "closed\n");
    const big = new Uint8Array(1 << 20);
    assertEquals(await run.write(big), false);
    await run.closeInput();
  },
);

testEachWay("logs standard error line by line", async (shell) => {
  const lines: string[] = [];
  {
    await using run = await shell("echo one >&2; printf two >&2; exit 3", {
      onStderr: (line) => lines.push(line),
    });
    assertEquals(await readAll(run), "");
    assertEquals((await run.outcome()).code, 3);
  }
  assertEquals(lines, ["one", "two"]);
});

testEachWay("stop() ends the program and what it started", async (shell) => {
  let child = "";
  {
    await using run = await shell("sleep 1000 & echo $!; wait");
    const first = await run.read();
    assert(first !== null);
    child = decoder.decode(first).trim();
    assertEquals(await isAlive(child), true);
    run.stop();
    assertEquals(await run.read(), null);
    assertEquals((await run.outcome()).signal, "SIGTERM");
  }
  assert(await ends(child));
});

testEachWay("stop() kills what ignores SIGTERM", async (shell) => {
  let child = "";
  {
    await using run = await shell(
      "trap '' TERM; sleep 1000 & echo $!; wait; sleep 1000",
      { killGrace: 20 },
    );
    const first = await run.read();
    assert(first !== null);
    child = decoder.decode(first).trim();
    run.stop();
    assertEquals((await run.outcome()).signal, "SIGKILL");
  }
  assert(await ends(child));
});

testEachWay("stop() kills a child that outlives the program", async (shell) => {
  let child = "";
  {
    await using run = await shell(
      "(trap '' TERM; exec sleep 1000) >/dev/null 2>&1 & echo $!; wait",
      { killGrace: 20 },
    );
    const first = await run.read();
    assert(first !== null);
    child = decoder.decode(first).trim();
    run.stop();
    assertEquals((await run.outcome()).signal, "SIGTERM");
  }
  assert(await ends(child));
});

testEachWay("without a group ends the program itself", async (shell) => {
  await using run = await shell("echo up; exec sleep 1000", { group: false });
  assert(await run.read() !== null);
  run.stop();
  assertEquals((await run.outcome()).signal, "SIGTERM");
});

testEachWay(
  "stop() ends the output that a child without the group holds",
  async (shell) => {
    let child = "";
    {
      await using run = await shell("sleep 1000 & echo $!; wait", {
        group: false,
        killGrace: 20,
      });
      const first = await run.read();
      assert(first !== null);
      child = decoder.decode(first).trim();
      run.stop();
      assertEquals(await run.read(), null);
    }
    assertEquals(await isAlive(child), true);
    Deno.kill(Number(child), "SIGKILL");
  },
);

testEachWay("ends though a child holds standard error", async (shell) => {
  let child = "";
  {
    await using run = await shell("sleep 1000 >/dev/null & echo $!", {
      killGrace: 20,
    });
    child = (await readAll(run)).trim();
  }
  assertEquals(await isAlive(child), true);
  Deno.kill(Number(child), "SIGKILL");
});

testEachWay("says which program cannot be started", async (shell) => {
  const error = await assertRejects(
    () => shell("", { command: "/nonexistent/program", group: false }),
    ProgramError,
    "Cannot start /nonexistent/program",
  );
  assertStringIncludes(String(error.cause), "No such file or directory");
});

testEachWay("starts many at once, each with what is its own", async (shell) => {
  const numbers = [...Array(40).keys()];
  const outputs = await Promise.all(numbers.map(async (number) => {
    // Of many lengths: memory of one call must not be another's.
    const env = { OWN: `${number}`.repeat(1 + 97 * number) };
    await using run = await shell(`printf '%s %s' ${number} "$OWN"`, { env });
    return await readAll(run);
  }));
  assertEquals(
    outputs,
    numbers.map((n) => `${n} ${`${n}`.repeat(1 + 97 * n)}`),
  );
});

testEachWay("stop() ends a program that has hardly begun", async (shell) => {
  await using run = await shell("sleep 1000");
  run.stop();
  assertEquals(await run.read(), null);
  assertEquals((await run.outcome()).signal, "SIGTERM");
});

testEachWay("looks a command up in the PATH of the program", async (shell) => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/hello`, "#!/bin/sh\necho found\n", {
      mode: 0o755,
    });
    {
      const env = { PATH: `/nonexistent:${folder}` };
      await using run = await shell("", { command: "hello", args: [], env });
      assertEquals(await readAll(run), "found\n");
    }
    // Not in the working directory, which is that of the program.
    const env = { PATH: "/nonexistent" };
    await assertRejects(
      () =>
        shell("", {
          command: "hello",
          args: [],
          env,
          cwd: folder,
          group: false,
        }),
      ProgramError,
      "Cannot start hello",
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test({
  name: "CgiProcess is never started by posix_spawn but with permission",
  ignore: libc === undefined,
  permissions: { ffi: true, run: ["/bin/true"] },
  async fn() {
    const [, start = startDenoChild] = Object.values(WAYS);
    await assertRejects(
      () => shellOf(start)(""),
      Deno.errors.NotCapable,
      'Requires run access to "/bin/sh"',
    );
  },
});

Deno.test({
  name: "CgiProcess does not run through setsid what it may not run",
  permissions: { run: ["/usr/bin/setsid"], read: true },
  async fn() {
    await assertRejects(
      () => shellOf(startDenoChild)(""),
      Deno.errors.NotCapable,
      'Requires run access to "/bin/sh"',
    );
  },
});

Deno.test("CgiProcess signals the group through kill where programs are listed", async () => {
  const script = `
    import { startProcess } from "${new URL(
    "../../lib/cgi/process.ts",
    import.meta.url,
  )}";
    await using run = await startProcess({
      command: "/bin/sh", args: ["-c", "sleep 1000 & echo $!; wait"],
      cwd: "/", env: { PATH: "/usr/bin:/bin" }, hasBody: false, group: true,
      killGrace: 5000, onStderr: () => {},
    });
    const first = await run.read();
    run.stop();
    const { signal } = await run.outcome();
    console.log(new TextDecoder().decode(first).trim(), signal);
  `;
  const deno = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--allow-run=/bin/sh,kill", "-"],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const writer = deno.stdin.getWriter();
  await writer.write(new TextEncoder().encode(script));
  await writer.close();
  const { stdout } = await deno.output();
  const [child = "", signal = ""] = decoder.decode(stdout).trim().split(" ");
  assertEquals(signal, "SIGTERM");
  assert(await ends(child));
});

testEachWay("is gone although its log fails", async (shell) => {
  let isGone = false;
  const run = await shell("echo oops >&2; exec cat /dev/zero", {
    onStderr: () => {
      throw new Error("the log is full");
    },
    onGone: () => isGone = true,
  });
  await run.read();
  run.stop();
  await assertRejects(
    async () => await run[Symbol.asyncDispose](),
    Error,
    "the log is full",
  );
  assertEquals(isGone, true);
  assert(await ends(String(run.pid)));
});

testEachWay(
  "starts no file without #!, whose first line says nothing",
  async (shell) => {
    const command = await Deno.makeTempFile();
    await Deno.writeTextFile(command, "printf 'Content-Type: a/b\\n\\nran'\n");
    await Deno.chmod(command, 0o755);
    try {
      const error = await assertRejects(
        () => shell("", { command, args: [] }),
        ProgramError,
        `Cannot start ${command}`,
      );
      assertStringIncludes(String(error.cause), "Exec format error");
    } finally {
      await Deno.remove(command);
    }
  },
);
