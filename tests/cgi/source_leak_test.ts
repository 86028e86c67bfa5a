// What one class of a server runs no other class sends as a file: not under
// another prefix, not from another root, and by none of the ways in which files
// are found.

import { assertEquals, assertMatch } from "@std/assert";
import { verb } from "../../lib/handler/verb.ts";
import { CgiRequestHandler, FastCgiRequestHandler } from "../../lib/cgi/mod.ts";
import { StaticRequestHandler } from "../../lib/static/mod.ts";
import { Serving, Site } from "./_serve.ts";

const SECRET = "the source";
const PLAIN = "a plain file";

const FILES = {
  "site/cgi-bin/hello": `#!/bin/sh\n# ${SECRET}\n`,
  "site/cgi-bin/data.txt": SECRET,
  "site/cgi-bin/sub/index.html": SECRET,
  "site/index.php": SECRET,
  "site/page.php": SECRET,
  "site/page.php.gz": SECRET,
  "site/page.php.br": SECRET,
  "site/page.php.gz.br": SECRET,
  "site/OTHER.PHP": SECRET,
  "site/page.php.": SECRET,
  "site/page.php ": SECRET,
  "site/p\u00adage.ph\u200bp": SECRET,
  "site/404.php": SECRET,
  "site/sub/index.php": SECRET,
  "site/sub/page.php": SECRET,
  "site/sub/plain.txt": PLAIN,
  "site/program": `#!/bin/sh\n# ${SECRET}\n`,
  "site/sources/elsewhere.sh": `#!/bin/sh\n# ${SECRET}\n`,
  "site/plain.txt": PLAIN,
  "site/page.phps": PLAIN,
  "site/php": PLAIN,
  "elsewhere/page.php": SECRET,
};

/** Links, by their path, and where they lead. */
const LINKS = {
  "site/link.txt": "page.php",
  "site/link.php": "plain.txt",
  "site/clean.html": "page.php",
  "site/README.md": "page.php",
  "site/folder": "cgi-bin",
  "site/sub/plain.txt.gz": "../page.php",
  "site/linked": "program",
  "site/cgi-bin/elsewhere": "../sources/elsewhere.sh",
};

/** Below each prefix: what is asked for, and the field with which it is. */
const WAYS: readonly (readonly [target: string, field?: string])[] = [
  ["/"],
  ["/sub/"],
  ["/index.php"],
  ["/page.php"],
  ["/page%2ephp"],
  ["/page.php/"],
  ["/page.php/x"],
  ["/page.php.gz"],
  ["/page.php.br"],
  ["/page.php.gz.br"],
  ["/page.php", "Accept-Encoding: gzip"],
  ["/page.php", "Range: bytes=0-100"],
  ["/page.php.gz", "Range: bytes=0-100"],
  ["/page.php."],
  ["/page.php%20"],
  ["/OTHER.PHP"],
  ["/p%C2%ADage.ph%E2%80%8Bp"],
  ["/link.txt"],
  ["/link.php"],
  ["/clean"],
  ["/clean.html"],
  ["/missing"],
  ["/missing", "Accept: text/html"],
  ["/?archive=tar"],
  ["/?archive=zip"],
  ["/sub/?archive=tar"],
  ["/sub/plain.txt", "Accept-Encoding: gzip"],
  ["/cgi-bin/"],
  ["/cgi-bin/hello"],
  ["/cgi-bin/data.txt"],
  ["/cgi-bin/sub/"],
  ["/cgi-bin/?archive=tar"],
  ["/cgi-bin/sub/?archive=tar"],
  ["/folder/"],
  ["/folder/hello"],
  ["/folder/data.txt"],
  ["/folder/?archive=zip"],
  ["/program"],
  ["/linked"],
  ["/sources/elsewhere.sh"],
  ["/sources/?archive=tar"],
];

/** Statuses of a class that sends files, and of one that runs some as well. */
const FILE = /^HTTP\/1\.1 (200|206|301|404) /;
const RUN_OR_FILE = /^HTTP\/1\.1 (200|206|301|403|404|502) /;

/** What is sent all the same. */
const PLAINLY = ["/plain.txt", "/sub/plain.txt", "/page.phps", "/php"];

const SETTINGS = {
  indexPages: ["index.php"],
  cleanUrls: true,
  precompressed: true,
  archives: ["tar", "zip"],
  readme: true,
  notFoundPage: "404.php",
  spaPage: "page.php",
} as const;

Deno.test("no class sends what another one runs", async (t) => {
  await using site = new Site(FILES);
  for (const [path, target] of Object.entries(LINKS)) {
    await Deno.symlink(target, `${site.root}/${path}`);
  }
  const root = `${site.root}/site`;
  const Cgi = CgiRequestHandler.with({
    root,
    interpreters: { ".php": "/bin/false" },
    programs: { "/run": `${root}/program` },
  });
  class Same extends StaticRequestHandler.with({ ...SETTINGS, root }) {
    static override prefix = "/same";
  }
  class Following extends Same.with({ followSymlinks: true }) {
    static override prefix = "/following";
  }
  class Above extends Same.with({ root: site.root }) {
    static override prefix = "/above";
  }
  class Sending extends Same {
    static override prefix = "/sending";
    @verb("GET", "/*")
    async send(): Promise<void> {
      await this.sendFile(this.root + this.pathname);
    }
  }
  const Root = StaticRequestHandler.with({ ...SETTINGS, root });
  await using serving = new Serving(
    [Cgi, Root, Same, Following, Above, Sending],
  );
  const prefixes = ["", "/same", "/following", "/above/site", "/sending"];
  for (const prefix of prefixes) {
    for (const [target, field] of WAYS) {
      await t.step(`${prefix}${target} ${field ?? ""}`, async () => {
        const response = await serving.exchange(
          `GET ${prefix}${target} HTTP/1.1\r\nHost: h\r\n` +
            `${field === undefined ? "" : `${field}\r\n`}` +
            "Connection: close\r\n\r\n",
        );
        assertEquals(response.includes(SECRET), false, response);
        assertMatch(response, prefix === "" ? RUN_OR_FILE : FILE);
      });
    }
    for (const target of PLAINLY) {
      await t.step(`${prefix}${target}`, async () => {
        const url = serving.origin + prefix + target;
        assertEquals(await (await fetch(url)).text(), PLAIN);
      });
    }
  }
  await t.step("by suffix in another folder", async () => {
    const response = await fetch(`${serving.origin}/above/elsewhere/page.php`);
    assertEquals(response.status, 404);
    await response.body?.cancel();
  });
  assertEquals(serving.errors, []);
});

Deno.test("the files of an application of FastCGI are no files either", async () => {
  await using site = new Site({ "page.php": SECRET, "plain.txt": PLAIN });
  const { root } = site;
  const Fpm = FastCgiRequestHandler.with({ root, checkFiles: false });
  const Files = StaticRequestHandler.with({ root });
  class Mounted extends Files {
    static override prefix = "/files";
  }
  await using serving = new Serving([Fpm, Mounted]);
  for (const [target, status] of [["page.php", 404], ["plain.txt", 200]]) {
    const response = await fetch(`${serving.origin}/files/${target}`);
    assertEquals(response.status, status);
    await response.body?.cancel();
  }
});

Deno.test("a file that another server of the process runs is a file here", async () => {
  await using site = new Site({ "page.php": SECRET });
  const { root } = site;
  class Files extends StaticRequestHandler.with({ root }) {
    static override prefix = "/files";
  }
  const Cgi = CgiRequestHandler.with({
    root,
    interpreters: { ".php": "/bin/false" },
  });
  await using open = new Serving([Files]);
  await using guarded = new Serving([Cgi, Files]);
  for (let i = 0; i < 20; i++) {
    const file = await fetch(`${open.origin}/files/page.php`);
    assertEquals(await file.text(), SECRET);
    const none = await fetch(`${guarded.origin}/files/page.php`);
    assertEquals(none.status, 404);
    await none.body?.cancel();
  }
});
