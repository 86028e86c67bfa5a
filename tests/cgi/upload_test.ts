// What is run is never what a client has sent: no class takes a file that
// another class of the server would run, and none takes files at all from
// everybody where programs run.

import { assertEquals, assertThrows } from "@std/assert";
import { CgiRequestHandler, FastCgiRequestHandler } from "../../lib/cgi/mod.ts";
import { toFetch } from "../../lib/fetch/mod.ts";
import { HttpServer } from "../../lib/server/http_server.ts";
import {
  Access,
  hashPassword,
  StaticRequestHandler,
  UploadRequestHandler,
} from "../../lib/static/mod.ts";
import { Serving, Site } from "./_serve.ts";

const FILES = {
  "site/cgi-bin/hello": "#!/bin/sh\n",
  "site/cgi-bin/sub/data.txt": "",
  "site/page.php": "<?php",
  "site/program": "#!/bin/sh\n",
  "site/folder/plain.txt": "",
  "site/plain.txt": "",
};

/** Paths that a file is put to, or which a form sends from their folder. */
const REFUSED = [
  "evil.php",
  "evil.PHP",
  "evil.Php",
  "evil.jpg.php",
  "evil.php.gz",
  "evil.php.br",
  "evil.ph%E2%80%8Dp",
  "evil.%EF%BD%90hp",
  "index.php",
  "page.php",
  "folder/evil.php",
  ".user.ini",
  "folder/.user.ini",
  ".htaccess",
  "php.ini",
  "PHP.INI",
  "folder/php.ini",
  "php-cgi-fcgi.ini",
  "php-cgi.ini",
  "web.config",
  "package.json",
  "deno.json",
  "deno.jsonc",
  "program",
  "PROGRAM",
  "cgi-bin/evil",
  "cgi-bin/hello",
  "cgi-bin/sub/evil.txt",
  "linked/evil",
  "linked/sub/evil.txt",
];

/** Names that no class would run; they are refused all the same, as unportable. */
const UNPORTABLE = ["evil.php.", "evil.php%20", "evil.php/", "evil.php%3A"];

const TAKEN = [
  "evil.phps",
  "evil.php.txt",
  "my-php.ini",
  "app.ini",
  "folder/programs",
  "php",
];

Deno.test("UploadRequestHandler takes nothing that is run", async (t) => {
  await using site = new Site(FILES);
  const root = `${site.root}/site`;
  await Deno.symlink("cgi-bin", `${root}/linked`);
  const users = new Map([["ada", await hashPassword("sesame")]]);
  const Cgi = CgiRequestHandler.with({
    root,
    interpreters: { ".php": "/bin/false" },
    programs: { "/run": `${root}/program` },
  });
  class Drop extends UploadRequestHandler.with({
    overwrite: true,
    dotfiles: true,
  }) {
    static override prefix = "/drop";
    override root = root;
    override access = new Access({ users });
  }
  await using serving = new Serving([Cgi, Drop]);
  const before = await treeOf(root);
  const headers = { Authorization: `Basic ${btoa("ada:sesame")}` };
  const put = async (path: string) => {
    const url = `${serving.origin}/drop/${path}`;
    const response = await fetch(url, { method: "PUT", body: "new", headers });
    await response.body?.cancel();
    return response.status;
  };
  const post = async (path: string) => {
    const slash = path.lastIndexOf("/") + 1;
    const form = new FormData();
    const name = decodeURIComponent(path.slice(slash));
    form.append("file", new File(["new"], name));
    const url = `${serving.origin}/drop/${path.slice(0, slash)}`;
    const response = await fetch(url, {
      method: "POST",
      body: form,
      headers: { ...headers, Accept: "application/json" },
    });
    await response.body?.cancel();
    return response.status;
  };
  for (const path of [...REFUSED, ...UNPORTABLE]) {
    await t.step(path, async () => {
      assertEquals(await put(path), 403);
      if (!path.endsWith("/")) assertEquals(await post(path), 403);
      assertEquals(await treeOf(root), before);
    });
  }
  for (const path of TAKEN) {
    await t.step(path, async () => {
      assertEquals(await put(path), 201);
      assertEquals(await post(path), 200);
    });
  }
  assertEquals(serving.errors, []);
});

async function treeOf(path: string): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(path)) {
    const inner = `${path}/${name}`;
    if (isDirectory) files.push(...await treeOf(inner));
    else files.push(`${inner} ${await Deno.readTextFile(inner).catch(String)}`);
  }
  return files.sort();
}

Deno.test("no server takes files from everybody where programs run", async (t) => {
  await using site = new Site({
    "site/cgi-bin/hello": "#!/bin/sh\n",
    "site/uploads/a": "",
    "other/a": "",
  });
  const root = `${site.root}/site`;
  const [Cgi, Php, Fpm, Git] = [
    CgiRequestHandler.with({ root }),
    CgiRequestHandler.with({ root, interpreters: { ".php": "php-cgi" } }),
    FastCgiRequestHandler.with({ root }),
    CgiRequestHandler.with({
      root: "/nowhere",
      programs: { "/git": `${root}/cgi-bin/hello` },
    }),
  ];
  const Drop = UploadRequestHandler.with({ root });
  const Inner = UploadRequestHandler.with({ root: `${root}/uploads` });
  const Other = UploadRequestHandler.with({ root: `${site.root}/other` });
  const linked = `${site.root}/linked`;
  await Deno.symlink("site", linked);
  const Linked = UploadRequestHandler.with({ root: linked });
  const users = new Map([["ada", await hashPassword("sesame")]]);
  const guarded = { access: new Access({ users }) };
  const byAddress = { access: new Access({ addresses: ["127.0.0.1"] }) };

  const refused = {
    "the same folder": [Cgi, Drop],
    "in any order": [Drop, Cgi],
    "with others between": [Cgi, StaticRequestHandler, Drop],
    "the defaults": [CgiRequestHandler, UploadRequestHandler],
    "a folder inside, with suffixes": [Php, Inner],
    "an application of FastCGI": [Fpm, Inner],
    "a single program": [Git, Drop],
    "through a link": [Cgi, Linked],
    "an address is no user": [Cgi, Drop.with(byAddress)],
  };
  for (const [name, classes] of Object.entries(refused)) {
    await t.step(name, () => {
      const start = () => new HttpServer({ port: 0 }, classes);
      assertThrows(
        start,
        TypeError,
        "Cannot serve UploadRequestHandler beside",
      );
      assertThrows(() => toFetch(classes), TypeError, "`access` that names");
    });
  }
  const started = {
    "a folder inside, without suffixes": [Cgi, Inner],
    "another folder": [Php, Other],
    "users": [Php, Drop.with(guarded)],
    "a guard of the developer's": [Php, Drop.with({ hasOwnGuard: true })],
    "no programs": [StaticRequestHandler, Drop],
  };
  for (const [name, classes] of Object.entries(started)) {
    await t.step(name, async () => {
      await using _server = new HttpServer({ port: 0 }, classes);
      toFetch(classes);
    });
  }
});
