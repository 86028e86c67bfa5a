import { assert, assertEquals, assertMatch } from "@std/assert";
import { CgiRequestHandler } from "../../../lib/cgi/cgi_request_handler.ts";
import { FastCgiRequestHandler } from "../../../lib/cgi/fastcgi_request_handler.ts";
import type { HttpHandlerClass } from "../../../lib/handler/http_request_handler.ts";
import { isMissing, Serving, Site } from "../_serve.ts";

const FILES = {
  "form.php": `<?php
header('Content-Type: text/plain');
setcookie('a', '1'); setcookie('b', '2');
echo $_SERVER['REQUEST_METHOD'], ' ', $_POST['name'] ?? $_GET['name'] ?? '-',
  ' ', $_SERVER['PATH_INFO'] ?? '-', ' ', $_SERVER['HTTPS'] ?? 'off';
`,
  "upload.php": `<?php
header('Content-Type: text/plain');
$f = $_FILES['file'];
echo $f['name'], ' ', $f['size'], ' ', md5_file($f['tmp_name']);
`,
  "session.php": `<?php
session_save_path(__DIR__ . '/sessions');
session_start();
$_SESSION['count'] = ($_SESSION['count'] ?? 0) + 1;
header('Content-Type: text/plain');
echo $_SESSION['count'];
`,
  "go.php": `<?php header('Location: /form.php?name=gone');`,
  "folder/index.php": `<?php
header('Content-Type: text/plain');
header('ETag: "v1"');
echo $_SERVER['REQUEST_METHOD'], ' ', $_POST['name'] ?? '-', ' ',
  $_SERVER['SCRIPT_NAME'], ' ', $_SERVER['PHP_SELF'], ' ',
  $_SERVER['REQUEST_URI'], ' ', isset($_SERVER['PATH_INFO']) ? 'info' : '-', ' ',
  $_SERVER['SCRIPT_FILENAME'] === __FILE__ ? 'here' : 'elsewhere';
`,
  "bytes.php": `<?php header('Content-Type: text/plain');
echo bin2hex($_SERVER['PATH_INFO']);
`,
  "raw.php": `<?php header('Content-Type: text/plain');
echo strlen(file_get_contents('php://input')), ' ', $_SERVER['CONTENT_LENGTH'];
`,
  "warn.php": `<?php header('Content-Type: text/plain');
error_log('mind the gap'); echo 'ok';
`,
  "big.php": `<?php header('Content-Type: text/plain');
for ($i = 0; $i < 300; $i++) echo str_repeat('x', 10000);
`,
  "sessions/keep": "",
} as const;

/** What PHP pages do, however PHP is run. */
async function browse(
  t: Deno.TestContext,
  classes: HttpHandlerClass,
): Promise<void> {
  await using serving = new Serving(classes);
  const { origin } = serving;

  await t.step("a query, PATH_INFO and several cookies", async () => {
    const response = await fetch(`${origin}/form.php/more?name=Ann`);
    assertEquals(await response.text(), "GET Ann /more off");
    assertEquals(response.headers.getSetCookie(), ["a=1", "b=2"]);
  });

  await t.step("a form", async () => {
    const body = new URLSearchParams({ name: "Ann & Bob" });
    const response = await fetch(`${origin}/form.php`, {
      method: "POST",
      body,
    });
    assertEquals(await response.text(), "POST Ann & Bob - off");
  });

  await t.step("a file upload", async () => {
    const body = new FormData();
    body.set("file", new File(["x".repeat(1_000_000)], "big.txt"));
    const response = await fetch(`${origin}/upload.php`, {
      method: "POST",
      body,
    });
    assertEquals(
      await response.text(),
      `big.txt 1000000 ${await md5("x".repeat(1_000_000))}`,
    );
  });

  await t.step("a session", async () => {
    const first = await fetch(`${origin}/session.php`);
    assertEquals(await first.text(), "1");
    const [cookie = ""] = first.headers.getSetCookie();
    assertMatch(cookie, /^PHPSESSID=/);
    const headers = { cookie: cookie.split(";", 1).join() };
    const second = await fetch(`${origin}/session.php`, { headers });
    assertEquals(await second.text(), "2");
  });

  await t.step("a redirect", async () => {
    const response = await fetch(`${origin}/go.php`, { redirect: "manual" });
    await response.body?.cancel();
    assertEquals(response.status, 302);
    assertEquals(response.headers.get("location"), "/form.php?name=gone");
  });

  await t.step("a chunked body", async () => {
    const pieces = ReadableStream.from(["ab", "c".repeat(100_000)]);
    const response = await fetch(`${origin}/raw.php`, {
      method: "POST",
      body: pieces.pipeThrough(new TextEncoderStream()),
    });
    assertEquals(await response.text(), "100002 100002");
  });

  await t.step("a page of some MB", async () => {
    const response = await fetch(`${origin}/big.php`);
    assertEquals((await response.bytes()).length, 3_000_000);
  });

  await t.step("the page of a folder", async () => {
    const url = `${origin}/folder/?a=b`;
    const response = await fetch(url, {
      method: "POST",
      body: new URLSearchParams({ name: "Ann" }),
    });
    const script = "/folder/index.php";
    assertEquals(
      await response.text(),
      `POST Ann ${script} ${script} /folder/?a=b - here`,
    );
    const slashless = await fetch(`${origin}/folder?a=b`);
    assertEquals(slashless.url, url);
    assertEquals(
      await slashless.text(),
      `GET - ${script} ${script} /folder/?a=b - here`,
    );
  });

  await t.step("a page that the client has", async () => {
    const headers = { "If-None-Match": '"v1"' };
    const response = await fetch(`${origin}/folder/`, { headers });
    assertEquals(response.status, 304);
    assertEquals(response.headers.get("etag"), '"v1"');
    assertEquals(await response.text(), "");
  });

  await t.step("a path that is not UTF-8", async () => {
    const response = await fetch(`${origin}/bytes.php/caf%E9`);
    assertEquals(await response.text(), "2f636166e9");
  });

  await t.step("a page that does not exist", async () => {
    const response = await fetch(`${origin}/none.php`);
    await response.body?.cancel();
    assertEquals(response.status, 404);
  });

  await t.step("a line for the log", async () => {
    serving.log.length = 0;
    const response = await fetch(`${origin}/warn.php`);
    assertEquals(await response.text(), "ok");
    assert(
      serving.log.some((line) =>
        line.startsWith("/warn.php: ") && line.includes("mind the gap")
      ),
      serving.log.join("\n"),
    );
  });
  assertEquals(serving.errors, []);
}

async function md5(text: string): Promise<string> {
  const process = new Deno.Command("md5sum", {
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = process.stdin.getWriter();
  await writer.write(new TextEncoder().encode(text));
  await writer.close();
  const { stdout } = await process.output();
  return new TextDecoder().decode(stdout).slice(0, 32);
}

Deno.test({
  name: "PHP pages work through php-cgi",
  ignore: isMissing("php-cgi"),
  async fn(t) {
    await using site = new Site(FILES);
    await browse(
      t,
      CgiRequestHandler.with({
        root: site.root,
        interpreters: { ".php": "php-cgi" },
      }),
    );
  },
});

/** Debian puts the version into the name. */
function findFpm(): string {
  try {
    for (const { name } of Deno.readDirSync("/usr/sbin")) {
      if (name.startsWith("php-fpm")) return `/usr/sbin/${name}`;
    }
  } catch {
    // There is no such directory.
  }
  return "php-fpm";
}

Deno.test({
  name: "PHP pages work through php-fpm on a Unix socket",
  ignore: isMissing(findFpm()),
  async fn(t) {
    await using site = new Site({
      ...FILES,
      "fpm.conf": `[global]
error_log = /dev/stderr
[www]
listen = SOCKET
pm = static
pm.max_children = 2
catch_workers_output = no
`,
    });
    const socket = `${site.root}/fpm.sock`;
    const config = `${site.root}/fpm.conf`;
    const text = await Deno.readTextFile(config);
    const user = Deno.uid() === 0 ? "user = root\ngroup = root\n" : "";
    await Deno.writeTextFile(config, text.replace("SOCKET", socket) + user);
    const fpm = new Deno.Command(findFpm(), {
      args: ["--nodaemonize", "--allow-to-run-as-root", "-y", config],
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const errors = fpm.stderr.getReader();
    const decoder = new TextDecoder();
    for (let said = ""; !said.includes("ready to handle connections");) {
      const { value } = await errors.read();
      assert(value !== undefined, said);
      said += decoder.decode(value);
    }
    const Php = FastCgiRequestHandler.with({
      root: site.root,
      address: `unix:${socket}`,
      maxConnections: 2,
    });
    try {
      await browse(t, Php);
    } finally {
      Php.closeConnections();
      fpm.kill("SIGTERM");
      await errors.cancel();
      await fpm.status;
    }
  },
});
