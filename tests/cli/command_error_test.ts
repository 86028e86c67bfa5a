// What the command says when it does not serve.

import { assertEquals, assertMatch } from "@std/assert";
import { run } from "./_command.ts";
import { makeSite, output } from "./_site.ts";

const PORTS = ", want 0 to 65535; a folder goes with --directory";

Deno.test("the command prints its help and version", async () => {
  const help = await run(["--help"]);
  assertEquals([help.code, help.stderr], [0, ""]);
  assertMatch(
    help.stdout,
    /^usage: deno run -NR jsr:@verb\/http\/cli \[flags\]/,
  );
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
  await Deno.writeTextFile(`${site.path}/nobody`, "# ada:not yet\n\n");
  const tls = new URL("../testdata/tls/", import.meta.url).pathname;
  const certificate = `${tls}localhost.crt`;
  const otherKey = `${path}/.other.pem`;
  await output("openssl", "genpkey", "-algorithm", "RSA", "-out", otherKey);
  const table: {
    args: string[];
    permissions?: string[];
    env?: Record<string, string>;
    code?: number;
    line: string;
  }[] = [
    { args: ["--nope"], line: "unknown flag --nope, see --help" },
    {
      args: ["-d", `${site.path}/nobody`, "--cgi"],
      line: `cannot run programs: ${site.path}/nobody is no folder`,
    },
    { args: ["80", "81"], line: `"81" is one argument too many` },
    { args: ["80x"], line: `cannot listen on port "80x"${PORTS}` },
    { args: ["65536"], line: `cannot listen on port "65536"${PORTS}` },
    {
      args: ["-p", "HTTP/3"],
      line: `--protocol: cannot speak "HTTP/3", but HTTP/1.0 and HTTP/1.1`,
    },
    {
      args: ["-H", "A", "b\r\nSet-Cookie: c"],
      line: `--header: cannot send the field "A: b\\r\\nSet-Cookie: c"`,
    },
    {
      args: ["--host", "nas.example:80"],
      line: `--host: cannot take "nas.example:80" for a name`,
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
      line: `${path}/users: Cannot read line 1 of the auth file: ` +
        `want name:hash, with a hash of "htpasswd -B" at a cost of 4 to 14 ` +
        "or of hashPassword(), which is PBKDF2",
    },
    {
      args: ["--auth-file", `${path}/nobody`],
      line: `${path}/nobody names no user: nobody could get in`,
    },
    {
      args: ["--auth-file", `${path}/missing`],
      line: `cannot read ${path}/missing: there is no such file`,
    },
    { args: ["--auth-file", ""], line: "--auth-file: needs FILE" },
    { args: ["--allow="], line: "--allow: needs NET" },
    {
      args: ["-d", path, "--allow", "10.0.0.1", "-b", "unix:s", "-b", "::1"],
      line: "--allow: the clients of a Unix socket have no address",
    },
    { args: ["--tls-cert", ""], line: "--tls-cert: needs FILE" },
    { args: ["--tls-key="], line: "--tls-key: needs FILE" },
    { args: ["--bind", ""], line: "--bind: needs ADDR" },
    { args: ["--dotfiles=no"], line: "--dotfiles: takes no value" },
    {
      args: ["--auth-env"],
      line: "cannot read $VERB_AUTH: env permission is missing, " +
        "run deno with --allow-env=VERB_AUTH, or -E",
    },
    {
      args: ["--auth-env=USERS"],
      permissions: ["-NR", "-E=USERS"],
      line: "$USERS is not set",
    },
    {
      args: ["--auth-env"],
      permissions: ["-NRE"],
      env: { VERB_AUTH: "" },
      line: "$VERB_AUTH names no user: nobody could get in",
    },
    {
      args: ["--auth-env"],
      permissions: ["-NRE"],
      env: { VERB_AUTH: "ada:secret" },
      line: "$VERB_AUTH: Cannot read line 1 of the auth file: " +
        `want name:hash, with a hash of "htpasswd -B" at a cost of 4 to 14 ` +
        "or of hashPassword(), which is PBKDF2",
    },
    {
      args: ["--auth-env=A=B"],
      line: `--auth-env: no variable is named "A=B"`,
    },
    {
      args: ["--auth-env", "--auth-file", `${path}/users`],
      line: "give either --auth-file or --auth-env",
    },
    {
      args: ["--cors=example.com"],
      line: `--cors: cannot take "example.com" for an origin, ` +
        "want https://HOST",
    },
    {
      args: ["-d", path, "--spa=app.html"],
      line: `cannot serve ${path}/app.html: there is no such file`,
    },
    {
      args: ["-d", path, "--not-found", "nope.html"],
      line: `cannot serve ${path}/nope.html: there is no such file`,
    },
    {
      args: ["-d", path, "--tls-cert", certificate, "--tls-key", otherKey],
      line: `--tls-key: ${otherKey} is not the key of ${certificate}`,
    },
    {
      args: ["--allow", "10.0.0"],
      line: `--allow: Cannot read the address "10.0.0"`,
    },
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
      args: ["-d", path, "-b", "unix:/nonexistent/s"],
      line: "cannot listen on unix:/nonexistent/s: write permission is " +
        "missing, run deno with --allow-write=/nonexistent/s",
    },
    { args: ["--parallel=0"], line: "--parallel: want 1 or more" },
    {
      args: ["-d", path, "--parallel=2"],
      line: "--parallel needs deno run --unstable-net",
    },
    {
      args: ["-d", path, "--upload"],
      line: "cannot take uploads: write permission is missing, " +
        `run deno with --allow-write=${path}, or -W`,
    },
    {
      args: ["-d", path, "--upload", "--cgi"],
      permissions: ["-NRW", "--allow-run"],
      line: "--upload with --cgi lets whoever uploads have programs run: " +
        "add --auth-file or --auth-env",
    },
    {
      args: ["-d", path, "--upload", "--cgi-dir", "/x", "--allow", "::1"],
      permissions: ["-NRW", "--allow-run"],
      line: "--upload with --cgi lets whoever uploads have programs run: " +
        "add --auth-file or --auth-env",
    },
    {
      args: ["-d", path, "--cgi-dir", "/cgi%2Dbin"],
      permissions: ["-NR", "--allow-run"],
      line: `--cgi-dir: there is no folder ${path}/cgi%2Dbin`,
    },
    {
      args: ["-d", path, "--qr", "-b", "0.0.0.0", "0"],
      line: "cannot find the address for the QR code: sys permission is " +
        "missing, run deno with --allow-sys=networkInterfaces",
    },
    {
      args: ["-d", path, "--cgi"],
      line: "cannot run programs: run permission is missing, " +
        "run deno with --allow-run, or --allow-run=PROGRAM,…",
    },
    {
      args: ["-d", path, "--cgi-interpreter", ".php=php-cgi"],
      permissions: ["-NR", "--allow-run=kill"],
      line: "cannot run php-cgi: run permission is missing, " +
        "run deno with --allow-run=php-cgi,kill, or --allow-run",
    },
    {
      args: ["-d", path, "--cgi-interpreter", ".php=no-php"],
      permissions: ["-NR", "--allow-run"],
      line: "--cgi-interpreter: there is no program no-php",
    },
    {
      args: ["-d", path, "--upload", "--cgi-interpreter", ".x=sh"],
      permissions: ["-NRW", "--allow-run"],
      line: "--upload with --cgi lets whoever uploads have programs run: " +
        "add --auth-file or --auth-env",
    },
  ];
  for (const row of table) {
    const { args, permissions = ["-NR"], env = {}, code = 2, line } = row;
    await t.step(args.join(" "), async () => {
      const ended = await run(args, { permissions, env });
      assertEquals(ended, { code, stdout: "", stderr: `error: ${line}\n` });
    });
  }
  taken.close();
});
