import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Access } from "../../lib/static/access.ts";
import { hashPassword } from "../../lib/static/password_hash.ts";
import { UploadRequestHandler } from "../../lib/static/upload_request_handler.ts";
import { anHourLater } from "./_clock.ts";
import { folderOf, type Layout } from "./_folder.ts";
import { serve, type Site } from "./_site.ts";

async function dropOf(
  layout: Layout,
  settings: Partial<UploadRequestHandler> = {},
): Promise<Site> {
  const folder = await folderOf(layout);
  const root = `${folder.path}/${settings.root ?? ""}`.replace(/\/$/, "");
  const Drop = UploadRequestHandler.with({ ...settings, root });
  return serve(folder, root, Drop);
}

function put(
  site: Site,
  path: string,
  body: string,
  fields: Record<string, string> = {},
) {
  const length = { "Content-Length": String(body.length) };
  return site.ask(path, { ...length, ...fields }, "PUT", body);
}

async function namesIn(path: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(path)) names.push(name);
  return names.sort();
}

for (const overwrite of [false, true]) {
  Deno.test(`uploads ${overwrite ? "replace" : "are not sent as"} what is read of a file, overwrite ${overwrite}`, async () => {
    await using site = await dropOf({ "a.txt": "old" }, {
      precompressed: true,
      overwrite,
    });
    for (const name of ["a.txt.gz", "a.txt.br", "a.txt.zst", "new.txt.gz"]) {
      assertEquals((await put(site, `/${name}`, "other")).status, 201);
    }
    // Its time is before that of the sibling, as of a file that is copied.
    await Deno.writeTextFile(`${site.root}/new.txt`, "old");
    await Deno.utime(`${site.root}/new.txt`, 1, 1);
    for (const path of ["/a.txt", "/new.txt"]) {
      const { body, fields } = await site.ask(path, {
        "Accept-Encoding": "gzip, br, zstd",
      });
      assertEquals(body, overwrite ? "other" : "old");
      assertEquals(fields.has("content-encoding"), overwrite);
    }
  });
}

const puts: {
  path: string;
  fields?: Record<string, string>;
  status: number;
}[] = [
  { path: "/new.txt", status: 201 },
  { path: "/sub/new.txt", status: 201 },
  { path: "/a.txt", status: 409 },
  { path: "/sub", status: 409 },
  { path: "/sub/", status: 403 },
  { path: "/none/new.txt", status: 409 },
  { path: "/a.txt/new.txt", status: 409 },
  { path: "/.hidden", status: 403 },
  { path: "/a%5Cb", status: 403 },
  { path: "/C:x", status: 403 },
  { path: "/a%0Ab", status: 403 },
  { path: "/NUL.txt", status: 403 },
  { path: "/a.", status: 403 },
  { path: "/a%20", status: 403 },
  { path: `/${"x".repeat(256)}`, status: 400 },
  { path: `/${"%1b".repeat(250)}`, status: 403 },
  { path: "/.git/hook", status: 403 },
  { path: "/../up.txt", status: 201 },
  { path: "/%2e%2e/up2.txt", status: 201 },
  { path: "/%2e%2e%2fup3.txt", status: 400 },
  { path: "/out/new.txt", status: 409 },
  { path: "/out-file", status: 409 },
  { path: "/broken", status: 409 },
  { path: "/x", fields: { "Content-Range": "bytes 0-1/4" }, status: 400 },
  { path: "/x", fields: { "Content-Encoding": "gzip" }, status: 415 },
  { path: "/x", fields: { "If-Match": "*" }, status: 412 },
  { path: "/x", fields: { "If-Match": '"a"' }, status: 412 },
  { path: "/x", fields: { "If-None-Match": "*" }, status: 201 },
  { path: "/a.txt", fields: { "If-None-Match": "*" }, status: 412 },
  { path: "/x2", fields: { Origin: "http://evil" }, status: 403 },
  { path: "/x2", fields: { "Sec-Fetch-Site": "cross-site" }, status: 403 },
];

Deno.test("UploadRequestHandler puts files, inside only", async (t) => {
  await using site = await dropOf({
    "root/a.txt": "old",
    "root/sub/": "",
    "root/out": "-> ../outside",
    "root/out-file": "-> ../outside/s.txt",
    "root/broken": "-> ../outside/none",
    "outside/s.txt": "SECRET",
  }, { root: "root" });
  for (const { path, fields, status } of puts) {
    await t.step(`${path} ${JSON.stringify(fields ?? {})}`, async () => {
      assertEquals((await put(site, path, "new", fields)).status, status);
    });
  }
  assertEquals(await namesIn(`${site.root}/../outside`), ["s.txt"]);
  assertEquals(await namesIn(`${site.root}/..`), ["outside", "root"]);
  assertEquals(await namesIn(site.root), [
    "a.txt",
    "broken",
    "new.txt",
    "out",
    "out-file",
    "sub",
    "up.txt",
    "up2.txt",
    "x",
  ]);
  assertEquals((await site.ask("/sub/new.txt")).body, "new");
  assertEquals((await site.ask("/a.txt")).body, "old");
});

const folders: typeof puts = [
  { path: "/new", status: 201 },
  { path: "/new/", status: 405 },
  { path: "/sub/new/", status: 201 },
  { path: "/sub/new/deep", status: 201 },
  { path: "/", status: 409 },
  { path: "/a.txt", status: 405 },
  { path: "/a.txt/", status: 405 },
  { path: "/a.txt/new", status: 409 },
  { path: "/none/new", status: 409 },
  { path: "/.hidden", status: 403 },
  { path: "/a%5Cb", status: 403 },
  { path: "/NUL", status: 403 },
  { path: "/a%20/", status: 403 },
  { path: `/${"x".repeat(256)}`, status: 400 },
  { path: "/../up", status: 201 },
  { path: "/out/new", status: 409 },
  { path: "/out", status: 409 },
  { path: "/broken", status: 409 },
  { path: "/x", fields: { Origin: "http://evil" }, status: 403 },
  { path: "/x", fields: { "Sec-Fetch-Site": "cross-site" }, status: 403 },
  { path: "/x", fields: { "Content-Length": "1" }, status: 415 },
];

Deno.test("UploadRequestHandler makes folders, inside only", async (t) => {
  await using site = await dropOf({
    "root/a.txt": "old",
    "root/sub/": "",
    "root/out": "-> ../outside",
    "root/broken": "-> ../outside/none",
    "outside/s.txt": "secret",
  }, { root: "root" });
  for (const { path, fields = {}, status } of folders) {
    await t.step(`${path} ${JSON.stringify(fields)}`, async () => {
      const body = fields["Content-Length"] === undefined ? "" : "x";
      const answer = await site.ask(path, fields, "MKCOL", body);
      assertEquals(answer.status, status);
      assertEquals(answer.fields.has("allow"), status === 405);
    });
  }
  assertEquals(await namesIn(`${site.root}/sub/new`), ["deep"]);
  assertEquals(await namesIn(`${site.root}/../outside`), ["s.txt"]);
});

Deno.test("UploadRequestHandler replaces files where allowed", async () => {
  using _clock = anHourLater();
  await using site = await dropOf({ "a.txt": "old" }, { overwrite: true });
  const before = await site.ask("/a.txt");
  const etag = before.fields.get("etag") ?? "";
  const stale = await put(site, "/a.txt", "new", { "If-Match": '"other"' });
  assertEquals(stale.status, 412);
  const fresh = await put(site, "/a.txt", "new", {
    "If-Match": etag,
    "If-Modified-Since": "Wed, 01 Jan 2098 00:00:00 GMT",
  });
  assertEquals(fresh.status, 204);
  assertEquals((await site.ask("/a.txt")).body, "new");
});

Deno.test("UploadRequestHandler bounds the size", async () => {
  await using site = await dropOf({}, { maxUploadBytes: 10 });
  assertEquals((await put(site, "/a", "1234567890")).status, 201);
  assertEquals((await put(site, "/b", "12345678901")).status, 413);
  const chunked = await site.raw(
    "PUT /c HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" +
      "Transfer-Encoding: chunked\r\n\r\nb\r\n12345678901\r\n0\r\n\r\n",
  );
  assert(chunked.startsWith("HTTP/1.1 413 "));
  assertEquals(await namesIn(site.root), ["a"]);
});

Deno.test("UploadRequestHandler leaves nothing of a broken upload", async () => {
  await using site = await dropOf({});
  {
    using conn = await Deno.connect({ hostname: "127.0.0.1", port: site.port });
    const half = "PUT /a HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf";
    await conn.write(new TextEncoder().encode(half));
    await conn.closeWrite();
    const answer = new Uint8Array(1024);
    while (await conn.read(answer) !== null);
  }
  assertEquals(await namesIn(site.root), []);
});

Deno.test("UploadRequestHandler asks for the password first", async () => {
  const users = new Map([["ada", await hashPassword("secret")]]);
  await using site = await dropOf({}, { access: new Access({ users }) });
  assertEquals((await put(site, "/a", "x")).status, 401);
  const fields = { Authorization: `Basic ${btoa("ada:secret")}` };
  assertEquals((await put(site, "/a", "x", fields)).status, 201);
});

Deno.test("UploadRequestHandler shows a form and its verbs", async () => {
  await using site = await dropOf({});
  const listing = await site.ask("/");
  assertStringIncludes(listing.body, "<form method=post");
  const options = await site.ask("/", {}, "OPTIONS");
  assertEquals(
    options.fields.get("allow"),
    "GET, HEAD, MKCOL, OPTIONS, POST, PUT",
  );
});

Deno.test("UploadRequestHandler shows nobody half a file", async () => {
  await using site = await dropOf({}, { dotfiles: true });
  using conn = await Deno.connect({ hostname: "127.0.0.1", port: site.port });
  const head = "PUT /a HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n";
  await conn.write(new TextEncoder().encode(`${head}half`));
  let name: string | undefined;
  while (name === undefined) [name] = await namesIn(site.root);
  const listing = await site.ask("/", { Accept: "application/json" });
  assertEquals(listing.body, "[]\n");
  assertEquals((await site.ask(`/${name}`)).status, 404);
  assertEquals((await put(site, `/${name}`, "x")).status, 403);
});
