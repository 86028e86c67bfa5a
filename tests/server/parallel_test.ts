import { assertEquals, assertThrows } from "@std/assert";
import { HttpRequestHandler, HttpServer } from "../../mod.ts";
import { ParallelPlace } from "../../lib/server/parallel.ts";

const SCRIPT = new URL("../testdata/parallel_server.ts", import.meta.url);

const SCRIPT_OF_TWO = new URL(
  "../testdata/parallel_servers.ts",
  import.meta.url,
);

/** Starts the server in two isolates. */
function startTwo(...args: string[]): Deno.ChildProcess {
  return start(SCRIPT, ...args);
}

function start(script: URL, ...args: string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--unstable-net",
      "--allow-net=127.0.0.1",
      "--allow-read",
      script.href,
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

Deno.test("HttpServer with parallel leaves other servers their own port", async () => {
  const process = start(SCRIPT_OF_TWO);
  const output = process.stdout.pipeThrough(new TextDecoderStream())
    .getReader();
  const { value = "" } = await output.read();
  const patience = AbortSignal.timeout(60_000);
  const isolates: Set<string>[] = [];
  for (const [i, port] of value.split(" ").entries()) {
    const names = new Set<string>();
    const own = new Set<string>();
    while (own.size < 2) {
      const response = await fetch(`http://127.0.0.1:${port}/`, {
        signal: patience,
      });
      const [name = "", isolate = ""] = (await response.text()).split(" ");
      names.add(name);
      own.add(isolate);
    }
    assertEquals([...names], [i === 0 ? "First" : "Second"]);
    isolates.push(own);
  }
  // Both share the first isolate, and no other.
  assertEquals(isolates.map(({ size }) => size), [2, 2]);
  assertEquals(isolates[0]?.intersection(isolates[1] ?? new Set()).size, 1);
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

Deno.test("ParallelPlace gives the place of a server that has ended again", () => {
  const places = [1, 2, 3].map(() => new ParallelPlace());
  places[1]?.free();
  const next = [1, 2].map(() => new ParallelPlace());
  assertEquals([...places, ...next].map(({ index }) => index), [0, 1, 2, 1, 3]);
  for (const place of [...places, ...next]) place.free();
});
