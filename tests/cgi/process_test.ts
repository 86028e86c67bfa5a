import {
  assert,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { CgiProcess, type ProcessOptions } from "../../lib/cgi/process.ts";
import { ProgramError } from "../../lib/cgi/program_run.ts";

const decoder = new TextDecoder();

function shell(
  script: string,
  options: Partial<ProcessOptions> = {},
): CgiProcess {
  return new CgiProcess({
    command: "/bin/sh",
    args: ["-c", script],
    cwd: "/",
    env: { PATH: "/usr/bin:/bin" },
    hasBody: false,
    group: true,
    killGrace: 5_000,
    onStderr: () => {},
    ...options,
  });
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

Deno.test("CgiProcess runs with its own environment and directory only", async () => {
  await using run = shell("env | sort | grep -v '^_='; pwd", {
    env: { PATH: "/usr/bin:/bin", A: "b c" },
    cwd: "/usr",
  });
  assertEquals(
    await readAll(run),
    "A=b c\nPATH=/usr/bin:/bin\nPWD=/usr\n/usr\n",
  );
  assertEquals((await run.outcome()).code, 0);
});

Deno.test("CgiProcess passes standard input and its end on", async () => {
  await using run = shell("cat", { hasBody: true });
  assertEquals(await run.write(new TextEncoder().encode("a body")), true);
  await run.closeInput();
  assertEquals(await readAll(run), "a body");
});

Deno.test("CgiProcess without a body has an empty standard input", async () => {
  await using run = shell("cat; echo done");
  assertEquals(await readAll(run), "done\n");
});

Deno.test("CgiProcess reports an input that the program does not read", async () => {
  await using run = shell("exec 0<&-; echo closed", { hasBody: true });
  assertEquals(await readAll(run), "closed\n");
  const big = new Uint8Array(1 << 20);
  assertEquals(await run.write(big), false);
  await run.closeInput();
});

Deno.test("CgiProcess logs standard error line by line", async () => {
  const lines: string[] = [];
  {
    await using run = shell("echo one >&2; printf two >&2; exit 3", {
      onStderr: (line) => lines.push(line),
    });
    assertEquals(await readAll(run), "");
    assertEquals((await run.outcome()).code, 3);
  }
  assertEquals(lines, ["one", "two"]);
});

Deno.test("CgiProcess.stop() ends the program and what it started", async () => {
  let child = "";
  {
    await using run = shell("sleep 1000 & echo $!; wait");
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

Deno.test("CgiProcess.stop() kills what ignores SIGTERM", async () => {
  let child = "";
  {
    await using run = shell(
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

Deno.test("CgiProcess.stop() kills a child that outlives the program", async () => {
  let child = "";
  {
    await using run = shell(
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

Deno.test("CgiProcess without a group ends the program itself", async () => {
  await using run = shell("echo up; exec sleep 1000", { group: false });
  assert(await run.read() !== null);
  run.stop();
  assertEquals((await run.outcome()).signal, "SIGTERM");
});

Deno.test("CgiProcess.stop() ends the output that a child without the group holds", async () => {
  let child = "";
  {
    await using run = shell("sleep 1000 & echo $!; wait", {
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
});

Deno.test("CgiProcess ends though a child holds standard error", async () => {
  let child = "";
  {
    await using run = shell("sleep 1000 >/dev/null & echo $!", {
      killGrace: 20,
    });
    child = (await readAll(run)).trim();
  }
  assertEquals(await isAlive(child), true);
  Deno.kill(Number(child), "SIGKILL");
});

Deno.test("CgiProcess says which program cannot be started", () => {
  const error = assertThrows(
    () => shell("", { command: "/nonexistent/program", group: false }),
    ProgramError,
    "Cannot start /nonexistent/program",
  );
  assertStringIncludes(String(error.cause), "No such file or directory");
});

Deno.test("CgiProcess.stop() ends a program that has hardly begun", async () => {
  await using run = shell("sleep 1000");
  run.stop();
  assertEquals(await run.read(), null);
  assertEquals((await run.outcome()).signal, "SIGTERM");
});

Deno.test({
  name: "CgiProcess does not run through setsid what it may not run",
  permissions: { run: ["/usr/bin/setsid"], read: true },
  fn() {
    assertThrows(
      () => shell(""),
      Deno.errors.NotCapable,
      'Requires run access to "/bin/sh"',
    );
  },
});

Deno.test("CgiProcess signals the group through kill where programs are listed", async () => {
  const script = `
    import { CgiProcess } from "${new URL(
    "../../lib/cgi/process.ts",
    import.meta.url,
  )}";
    await using run = new CgiProcess({
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
