import { assertEquals, assertMatch } from "@std/assert";
import { CgiRequestHandler } from "../../lib/cgi/cgi_request_handler.ts";
import { FastCgiRequestHandler } from "../../lib/cgi/fastcgi_request_handler.ts";
import { HttpRequestHandler } from "../../lib/handler/http_request_handler.ts";
import { verb } from "../../lib/handler/verb.ts";
import { StaticRequestHandler } from "../../lib/static/mod.ts";
import { Serving, Site } from "./_serve.ts";

/** Says what it was asked, as Apache and lighttpd would have it asked. */
const ECHO = `#!/bin/sh
printf 'Content-Type: text/plain\\n\\n'
for name in REQUEST_METHOD SCRIPT_NAME SCRIPT_FILENAME PATH_INFO REQUEST_URI \\
  QUERY_STRING CONTENT_LENGTH; do
  eval "echo $name=\\\${$name-}"
done
cat
`;

const FILES = {
  "echo": ECHO,
  "index.run": "the source",
  "wiki/index.run": "the source",
  "wiki/logo.txt": "a file",
  "both/index.html": "a page",
  "both/index.run": "the source",
  "odd #1?/index.run": "the source",
  "plain/page.txt": "a file",
  "cgi-bin/app/index.cgi": ECHO,
  "cgi-bin/index.cgi": ECHO,
};

function classes(root: string) {
  const settings = {
    root,
    interpreters: { ".run": `${root}/echo` },
    indexPages: ["index.html", "index.run", "index.cgi"],
  };
  const Cgi = CgiRequestHandler.with(settings);
  class Below extends CgiRequestHandler.with(settings) {
    static override prefix = "/below";
  }
  return [Cgi, Below, StaticRequestHandler.with({ root })];
}

interface Row {
  readonly request: string;
  readonly body?: string;
  readonly status: number;
  /** What the program says, the root hidden; else the start of the body. */
  readonly want: string;
  readonly location?: string;
}

function echoed(
  method: string,
  script: string,
  uri: string,
  rest = "",
  prefix = "",
): string {
  return `REQUEST_METHOD=${method}\nSCRIPT_NAME=${prefix}${script}\n` +
    `SCRIPT_FILENAME=ROOT${script}\nPATH_INFO=\nREQUEST_URI=${uri}\n` +
    `QUERY_STRING=${uri.split("?")[1] ?? ""}\n` +
    `CONTENT_LENGTH=${rest === "" ? "" : rest.length}\n${rest}`;
}

const ROWS: readonly Row[] = [
  {
    request: "GET /",
    status: 200,
    want: echoed("GET", "/index.run", "/"),
  },
  {
    request: "GET /wiki/?a=b",
    status: 200,
    want: echoed("GET", "/wiki/index.run", "/wiki/?a=b"),
  },
  {
    request: "POST /wiki/",
    body: "a=b&c=d",
    status: 200,
    want: echoed("POST", "/wiki/index.run", "/wiki/", "a=b&c=d"),
  },
  {
    request: "PROPFIND /wiki/",
    body: "<x/>",
    status: 200,
    want: echoed("PROPFIND", "/wiki/index.run", "/wiki/", "<x/>"),
  },
  {
    request: "OPTIONS /wiki/",
    status: 200,
    want: echoed("OPTIONS", "/wiki/index.run", "/wiki/"),
  },
  { request: "HEAD /wiki/", status: 200, want: "" },
  {
    request: "GET /x/..//wiki/.",
    status: 200,
    want: echoed("GET", "/wiki/index.run", "/x/..//wiki/."),
  },
  { request: "GET /wiki?a=b", status: 301, location: "/wiki/?a=b", want: "" },
  { request: "HEAD /wiki", status: 301, location: "/wiki/", want: "" },
  {
    request: "POST /wiki",
    body: "a=b",
    status: 308,
    location: "/wiki/",
    want: "",
  },
  {
    request: "GET /odd%20%231%3F",
    status: 301,
    location: "/odd%20%231%3F/",
    want: "",
  },
  {
    request: "GET /below",
    status: 301,
    location: "/below/",
    want: "",
  },
  {
    request: "GET /below/wiki/",
    status: 200,
    want: echoed("GET", "/wiki/index.run", "/below/wiki/", "", "/below"),
  },
  {
    request: "GET /cgi-bin/",
    status: 200,
    want: echoed("GET", "/cgi-bin/index.cgi", "/cgi-bin/"),
  },
  {
    request: "GET /cgi-bin/app",
    status: 301,
    location: "/cgi-bin/app/",
    want: "",
  },
  {
    request: "DELETE /cgi-bin/app/",
    status: 200,
    want: echoed("DELETE", "/cgi-bin/app/index.cgi", "/cgi-bin/app/"),
  },
  // What is no program's is the next class's: the first index page counts.
  { request: "GET /both/", status: 200, want: "a page" },
  { request: "GET /wiki/logo.txt", status: 200, want: "a file" },
  { request: "GET /plain", status: 301, location: "/plain/", want: "" },
  { request: "POST /plain/", body: "a=b", status: 405, want: "<!DOCTYPE" },
];

Deno.test("a folder is answered for by its index page", async (t) => {
  await using site = new Site(FILES);
  await using serving = new Serving(classes(site.root));
  for (const { request, body = "", status, want, location } of ROWS) {
    await t.step(request, async () => {
      const length = body === "" ? "" : `Content-Length: ${body.length}\r\n`;
      const response = await serving.exchange(
        `${request} HTTP/1.0\r\nHost: h\r\n${length}\r\n${body}`,
      );
      const [head = "", content = ""] = response.split(/\r\n\r\n(.*)/s);
      assertEquals(Number(head.slice(9, 12)), status, response);
      assertEquals(/^Location: (.*?)\r?$/m.exec(head)?.[1], location);
      assertEquals(content.includes("the source"), false);
      const said = content.replaceAll(site.root, "ROOT");
      if (want === "<!DOCTYPE") assertMatch(said, /^<!DOCTYPE/i);
      else assertEquals(said, want);
    });
  }
  assertEquals(serving.errors, []);
});

Deno.test("an index page that is a program is sent by no class", async (t) => {
  await using site = new Site(FILES);
  const { root } = site;
  const Cgi = CgiRequestHandler.with({
    root,
    interpreters: { ".run": `${root}/echo` },
    indexPages: [],
  });
  const Files = StaticRequestHandler.with({
    root,
    indexPages: ["index.run"],
    archives: ["tar"],
  });
  await using serving = new Serving([Cgi, Files]);
  for (const path of ["/wiki/", "/", "/wiki/?archive=tar", "/?archive=tar"]) {
    await t.step(path, async () => {
      const response = await fetch(serving.origin + path);
      const text = await response.text();
      assertEquals(text.includes("the source"), false, text);
    });
  }
});

/** Has every path that is no program's. */
class Rest extends HttpRequestHandler {
  @verb("*")
  rest(): Response {
    return new Response("rest");
  }
}

Deno.test("where files are out of sight a slash at the end tells a folder", async () => {
  const Fpm = FastCgiRequestHandler.with({
    root: "/nowhere/site",
    address: "unix:/nowhere/socket",
    checkFiles: false,
  });
  assertEquals(Fpm.owns("/"), true);
  assertEquals(Fpm.owns("/wiki/"), true);
  assertEquals(Fpm.owns("/wiki"), false);
  assertEquals(Fpm.owns("/style.css"), false);
  await using serving = new Serving([Fpm, Rest]);
  const response = await fetch(`${serving.origin}/style.css`);
  assertEquals(await response.text(), "rest");
});

Deno.test({
  name: "a class that may not read its root takes no folder from the others",
  permissions: { net: true, read: false, run: false },
  async fn() {
    const Fpm = FastCgiRequestHandler.with({ root: "/nowhere/site" });
    await using serving = new Serving([Fpm, Rest]);
    for (const path of ["/", "/wiki"]) {
      const response = await fetch(serving.origin + path);
      assertEquals(await response.text(), "rest");
    }
    assertEquals(serving.errors, []);
  },
});
