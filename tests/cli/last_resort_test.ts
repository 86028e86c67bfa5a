import { assert, assertEquals } from "@std/assert";
import { outliveErrors } from "../../lib/cli/last_resort.ts";
import { Serving } from "./_command.ts";

const IS_WINDOWS = Deno.build.os === "windows";

Deno.test({
  name: "The command outlives errors that nobody has caught, and reports them",
  // Signals tell the process when to throw.
  ignore: IS_WINDOWS,
  async fn() {
    await using serving = await Serving.start(["0", "--quiet"], {
      script: "tests/testdata/uncaught_errors.ts",
      throws: true,
    });
    using staying = await Deno.connect({ port: serving.port });
    await ask(staying);
    serving.kill("SIGUSR2");
    await serving.said("All were thrown");
    await ask(staying);
    using coming = await Deno.connect({ port: serving.port });
    await ask(coming);
    const { code, stderr } = await serving.stop("SIGTERM");
    assertEquals(code, 0);
    const reports = stderr.split("\n").filter((line) =>
      line !== "" && !line.startsWith("    ")
    );
    assertEquals(reports.sort(), [
      "Uncaught exception: Error: in a promise \\x1b[2J",
      "Uncaught exception: Error: in a timer",
      "Uncaught exception: null",
    ]);
  },
});

Deno.test({
  name: "The command serves where the lines it starts with cannot be written",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const folder = await Deno.makeTempDir();
    const path = `${folder}/socket`;
    const deno = `"${Deno.execPath()}" run -A lib/cli/mod.ts`;
    const process = new Deno.Command("sh", {
      args: ["-c", `exec ${deno} --bind "unix:$1" >/dev/full`, "sh", path],
      stderr: "null",
    }).spawn();
    try {
      let hasEnded = false;
      process.status.finally(() => hasEnded = true);
      let conn: Deno.Conn | undefined;
      while (conn === undefined && !hasEnded) {
        conn = await Deno.connect({ transport: "unix", path }).catch(() =>
          undefined
        );
      }
      assert(conn !== undefined, "it has ended");
      await ask(conn);
      conn.close();
    } finally {
      process.kill("SIGTERM");
      await process.status;
      await Deno.remove(folder, { recursive: true });
    }
  },
});

async function ask(conn: Deno.Conn): Promise<void> {
  const request = "HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n";
  await conn.write(new TextEncoder().encode(request));
  const buffer = new Uint8Array(4096);
  const count = await conn.read(buffer) ?? 0;
  const head = new TextDecoder().decode(buffer.subarray(0, count));
  assertEquals(head.split("\r\n")[0], "HTTP/1.1 200 OK");
}

Deno.test("outliveErrors() ends when it is disposed of", () => {
  let prepared = 0;
  const { error } = console;
  // deno-lint-ignore no-console -- what is printed is of no interest
  console.error = () => {};
  try {
    const until = outliveErrors(() => prepared++);
    const caught = new ErrorEvent("error", { cancelable: true });
    dispatchEvent(caught);
    assertEquals([caught.defaultPrevented, prepared], [true, 1]);
    until[Symbol.dispose]();
    const uncaught = new ErrorEvent("error", { cancelable: true });
    dispatchEvent(uncaught);
    assertEquals([uncaught.defaultPrevented, prepared], [false, 1]);
  } finally {
    // deno-lint-ignore no-console -- put back
    console.error = error;
  }
});
