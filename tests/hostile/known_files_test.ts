// Classes of faults that servers of files had, one row each. The identifier is
// that of a case that was published; the words are about what it was.

import { type Attack, sends, testAttacks } from "./_attack.ts";
import { get } from "./_request.ts";

/** A name that is markup, in a listing and in its archive. */
const MARKUP = `<img src=x onerror="alert(1)">.txt`;

/** A redirect to another server. */
const LEAVES = /\r\nLocation: (?!\/[^\/\\])/;

/** A folder whose name ends a line, and its path. */
const TWO_LINES = "two\r\nSet-Cookie: a=b";
const TWO_LINES_PATH = `/${encodeURIComponent(TWO_LINES)}`;

const REDIRECTS: readonly Attack[] = [
  "//evil.example",
  "//evil.example/..%2f..",
  "///evil.example",
  "/%2fevil.example",
  "//evil.example/%2e%2e",
  "/\\evil.example",
  "/%5cevil.example",
  "/.//evil.example",
  "/x/..//evil.example",
].map((path) => ({
  name: `CVE-2021-28861, a redirect that leaves the server: ${path}`,
  attack: sends(get(path), { wants: "HTTP/1.1 ", lacks: LEAVES }),
}));

const HIDDEN: readonly Attack[] = [
  "/.hidden/file.txt",
  "/%2ehidden/file.txt",
  "/folder/.hidden",
  "/folder/%2Ehidden",
  "/folder/./.hidden",
  "//.hidden/file.txt",
].map((path) => ({
  name: `a hidden file by another spelling: ${path}`,
  attack: sends(get(path), { wants: "HTTP/1.1 404 ", lacks: "hidden words" }),
}));

const MALFORMED: readonly Attack[] = [
  "/%",
  "/%zz",
  "/%f",
  "/%00",
  "/%ff%fe",
  "/%c3%28",
  "/%ed%a0%80",
  `/${"a/".repeat(5_000)}`,
  `/${"x".repeat(10_000)}`,
  "/bystander.txt/x",
  "/con",
  "/folder:x",
].map((path) => ({
  name: `miniserve #764, a path that is malformed: ${path.slice(0, 20)}`,
  attack: sends(get(path), { wants: /^HTTP\/1\.1 4\d\d / }),
}));

const ATTACKS: readonly Attack[] = [
  ...REDIRECTS,
  ...HIDDEN,
  ...MALFORMED,
  {
    name: "CVE-2024-52793, a listing with a name that is markup",
    attack: sends(get("/"), { wants: "%3Cimg", lacks: "<img src=x" }),
  },
  {
    name: "CVE-2024-52793, a name that is a link to a script",
    attack: sends(get("/"), {
      wants: `href=javascript%3Aalert(1)>`,
      lacks: /href="?javascript:/,
    }),
  },
  {
    name: "miniserve #1294, a listing with a name that has line ends",
    attack: sends(get("/"), { wants: TWO_LINES_PATH.slice(1) }),
  },
  ...["", "/", "/?archive=tar", "/?archive=zip"].map((rest): Attack => ({
    name: `CVE-2019-9740, a name that ends a line of the head: ${rest}`,
    attack: sends(get(TWO_LINES_PATH + rest), {
      wants: /^HTTP\/1\.1 [23]/,
      lacks: /^Set-Cookie: a=b(?=[^]*\r\n\r\n)/m,
    }),
  })),
  {
    name: "CVE-2024-43800, a redirect that is a page with the path in it",
    attack: sends(get("/%3Cscript%3Ealert(1)"), {
      wants: "HTTP/1.1 301 ",
      lacks: "<script>alert",
    }),
  },
  {
    name: "an error page that repeats the path",
    attack: sends(get("/missing%3Cscript%3Ealert(1)"), {
      wants: "HTTP/1.1 404 ",
      lacks: "<script>alert",
    }),
  },
  {
    name: "a phrase that repeats the path",
    attack: sends(get(`/${"m".repeat(5_000)}`), {
      wants: /^HTTP\/1\.1 4\d\d [A-Z][A-Za-z ]{1,30}\r\n/,
      lacks: "mmmmm",
    }),
  },
];

testAttacks("the command line, known faults of files,", {
  args: ["0", "-d", "$SITE", "--archive", "--clean-urls"],
  files: {
    ".hidden/file.txt": "hidden words\n",
    "evil.example/file.txt": "file\n",
    "folder/.hidden": "hidden words\n",
    "javascript:alert(1)": "file\n",
    [`${TWO_LINES}/file.txt`]: "file\n",
    "<script>alert(1)/file.txt": "file\n",
    [MARKUP]: "file\n",
  },
}, ATTACKS);

/** Ways out of the folder, which all end at its top. */
const WAYS_OUT = [
  "/../written.txt",
  "/%2e%2e/written.txt",
  "/folder/../../written.txt",
  "//../written.txt",
];

/** Names that no upload may have, or that lead through a file or a link. */
const NO_NAMES = [
  "/.hidden",
  "/.upload-1.part",
  "/..%5cwritten.txt",
  "/..%2fwritten.txt",
  "/folder%2f..%2f..%2fwritten.txt",
  "/..\\written.txt",
  "/C:written.txt",
  "/written%00.txt",
  "/written%0a.txt",
  "/bystander.txt/written.txt",
  "/missing/written.txt",
  "/folder",
  "/folder/",
  "/",
  "/con",
  `/${"x".repeat(300)}`,
];

function put(path: string): string {
  return `PUT ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n` +
    "Content-Length: 7\r\n\r\nwritten";
}

const UPLOADS: readonly Attack[] = [
  ...WAYS_OUT.map((path) => ({
    name: `miniserve 0.20.0, an upload out of the folder: ${path}`,
    attack: sends(put(path), { wants: "HTTP/1.1 201 " }),
    leaves: ["written.txt"],
  })),
  ...NO_NAMES.map((path) => ({
    name: `miniserve 0.20.0, an upload by no name: ${path.slice(0, 40)}`,
    attack: sends(put(path), { wants: /^HTTP\/1\.1 4\d\d / }),
  })),
  ...["null", "http://evil.example", "https://localhost", "http://localhost:1"]
    .map((origin) => ({
      name: `an upload by a page of ${origin}`,
      attack: sends(
        put("/written.txt").replace("\r\n", `\r\nOrigin: ${origin}\r\n`),
        { wants: "HTTP/1.1 403 " },
      ),
    })),
];

testAttacks("the command line with --upload, known faults,", {
  args: ["0", "-d", "$SITE", "--upload"],
  permissions: ["-NRW"],
  files: { "folder/file.txt": "file\n" },
}, UPLOADS);
