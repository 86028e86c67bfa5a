// Each example is started by the command in its first line, and used.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { Serving } from "../cli/_command.ts";

const EXAMPLES = new URL("../../examples/", import.meta.url);

/** Starts an example on a free port by the command that it prints. */
async function start(name: string): Promise<Serving> {
  const text = await Deno.readTextFile(new URL(name, EXAMPLES));
  const [first = ""] = text.split("\n");
  const [, flags] = /^\/\/ deno run (.+) examples\/\S+ \[port\]$/.exec(first) ??
    [];
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
    assertMatch(own, new RegExp(`start\\("${name}"\\)`), name);
    const text = await Deno.readTextFile(new URL(name, EXAMPLES));
    assert(text.split("\n").length <= 41, `${name} has 40 lines at most`);
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
