import { assert, assertEquals } from "@std/assert";
import { CgiRequestHandler } from "../../lib/cgi/cgi_request_handler.ts";
import { HttpRequestHandler } from "../../lib/handler/http_request_handler.ts";
import { verb } from "../../lib/handler/verb.ts";
import { readToEnd, Serving, Site, unchunked, undated } from "./_serve.ts";

/** What answers the paths that are no program's. */
class Rest extends HttpRequestHandler {
  @verb("GET")
  page(): Response {
    return new Response(`rest: ${this.path}`);
  }
}

const FILES = {
  "cgi-bin/document":
    "#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\nhello\\n'\n",
  "cgi-bin/crlf":
    "#!/bin/sh\nprintf 'Content-Type: text/plain\\r\\nX-A: b\\r\\n\\r\\nhello'\n",
  "cgi-bin/status":
    "#!/bin/sh\nprintf 'Status: 404 Not here\\nContent-Type: a/b\\n\\nnope'\n",
  "cgi-bin/cookies":
    "#!/bin/sh\nprintf 'Set-Cookie: a=1\\nSet-Cookie: b=2\\nStatus: 204\\n\\n'\n",
  "cgi-bin/local":
    "#!/bin/sh\nprintf 'Location: /cgi-bin/method?a=b\\n\\n'\ncat >/dev/null\n",
  "cgi-bin/local-rest": "#!/bin/sh\nprintf 'Location: /page?x#y\\n\\n'\n",
  "cgi-bin/local-cookies":
    "#!/bin/sh\nprintf 'Set-Cookie: a=1\nContent-Language: de\nSet-Cookie: b=2\nLocation: /cgi-bin/local-more\n\n'\n",
  "cgi-bin/local-more":
    "#!/bin/sh\nprintf 'Set-Cookie: c=3\nLocation: /cgi-bin/status\n\n'\n",
  "cgi-bin/local-none":
    "#!/bin/sh\nprintf 'Set-Cookie: a=1\nLocation: /cgi-bin/none\n\n'\n",
  "cgi-bin/loop": "#!/bin/sh\nprintf 'Location: /cgi-bin/loop\\n\\n'\n",
  "cgi-bin/client":
    "#!/bin/sh\nprintf 'Location: https://example.org/\\n\\n'\n",
  "cgi-bin/see-other":
    "#!/bin/sh\nprintf 'Status: 303 Go\\nLocation: /x\\nContent-Type: a/b\\n\\nx'\n",
  "cgi-bin/method": "#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\n'\n" +
    'echo "$REQUEST_METHOD $QUERY_STRING ${CONTENT_LENGTH-none} ${CONTENT_TYPE-none}"\ncat\n',
  "cgi-bin/nothing": "#!/bin/sh\nexit 3\n",
  "cgi-bin/half": "#!/bin/sh\nprintf 'Content-Type: text/plain\\n'\n",
  "cgi-bin/text": "#!/bin/sh\necho Hello, world\n",
  "cgi-bin/length":
    "#!/bin/sh\nprintf 'Content-Type: text/plain\\nContent-Length: 6\\n\\nhello\\n'\n",
  "cgi-bin/length-less":
    "#!/bin/sh\nprintf 'Content-Length: 9\\nContent-Type: a/b\\n\\nfour'\n",
  "cgi-bin/length-more":
    "#!/bin/sh\nprintf 'Content-Length: 2\\nContent-Type: a/b\\n\\nfour'\n",
  "cgi-bin/stderr":
    "#!/bin/sh\necho oops >&2\nprintf 'Content-Type: a/b\\n\\nx'\nexit 2\n",
  "cgi-bin/killed":
    "#!/bin/sh\nprintf 'Content-Type: a/b\\n\\nx'\nkill -KILL $$\n",
  "cgi-bin/nph-raw":
    "#!/bin/sh\nprintf 'HTTP/1.1 299 Raw\\r\\nX: y\\r\\n\\r\\nas it is'\n",
  "cgi-bin/nph-silent": "#!/bin/sh\nexit 0\n",
  "cgi-bin/cwd": "#!/bin/sh\nprintf 'Content-Type: a/b\\n\\n'\npwd\n",
  "cgi-bin/args":
    "#!/bin/sh\nprintf 'Content-Type: a/b\\n\\n'\nprintf '[%s]' \"$@\"\n",
  "cgi-bin/no-interpreter": "#!/nonexistent/interpreter\n",
  "cgi-bin/child/deep": "#!/bin/sh\nprintf 'Content-Type: a/b\\n\\ndeep'\n",
  "page.sh": "printf 'Content-Type: a/b\\n\\nby suffix'\n",
  "page.txt": "a file\n",
} as const;

function get(path: string, fields = ""): string {
  return `GET ${path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n${fields}\r\n`;
}

const COMMON = "Server: verb\r\nDate: now\r\n";

interface ExchangeRow {
  readonly name: string;
  readonly request: string;
  /** The whole response, `Server` and `Date` made equal. */
  readonly want: string;
  /** What was logged besides the request line itself. */
  readonly log?: readonly string[];
}

function page(code: number, phrase: string, message = phrase): string {
  return `${code} ${phrase}: ${message}`;
}

/** The status line and what the page says, of an error response. */
function inShort(response: string): string {
  const [, code = "", phrase = ""] =
    /^HTTP\/1\.1 ([0-9]{3}) (.*)\r$/m.exec(response) ?? [];
  const [, message = ""] = /<strong>(.*)<\/strong>/.exec(response) ?? [];
  return page(Number(code), phrase, message);
}

const EXCHANGES: readonly ExchangeRow[] = [
  {
    name: "RFC 3875 6.2.1 a document",
    request: get("/cgi-bin/document"),
    want: `HTTP/1.1 200 OK\r\n${COMMON}Content-Type: text/plain\r\n` +
      "Content-Length: 6\r\nConnection: close\r\n\r\nhello\n",
  },
  {
    name: "RFC 3875 6.3.4 a head with CRLF",
    request: get("/cgi-bin/crlf"),
    want: `HTTP/1.1 200 OK\r\n${COMMON}Content-Type: text/plain\r\nX-A: b\r\n` +
      "Content-Length: 5\r\nConnection: close\r\n\r\nhello",
  },
  {
    name: "RFC 3875 6.3.3 the Status field",
    request: get("/cgi-bin/status"),
    want: `HTTP/1.1 404 Not here\r\n${COMMON}Content-Type: a/b\r\n` +
      "Content-Length: 4\r\nConnection: close\r\n\r\nnope",
  },
  {
    name: "several Set-Cookie fields",
    request: get("/cgi-bin/cookies"),
    want: `HTTP/1.1 204 No Content\r\n${COMMON}Set-Cookie: a=1\r\n` +
      "Set-Cookie: b=2\r\nConnection: close\r\n\r\n",
  },
  {
    name: "RFC 3875 4.3.3 the body is discarded for HEAD",
    request: get("/cgi-bin/length").replace("GET", "HEAD"),
    want: `HTTP/1.1 200 OK\r\n${COMMON}Content-Type: text/plain\r\n` +
      "Content-Length: 6\r\nConnection: close\r\n\r\n",
  },
  {
    name: "RFC 3875 6.2.2 a local redirect is answered as that URL",
    request: get("/cgi-bin/local"),
    want: `HTTP/1.1 200 OK\r\n${COMMON}Content-Type: text/plain\r\n` +
      "Content-Length: 18\r\nConnection: close\r\n\r\nGET a=b none none\n",
  },
  {
    name: "RFC 3875 6.2.2 a local redirect of a POST is a GET without a body",
    request:
      "POST /cgi-bin/local HTTP/1.1\r\nHost: h\r\nConnection: close\r\n" +
      "Content-Type: a/b\r\nContent-Length: 4\r\n\r\nbody",
    want: `HTTP/1.1 200 OK\r\n${COMMON}Content-Type: text/plain\r\n` +
      "Content-Length: 18\r\nConnection: close\r\n\r\nGET a=b none none\n",
  },
  {
    name: "RFC 3875 6.2.2 a local redirect may leave CGI",
    request: get("/cgi-bin/local-rest"),
    want: `HTTP/1.1 200 OK\r\n${COMMON}content-type: text/plain;charset=UTF-8` +
      "\r\nContent-Length: 13\r\nConnection: close\r\n\r\nrest: /page?x",
  },
  {
    name: "cookies survive local redirects",
    request: get("/cgi-bin/local-cookies"),
    want: `HTTP/1.1 404 Not here\r\n${COMMON}Content-Type: a/b\r\n` +
      "Set-Cookie: a=1\r\nSet-Cookie: b=2\r\nSet-Cookie: c=3\r\n" +
      "Content-Length: 4\r\nConnection: close\r\n\r\nnope",
  },
  {
    name: "RFC 3875 6.2.3 a client redirect is a 302",
    request: get("/cgi-bin/client"),
    want: `HTTP/1.1 302 Found\r\n${COMMON}Location: https://example.org/\r\n` +
      "Content-Length: 0\r\nConnection: close\r\n\r\n",
  },
  {
    name: "RFC 3875 6.2.4 a client redirect with a document",
    request: get("/cgi-bin/see-other"),
    want: `HTTP/1.1 303 Go\r\n${COMMON}Location: /x\r\nContent-Type: a/b\r\n` +
      "Content-Length: 1\r\nConnection: close\r\n\r\nx",
  },
  {
    name: "RFC 3875 6.2.1 a Content-Length too large is corrected",
    request: get("/cgi-bin/length-less"),
    want: `HTTP/1.1 200 OK\r\n${COMMON}Content-Type: a/b\r\n` +
      "Content-Length: 4\r\nConnection: close\r\n\r\nfour",
    log: ["/cgi-bin/length-less: declared 9 bytes and wrote 4"],
  },
  {
    name: "RFC 3875 6.2.1 a Content-Length too small is corrected",
    request: get("/cgi-bin/length-more"),
    want: `HTTP/1.1 200 OK\r\n${COMMON}Content-Type: a/b\r\n` +
      "Content-Length: 4\r\nConnection: close\r\n\r\nfour",
    log: ["/cgi-bin/length-more: declared 2 bytes and wrote 4"],
  },
  {
    name: "standard error and the exit status are logged",
    request: get("/cgi-bin/stderr"),
    want: `HTTP/1.1 200 OK\r\n${COMMON}Content-Type: a/b\r\n` +
      "Content-Length: 1\r\nConnection: close\r\n\r\nx",
    log: ["/cgi-bin/stderr: oops", "/cgi-bin/stderr: exit status 2"],
  },
  {
    name: "RFC 3875 5 the output of an NPH program is sent unmodified",
    request: get("/cgi-bin/nph-raw"),
    want: "HTTP/1.1 299 Raw\r\nX: y\r\n\r\nas it is",
  },
  {
    name: "RFC 3875 4.1.2 a chunked body is given a length",
    request:
      "POST /cgi-bin/method HTTP/1.1\r\nHost: h\r\nConnection: close\r\n" +
      "Transfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n2\r\nef\r\n0\r\n\r\n",
    want: `HTTP/1.1 200 OK\r\n${COMMON}Content-Type: text/plain\r\n` +
      "Content-Length: 19\r\nConnection: close\r\n\r\nPOST  6 none\nabcdef",
  },
  {
    name: "RFC 3875 4.2 a body is readable to its length",
    request:
      "PUT /cgi-bin/method HTTP/1.1\r\nHost: h\r\nConnection: close\r\n" +
      "Content-Length: 4\r\nContent-Type: x/y\r\n\r\nbody",
    want: `HTTP/1.1 200 OK\r\n${COMMON}Content-Type: text/plain\r\n` +
      "Content-Length: 15\r\nConnection: close\r\n\r\nPUT  4 x/y\nbody",
  },
  {
    name: "a file in a directory below",
    request: get("/cgi-bin/child/deep"),
    want: `HTTP/1.1 200 OK\r\n${COMMON}Content-Type: a/b\r\n` +
      "Content-Length: 4\r\nConnection: close\r\n\r\ndeep",
  },
  {
    name: "an interpreter runs the files of its suffix",
    request: get("/page.sh"),
    want: `HTTP/1.1 200 OK\r\n${COMMON}Content-Type: a/b\r\n` +
      "Content-Length: 9\r\nConnection: close\r\n\r\nby suffix",
  },
  {
    name: "words of a query are no arguments",
    request: get("/cgi-bin/args?a+b"),
    want: `HTTP/1.1 200 OK\r\n${COMMON}Content-Type: a/b\r\n` +
      "Content-Length: 2\r\nConnection: close\r\n\r\n[]",
  },
  {
    name: "other paths are left to the next class",
    request: get("/page.txt"),
    want: `HTTP/1.1 200 OK\r\n${COMMON}content-type: text/plain;charset=UTF-8` +
      "\r\nContent-Length: 15\r\nConnection: close\r\n\r\nrest: /page.txt",
  },
  {
    name: "the directory of programs is redirected to its slash",
    request: get("/%63gi-bin?q"),
    want: `HTTP/1.1 301 Moved Permanently\r\n${COMMON}` +
      "Location: /cgi-bin/?q\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
  },
];

Deno.test("CgiRequestHandler answers with the output of programs", async (t) => {
  await using site = new Site(FILES);
  const Cgi = CgiRequestHandler.with({
    root: site.root,
    interpreters: { ".sh": "sh" },
  });
  for (const { name, request, want, log = [] } of EXCHANGES) {
    await t.step(name, async () => {
      await using serving = new Serving([Cgi, Rest]);
      const response = await serving.exchange(request);
      assertEquals(unchunked(undated(response)), want);
      const lines = serving.log.filter((line) => !line.startsWith('"'));
      assertEquals(lines, [...log]);
      assertEquals(serving.errors, []);
    });
  }
});

interface RefusalRow {
  readonly path: string;
  readonly want: string;
  readonly log?: readonly string[];
}

const BAD = page(502, "Bad Gateway");

const REFUSALS: readonly RefusalRow[] = [
  {
    path: "/cgi-bin/none",
    want: page(404, "Not Found", "No such CGI program"),
  },
  {
    path: "///////////page.txt/../cgi-bin/none",
    want: page(404, "Not Found", "No such CGI program"),
  },
  {
    path: "/cgi-bin/",
    want: page(403, "Forbidden", "The CGI program is not a plain file"),
  },
  {
    path: "/cgi-bin/child",
    want: page(403, "Forbidden", "The CGI program is not a plain file"),
  },
  {
    path: "/cgi-bin/nothing",
    want: BAD,
    log: ["/cgi-bin/nothing: Cannot answer: the program wrote nothing"],
  },
  {
    path: "/cgi-bin/half",
    want: BAD,
    log: [
      "/cgi-bin/half: Cannot answer: the output ended before its head did",
    ],
  },
  {
    path: "/cgi-bin/text",
    want: BAD,
    log: ['/cgi-bin/text: Cannot read the line "Hello, world"'],
  },
  {
    path: "/cgi-bin/killed",
    want: BAD,
    log: ["/cgi-bin/killed: Cannot finish: SIGKILL"],
  },
  {
    path: "/cgi-bin/nph-silent",
    want: BAD,
    log: ["/cgi-bin/nph-silent: Cannot answer: no output"],
  },
  { path: "/cgi-bin/loop", want: page(508, "Loop Detected") },
];

Deno.test("CgiRequestHandler refuses and says why in the log", async (t) => {
  await using site = new Site(FILES);
  const Cgi = CgiRequestHandler.with({ root: site.root });
  for (const { path, want, log = [] } of REFUSALS) {
    await t.step(path, async () => {
      await using serving = new Serving([Cgi, Rest]);
      assertEquals(inShort(await serving.exchange(get(path))), want);
      const lines = serving.log.filter((line) =>
        !line.startsWith('"') && !line.startsWith("code ")
      );
      assertEquals(lines, [...log]);
      assertEquals(serving.errors, []);
    });
  }
});

Deno.test("CgiRequestHandler says that an interpreter is missing", async () => {
  await using site = new Site(FILES);
  const Cgi = CgiRequestHandler.with({
    root: site.root,
    badOutputStatus: 500,
  });
  await using serving = new Serving(Cgi);
  const response = await serving.exchange(get("/cgi-bin/no-interpreter"));
  assertEquals(inShort(response), page(500, "Internal Server Error"));
  const [line = ""] = serving.log;
  assert(line.startsWith("/cgi-bin/no-interpreter: "), line);
  assert(line.includes("No such file or directory"), line);
});

Deno.test("RFC 3875 4.4 CgiRequestHandler passes words of an indexed query by option", async () => {
  await using site = new Site(FILES);
  const Cgi = CgiRequestHandler.with({ root: site.root, indexedQuery: true });
  await using serving = new Serving(Cgi);
  const response = await fetch(`${serving.origin}/cgi-bin/args?a+b%20c`);
  assertEquals(await response.text(), "[a][b c]");
});

Deno.test("RFC 3875 7.2 CgiRequestHandler runs a program in its own directory", async () => {
  await using site = new Site(FILES);
  const Cgi = CgiRequestHandler.with({ root: site.root });
  await using serving = new Serving(Cgi);
  const response = await fetch(`${serving.origin}/cgi-bin/cwd`);
  assertEquals(await response.text(), `${site.root}/cgi-bin\n`);
});

Deno.test("CgiRequestHandler streams what a program writes bit by bit", async () => {
  await using site = new Site({
    "cgi-bin/events":
      "#!/bin/sh\nprintf 'Content-Type: text/event-stream\\n\\n'\n" +
      "printf 'data: 1\\n\\n'\nread line <&0\nprintf \"data: $line\\n\\n\"\n",
  });
  const Cgi = CgiRequestHandler.with({ root: site.root, spoolMemory: 0 });
  await using serving = new Serving(Cgi);
  using client = await Deno.connect({ port: serving.port });
  const encoder = new TextEncoder();
  await client.write(encoder.encode(
    "POST /cgi-bin/events HTTP/1.0\r\nContent-Length: 2\r\n\r\n",
  ));
  // The program writes its first event before it has read its input.
  const buffer = new Uint8Array(4096);
  let text = "";
  while (!text.includes("data: 1")) {
    const count = await client.read(buffer);
    assert(count !== null);
    text += new TextDecoder().decode(buffer.subarray(0, count));
  }
  await client.write(encoder.encode("2\n"));
  assertEquals(await readToEnd(client), "data: 2\n\n");
});
