import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { unpackTar } from "modern-tar";
import { Access } from "../../lib/static/access.ts";
import { takeCompressor } from "../../lib/static/compressors.ts";
import { hashPassword } from "../../lib/static/password_hash.ts";
import { StaticRequestHandler } from "../../lib/static/static_request_handler.ts";
import { folderOf } from "./_folder.ts";
import { serve, siteOf } from "./_site.ts";

const PAGE = "text/html,application/xhtml+xml,*/*;q=0.8";
const text = "a line of text that repeats itself\n".repeat(200);

const digits = Array.from(
  { length: 20_000 },
  (_, at) => at * 7919 % 1_000_003,
).join();

interface Row {
  readonly path: string;
  readonly accept?: string;
  readonly status: number;
  readonly body?: string;
}

function accepting(accept: string | undefined): Record<string, string> {
  return accept === undefined ? {} : { Accept: accept };
}

const pages: Row[] = [
  { path: "/about", status: 200, body: "about" },
  { path: "/about.html", status: 200, body: "about" },
  { path: "/both", status: 200, body: "both page" },
  { path: "/both/", status: 200, body: "both folder" },
  { path: "/sub", status: 301 },
  { path: "/about/", status: 404 },
  { path: "/none", status: 404 },
  { path: "/a.txt", status: 200, body: "a" },
];

Deno.test("cleanUrls answers a path with its page", async (t) => {
  await using site = await siteOf({
    "a.txt": "a",
    "about.html": "about",
    "both.html": "both page",
    "both/index.html": "both folder",
    "sub/index.html": "sub",
  }, { cleanUrls: true });
  for (const { path, status, body } of pages) {
    await t.step(path, async () => {
      const answer = await site.ask(path);
      assertEquals(answer.status, status);
      if (body !== undefined) assertEquals(answer.body, body);
    });
  }
});

const navigations: Row[] = [
  { path: "/users/7", accept: PAGE, status: 200, body: "app" },
  { path: "/users/ada.lovelace", accept: PAGE, status: 200, body: "app" },
  { path: "/old.html", accept: PAGE, status: 200, body: "app" },
  { path: "/a.js", accept: PAGE, status: 200, body: "js" },
  { path: "/none.js", accept: PAGE, status: 404 },
  { path: "/none.png", accept: PAGE, status: 404 },
  { path: "/users/7", accept: "*/*", status: 404 },
  { path: "/users/7", accept: "application/json", status: 404 },
  { path: "/users/7", status: 404 },
  { path: "/.git/config", accept: PAGE, status: 200, body: "app" },
];

Deno.test("spaPage answers navigations only", async (t) => {
  await using site = await siteOf({
    "index.html": "app",
    "a.js": "js",
    ".git/config": "SECRET",
  }, { spaPage: "index.html" });
  for (const { path, accept, status, body } of navigations) {
    await t.step(`${path} ${accept}`, async () => {
      const answer = await site.ask(path, accepting(accept));
      assertEquals(answer.status, status);
      if (body !== undefined) assertEquals(answer.body, body);
    });
  }
});

Deno.test("spaPage depends on Accept, and says so", async () => {
  await using site = await siteOf({ "index.html": "app" }, {
    spaPage: "index.html",
  });
  const fallback = await site.ask("/users/7", { Accept: PAGE });
  assertEquals(fallback.fields.get("vary"), "Accept");
  const missing = await site.ask("/users/7", { Accept: "*/*" });
  assertEquals([missing.status, missing.fields.get("vary")], [404, "Accept"]);
  const itself = await site.ask("/index.html", { Accept: PAGE });
  assertEquals(itself.fields.has("vary"), false);
});

Deno.test("notFoundPage is sent with the status 404", async () => {
  await using site = await siteOf({ "404.html": "<p>Lost" }, {
    notFoundPage: "404.html",
  });
  const answer = await site.ask("/none");
  assertEquals([answer.status, answer.body], [404, "<p>Lost"]);
  assertEquals(answer.fields.get("content-type"), "text/html; charset=UTF-8");
  const head = await site.ask("/none", {}, "HEAD");
  assertEquals([head.status, head.body], [404, ""]);
});

Deno.test("singleFile serves one file and nothing else", async () => {
  await using site = await siteOf({ "a.txt": "one", "b.txt": "two" });
  await using single = await siteOf({}, {
    singleFile: `${site.root}/a.txt`,
  });
  assertEquals((await single.ask("/")).body, "one");
  assertEquals((await single.ask("/a.txt")).body, "one");
  assertEquals((await single.ask("/b.txt")).status, 404);
  assertEquals((await single.ask("/a.txt/")).status, 404);
});

Deno.test("indexPages, listing, redirectStatus, defaultContentType", async () => {
  await using site = await siteOf({ "sub/home.htm": "home", "x": "x" }, {
    indexPages: ["home.htm"],
    listing: false,
    redirectStatus: 308,
    defaultContentType: "text/plain",
    extensionsMap: { ".htm": "text/x-home" },
  });
  assertEquals((await site.ask("/")).status, 404);
  assertEquals((await site.ask("/sub")).status, 308);
  const home = await site.ask("/sub/");
  assertEquals(home.fields.get("content-type"), "text/x-home");
  const plain = await site.ask("/x");
  assertEquals(plain.fields.get("content-type"), "text/plain");
});

const codings: {
  accept: string;
  body: string;
  coding?: string;
  fields?: Record<string, string>;
}[] = [
  { accept: "", body: "plain" },
  { accept: "identity", body: "plain" },
  { accept: "gzip", body: "GZ", coding: "gzip" },
  { accept: "gzip, br", body: "BR", coding: "br" },
  { accept: "gzip;q=1, br;q=0.5", body: "GZ", coding: "gzip" },
  { accept: "br;q=0, gzip;q=0", body: "plain" },
  {
    accept: "gzip",
    body: "G",
    coding: "gzip",
    fields: { Range: "bytes=0-0" },
  },
];

Deno.test("precompressed sends the siblings", async (t) => {
  await using site = await siteOf({
    "a.js": "plain",
    "a.js.gz": "GZ",
    "a.js.br": "BR",
    "b.js": "alone",
  }, { precompressed: true });
  const tags = new Set<string>();
  for (const { accept, body, coding, fields } of codings) {
    await t.step(`${accept} ${JSON.stringify(fields ?? {})}`, async () => {
      const answer = await site.ask("/a.js", {
        ...fields,
        ...(accept === "" ? {} : { "Accept-Encoding": accept }),
      });
      assertEquals(answer.body, body);
      assertEquals(answer.fields.get("content-encoding"), coding);
      assertEquals(answer.fields.get("vary"), "Accept-Encoding");
      assertEquals(
        answer.fields.get("content-type"),
        "text/javascript; charset=UTF-8",
      );
      tags.add(answer.fields.get("etag") ?? "");
    });
  }
  assertEquals(tags.size, 3);
  const alone = await site.ask("/b.js", { "Accept-Encoding": "br" });
  assertEquals(alone.fields.has("vary"), false);
  const itself = await site.ask("/a.js.gz", { "Accept-Encoding": "gzip" });
  assertEquals(itself.fields.get("content-type"), "application/gzip");
  assertEquals(itself.fields.has("content-encoding"), false);
});

Deno.test("compress sends plain content while all compressors are in use", async () => {
  await using site = await siteOf(
    { "a.txt": text, "b.txt": text.repeat(100) },
    {
      compress: true,
    },
  );
  const gzip = { "Accept-Encoding": "gzip" };
  const codingOf = async (path: string, method: string) => {
    const { status, fields } = await site.ask(path, gzip, method);
    assertEquals([status, fields.get("vary")], [200, "Accept-Encoding"]);
    const coding = fields.get("content-encoding");
    assertEquals(fields.get("etag")?.endsWith('-gzip"'), coding === "gzip");
    return coding;
  };
  for (
    const [path, method] of [["/a.txt", "GET"], ["/b.txt", "GET"], [
      "/b.txt",
      "HEAD",
    ]]
  ) {
    assert(path !== undefined && method !== undefined);
    const places = Array.from({ length: 4 }, takeCompressor);
    assert(places.every((place) => place !== undefined));
    assertEquals(takeCompressor(), undefined);
    assertEquals(await codingOf(path, method), undefined);
    for (const place of places) place?.[Symbol.dispose]();
    assertEquals(await codingOf(path, method), "gzip");
  }
});

Deno.test("compress gives the place back of a client that leaves", async () => {
  const large = new Uint8Array(20_000_000);
  for (let at = 0; at < large.length; at += 65_536) {
    crypto.getRandomValues(large.subarray(at, at + 65_536));
  }
  await using site = await siteOf({ "large.txt": large }, { compress: true });
  const taken = () => {
    const places = Array.from({ length: 4 }, takeCompressor);
    for (const place of places) place?.[Symbol.dispose]();
    return places.filter((place) => place === undefined).length;
  };
  const conn = await Deno.connect({ hostname: "127.0.0.1", port: site.port });
  await conn.write(new TextEncoder().encode(
    "GET /large.txt HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n",
  ));
  await conn.read(new Uint8Array(1));
  assertEquals(taken(), 1);
  conn.close();
  for (let look = 0; taken() > 0; look++) {
    assert(look < 500, "the place was not given back");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
});

/** The coding of the whole, and that of a range, for which none is made. */
const mixed: { accept: string; whole?: string; range?: string }[] = [
  { accept: "gzip", whole: "gzip", range: "gzip" },
  { accept: "gzip, br", whole: "gzip", range: "gzip" },
  { accept: "gzip;q=0.5, br;q=0.5", whole: "gzip", range: "gzip" },
  { accept: "gzip;q=0.5, br;q=1", whole: "br", range: "gzip" },
  { accept: "gzip;q=0, br;q=0.1", whole: "br" },
  { accept: "br", whole: "br" },
  { accept: "*", whole: "gzip", range: "gzip" },
  { accept: "*, gzip;q=0.5", whole: "br", range: "gzip" },
  { accept: "identity, gzip;q=0.5, br;q=0.9" },
  { accept: "zstd" },
];

Deno.test("precompressed and compress choose by the client's weights", async (t) => {
  await using site = await siteOf({ "a.txt": text, "a.txt.gz": "GZ" }, {
    precompressed: true,
    compress: true,
  });
  const codingOf = async (fields: Record<string, string>) => {
    const answer = await site.ask("/a.txt", fields);
    return answer.fields.get("content-encoding");
  };
  for (const { accept, whole, range } of mixed) {
    await t.step(accept, async () => {
      const fields = { "Accept-Encoding": accept };
      assertEquals(await codingOf(fields), whole);
      assertEquals(await codingOf({ ...fields, Range: "bytes=0-0" }), range);
    });
  }
});

const ages: { name: string; file: number; sibling: number; want: string }[] = [
  { name: "an older one", file: 1000, sibling: 999, want: "plain" },
  { name: "one of the same time", file: 1000, sibling: 1000, want: "BR" },
  { name: "one of the same second", file: 1000.9, sibling: 1000, want: "BR" },
  { name: "a newer one", file: 1000, sibling: 1001, want: "BR" },
];

Deno.test("precompressed sends no sibling of an earlier version", async (t) => {
  for (const { name, file, sibling, want } of ages) {
    await t.step(name, async () => {
      const layout = { "a.js": "plain", "a.js.br": "BR" };
      await using site = await siteOf(layout, { precompressed: true });
      await Deno.utime(`${site.root}/a.js`, file, file);
      await Deno.utime(`${site.root}/a.js.br`, sibling, sibling);
      const answer = await site.ask("/a.js", { "Accept-Encoding": "br" });
      assertEquals(answer.body, want);
    });
  }
});

Deno.test("precompressed sees a sibling change under load", async () => {
  await using site = await siteOf({ "a.js": "plain", "a.js.br": "BR" }, {
    precompressed: true,
    cacheFileBytes: 1,
  });
  const brotli = { "Accept-Encoding": "br" };
  const request = "GET /a.js HTTP/1.1\r\nHost: x\r\nAccept-Encoding: br\r\n";
  await site.raw(
    `${request}\r\n`.repeat(30) + `${request}Connection: close\r\n\r\n`,
  );
  await Deno.writeTextFile(`${site.root}/a.js.br`, "NEW");
  const answer = await site.ask("/a.js", brotli);
  assertEquals(answer.body, "NEW");
  assertEquals(answer.fields.get("content-encoding"), "br");
});

Deno.test("compress encodes text on the way", async (t) => {
  await using site = await siteOf({
    "a.txt": text,
    "large.txt": text.repeat(100),
    "digits.txt": digits,
    "small.txt": "small",
    "a.png": text,
  }, { compress: true });
  for (const path of ["/a.txt", "/large.txt", "/a.txt"]) {
    for (const coding of ["gzip", "br"]) {
      await t.step(`${path} ${coding}`, async () => {
        const response = await fetch(site.origin + path, {
          headers: { "Accept-Encoding": coding },
        });
        assertEquals(
          await response.text(),
          path === "/a.txt" ? text : text.repeat(100),
        );
        assertEquals(response.headers.get("vary"), "Accept-Encoding");
        const { fields } = await site.ask(path, { "Accept-Encoding": coding });
        assertEquals(fields.get("content-encoding"), coding);
        assert(fields.get("etag")?.endsWith(`-${coding}"`));
      });
    }
  }
  const gzip = { "Accept-Encoding": "gzip" };
  // Larger than what the response writer holds back to learn its length.
  for (let count = 0; count < 2; count++) {
    const { fields, body } = await site.ask("/digits.txt", gzip);
    assert(body.length > 20_000);
    assertEquals(fields.get("content-length"), String(body.length));
  }
  const plainly = [
    { path: "/small.txt", fields: gzip },
    { path: "/a.png", fields: gzip },
    { path: "/a.txt", fields: { ...gzip, Range: "bytes=0-3" } },
    { path: "/a.txt", fields: {} },
  ];
  for (const { path, fields } of plainly) {
    const answer = await site.ask(path, fields);
    assertEquals(answer.fields.has("content-encoding"), false);
  }
  const head = await site.ask("/large.txt", gzip, "HEAD");
  assertEquals(head.fields.get("content-encoding"), "gzip");
  assertEquals(head.fields.has("content-length"), false);
});

Deno.test("cacheControl and immutable", async () => {
  await using site = await siteOf({ "a.html": "a", "app.3f9a2c1b.js": "b" }, {
    cacheControl: [{ match: /\.html$/, value: "no-cache" }],
    immutable: true,
  });
  const page = await site.ask("/a.html");
  assertEquals(page.fields.get("cache-control"), "no-cache");
  const script = await site.ask("/app.3f9a2c1b.js");
  assertEquals(
    script.fields.get("cache-control"),
    "max-age=31536000, immutable",
  );
});

Deno.test("extraHeaders are on every answer, and never twice", async (t) => {
  await using site = await siteOf({ "a.txt": "a", "sub/x": "x" }, {
    extraHeaders: [["X-A", "1"], ["content-type", "text/x-mine"]],
  });
  const answers: [string, Record<string, string>, number][] = [
    ["/a.txt", {}, 200],
    ["/a.txt", { "If-None-Match": "*" }, 304],
    ["/a.txt", { Range: "bytes=9-" }, 416],
    ["/a.txt", { "If-Match": '"x"' }, 412],
    ["/sub", {}, 301],
    ["/sub/", {}, 200],
    ["/none", {}, 404],
    ["/%zz", {}, 400],
  ];
  for (const [path, fields, status] of answers) {
    await t.step(`${path} ${status}`, async () => {
      const answer = await site.ask(path, fields);
      assertEquals(answer.status, status);
      assertEquals(answer.fields.get("x-a"), "1");
      assert(!answer.fields.get("content-type")?.includes(","));
    });
  }
  assertEquals((await site.ask("/a.txt", {}, "POST")).fields.get("x-a"), "1");
});

Deno.test("corsOrigin lets other origins read, with preflight", async () => {
  await using site = await siteOf({ "a.txt": "a" }, { corsOrigin: "*" });
  for (const path of ["/a.txt", "/none", "/"]) {
    const { fields } = await site.ask(path, { Origin: "http://other" });
    assertEquals(fields.get("access-control-allow-origin"), "*", path);
  }
  const preflight = await site.ask("/a.txt", {
    Origin: "http://other",
    "Access-Control-Request-Method": "GET",
    "Access-Control-Request-Headers": "range, x-token",
  }, "OPTIONS");
  assertEquals(preflight.status, 204);
  assertEquals(
    [...preflight.fields].filter(([name]) => name.startsWith("access")),
    [
      ["access-control-allow-origin", "*"],
      ["access-control-allow-methods", "GET, HEAD"],
      ["access-control-allow-headers", "range, x-token"],
      ["access-control-max-age", "7200"],
    ],
  );
});

Deno.test("corsOrigin of one origin, and crossOriginIsolation", async () => {
  await using site = await siteOf({ "a.txt": "a" }, {
    corsOrigin: "https://app.example",
    crossOriginIsolation: true,
  });
  const { fields } = await site.ask("/a.txt");
  assertEquals(
    fields.get("access-control-allow-origin"),
    "https://app.example",
  );
  assertEquals(fields.get("vary"), "Origin");
  assertEquals(fields.get("cross-origin-opener-policy"), "same-origin");
  assertEquals(fields.get("cross-origin-embedder-policy"), "require-corp");
});

Deno.test("access asks for a password", async () => {
  const users = new Map([["ada", await hashPassword("secret")]]);
  await using site = await siteOf({ "a.txt": "a" }, {
    access: new Access({ users }),
  });
  const refused = await site.ask("/a.txt");
  assertEquals(refused.status, 401);
  assertEquals(
    refused.fields.get("www-authenticate"),
    'Basic realm="files", charset="UTF-8"',
  );
  assertEquals((await site.ask("/none")).status, 401);
  const wrong = { Authorization: `Basic ${btoa("ada:guess")}` };
  assertEquals((await site.ask("/a.txt", wrong)).status, 401);
  const right = { Authorization: `Basic ${btoa("ada:secret")}` };
  assertEquals((await site.ask("/a.txt", right)).body, "a");
});

Deno.test("access lets in only the addresses of its list", async () => {
  await using closed = await siteOf({ "a.txt": "a" }, {
    access: new Access({ addresses: ["192.0.2.0/24"] }),
  });
  assertEquals((await closed.ask("/a.txt")).status, 403);
  await using open = await siteOf({ "a.txt": "a" }, {
    access: new Access({ addresses: ["127.0.0.0/8"] }),
  });
  assertEquals((await open.ask("/a.txt")).status, 200);
});

Deno.test("archives offers the folder as a whole", async () => {
  await using site = await siteOf({ "sub é/a.txt": "a", "sub é/.b": "b" }, {
    archives: ["tar"],
  });
  const path = "/sub%20%C3%A9/";
  const listing = await site.ask(path);
  assertStringIncludes(
    listing.body,
    '<a href="?archive=tar">Download .tar</a>',
  );
  const response = await fetch(`${site.origin}${path}?archive=tar`);
  assertEquals(
    response.headers.get("content-disposition"),
    `attachment; filename="sub _.tar"; filename*=UTF-8''sub%20%C3%A9.tar`,
  );
  assert(response.body !== null);
  const entries = await unpackTar(response.body);
  assertEquals(entries.map(({ header }) => header.name), ["a.txt"]);
  const zip = await site.ask(`${path}?archive=zip`);
  assertEquals(zip.fields.get("content-type"), "text/html; charset=utf-8");
  const head = await site.ask(`${path}?archive=tar`, {}, "HEAD");
  assertEquals([head.status, head.body], [200, ""]);
});

Deno.test("readme is shown below the listing", async () => {
  await using site = await siteOf({ "README.md": "# Hi <b>you</b>" }, {
    readme: true,
  });
  const listing = await site.ask("/");
  assertStringIncludes(
    listing.body,
    "<article><h1>Hi &lt;b&gt;you&lt;/b&gt;</h1>\n</article>",
  );
});

Deno.test("thumbnails shows pictures and films small", async () => {
  await using site = await siteOf({ "a b.png": "p", "c.mp4": "m" }, {
    thumbnails: true,
  });
  const listing = await site.ask("/");
  assertStringIncludes(
    listing.body,
    '<th class="p i"><img loading=lazy alt="" src=a%20b.png>' +
      "<a href=a%20b.png>a b.png</a>",
  );
  assertStringIncludes(
    listing.body,
    "<video preload=none muted src=c.mp4#t=0.1></video>",
  );
});

Deno.test("a listing as JSON for those who prefer it", async () => {
  await using site = await siteOf({ "a.txt": "abc", ".hidden": "" });
  const answer = await site.ask("/?sort=size&order=desc", {
    Accept: "application/json",
  });
  assertEquals(
    answer.fields.get("content-type"),
    "application/json; charset=utf-8",
  );
  assertEquals(answer.fields.get("vary"), "Accept");
  assertEquals(JSON.parse(answer.body), [{
    name: "a.txt",
    type: "file",
    size: 3,
    modified: "2024-01-02T03:04:05.000Z",
  }]);
});

Deno.test("compress encodes listings", async (t) => {
  const names = Array.from({ length: 300 }, (_, index) => `file ${index}`);
  const layout = Object.fromEntries(names.map((name) => [name, ""]));
  await using site = await siteOf(layout, { compress: true });
  for (const accept of ["text/html", "application/json"]) {
    const plain = await site.ask("/", { Accept: accept });
    assertEquals(plain.fields.get("content-encoding"), undefined);
    for (const coding of ["gzip", "br"]) {
      await t.step(`${accept} ${coding}`, async () => {
        const fields = { Accept: accept, "Accept-Encoding": coding };
        for (const method of ["GET", "HEAD"]) {
          const answer = await site.ask("/", fields, method);
          assertEquals(answer.fields.get("content-encoding"), coding);
          assertEquals(answer.fields.get("vary"), "Accept, Accept-Encoding");
          assert(answer.body.length < plain.body.length / 3);
        }
        const textBy = async (fields: Record<string, string>) =>
          await (await fetch(site.origin, { headers: fields })).text();
        assertEquals(
          await textBy(fields),
          await textBy({ Accept: accept, "Accept-Encoding": "identity" }),
        );
      });
    }
    await t.step(`${accept} while all compressors are in use`, async () => {
      const places = Array.from({ length: 4 }, takeCompressor);
      const fields = { Accept: accept, "Accept-Encoding": "gzip" };
      const answer = await site.ask("/", fields);
      for (const place of places) place?.[Symbol.dispose]();
      assertEquals(answer.fields.get("content-encoding"), undefined);
      assertEquals(answer.body, plain.body);
    });
  }
});

Deno.test("compress sends no listing to a client that has left", async () => {
  const names = Array.from({ length: 3000 }, (_, index) => `file ${index}`);
  const layout = Object.fromEntries(names.map((name) => [name, ""]));
  await using site = await siteOf(layout, { compress: true });
  const request = "GET / HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n";
  for (let count = 0; count < 5; count++) {
    using conn = await Deno.connect({ hostname: "127.0.0.1", port: site.port });
    await conn.write(new TextEncoder().encode(request));
    await conn.read(new Uint8Array(1));
  }
  const coding = async () => {
    const answer = await site.ask("/", { "Accept-Encoding": "gzip" });
    return answer.fields.get("content-encoding");
  };
  // Each has given back its compressor: 4 are all there are.
  let last: string | undefined;
  for (let left = 100; left > 0 && last === undefined; left--) {
    last = await coding();
  }
  assertEquals(last, "gzip");
  const places = Array.from({ length: 4 }, takeCompressor);
  for (const place of places) place?.[Symbol.dispose]();
  assert(places.every((place) => place !== undefined));
});

Deno.test("cacheBytes of 0 keeps nothing", async () => {
  await using site = await siteOf({ "a.txt": "a" }, { cacheBytes: 0 });
  for (let count = 0; count < 30; count++) {
    assertEquals((await site.ask("/a.txt")).body, "a");
  }
});

Deno.test("a much requested file is answered from memory", async (t) => {
  const folder = await folderOf({ "a.txt": "A", "sub/index.html": "I" });
  class Mounted extends StaticRequestHandler.with({ root: folder.path }) {
    static override prefix = "/files";
  }
  await using site = serve(folder, folder.path, Mounted);
  const paths = [["/files/a.txt", "A"], ["/files/sub/", "I"]];
  for (const [path, body] of paths) {
    await t.step(`${path}`, async () => {
      const request = `GET ${path} HTTP/1.1\r\nHost: x\r\n`;
      const all = await site.raw(
        `${request}\r\n`.repeat(50) + `${request}Connection: close\r\n\r\n`,
      );
      assertEquals(all.split(`\r\n\r\n${body}`).length, 52);
    });
  }
  assertEquals((await site.ask("/files/sub")).status, 301);
  assertEquals((await site.ask("/files/sub/index.html/")).status, 404);
});

const made = ["/?archive=tar", "/?archive=zip", "/", "/none", "/c.txt"];

Deno.test("HEAD of what is made on the way has the head of GET", async (t) => {
  await using site = await siteOf({
    "404.html": "<p>None",
    "README.md": "# Hi",
    "c.txt": "compressed ".repeat(500),
    "sub/d.txt": "d",
  }, {
    archives: ["tar", "zip"],
    compress: true,
    notFoundPage: "404.html",
    readme: true,
  });
  for (const path of made) {
    await t.step(path, async () => {
      const fields = { "Accept-Encoding": "gzip" };
      const got = await site.ask(path, fields);
      const head = await site.ask(path, fields, "HEAD");
      assertEquals([head.status, head.body], [got.status, ""]);
      // RFC 9110 §9.3.2: what only the making of the content tells may be left out.
      const own = new Set(["date", "content-length", "transfer-encoding"]);
      for (const name of new Set(got.fields.keys()).difference(own)) {
        assertEquals(head.fields.get(name), got.fields.get(name), name);
      }
    });
  }
});
