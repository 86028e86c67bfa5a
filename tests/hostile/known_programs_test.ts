// Classes of faults that servers of CGI programs had, one row each. The
// identifier is that of a case that was published; the words are about what it
// was.

import { type Attack, sends, testAttacks } from "./_attack.ts";
import { get } from "./_request.ts";

const HEAD = "#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\n'\n";

/** Ways to a program's source. */
const SOURCE: readonly Attack[] = [
  ["CVE-2014-4650", "/cgi-bin%2fsource"],
  ["CVE-2014-4650", "/cgi-bin%2Fsource?x"],
  ["CVE-2014-4650", "/%63gi-bin/source"],
  ["cpython #104711", "/X:/cgi-bin/source"],
  ["cpython #104711", "/folder/../cgi-bin/source"],
  ["CVE-2026-39407", "//cgi-bin//source"],
  ["CVE-2026-54286", "/cgi-bin%5csource"],
  ["CVE-2026-54286", "/cgi-bin\\source"],
  ["a byte that ends a C string", "/cgi-bin/source%00.txt"],
  ["a dot behind", "/cgi-bin/source."],
  ["a slash behind", "/cgi-bin/source/"],
  ["a listing", "/cgi-bin/"],
  ["an archive", "/?archive=tar"],
  ["an archive", "/?archive=zip"],
  ["an archive", "/cgi-bin/?archive=tar"],
  ["another case", "/CGI-BIN/source"],
].map(([known, path = ""]): Attack => ({
  name: `${known}, the source of a program: ${path}`,
  attack: sends(get(path), { wants: "HTTP/1.1 ", lacks: "printf" }),
}));

const ATTACKS: readonly Attack[] = [
  ...SOURCE,
  {
    name: "CVE-2011-1015, a target without its first slash",
    attack: sends("GET cgi-bin/source HTTP/1.1\r\nHost: localhost\r\n\r\n", {
      wants: "HTTP/1.1 400 ",
    }),
  },
  {
    name: "CVE-2016-1000110, Proxy as a variable",
    attack: sends(get("/cgi-bin/environment", "Proxy: http://evil.example"), {
      wants: "GATEWAY_INTERFACE=",
      lacks: /evil\.example|HTTP_PROXY/,
    }),
  },
  {
    name: "a field whose name has the underscore of another's variable",
    attack: sends(get("/cgi-bin/environment", "X_Real_User: root"), {
      wants: "GATEWAY_INTERFACE=",
      lacks: "root",
    }),
  },
  {
    name: "an address that the client says it has",
    attack: sends(
      get(
        "/cgi-bin/environment",
        "X-Forwarded-For: 10.9.8.7",
        "Forwarded: for=10.9.8.7",
      ),
      { wants: "REMOTE_ADDR=127.0.0.1\n" },
    ),
  },
  {
    name: "the server's own variables",
    attack: sends(get("/cgi-bin/environment"), {
      wants: "GATEWAY_INTERFACE=",
      lacks: /^(NO_COLOR|HOME|USER|LD_PRELOAD)=/m,
    }),
  },
  ...["-s", "-d+allow_url_include%3d1", "a+b", "$(id)", ";id", "%0aid"].map(
    (query): Attack => ({
      name: `CVE-2012-1823, words of the query as arguments: ${query}`,
      attack: sends(get(`/cgi-bin/arguments?${query}`), {
        wants: "0 arguments\n",
      }),
    }),
  ),
  {
    name: "CVE-2020-24553, a response without a type",
    attack: sends(get("/cgi-bin/untyped"), {
      wants: "HTTP/1.1 ",
      lacks: /Content-Type: text\/html[^]*<script>/,
    }),
  },
  {
    name: "cpython #119452, a length that is not kept",
    attack: sends(
      "POST /cgi-bin/reads HTTP/1.1\r\nHost: localhost\r\n" +
        "Content-Length: 1000000000\r\n\r\nx",
      { ending: "hold", times: 3 },
    ),
    peak: 100_000_000,
  },
  ...[
    `/cgi-bin/${"../".repeat(1_000)}`,
    "/cgi-bin/../../secret.txt",
    "/cgi-bin/%2e%2e/%2e%2e/secret.txt",
    "/cgi-bin/source/../../../secret.txt",
    "/cgi-bin/out.txt",
  ].map((path): Attack => ({
    name: `a program outside of the folder: ${path.slice(0, 40)}`,
    attack: sends(get(path), { wants: "HTTP/1.1 " }),
  })),
  {
    name: "a Status that is not a number",
    attack: sends(get("/cgi-bin/status"), { wants: "HTTP/1.1 502 " }),
    says: /Status/,
  },
  {
    name: "an error stream that moves the cursor",
    attack: sends(get("/cgi-bin/shouts"), { wants: "HTTP/1.1 200 " }),
  },
];

testAttacks("the command line, known faults of CGI,", {
  args: ["0", "-d", "$SITE", "--cgi", "--archive"],
  permissions: ["-NR", "--allow-run", "--allow-ffi"],
  files: {
    "folder/file.txt": "file\n",
    "cgi-bin/source": `${HEAD}echo run\n`,
    "cgi-bin/environment": `${HEAD}env\n`,
    "cgi-bin/arguments": `${HEAD}echo "$# arguments"\n`,
    "cgi-bin/untyped": "#!/bin/sh\nprintf 'X: y\\n\\n<script>alert(1)\\n'\n",
    "cgi-bin/reads": `${HEAD}cat\n`,
    "cgi-bin/status":
      "#!/bin/sh\nprintf 'Status: x\\r\\nSet-Cookie: a=b\\n\\nx\\n'\n",
    "cgi-bin/shouts": `${HEAD}printf '\\033[2J\\rforged\\n' >&2\necho out\n`,
  },
}, ATTACKS);
