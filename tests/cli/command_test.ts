// The command line as a user has it: processes, and other people's clients.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { run, Serving } from "./_command.ts";
import { IMAGE, makeSite, output, PAGE, STYLE } from "./_site.ts";

Deno.test("the command serves a folder to curl, wget and Python", async (t) => {
  await using site = await makeSite();
  await using serving = await Serving.start(["0", "-d", site.path]);
  const { url, port } = serving;
  assertEquals(
    serving.firstLines,
    `Serving HTTP on 127.0.0.1 port ${port} (http://127.0.0.1:${port}/) ...\n`,
  );

  const files = [["", PAGE], ["s.css", STYLE], ["i.svg", IMAGE]] as const;
  for (const [name, content] of files) {
    await t.step(`curl /${name}`, async () => {
      assertEquals(await output("curl", "-sSf", `${url}/${name}`), content);
    });
    await t.step(`wget /${name}`, async () => {
      assertEquals(await output("wget", "-qO-", `${url}/${name}`), content);
    });
    await t.step(`urllib /${name}`, async () => {
      const script =
        `import sys, urllib.request as r; o = r.build_opener(r.ProxyHandler({}))
sys.stdout.write(o.open("${url}/${name}").read().decode())`;
      assertEquals(await output("python3", "-c", script), content);
    });
  }
  await t.step("http.client keeps its connection", async () => {
    const script = `import http.client
c = http.client.HTTPConnection("127.0.0.1", ${port})
for path in ["/", "/s.css", "/missing", "/i.svg"]:
    c.request("GET", path)
    a = c.getresponse()
    body = a.read()
    print(a.version, a.status, a.getheader("Content-Type"), c.sock is not None)`;
    assertEquals(
      await output("python3", "-c", script),
      `11 200 text/html; charset=UTF-8 True
11 200 text/css; charset=UTF-8 True
11 404 text/html;charset=utf-8 True
11 200 image/svg+xml True
`,
    );
  });
});

Deno.test("the command logs in Python's format and ends well", async (t) => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    await t.step(signal, async () => {
      await using site = await makeSite();
      await using serving = await Serving.start(["-d", site.path, "0"]);
      await output("curl", "-sSf", `${serving.url}/s.css`);
      await output("curl", "-sSg", `${serving.url}/%1b[31m`);
      using _idle = await Deno.connect({ port: serving.port });
      const start = Date.now();
      const { code, stdout, stderr } = await serving.stop(signal);
      assertEquals(code, 0);
      // Requests in flight have 10 seconds; who asks for nothing has none.
      assert(Date.now() - start < 5_000);
      assertEquals(
        stdout.slice(serving.firstLines.length),
        signal === "SIGINT"
          ? "\nKeyboard interrupt received, exiting.\n"
          : "SIGTERM received, exiting.\n",
      );
      const client = String
        .raw`127\.0\.0\.1 - - \[\d\d/[A-Z][a-z]{2}/\d{4} \d\d:\d\d:\d\d\]`;
      assertMatch(
        stderr,
        new RegExp(
          `^${client} "GET /s\\.css HTTP/1\\.1" 200 -\n` +
            `${client} code 404, message File not found\n` +
            `${client} "GET /%1b\\[31m HTTP/1\\.1" 404 -\n$`,
        ),
      );
    });
  }
});

Deno.test("the command finishes what is in flight when it is told to end", async () => {
  await using site = await makeSite();
  // More than the sockets hold, so that the answer waits for the client.
  const size = 32 * 1024 * 1024;
  await Deno.writeFile(`${site.path}/large`, new Uint8Array(size));
  await using serving = await Serving.start(["-d", site.path, "0", "-q"]);
  const response = await fetch(`${serving.url}/large`);
  const ending = serving.stop("SIGTERM");
  let got = 0;
  for await (const piece of response.body ?? []) got += piece.length;
  assertEquals(got, size);
  const { code, stderr } = await ending;
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
});

Deno.test("the command does not wait when it is told to end twice", async () => {
  await using site = await makeSite();
  await Deno.writeFile(`${site.path}/large`, new Uint8Array(32 * 1024 * 1024));
  await using serving = await Serving.start(["-d", site.path, "0"]);
  const response = await fetch(`${serving.url}/large`);
  serving.kill("SIGINT");
  await serving.said("Keyboard interrupt");
  const { code, stderr } = await serving.stop("SIGINT");
  assertEquals(code, 130);
  assertMatch(stderr, /"GET \/large HTTP\/1\.1" 200 -\n$/);
  await response.body?.cancel().catch(() => {});
});

Deno.test("the command takes Python's flags", async (t) => {
  await using site = await makeSite();
  await Deno.writeTextFile(`${site.path}/unknown`, "?");

  await t.step("-p HTTP/1.0, -H and --content-type", async () => {
    await using serving = await Serving.start([
      ...["-p", "HTTP/1.0", "-H", "X-One", "1", "--header", "X-Two", "2 3"],
      ...["--content-type", "text/x-q", "--directory", site.path, "0"],
    ]);
    const head = await output("curl", "-sSi", `${serving.url}/unknown`);
    assertMatch(head, /^HTTP\/1\.[01] 200 OK\r\n/);
    assertMatch(head, /\r\nContent-Type: text\/x-q\r\n/);
    assertMatch(head, /\r\nX-One: 1\r\nX-Two: 2 3\r\n/);
    assertMatch(head, /\r\nConnection: close\r\n/);
  });

  await t.step("-b, several of them", async () => {
    const socket = `${site.path}/.s`;
    await using serving = await Serving.start(
      ["-b", "::1", "-b", "localhost", "--bind", `unix:${socket}`, "0", "-d"]
        .concat(site.path),
      { permissions: ["-NRW"], lines: 3 },
    );
    const lines = serving.firstLines.split("\n");
    const line =
      /^Serving HTTP on ::1 port (\d+) \(http:\/\/\[::1\]:\1\/\) \.\.\.$/;
    assertMatch(lines[0] ?? "", line);
    assertMatch(lines[1] ?? "", /^Serving HTTP on 127\.0\.0\.1 port \d+ /);
    assertEquals(lines[2], `Serving HTTP on unix:${socket} ...`);
    assertEquals(await output("curl", "-sSfg", `${serving.url}/s.css`), STYLE);
    assertEquals(
      await output("curl", "-sSf", "--unix-socket", socket, "http://a/s.css"),
      STYLE,
    );
  });

  await t.step("-q and a single file", async () => {
    await using serving = await Serving.start(
      ["-q", "-d", `${site.path}/s.css`, "0"],
    );
    assertEquals(await output("curl", "-sSf", `${serving.url}/`), STYLE);
    assertEquals((await serving.stop()).stderr, "");
  });

  await t.step("$PORT", async () => {
    const { code, stderr } = await run(["-d", site.path], {
      permissions: ["-NR", "-E=PORT"],
      env: { PORT: "http" },
    });
    assertEquals(
      { code, stderr },
      {
        code: 2,
        stderr: 'error: cannot listen on port "http", want 0 to 65535; ' +
          "a folder goes with --directory\n",
      },
    );
  });
});

Deno.test("importing the library takes no permission and starts nothing", async () => {
  const script = "tests/testdata/import_library.ts";
  assertEquals(
    await run([], { permissions: [], script }),
    { code: 0, stdout: "function\n", stderr: "" },
  );
});
