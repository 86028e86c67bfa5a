// Each example is started by the command in its first line, and used.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { Serving } from "../cli/_command.ts";

const EXAMPLES = new URL("../../examples/", import.meta.url);

/** Starts an example on a free port by the command that it prints. */
async function start(name: string): Promise<Serving> {
  const text = await Deno.readTextFile(new URL(name, EXAMPLES));
  const [first = ""] = text.split("\n");
  const [, flags] =
    /^\/\/ deno run (.+) examples\/\S+ (?:\[port\]|8000)$/.exec(first) ?? [];
  assert(flags !== undefined, `${name} begins with its command`);
  return await Serving.start(["0"], {
    permissions: flags.split(" "),
    script: `examples/${name}`,
  });
}

function portOf(serving: Serving): number {
  return Number(/127\.0\.0\.1[: ](\d+)/.exec(serving.firstLines)?.[1]);
}

function originOf(serving: Serving): string {
  return `http://127.0.0.1:${portOf(serving)}`;
}

Deno.test("examples/ are short and all tested here", async () => {
  const own = await Deno.readTextFile(new URL(import.meta.url));
  for await (const { name } of Deno.readDir(EXAMPLES)) {
    if (!name.endsWith(".ts")) continue;
    assertMatch(own, new RegExp(`start\\("${name}"\\)`), name);
    const text = await Deno.readTextFile(new URL(name, EXAMPLES));
    assert(text.split("\n").length <= 41, `${name} has 40 lines at most`);
    assert(!text.includes("deno-lint-ignore"), `${name} begins with its point`);
  }
});

Deno.test("examples/hello.ts greets, and takes orders", async () => {
  await using serving = await start("hello.ts");
  const origin = originOf(serving);
  const greeting = await fetch(`${origin}/hello/Ada`);
  assertEquals(await greeting.text(), "Hello, Ada\n");
  const order = await fetch(`${origin}/orders`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: `{"tea":2}`,
  });
  assertEquals([order.status, await order.json()], [201, { tea: 2 }]);
});

Deno.test("examples/post_form.ts prints headers and parses forms", async () => {
  await using serving = await start("post_form.ts");
  const origin = originOf(serving);
  assertMatch(await (await fetch(origin)).text(), /<form method="post"/);
  const urlencoded = await fetch(origin, {
    method: "POST",
    headers: { "X-Mark": "here" },
    body: new URLSearchParams({ name: "Ada", note: "a & b" }),
  });
  assertEquals(await urlencoded.text(), "name: Ada\nnote: a & b\n");
  const form = new FormData();
  form.set("name", "Ada");
  form.set("file", new File(["12345"], "five.txt"));
  const multipart = await fetch(origin, { method: "POST", body: form });
  assertEquals(
    await multipart.text(),
    "name: Ada\nfile: five.txt, 5 bytes\n",
  );
  const { stdout } = await serving.stop("SIGTERM");
  assertMatch(stdout, /^x-mark: here$/m);
});

Deno.test("examples/raw_request_line.ts prints the line as it came", async () => {
  await using serving = await start("raw_request_line.ts");
  const response = await fetch(`${originOf(serving)}/hello_from_browser`);
  assertEquals(await response.text(), "Hello there");
  const { stdout } = await serving.stop("SIGTERM");
  assertMatch(stdout, /^"GET \/hello_from_browser HTTP\/1\.1\\r\\n"$/m);
});

Deno.test("examples/line_server.ts answers in upper case", async () => {
  await using serving = await start("line_server.ts");
  using client = await Deno.connect({ port: portOf(serving) });
  await client.write(new TextEncoder().encode("hello\nthe"));
  const answer = new Uint8Array(6);
  await client.read(answer);
  assertEquals(new TextDecoder().decode(answer), "HELLO\n");
  await client.write(new TextEncoder().encode("re\n"));
  await client.read(answer);
  assertEquals(new TextDecoder().decode(answer), "THERE\n");
});

Deno.test("examples/run_script.ts answers with a script's output", async () => {
  await using serving = await start("run_script.ts");
  const response = await fetch(originOf(serving), {
    method: "POST",
    body: "so small\nso quiet\n",
  });
  assertEquals(await response.text(), "SO SMALL!\nSO QUIET!\n");
});

Deno.test("examples/deploy.ts listens by itself", async () => {
  await using serving = await start("deploy.ts");
  const response = await fetch(`${originOf(serving)}/hello/Ada`);
  assertEquals(await response.text(), "Hello, Ada\n");
});

/** Asks over a new connection, as another client would. */
async function isolateAt(port: number): Promise<string> {
  using client = await Deno.connect({ port });
  await client.write(
    new TextEncoder().encode(
      "GET /hello/Ada HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    ),
  );
  const answer = await new Response(client.readable).text();
  assertEquals(answer.split("\r\n\r\n")[1], "Hello, Ada\n");
  return /^x-isolate: (.+)\r$/im.exec(answer)?.[1] ?? "";
}

Deno.test("examples/deploy.ts answers from each isolate of deno serve", async () => {
  const text = await Deno.readTextFile(new URL("deploy.ts", EXAMPLES));
  assertEquals(
    text.split("\n")[1],
    "// deno serve --parallel --port 8000 examples/deploy.ts",
  );
  await using process = new Deno.Command(Deno.execPath(), {
    args: [
      "serve",
      "--no-prompt",
      "--parallel",
      "--host=127.0.0.1",
      "--port=0",
      new URL("deploy.ts", EXAMPLES).pathname,
    ],
    env: { NO_COLOR: "1", DENO_JOBS: "3" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const stderr = process.stderr.pipeThrough(new TextDecoderStream())
    .getReader();
  let printed = "";
  while (!/with 3 threads/.test(printed)) {
    const { value = "", done } = await stderr.read();
    assert(!done, printed);
    printed += value;
  }
  const port = Number(/127\.0\.0\.1:(\d+)/.exec(printed)?.[1]);
  const isolates = new Set<string>();
  for (let asked = 0; isolates.size < 3; asked++) {
    assert(asked < 1000, `${isolates.size} of 3 isolates have answered`);
    isolates.add(await isolateAt(port));
  }
  process.kill();
  await process.status;
  await stderr.cancel();
});
