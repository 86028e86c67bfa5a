// What the command does beyond Python's.

import { assertEquals, assertMatch } from "@std/assert";
import { hashPassword } from "../../lib/static/mod.ts";
import { run, Serving } from "./_command.ts";
import { makeSite, output, STYLE } from "./_site.ts";

Deno.test("the command serves from several isolates", async () => {
  await using site = await makeSite();
  await using serving = await Serving.start(
    ["-d", site.path, "--parallel=2", "0"],
    { permissions: ["-NR", "--unstable-net"] },
  );
  for (let i = 0; i < 20; i++) {
    assertEquals(await output("curl", "-sSf", `${serving.url}/s.css`), STYLE);
  }
  const { code, stdout, stderr } = await serving.stop();
  assertEquals(code, 0);
  assertEquals(
    stdout.slice(serving.firstLines.length),
    "\nKeyboard interrupt received, exiting.\n",
  );
  assertEquals(stderr.split("\n").length, 21);
});

Deno.test("the command names its addresses in the network, if it may know them", async () => {
  await using site = await makeSite();
  const addresses = Deno.networkInterfaces()
    .filter(({ family }) => family === "IPv4")
    .map(({ address }) => address)
    .filter((address) => !/^(?:127|169\.254)\./.test(address));
  for (
    const [permission, named] of [["-NRS", addresses], ["-NR", []]] as const
  ) {
    await using serving = await Serving.start(
      ["-d", site.path, "0", "--bind", "0.0.0.0"],
      { permissions: [permission], lines: 1 + named.length },
    );
    const { port } = serving;
    const { stdout } = await serving.stop();
    assertEquals(
      stdout.split("\n\n")[0]?.trimEnd().split("\n").slice(1),
      named.map((address) => `  http://${address}:${port}/`),
    );
  }
});

Deno.test("the command shows a QR code of its address", async () => {
  await using site = await makeSite();
  await using serving = await Serving.start(["-d", site.path, "0", "--qr"], {
    lines: 2,
  });
  const { stdout } = await serving.stop();
  assertMatch(stdout, /\n(?:[ █▀▄]{25,}\n){10,}http:\/\/127\.0\.0\.1:\d+\/\n/);
});

Deno.test("the command opens a browser", async () => {
  await using site = await makeSite();
  const [opener, opened] = [`${site.path}/xdg-open`, `${site.path}/opened`];
  await output("mkfifo", opened);
  await Deno.writeTextFile(opener, `#!/bin/sh\necho "$1" > ${opened}\n`);
  await Deno.chmod(opener, 0o755);
  await using serving = await Serving.start(
    ["-d", site.path, "0", "--open", "-b", "0.0.0.0"],
    {
      permissions: ["-NR", "--allow-run=xdg-open"],
      env: { PATH: `${site.path}:${Deno.env.get("PATH")}` },
    },
  );
  assertEquals(
    await Deno.readTextFile(opened),
    `http://localhost:${serving.port}/\n`,
  );
});

Deno.test("the command serves HTTPS", async (t) => {
  await using site = await makeSite();
  const [cert, key] = [`${site.path}/cert.pem`, `${site.path}/.key.pem`];
  const password = `${site.path}/.password`;
  await Deno.writeTextFile(password, "open sesame\n");
  const plain = `${site.path}/plain.pem`;
  await output("openssl", ...[
    ...["req", "-x509", "-nodes", "-newkey", "rsa:2048", "-days", "2"],
    ...["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"],
    ...["-keyout", plain, "-out", cert],
  ]);
  await output("openssl", ...[
    ...["pkcs8", "-topk8", "-in", plain, "-out", key],
    ...["-passout", `file:${password}`],
  ]);

  await t.step("with an encrypted key", async () => {
    await using serving = await Serving.start([
      ...["--tls-cert", cert, "--tls-key", key, "--tls-password-file"],
      ...[password, "-d", site.path, "0"],
    ]);
    assertMatch(serving.firstLines, /^Serving HTTPS on .* \(https:/);
    assertEquals(
      await output("curl", "-sSf", "--cacert", cert, `${serving.url}/s.css`),
      STYLE,
    );
  });

  await t.step("but not with the wrong password", async () => {
    const ended = await run([
      ...["--tls-cert", cert, "--tls-key", key, "--tls-password-file"],
      `${site.path}/s.css`,
    ]);
    assertEquals(ended, {
      code: 2,
      stdout: "",
      stderr: `error: --tls-key: cannot decrypt ${key}: ` +
        "the password is wrong, or the cipher unknown\n",
    });
  });

  await t.step("and not without one", async () => {
    const ended = await run(["--tls-cert", cert, "--tls-key", key]);
    assertEquals(ended, {
      code: 2,
      stdout: "",
      stderr: `error: --tls-key: ${key} is encrypted, ` +
        "give --tls-password-file\n",
    });
  });
});

Deno.test("the command serves no file of passwords or keys", async (t) => {
  await using site = await makeSite();
  await using elsewhere = await makeSite();
  const users = `ada:${await hashPassword("sesame")}\n`;
  const certificate = new URL("../testdata/tls/localhost.crt", import.meta.url);
  const key = new URL("../testdata/tls/localhost.key", import.meta.url);
  const files = {
    users,
    ".users": users,
    "cert.pem": await Deno.readTextFile(certificate),
    "key.pem": await Deno.readTextFile(key),
    "both.pem": await Deno.readTextFile(certificate) +
      await Deno.readTextFile(key),
  };
  for (const [name, content] of Object.entries(files)) {
    await Deno.writeTextFile(`${site.path}/${name}`, content);
  }
  await Deno.symlink(site.path, `${elsewhere.path}/link`);
  const [inside, outside] = [site.path, `${elsewhere.path}/link`];
  const pair = ["--tls-cert", `${inside}/cert.pem`, "--tls-key"];
  const table: { args: string[]; served?: string }[] = [
    { args: ["-d", inside, "--auth-file", `${inside}/users`], served: "users" },
    {
      args: ["-d", inside, "--auth-file", `${outside}/users`],
      served: "users",
    },
    {
      args: ["-d", outside, "--auth-file", `${inside}/users`],
      served: "users",
    },
    { args: ["-d", inside, "--auth-file", `${inside}/.users`] },
    {
      args: ["-d", inside, "--dotfiles", "--auth-file", `${inside}/.users`],
      served: ".users",
    },
    { args: ["-d", elsewhere.path, "--auth-file", `${inside}/users`] },
    {
      args: ["-d", `${inside}/users`, "--auth-file", `${inside}/users`],
      served: "users",
    },
    { args: ["-d", `${inside}/s.css`, "--auth-file", `${inside}/users`] },
    { args: ["-d", inside, ...pair, `${inside}/key.pem`], served: "key.pem" },
    { args: ["-d", elsewhere.path, ...pair, `${inside}/key.pem`] },
    {
      args: ["-d", inside, "--tls-cert", `${inside}/both.pem`],
      served: "both.pem",
    },
  ];
  for (const { args, served } of table) {
    await t.step(args.join(" "), async () => {
      if (served === undefined) {
        await using serving = await Serving.start([...args, "0"]);
        assertMatch(serving.firstLines, /^Serving HTTPS? on /);
        return;
      }
      const { code, stderr } = await run([...args, "0"]);
      assertEquals(code, 2);
      assertMatch(
        stderr,
        new RegExp(`^error: --\\S+: \\S+/${served} would be served: `),
      );
      assertEquals(
        stderr.includes("begin with a dot"),
        !args.includes("--dotfiles"),
      );
    });
  }
});

Deno.test("the command answers for its own names", async (t) => {
  await using site = await makeSite();
  const status = async (port: number, host: string, ...more: string[]) => {
    const url = `http://127.0.0.1:${port}/s.css`;
    const fields = ["-H", `Host: ${host}`, ...more];
    return await output(
      "curl",
      "-so",
      "/dev/null",
      "-w%{http_code}",
      ...fields,
      url,
    );
  };
  await t.step("on loopback", async () => {
    await using serving = await Serving.start(["0", "-d", site.path]);
    const { port } = serving;
    assertEquals(await status(port, `localhost:${port}`), "200");
    assertEquals(await status(port, "evil.example"), "421");
    assertEquals(await status(port, "$(id)"), "421");
    const { code, stderr } = await serving.stop("SIGTERM");
    assertEquals(code, 0);
    assertMatch(
      stderr,
      / no such host "evil\.example": add --host evil\.example\n/,
    );
    assertMatch(stderr, / no such host "\$\(id\)"\n/);
  });
  await t.step("by a name of its own", async () => {
    const args = ["0", "-d", site.path, "--host", "Nas.example"];
    await using serving = await Serving.start(args);
    const { port } = serving;
    assertEquals(await status(port, `nas.example:${port}`), "200");
    assertEquals(await status(port, `127.0.0.1:${port}`), "200");
    assertEquals(await status(port, "evil.example"), "421");
    assertEquals((await serving.stop("SIGTERM")).code, 0);
  });
  await t.step("on any address by any name, but for uploads", async () => {
    const args = ["0", "-d", site.path, "--bind", "0.0.0.0", "--upload"];
    await using serving = await Serving.start(args, { permissions: ["-NRW"] });
    const { port } = serving;
    const evil = `evil.example:${port}`;
    assertEquals(await status(port, evil), "200");
    const put = ["-T", `${site.path}/s.css`];
    const page = ["-H", `Origin: http://${evil}`, ...put];
    assertEquals(await status(port, evil, ...page), "421");
    // No page: the file exists.
    assertEquals(await status(port, evil, ...put), "409");
    const { code, stderr } = await serving.stop("SIGTERM");
    assertEquals(code, 0);
    assertMatch(stderr, /^warning: whoever reaches this address may upload: /);
  });
});

Deno.test("the command takes uploads from those it knows", async () => {
  await using site = await makeSite();
  const auth = `${site.path}/.users`;
  await Deno.writeTextFile(auth, `ada:${await hashPassword("sesame")}\n`);
  await using serving = await Serving.start(
    ["-d", site.path, "--upload", "--auth-file", auth, "0"],
    { permissions: ["-NRW"] },
  );
  const url = `${serving.url}/new.txt`;
  const put = ["-sS", "-o/dev/null", "-w%{http_code}", "-T", auth, url];
  assertEquals(await output("curl", ...put), "401");
  assertEquals(await output("curl", "-u", "ada:sesame", ...put), "201");
  assertEquals(
    await Deno.readTextFile(`${site.path}/new.txt`),
    await Deno.readTextFile(auth),
  );
});

Deno.test("the command takes users from a variable, if it is told to", async () => {
  await using site = await makeSite();
  const env = { USERS: `ada:${await hashPassword("sesame")}` };
  await using serving = await Serving.start(
    ["-d", site.path, "--auth-env=USERS", "0"],
    { permissions: ["-NR", "-E=USERS"], env },
  );
  const url = `${serving.url}/s.css`;
  const status = ["-sS", "-o/dev/null", "-w%{http_code}"];
  assertEquals(await output("curl", ...status, url), "401");
  assertEquals(await output("curl", "-sSf", "-u", "ada:sesame", url), STYLE);
});

Deno.test("the command runs programs for those it knows", async () => {
  await using site = await makeSite();
  const users = `${site.path}/.users`;
  await Deno.writeTextFile(users, `ada:${await hashPassword("sesame")}\n`);
  await Deno.mkdir(`${site.path}/cgi-bin`);
  await Deno.writeTextFile(
    `${site.path}/cgi-bin/who`,
    `#!/bin/sh
printf 'Content-Type: text/plain\n\n%s\n' "$REMOTE_USER"
`,
    { mode: 0o755 },
  );
  await using serving = await Serving.start(
    ["-d", site.path, "--cgi", "--auth-file", users, "0"],
    { permissions: ["-NR", "--allow-run"] },
  );
  const url = `${serving.url}/cgi-bin/who`;
  assertEquals(await output("curl", "-sSf", "-u", "ada:sesame", url), "ada\n");
  const status = ["-sS", "-o/dev/null", "-w%{http_code}"];
  assertEquals(await output("curl", ...status, url), "401");
  assertEquals(await output("curl", ...status, `${serving.url}/s.css`), "401");
});
