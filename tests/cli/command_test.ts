// The command line as a user has it: processes, and other people's clients.

import { assertEquals, assertMatch } from "@std/assert";
import { run, Serving } from "./_command.ts";

const PAGE = `<!doctype html><title>page</title><link rel=stylesheet href=s.css>
<img src=i.svg alt="">
`;
const STYLE = "h1 { color: green }\n";
const IMAGE =
  `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>\n`;

async function makeSite(): Promise<{ path: string } & AsyncDisposable> {
  const path = await Deno.makeTempDir();
  await Deno.writeTextFile(`${path}/index.html`, PAGE);
  await Deno.writeTextFile(`${path}/s.css`, STYLE);
  await Deno.writeTextFile(`${path}/i.svg`, IMAGE);
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

/** The output of another program. */
async function output(program: string, ...args: string[]): Promise<string> {
  const { stdout, stderr, code } = await new Deno.Command(program, { args })
    .output();
  const text = new TextDecoder().decode(stdout);
  if (code !== 0) {
    throw new Error(`${program}: ${code} ${new TextDecoder().decode(stderr)}`);
  }
  return text;
}

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
      const { code, stdout, stderr } = await serving.stop(signal);
      assertEquals(code, 0);
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
      { code: 2, stderr: `error: cannot listen on port "http"\n` },
    );
  });
});

Deno.test("the command prints its help and version", async () => {
  const help = await run(["--help"]);
  assertEquals([help.code, help.stderr], [0, ""]);
  assertMatch(help.stdout, /^usage: deno run -NR jsr:@verb\/http \[flags\]/);
  const version = await run(["-V"], { permissions: [] });
  assertEquals([version.code, version.stderr], [0, ""]);
  assertMatch(version.stdout, /^@verb\/http \d+\.\d+\.\d+\n$/);
});

Deno.test("the command says in one line what is wrong", async (t) => {
  await using site = await makeSite();
  const taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr;
  await Deno.writeTextFile(`${site.path}/users`, "ada:clear text\n");
  const { path } = site;
  const table: {
    args: string[];
    permissions?: string[];
    code?: number;
    line: string;
  }[] = [
    { args: ["--nope"], line: "unknown flag --nope" },
    { args: ["80", "81"], line: `"81" is one argument too many` },
    { args: ["80x"], line: `cannot listen on port "80x"` },
    { args: ["65536"], line: `cannot listen on port "65536"` },
    {
      args: ["-p", "HTTP/3"],
      line: `--protocol: cannot speak "HTTP/3", but HTTP/1.0 and HTTP/1.1`,
    },
    {
      args: ["-H", "A", "b\r\nSet-Cookie: c"],
      line: `--header: cannot send the field "A: b\\r\\nSet-Cookie: c"`,
    },
    {
      args: ["--cgi-interpreter", "php"],
      line: `--cgi-interpreter: cannot read "php", want .EXT=CMD`,
    },
    {
      args: ["--tls-key", "k"],
      line: "--tls-key and --tls-password-file need --tls-cert",
    },
    {
      args: ["--tls-cert", `${path}/s.css`],
      line: `--tls-cert: ${path}/s.css holds no PEM certificate`,
    },
    {
      args: ["--auth-file", `${path}/users`],
      line: "Cannot read line 1 of the auth file: " +
        `want name:hash, with a hash of "htpasswd -B"`,
    },
    { args: ["--allow", "10.0.0"], line: `Cannot read the address "10.0.0"` },
    {
      args: ["-d", `${path}/missing`],
      line: `cannot serve ${path}/missing: there is no such file`,
    },
    {
      args: ["-d", path, String(port)],
      code: 1,
      line: `127.0.0.1:${port} is in use`,
    },
    {
      args: ["-d", path],
      permissions: ["-N"],
      line: `cannot read ${path}: read permission is missing, ` +
        `run deno with --allow-read=${path}, or -R`,
    },
    {
      args: ["-d", path, "8000"],
      permissions: ["-R"],
      line: "cannot listen on 127.0.0.1:8000: net permission is missing, " +
        "run deno with --allow-net=127.0.0.1:8000, or -N",
    },
    {
      args: ["-d", path, "--cgi"],
      line: "cannot run programs: run permission is missing, " +
        "run deno with --allow-run, or --allow-run=PROGRAM,…",
    },
  ];
  for (const { args, permissions = ["-NR"], code = 2, line } of table) {
    await t.step(args.join(" "), async () => {
      const ended = await run(args, { permissions });
      assertEquals(ended, { code, stdout: "", stderr: `error: ${line}\n` });
    });
  }
  taken.close();
});

Deno.test("importing the library grants nothing and starts nothing", async () => {
  const script = `const { HttpServer } = await import("./mod.ts");
console.log(typeof HttpServer);`;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", script],
    cwd: new URL("../../", import.meta.url),
  }).output();
  assertEquals(new TextDecoder().decode(stdout), "function\n");
});
