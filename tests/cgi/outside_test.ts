// Symbolic links that lead out of the root to programs.

import { assertEquals } from "@std/assert";
import { CgiRequestHandler, FastCgiRequestHandler } from "../../lib/cgi/mod.ts";
import type { HttpHandlerClass } from "../../lib/handler/http_request_handler.ts";
import { Serving, Site } from "./_serve.ts";

const PROGRAM = "#!/bin/sh\nprintf 'Status: 200\\n\\nran'\n";

async function makeSite(): Promise<Site> {
  const site = new Site({
    "outside/program": PROGRAM,
    "outside/page.say": "outside",
    "outside/plain": "not executable",
    "site/cgi-bin/inside": PROGRAM,
    "site/page.say": "inside",
  });
  const links = {
    "cgi-bin/away": "../../outside/program",
    "cgi-bin/plain": "../../outside/plain",
    "cgi-bin/folder": "../../outside",
    "cgi-bin/near": "inside",
    "cgi-bin/named": "../../outside/program",
    "away.say": "../outside/page.say",
    "near.say": "page.say",
  };
  for (const [name, target] of Object.entries(links)) {
    await Deno.symlink(target, `${site.root}/site/${name}`);
  }
  await Deno.mkdir(`${site.root}/site/index`);
  await Deno.symlink(
    "../../outside/page.say",
    `${site.root}/site/index/index.say`,
  );
  return site;
}

function settings(site: Site) {
  const root = `${site.root}/site`;
  return {
    root,
    interpreters: { ".say": `${root}/cgi-bin/inside` },
    indexPages: ["index.say"],
    programs: { "/cgi-bin/named": `${root}/cgi-bin/named` },
  };
}

async function statusOf(serving: Serving, path: string): Promise<string> {
  const request =
    `GET ${path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n`;
  return (await serving.exchange(request)).slice(9, 12);
}

const ROWS: readonly [path: string, following: string, link?: string][] = [
  ["/cgi-bin/inside", "200"],
  ["/cgi-bin/near", "200"],
  ["/cgi-bin/named", "200"],
  ["/page.say", "200"],
  ["/near.say", "200"],
  ["/cgi-bin/away", "200", "cgi-bin/away"],
  ["/cgi-bin/away/info", "200", "cgi-bin/away"],
  ["/cgi-bin/plain", "403", "cgi-bin/plain"],
  ["/cgi-bin/folder/program", "200", "cgi-bin/folder/program"],
  ["/away.say", "200", "away.say"],
  ["/index/", "200", "index/index.say"],
];

Deno.test("a link out of the root is no program unless links are followed", async () => {
  await using site = await makeSite();
  const Cgi = CgiRequestHandler.with(settings(site));
  await using serving = new Serving(Cgi);
  await using following = new Serving(Cgi.with({ followSymlinks: true }));
  for (const [path, status, link] of ROWS) {
    assertEquals(await statusOf(following, path), status, path);
    serving.log.length = 0;
    const want = link === undefined ? status : "404";
    assertEquals(await statusOf(serving, path), want, path);
    const [said] = serving.log;
    if (link === undefined) continue;
    assertEquals(
      said,
      `${site.root}/site/${link}: a link leads out of the root: ` +
        "see followSymlinks",
    );
  }
});

Deno.test("FastCGI asks for no file behind a link out of the root", async () => {
  await using site = await makeSite();
  const { root } = settings(site);
  const asked = (more: { followSymlinks?: boolean; checkFiles?: boolean }) =>
    FastCgiRequestHandler.with({
      root,
      suffixes: [".say"],
      // Nobody listens: who is asked for is 502.
      address: "unix:/nonexistent/socket",
      ...more,
    });
  const rows: [Class: HttpHandlerClass, path: string, status: string][] = [
    [asked({}), "/away.say", "404"],
    [asked({}), "/near.say", "502"],
    [asked({ followSymlinks: true }), "/away.say", "502"],
    [asked({ checkFiles: false }), "/away.say", "502"],
  ];
  for (const [Class, path, status] of rows) {
    await using serving = new Serving(Class);
    assertEquals(await statusOf(serving, path), status);
  }
});
