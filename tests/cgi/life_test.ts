import { assert, assertEquals, assertMatch } from "@std/assert";
import { once } from "node:events";
import { connect } from "node:net";
import { CgiRequestHandler } from "../../lib/cgi/cgi_request_handler.ts";
import { readToEnd, Serving, Site } from "./_serve.ts";

const HEAD = "#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\n'\n";

const FILES = {
  "cgi-bin/silent": "#!/bin/sh\nsleep 1000\n",
  "cgi-bin/slow": `${HEAD}echo begun\nsleep 1000\n`,
  "cgi-bin/family": `${HEAD}sleep 1000 & echo $$ $!\nwait\n`,
  "cgi-bin/hello": `${HEAD}echo hello\n`,
  "cgi-bin/deaf": `${HEAD}echo answered\n`,
  "cgi-bin/never-reads": `${HEAD}exec 0<&-\nhead -c 3000000 /dev/zero\n`,
  "cgi-bin/both": `${HEAD}cat\n`,
  "cgi-bin/shout": "#!/bin/sh\nyes oops | head -n 100000 >&2\n" +
    "printf 'Content-Type: a/b\\n\\nok'\n",
  "cgi-bin/said": "#!/bin/sh\nprintf 'Content-Type: a/b\\n" +
    "Content-Length: 5\\n\\nhello'\nsleep 1000\n",
  "cgi-bin/saying": "#!/bin/sh\nprintf 'Content-Type: a/b\\n" +
    "Content-Length: 9\\n\\nhello'\nsleep 1000\n",
  "cgi-bin/closed": "#!/bin/sh\nprintf 'Content-Type: a/b\n" +
    "Content-Length: 5\n\nhello'\nexec >&- 2>&-\nsleep 1000\n",
  "cgi-bin/nph-deaf": "#!/bin/sh\nprintf 'HTTP/1.1 200 OK\\r\\n\\r\\nheard'\n",
  "cgi-bin/closes": `${HEAD}echo $$\nexec >&- 2>&-\nsleep 1000\n`,
  "cgi-bin/closes-late":
    `${HEAD}head -c 100000 /dev/zero\necho $$ > pid\nexec >&- 2>&-\nsleep 1000\n`,
  "cgi-bin/nph-slow":
    "#!/bin/sh\nprintf 'HTTP/1.1 200 OK\\r\\n\\r\\nbegun'\nsleep 1000\n",
};

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function get(path: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n`;
}

/** Reads until the text has come. */
async function readUntil(client: Deno.Conn, text: string): Promise<string> {
  const buffer = new Uint8Array(4096);
  let read = "";
  while (!read.includes(text)) {
    const count = await client.read(buffer);
    assert(count !== null, `the end came after ${read}`);
    read += decoder.decode(buffer.subarray(0, count));
  }
  return read;
}

/** Whether any of the processes is there and not a zombie. */
async function areAlive(...pids: string[]): Promise<boolean> {
  const { stdout } = await new Deno.Command("ps", {
    args: ["-o", "stat=", "-p", pids.join(",")],
  }).output();
  return decoder.decode(stdout).split("\n").some((state) =>
    /^[^Z]/.test(state)
  );
}

/** Waits until they have ended, whatever else goes on. */
async function end(...pids: string[]): Promise<void> {
  const until = performance.now() + 10_000;
  while (await areAlive(...pids)) {
    assert(performance.now() < until, `still there: ${pids}`);
  }
}

/** For clients that close: they are asked soon whether they are there. */
const ASKS_SOON = { lingerTimeout: 20 };

Deno.test("a program that does not answer in time is ended with 504", async () => {
  await using site = new Site(FILES);
  const Cgi = CgiRequestHandler.with({ root: site.root, firstByteTimeout: 20 });
  await using serving = new Serving(Cgi);
  const response = await serving.exchange(get("/cgi-bin/silent"));
  assertEquals(response.split("\r\n", 1), ["HTTP/1.1 504 Gateway Timeout"]);
  assertEquals(serving.errors, []);
});

Deno.test("a program that runs for too long is cut off visibly", async () => {
  await using site = new Site(FILES);
  const Cgi = CgiRequestHandler.with({ root: site.root, runTimeout: 100 });
  await using serving = new Serving(Cgi);
  const response = await serving.exchange(get("/cgi-bin/slow"));
  const [, body] = response.split("\r\n\r\n");
  assertEquals(body, "6\r\nbegun\n\r\n");
});

Deno.test("an NPH program that runs for too long is cut off", async () => {
  await using site = new Site(FILES);
  const Cgi = CgiRequestHandler.with({ root: site.root, runTimeout: 50 });
  await using serving = new Serving(Cgi);
  const response = await serving.exchange(get("/cgi-bin/nph-slow"));
  assertEquals(response, "HTTP/1.1 200 OK\r\n\r\nbegun");
  assertEquals(serving.errors, []);
});

for (const name of ["said", "saying", "closed"]) {
  Deno.test(`what a program has ${name} of a short body does not wait for its end`, async () => {
    await using site = new Site(FILES);
    const Cgi = CgiRequestHandler.with({ root: site.root });
    await using serving = new Serving(Cgi, { drainTimeout: 50 });
    using client = await Deno.connect({ port: serving.port });
    await client.write(encoder.encode(get(`/cgi-bin/${name}`)));
    await readUntil(client, "\r\n\r\nhello");
  });
}

Deno.test("an NPH program that does not read its body is heard to its end", async () => {
  await using site = new Site(FILES);
  const Cgi = CgiRequestHandler.with({ root: site.root });
  await using serving = new Serving(Cgi);
  using client = await Deno.connect({ port: serving.port });
  const half = new Uint8Array(4_000_000);
  const sendHalf = async () => {
    for (let sent = 0; sent < half.length;) {
      sent += await client.write(half.subarray(sent));
    }
  };
  await client.write(encoder.encode(
    `POST /cgi-bin/nph-deaf HTTP/1.1\r\nHost: h\r\n` +
      `Content-Length: ${2 * half.length}\r\n\r\n`,
  ));
  await sendHalf();
  assertEquals(await readToEnd(client), "HTTP/1.1 200 OK\r\n\r\nheard");
  // A close with bytes unread need not show as a reset; bytes that come after
  // the close do.
  await sendHalf();
});

Deno.test("a client that goes away ends the program and what it started", async () => {
  await using site = new Site(FILES);
  const Cgi = CgiRequestHandler.with({ root: site.root });
  await using serving = new Serving(Cgi, ASKS_SOON);
  const client = await Deno.connect({ port: serving.port });
  await client.write(encoder.encode(get("/cgi-bin/family")));
  const response = await readUntil(client, "\n\r\n");
  const pids = /^([0-9]+) ([0-9]+)$/m.exec(response)?.slice(1) ?? [];
  assertEquals(pids.length, 2);
  assertEquals(await areAlive(...pids), true);
  client.close();
  await end(...pids);
});

Deno.test("a shutdown ends the programs that still run", async () => {
  await using site = new Site(FILES);
  const Cgi = CgiRequestHandler.with({ root: site.root });
  let pids: string[] = [];
  using _client = await (async () => {
    await using serving = new Serving(Cgi, { drainTimeout: 10 });
    const client = await Deno.connect({ port: serving.port });
    await client.write(encoder.encode(get("/cgi-bin/family")));
    const response = await readUntil(client, "\n\r\n");
    pids = /^([0-9]+) ([0-9]+)$/m.exec(response)?.slice(1) ?? [];
    assertEquals(await areAlive(...pids), true);
    return client;
  })();
  // It waits for what it cuts for a moment only.
  await end(...pids);
});

for (const ending of ["a shutdown", "a reset"]) {
  Deno.test(`${ending} ends a program that leaves its body unread`, async () => {
    await using site = new Site(FILES);
    const Cgi = CgiRequestHandler.with({ root: site.root });
    let pids: string[] = [];
    const client = await (async () => {
      await using serving = new Serving(Cgi, { drainTimeout: 50 });
      const client = connect(serving.port, "127.0.0.1");
      client.on("error", () => {});
      client.write(
        "POST /cgi-bin/family HTTP/1.1\r\nHost: h\r\n" +
          `Content-Length: 1000000\r\n\r\n${"x".repeat(200_000)}`,
      );
      let text = "";
      const signal = AbortSignal.timeout(10_000);
      while (pids.length < 2) {
        const [piece] = await once(client, "data", { signal });
        text += piece;
        pids = /^(\d+) (\d+)$/m.exec(text)?.slice(1) ?? [];
      }
      assertEquals(await areAlive(...pids), true);
      if (ending === "a reset") {
        client.resetAndDestroy();
        await end(...pids);
      }
      return client;
    })();
    await end(...pids);
    client.destroy();
  });
}

Deno.test("more programs than the queue holds are refused with 503", async () => {
  await using site = new Site(FILES);
  const Cgi = CgiRequestHandler.with({
    root: site.root,
    maxProcesses: 1,
    maxQueue: 0,
    retryAfter: 7,
  });
  await using serving = new Serving(Cgi, { drainTimeout: 10 });
  using first = await Deno.connect({ port: serving.port });
  await first.write(encoder.encode(get("/cgi-bin/slow")));
  await readUntil(first, "begun");
  const response = await serving.exchange(get("/cgi-bin/hello"));
  const [head = ""] = response.split("\r\n\r\n");
  assert(head.startsWith("HTTP/1.1 503 Service Unavailable\r\n"), head);
  assert(head.includes("\r\nRetry-After: 7\r\n"), head);
});

Deno.test("a waiting request runs when a program has ended", async () => {
  await using site = new Site(FILES);
  const Cgi = CgiRequestHandler.with({ root: site.root, maxProcesses: 1 });
  await using serving = new Serving(Cgi);
  const responses = await Promise.all(
    Array.from({ length: 8 }, async () => {
      const response = await fetch(`${serving.origin}/cgi-bin/hello`);
      return await response.text();
    }),
  );
  assertEquals(responses, Array.from({ length: 8 }, () => "hello\n"));
});

/** Sends a request and its body, and reads the response meanwhile. */
async function post(
  serving: Serving,
  path: string,
  body: Uint8Array,
): Promise<string> {
  using client = await Deno.connect({ port: serving.port });
  const reading = readToEnd(client);
  await client.write(encoder.encode(
    `POST ${path} HTTP/1.0\r\nContent-Length: ${body.length}\r\n\r\n`,
  ));
  try {
    for (let at = 0; at < body.length;) {
      at += await client.write(body.subarray(at));
    }
  } catch {
    // The server may close before it has read everything.
  }
  const [, content = ""] = (await reading).split("\r\n\r\n");
  return content;
}

Deno.test("many connections of one address keep no other from a program", async () => {
  await using site = new Site(FILES);
  const Cgi = CgiRequestHandler.with({
    root: site.root,
    maxProcesses: 2,
    maxQueue: 4,
    queueTimeout: 60_000,
    runTimeout: 300,
  });
  await using serving = new Serving(Cgi, { drainTimeout: 50 });
  const crowd: Deno.Conn[] = [];
  for (let client = 0; client < 6; client++) {
    const connection = await Deno.connect({ port: serving.port });
    await connection.write(encoder.encode(get("/cgi-bin/slow")));
    crowd.push(connection);
    // The first two run; the others wait.
    if (client < 2) await readUntil(connection, "begun");
  }
  const other = connect({
    port: serving.port,
    host: "127.0.0.1",
    localAddress: "127.0.0.2",
  });
  other.write(get("/cgi-bin/hello"));
  const [text] = await once(other, "data");
  assertMatch(decoder.decode(text), /^HTTP\/1\.1 200 /);
  // Two ran before, and at most one got the other slot that was freed.
  const ran = serving.log.filter((line) => line.includes(" 200 "));
  const place = ran.findIndex((line) => line.includes("/cgi-bin/hello"));
  assert(place === 2 || place === 3, ran.join("\n"));
  other.destroy();
  for (const connection of crowd) connection.close();
});

Deno.test("a program that answers before it reads its input is no deadlock", async () => {
  await using site = new Site(FILES);
  const Cgi = CgiRequestHandler.with({ root: site.root });
  await using serving = new Serving(Cgi);
  const body = new Uint8Array(3_000_000);
  assertEquals(await post(serving, "/cgi-bin/deaf", body), "answered\n");
  const output = await post(serving, "/cgi-bin/never-reads", body);
  assertEquals(output.length, 3_000_000);
  assertEquals(serving.errors, []);
});

Deno.test("input and output of some MB pass each other", async () => {
  await using site = new Site(FILES);
  const Cgi = CgiRequestHandler.with({ root: site.root });
  await using serving = new Serving(Cgi);
  const body = new Uint8Array(8_000_000).fill(0x61);
  const output = await post(serving, "/cgi-bin/both", body);
  assertEquals(output.length, body.length);
});

Deno.test("standard error without end is read and bounded in the log", async () => {
  await using site = new Site(FILES);
  const Cgi = CgiRequestHandler.with({ root: site.root });
  await using serving = new Serving(Cgi);
  const response = await fetch(`${serving.origin}/cgi-bin/shout`);
  assertEquals(await response.text(), "ok");
  await (await fetch(`${serving.origin}/cgi-bin/hello`)).text();
  const lines = serving.log.filter((line) => line.startsWith("/cgi-bin/shout"));
  assertEquals(lines.length, 201);
  assertEquals(
    lines.at(-1),
    "/cgi-bin/shout: more than 200 lines: the rest is dropped",
  );
});

/** Waits until a program has written a file. */
async function fileAppears(file: string): Promise<void> {
  const until = performance.now() + 10_000;
  while (performance.now() < until) {
    try {
      const { size } = await Deno.stat(file);
      if (size > 0) return;
    } catch {
      // Not yet.
    }
  }
  throw new Error(`there is no ${file}`);
}

Deno.test("a body that breaks off ends the program", async () => {
  await using site = new Site({
    "cgi-bin/reads": "#!/bin/sh\necho $$ > pid\ncat > /dev/null\nsleep 1000\n",
  });
  const Cgi = CgiRequestHandler.with({ root: site.root, spoolMemory: 0 });
  await using serving = new Serving(Cgi, ASKS_SOON);
  const client = await Deno.connect({ port: serving.port });
  await client.write(encoder.encode(
    "POST /cgi-bin/reads HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nhalf",
  ));
  await fileAppears(`${site.root}/cgi-bin/pid`);
  client.close();
  const pid = await Deno.readTextFile(`${site.root}/cgi-bin/pid`);
  await end(pid.trim());
});

/** Sends the head of a POST and some of its body, and stays. */
async function sendSome(
  serving: Serving,
  path: string,
  length: number,
  sent: number,
): Promise<Deno.Conn> {
  const client = await Deno.connect({ port: serving.port });
  await client.write(encoder.encode(
    `POST ${path} HTTP/1.1\r\nHost: h\r\nContent-Length: ${length}\r\n\r\n`,
  ));
  await client.write(new Uint8Array(sent));
  return client;
}

Deno.test("bodies that come slowly leave room for others", async () => {
  await using site = new Site(FILES);
  const Cgi = CgiRequestHandler.with({ root: site.root, maxProcesses: 4 });
  {
    await using serving = new Serving(Cgi, { drainTimeout: 10 });
    using stack = new DisposableStack();
    const slow = [
      // Small ones take no slot until they are here, large ones half of them.
      ...Array.from({ length: 8 }, () => [10, 1] as const),
      ...Array.from({ length: 8 }, () => [100_000, 80_000] as const),
    ];
    for (const [length, sent] of slow) {
      stack.use(await sendSome(serving, "/cgi-bin/both", length, sent));
    }
    for (let request = 0; request < 4; request++) {
      const response = await fetch(`${serving.origin}/cgi-bin/hello`);
      assertEquals(await response.text(), "hello\n");
      assertEquals(
        await post(serving, "/cgi-bin/both", encoder.encode("small")),
        "small",
      );
    }
  }
});

Deno.test("a large body has its turn once another is here", async () => {
  await using site = new Site(FILES);
  const Cgi = CgiRequestHandler.with({ root: site.root, maxProcesses: 2 });
  await using serving = new Serving(Cgi);
  using first = await sendSome(serving, "/cgi-bin/deaf", 100_000, 80_000);
  const second = post(serving, "/cgi-bin/both", new Uint8Array(70_000));
  await first.write(new Uint8Array(20_000));
  assertEquals((await second).length, 70_000);
  await readUntil(first, "answered");
});

Deno.test("a client that leaves after a body ends the program", async () => {
  await using site = new Site({
    "cgi-bin/idles": "#!/bin/sh\necho $$ > pid\nsleep 1000\n",
  });
  const Cgi = CgiRequestHandler.with({ root: site.root });
  await using serving = new Serving(Cgi, ASKS_SOON);
  const client = await sendSome(serving, "/cgi-bin/idles", 60_000, 60_000);
  await fileAppears(`${site.root}/cgi-bin/pid`);
  client.close();
  const pid = await Deno.readTextFile(`${site.root}/cgi-bin/pid`);
  await end(pid.trim());
});

Deno.test("clients that read slowly leave room for others", async () => {
  await using site = new Site({
    ...FILES,
    "cgi-bin/floods": `${HEAD}exec cat /dev/zero\n`,
  });
  const Cgi = CgiRequestHandler.with({
    root: site.root,
    maxProcesses: 2,
    clientPatience: 50,
  });
  await using serving = new Serving(Cgi, { drainTimeout: 10 });
  using stack = new DisposableStack();
  for (let client = 0; client < 5; client++) {
    const slow = stack.use(await Deno.connect({ port: serving.port }));
    await slow.write(encoder.encode(get("/cgi-bin/floods")));
  }
  for (let request = 0; request < 3; request++) {
    const response = await fetch(`${serving.origin}/cgi-bin/hello`);
    assertEquals(await response.text(), "hello\n");
  }
});

Deno.test("a program that closes its output and goes on is ended in time", async () => {
  await using site = new Site(FILES);
  const Cgi = CgiRequestHandler.with({
    root: site.root,
    runTimeout: 100,
    maxProcesses: 1,
    maxQueue: 0,
  });
  await using serving = new Serving(Cgi);
  const response = await serving.exchange(get("/cgi-bin/closes"));
  // Where its end of output is seen at once nothing was sent before the 504; else
  // what was sent has no end.
  assertMatch(response, /^HTTP\/1\.1 (?:504 |200 OK\r\n[^]*[0-9]\n\r\n$)/);
  const next = await fetch(`${serving.origin}/cgi-bin/hello`);
  assertEquals(await next.text(), "hello\n");
});

Deno.test("a client that leaves ends a program that has closed its output", async () => {
  await using site = new Site(FILES);
  const Cgi = CgiRequestHandler.with({ root: site.root });
  await using serving = new Serving(Cgi, ASKS_SOON);
  const client = await Deno.connect({ port: serving.port });
  await client.write(encoder.encode(get("/cgi-bin/closes-late")));
  await fileAppears(`${site.root}/cgi-bin/pid`);
  client.close();
  const pid = await Deno.readTextFile(`${site.root}/cgi-bin/pid`);
  await end(pid.trim());
});
