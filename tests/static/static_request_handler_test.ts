import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { verb } from "../../lib/handler/verb.ts";
import { StaticRequestHandler } from "../../lib/static/static_request_handler.ts";
import { anHourLater } from "./_clock.ts";
import { folderOf } from "./_folder.ts";
import { serve, siteOf } from "./_site.ts";

const layout = {
  "hello.txt": "hello world\n",
  "noextension": "x",
  "a b.txt": "space",
  "100%.txt": "percent",
  ".env": "SECRET",
  "sub/index.html": "<p>sub",
  "sub/.git/config": "SECRET",
  "plain/b.txt": "b",
  "htm/index.htm": "<p>htm",
  "both/index.htm": "<p>htm",
  "both/index.html": "<p>html",
  "odd/index.html/x": "x",
  "\\evil.example/x": "x",
  "12:30.txt": "time",
};

const python: {
  path: string;
  status: number;
  type?: string;
  location?: string;
  body?: string;
}[] = [
  {
    path: "/hello.txt",
    status: 200,
    type: "text/plain; charset=UTF-8",
    body: "hello world\n",
  },
  { path: "/hello.txt?a=b", status: 200, body: "hello world\n" },
  { path: "//hello.txt", status: 200, body: "hello world\n" },
  { path: "/hell%6F.txt", status: 200, body: "hello world\n" },
  { path: "/./plain/../hello.txt", status: 200, body: "hello world\n" },
  { path: "/noextension", status: 200, type: "application/octet-stream" },
  { path: "/a%20b.txt", status: 200, body: "space" },
  { path: "/100%25.txt", status: 200, body: "percent" },
  { path: "/12:30.txt", status: 200, body: "time" },
  { path: "/100%2525.txt", status: 404 },
  { path: "/HELLO.txt", status: 404 },
  { path: "/hello.txt/", status: 404 },
  { path: "/hello.txt%2f", status: 404 },
  { path: "/hello.txt%2F", status: 404 },
  { path: "/hello.txt/x", status: 404 },
  { path: "/none", status: 404 },
  { path: "/none/", status: 404 },
  { path: "/sub", status: 301, location: "/sub/", body: "" },
  { path: "/sub?hi=1", status: 301, location: "/sub/?hi=1" },
  { path: "//sub", status: 301, location: "/sub/" },
  { path: "/./sub", status: 301, location: "/sub/" },
  { path: "///evil.example/%2e%2e/sub", status: 301, location: "/sub/" },
  { path: "///evil.example/..%2fsub", status: 400 },
  { path: "/\\evil.example", status: 400 },
  { path: "/%5Cevil.example", status: 301, location: "/%5Cevil.example/" },
  { path: "/sub/", status: 200, type: "text/html; charset=UTF-8" },
  { path: "/sub/?hi=1", status: 200, body: "<p>sub" },
  { path: "/sub%2f", status: 200, body: "<p>sub" },
  { path: "/htm/", status: 200, body: "<p>htm" },
  { path: "/both/", status: 200, body: "<p>html" },
  { path: "/odd/", status: 200, type: "text/html; charset=utf-8" },
  { path: "/plain/", status: 200, type: "text/html; charset=utf-8" },
  { path: "/plain%2F", status: 200, type: "text/html; charset=utf-8" },
  { path: "/../../../etc/passwd", status: 404 },
  { path: "/%2e%2e/%2e%2e/etc/passwd", status: 404 },
  { path: "/%00", status: 400 },
  { path: "/%ff", status: 400 },
  { path: "/%zz", status: 400 },
  // Hidden at any depth, unlike in Python.
  { path: "/.env", status: 404 },
  { path: "/%2eenv", status: 404 },
  { path: "/sub/.git/config", status: 404 },
  { path: "/sub/.git/", status: 404 },
];

Deno.test("StaticRequestHandler serves a folder as Python does", async (t) => {
  await using site = await siteOf(layout);
  for (const { path, status, type, location, body } of python) {
    await t.step(path, async () => {
      const answer = await site.ask(path);
      assertEquals(answer.status, status);
      if (type !== undefined) {
        assertEquals(answer.fields.get("content-type"), type);
      }
      assertEquals(answer.fields.get("location"), location);
      if (body !== undefined) assertEquals(answer.body, body);
    });
  }
});

Deno.test("StaticRequestHandler answers HEAD as GET without the body", async (t) => {
  await using site = await siteOf(layout);
  for (const path of ["/hello.txt", "/sub/", "/plain/", "/none", "/sub"]) {
    await t.step(path, async () => {
      const get = await site.ask(path);
      const head = await site.ask(path, {}, "HEAD");
      assertEquals(head.status, get.status);
      assertEquals(head.body, "");
      const unlike = (fields: ReadonlyMap<string, string>) =>
        [...fields].filter(([name]) => name !== "date");
      assertEquals(unlike(head.fields), unlike(get.fields));
    });
  }
});

Deno.test("StaticRequestHandler sends the whole head of a file", async () => {
  using _clock = anHourLater();
  await using site = await siteOf(layout);
  const etag = (await site.ask("/hello.txt")).fields.get("etag") ?? "";
  assertMatch(etag, /^"lqvrmnpk-c-[0-9a-z]+"$/);
  const text = await site.raw(
    "GET /hello.txt HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
  );
  assertEquals(
    text.replace(/^Date: .*\r\n/m, ""),
    "HTTP/1.1 200 OK\r\n" +
      "Server: verb\r\n" +
      "Content-Type: text/plain; charset=UTF-8\r\n" +
      "Accept-Ranges: bytes\r\n" +
      "Last-Modified: Tue, 02 Jan 2024 03:04:05 GMT\r\n" +
      `ETag: ${etag}\r\n` +
      "X-Content-Type-Options: nosniff\r\n" +
      "Content-Length: 12\r\n" +
      "Connection: close\r\n" +
      "\r\n" +
      "hello world\n",
  );
});

const verbs = [
  { method: "POST", status: 405 },
  { method: "PUT", status: 405 },
  { method: "DELETE", status: 405 },
  { method: "BREW", status: 501 },
  { method: "get", status: 501 },
];

Deno.test("StaticRequestHandler only reads", async () => {
  await using site = await siteOf(layout);
  for (const { method, status } of verbs) {
    const answer = await site.ask("/hello.txt", {}, method);
    assertEquals(answer.status, status, method);
    if (status === 405) {
      assertEquals(answer.fields.get("allow"), "GET, HEAD, OPTIONS");
    }
  }
  const options = await site.ask("/hello.txt", {}, "OPTIONS");
  assertEquals(options.status, 204);
  assertEquals(options.fields.get("allow"), "GET, HEAD, OPTIONS");
});

Deno.test("StaticRequestHandler stays inside its root", async (t) => {
  await using site = await siteOf({
    "root/a.txt": "inside",
    "root/in": "-> a.txt",
    "root/out": "-> ../secret.txt",
    "root/up": "-> ..",
    "root-private/secret.txt": "SECRET",
    "root/sibling": "-> ../root-private",
    "secret.txt": "SECRET",
  }, { root: "root" });
  const escapes = [
    "/../secret.txt",
    "/..%2fsecret.txt",
    "/%2e%2e/secret.txt",
    "/..%5csecret.txt",
    "/%2e%2e%5csecret.txt",
    "/....//secret.txt",
    "/%c0%ae%c0%ae/secret.txt",
    "/..%c0%afsecret.txt",
    "/%ef%bc%8e%ef%bc%8e/secret.txt",
    "/%252e%252e/secret.txt",
    "/../root-private/secret.txt",
    "-private/secret.txt",
    "/out",
    "/out/",
    "/up/secret.txt",
    "/up",
    "/up/",
    "/sibling/secret.txt",
    "/C:/secret.txt",
    "/%2fetc%2fpasswd",
    "/proc/self/environ",
  ];
  for (const path of escapes) {
    await t.step(path, async () => {
      const answer = await site.ask(path);
      assertMatch(String(answer.status), /^40[04]$/);
      assertEquals(answer.body.includes("SECRET"), false);
    });
  }
  const inside = await site.ask("/in");
  assertEquals(inside.body, "inside");
  const listing = await site.ask("/", { Accept: "application/json" });
  assertEquals(
    JSON.parse(listing.body).map(({ name }: { name: string }) => name),
    ["a.txt", "in"],
  );
});

Deno.test("StaticRequestHandler follows links out where allowed", async () => {
  await using site = await siteOf({
    "root/out": "-> ../secret.txt",
    "secret.txt": "shared",
  }, { root: "root", followSymlinks: true });
  assertEquals((await site.ask("/out")).body, "shared");
});

Deno.test("StaticRequestHandler serves dotfiles where allowed", async () => {
  await using site = await siteOf(layout, { dotfiles: true });
  assertEquals((await site.ask("/.env")).body, "SECRET");
  assertEquals((await site.ask("/sub/.git/config")).body, "SECRET");
  const listing = await site.ask("/");
  assertStringIncludes(listing.body, "<a href=.env>.env</a>");
});

Deno.test("StaticRequestHandler mounts on a prefix", async () => {
  const folder = await folderOf(layout);
  class Mounted extends StaticRequestHandler.with({ root: folder.path }) {
    static override prefix = "/files";
  }
  await using site = serve(folder, folder.path, Mounted);
  assertEquals((await site.ask("/files/hello.txt")).status, 200);
  assertEquals((await site.ask("/filesx/hello.txt")).status, 404);
  assertEquals((await site.ask("/hello.txt")).status, 404);
  const top = await site.ask("/files");
  assertEquals([top.status, top.fields.get("location")], [301, "/files/"]);
  const sub = await site.ask("/files/sub?x");
  assertEquals(sub.fields.get("location"), "/files/sub/?x");
  const listing = await site.ask("/files/plain/");
  assertStringIncludes(
    listing.body,
    '<ol><li><a href="/files/">Home</a>' +
      '<li><a href="/files/plain/" aria-current=page>plain</a></ol>',
  );
});

Deno.test("StaticRequestHandler calls what a subclass overrides", async () => {
  const folder = await folderOf({ "a.txt": "a", "b/c.txt": "c" });
  class Custom extends StaticRequestHandler.with({ root: folder.path }) {
    override translatePath(pathname: string): string | undefined {
      return super.translatePath(pathname.replace("/old/", "/"));
    }
    override guessType(path: string): string {
      return path.endsWith(".txt") ? "text/x-mine" : super.guessType(path);
    }
    override listDirectory(path: string): Promise<void> {
      this.sendResponse(200);
      this.endHeaders();
      return this.wfile.write(`my listing of ${path.at(-2)}`);
    }
    @verb("GET", "/report")
    report(): Promise<void> {
      return this.sendFile(`${this.root}/b/c.txt`, [["X-Report", "1"]]);
    }
  }
  await using site = serve(folder, folder.path, Custom);
  const file = await site.ask("/old/a.txt");
  assertEquals(file.body, "a");
  assertEquals(file.fields.get("content-type"), "text/x-mine");
  assertEquals((await site.ask("/b/")).body, "my listing of b");
  const report = await site.ask("/report", { Range: "bytes=0-0" });
  assertEquals([report.status, report.body], [206, "c"]);
  assertEquals(report.fields.get("x-report"), "1");
});

Deno.test("StaticRequestHandler sends a listing under another base", async () => {
  await using site = await siteOf(layout);
  const listing = await site.ask("/plain%2f");
  assertStringIncludes(listing.body, '<base href="/plain/">');
});

Deno.test("StaticRequestHandler says 404 of a folder it may not read", async () => {
  const folder = await folderOf({ "a.txt": "a" });
  class Unreadable extends StaticRequestHandler.with({ root: folder.path }) {
    override listDirectory(path: string): Promise<void> {
      return super.listDirectory(`${path}none/`);
    }
  }
  await using site = serve(folder, folder.path, Unreadable);
  assertEquals((await site.ask("/")).status, 404);
});
