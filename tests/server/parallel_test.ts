import { assertEquals, assertThrows } from "@std/assert";
import { HttpRequestHandler, HttpServer } from "../../mod.ts";

const SCRIPT = new URL("../testdata/parallel_server.ts", import.meta.url);

/** Starts the server in two isolates. */
function startTwo(...args: string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--unstable-net",
      "--allow-net=127.0.0.1",
      "--allow-read",
      SCRIPT.href,
      ...args,
    ],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
}

Deno.test("HttpServer with parallel answers from every isolate and ends them all", async () => {
  const process = startTwo();
  const output = process.stdout.pipeThrough(new TextDecoderStream())
    .getReader();
  const { value = "" } = await output.read();
  const origin = `http://127.0.0.1:${Number(value)}/`;
  // A new isolate takes a while to start; until then the first answers alone.
  const patience = AbortSignal.timeout(60_000);
  const isolates = new Set<string>();
  while (isolates.size < 2) {
    isolates.add(await (await fetch(origin, { signal: patience })).text());
  }
  assertEquals(isolates.size, 2);
  await process.stdin.close();
  assertEquals((await process.status).code, 0);
  await output.cancel();
});

Deno.test("HttpServer with parallel ends before its isolates have started", async () => {
  const process = startTwo("at-once");
  await process.stdin.close();
  assertEquals((await process.status).code, 0);
  await process.stdout.cancel();
});

Deno.test("HttpServer with parallel ends an isolate that does not answer", async () => {
  const process = startTwo("blocked");
  const output = process.stdout.getReader();
  await output.read();
  await process.stdin.close();
  assertEquals((await process.status).code, 0);
  await output.cancel();
});

Deno.test("HttpServer with parallel refuses a Unix socket", () => {
  assertThrows(
    () => new HttpServer({ path: "/nowhere", parallel: 2 }, HttpRequestHandler),
    TypeError,
    "Cannot serve a Unix socket in parallel",
  );
});
