import { assertEquals } from "@std/assert";
import {
  type FileFacts,
  hasExecutableBit,
  ownsFolder,
  selectProgram,
} from "../../lib/cgi/program.ts";
import { programFilesOf } from "../../lib/cgi/program_files.ts";
import { ownsPathname, type ProgramMap } from "../../lib/cgi/program_map.ts";

const MAP: ProgramMap = {
  root: "/srv",
  cgiDirectories: ["/cgi-bin", "/htbin/", "/sub/cgi-bin"],
  programs: { "/git": "/opt/git-http-backend", "/cgi-bin/x": "/opt/x" },
  interpreters: { ".php": "php-cgi", ".inc.php": "inc" },
  indexPages: ["index.html", "index.php", "index.cgi"],
};

const DIRECTORY: FileFacts = { isFile: false, isDirectory: true, mode: 0o755 };
const RUNS: FileFacts = { isFile: true, isDirectory: false, mode: 0o755 };
const PLAIN: FileFacts = { isFile: true, isDirectory: false, mode: 0o644 };
const PIPE: FileFacts = { isFile: false, isDirectory: false, mode: 0o644 };

const FILES = new Map<string, FileFacts>([
  ["/srv/cgi-bin", DIRECTORY],
  ["/srv/cgi-bin/hello", RUNS],
  ["/srv/cgi-bin/a b", RUNS],
  ["/srv/cgi-bin/.hidden", RUNS],
  ["/srv/cgi-bin/nph-raw", RUNS],
  ["/srv/cgi-bin/secret.txt", PLAIN],
  ["/srv/cgi-bin/pipe", PIPE],
  ["/srv/cgi-bin/page.php", PLAIN],
  ["/srv/cgi-bin/child", DIRECTORY],
  ["/srv/cgi-bin/child/deep", RUNS],
  ["/srv/htbin", DIRECTORY],
  ["/srv/htbin/old", RUNS],
  ["/srv/sub", DIRECTORY],
  ["/srv/sub/cgi-bin", DIRECTORY],
  ["/srv/sub/cgi-bin/hello", RUNS],
  ["/srv/blog", DIRECTORY],
  ["/srv/blog/index.php", PLAIN],
  ["/srv/blog/parts.inc.php", PLAIN],
  ["/srv/cgi-bin/app", DIRECTORY],
  ["/srv/cgi-bin/app/index.cgi", RUNS],
  ["/srv/htbin/index.cgi", PLAIN],
  ["/srv/wiki", DIRECTORY],
  ["/srv/wiki/index.cgi", RUNS],
  ["/srv/both", DIRECTORY],
  ["/srv/both/index.html", PLAIN],
  ["/srv/both/index.php", PLAIN],
  ["/srv/trap", DIRECTORY],
  ["/srv/trap/index.php", DIRECTORY],
  ["/srv/.git", DIRECTORY],
  ["/srv/.git/index.php", PLAIN],
  ["/srv/picture.jpg", PLAIN],
  ["/srv/odd.php", DIRECTORY],
  ["/srv/odd.php/readme.txt", PLAIN],
  ["/srv/cgi-bin/away", RUNS],
  ["/srv/away.php", PLAIN],
  ["/srv/away", DIRECTORY],
  ["/srv/away/index.php", PLAIN],
  ["/opt/git-http-backend", RUNS],
]);

const VIEW = {
  stat: (file: string) => FILES.get(file.replace(/(?<=.)\/$/, "")),
  isOutside: (file: string) => file.includes("/away"),
  isExecutable: hasExecutableBit,
};

/** `command args | SCRIPT_NAME | PATH_INFO`, or the refusal. */
function select(pathname: string): string {
  const selection = selectProgram(pathname, MAP, VIEW, false);
  if (selection.kind === "forbidden") return `403 ${selection.reason}`;
  if (!("program" in selection)) return selection.kind;
  const { command, args, scriptName, pathInfo, nph } = selection.program;
  const words = [command, ...args].join(" ");
  const mark = selection.kind === "index" ? "index: " : "";
  return `${mark}${words} | ${scriptName} | ${pathInfo}${nph ? " | nph" : ""}`;
}

const SELECTIONS: readonly { path: string; want: string }[] = [
  { path: "/cgi-bin", want: "directory" },
  { path: "/cgi-bin/", want: "403 is not a plain file" },
  {
    path: "/cgi-bin/hello",
    want: "/srv/cgi-bin/hello | /cgi-bin/hello | ",
  },
  {
    path: "/cgi-bin/hello/",
    want: "/srv/cgi-bin/hello | /cgi-bin/hello | /",
  },
  {
    path: "/cgi-bin/hello/a/B c",
    want: "/srv/cgi-bin/hello | /cgi-bin/hello | /a/B c",
  },
  { path: "/cgi-bin/a b", want: "/srv/cgi-bin/a b | /cgi-bin/a b | " },
  { path: "/cgi-bin/none", want: "missing" },
  { path: "/cgi-bin/.hidden", want: "missing" },
  { path: "/cgi-bin/hello\\..\\x", want: "missing" },
  { path: "/cgi-bin/secret.txt", want: "403 is not executable" },
  { path: "/cgi-bin/pipe", want: "403 is not a plain file" },
  { path: "/cgi-bin/child", want: "403 is not a plain file" },
  {
    path: "/cgi-bin/child/deep/x",
    want: "/srv/cgi-bin/child/deep | /cgi-bin/child/deep | /x",
  },
  {
    path: "/cgi-bin/nph-raw",
    want: "/srv/cgi-bin/nph-raw | /cgi-bin/nph-raw |  | nph",
  },
  {
    path: "/cgi-bin/page.php",
    want: "php-cgi /srv/cgi-bin/page.php | /cgi-bin/page.php | ",
  },
  { path: "/htbin", want: "directory" },
  { path: "/htbin/old", want: "/srv/htbin/old | /htbin/old | " },
  {
    path: "/sub/cgi-bin/hello",
    want: "/srv/sub/cgi-bin/hello | /sub/cgi-bin/hello | ",
  },
  {
    path: "/git/repo.git/info/refs",
    want: "/opt/git-http-backend | /git | /repo.git/info/refs",
  },
  { path: "/git", want: "/opt/git-http-backend | /git | " },
  { path: "/cgi-bin/x", want: "missing" },
  {
    path: "/blog/index.php/post/1",
    want: "php-cgi /srv/blog/index.php | /blog/index.php | /post/1",
  },
  {
    path: "/blog/parts.inc.php",
    want: "inc /srv/blog/parts.inc.php | /blog/parts.inc.php | ",
  },
  { path: "/picture.jpg/x.php", want: "missing" },
  { path: "/odd.php/readme.txt", want: "missing" },
  { path: "/cgi-bin/away", want: "outside" },
  { path: "/cgi-bin/away/info", want: "outside" },
  { path: "/away.php", want: "outside" },
  { path: "/away/", want: "outside" },
  { path: "/odd.php", want: "403 is not a plain file" },
  {
    path: "/blog/",
    want: "index: php-cgi /srv/blog/index.php | /blog/index.php | ",
  },
  {
    path: "/blog",
    want: "index: php-cgi /srv/blog/index.php | /blog/index.php | ",
  },
  {
    path: "/cgi-bin/app/",
    want: "index: /srv/cgi-bin/app/index.cgi | /cgi-bin/app/index.cgi | ",
  },
  { path: "/htbin/", want: "403 is not executable" },
  { path: "/both/", want: "403 is not a plain file" },
];

Deno.test("selectProgram() splits the pathname at the first file", async (t) => {
  for (const { path, want } of SELECTIONS) {
    await t.step(path, () => assertEquals(select(path), want));
  }
});

Deno.test("selectProgram() mounts one program at the root with an empty SCRIPT_NAME", () => {
  const map = { ...MAP, programs: { "/": "/opt/git-http-backend" } };
  const selection = selectProgram("/any/thing", map, VIEW);
  assertEquals(selection, {
    kind: "program",
    program: {
      command: "/opt/git-http-backend",
      args: [],
      file: "/opt/git-http-backend",
      scriptName: "",
      pathInfo: "/any/thing",
      nph: false,
    },
  });
});

const OWNED: readonly { path: string; folds?: boolean; want: boolean }[] = [
  { path: "/cgi-bin", want: true },
  { path: "/cgi-bin/secret.txt", want: true },
  { path: "/cgi-binary", want: false },
  { path: "/CGI-BIN/hello", want: false },
  { path: "/CGI-BIN/hello", folds: true, want: true },
  { path: "/htbin", want: true },
  { path: "/sub/cgi-bin/x", want: true },
  { path: "/sub", want: false },
  { path: "/git/x", want: true },
  { path: "/github", want: false },
  { path: "/blog/index.php", want: true },
  { path: "/blog/index.php/x", want: true },
  { path: "/blog/index.PHP", want: false },
  { path: "/blog/index.PHP", folds: true, want: true },
  { path: "/blog/index.phps", want: false },
  { path: "/", want: false },
];

Deno.test("ownsPathname() claims what could show a program's source", async (t) => {
  for (const { path, folds = false, want } of OWNED) {
    const name = `${path}${folds ? " where case folds" : ""}`;
    await t.step(
      name,
      () => assertEquals(ownsPathname(path, MAP, folds), want),
    );
  }
});

const FOLDERS: readonly { path: string; want: boolean }[] = [
  { path: "/blog", want: true },
  { path: "/blog/", want: true },
  { path: "/blog/none", want: false },
  { path: "/blog/none/", want: false },
  { path: "/picture.jpg", want: false },
  { path: "/", want: false },
  // The index page is no program: a file, a folder, or one without a suffix.
  { path: "/both/", want: false },
  { path: "/trap/", want: false },
  { path: "/wiki/", want: false },
  { path: "/.git/", want: false },
  { path: "/.git", want: false },
  { path: "/x\\..\\blog/", want: false },
];

Deno.test("ownsFolder() claims folders whose index page is a program", async (t) => {
  for (const { path, want } of FOLDERS) {
    await t.step(path, () => assertEquals(ownsFolder(path, MAP, VIEW), want));
  }
  await t.step("not where no index page has a suffix", () => {
    const map = { ...MAP, indexPages: ["index.cgi", "index.html"] };
    assertEquals(ownsFolder("/blog/", map, VIEW), false);
  });
});

Deno.test("programFilesOf() tells what is run, as links lead now", async () => {
  const top = await Deno.realPath(await Deno.makeTempDir());
  await Deno.mkdir(`${top}/real`);
  await Deno.symlink("real", `${top}/cgi-bin`);
  await Deno.symlink(top, `${top}/root`);
  const map = {
    root: `${top}/root`,
    cgiDirectories: ["/cgi-bin", "/htbin/"],
    programs: { "/git": `${top}/cgi-bin`, "/none": "/nonexistent/program" },
    interpreters: { ".php": "php-cgi" },
    indexPages: [],
  };
  const files = programFilesOf(map);
  assertEquals(files, {
    root: top,
    suffixes: [".php"],
    paths: [
      // By the name in the root, too: the folder may be swapped for a link.
      `${top}/cgi-bin`,
      `${top}/htbin/`,
      `${top}/real`,
      `${top}/real`,
      "/nonexistent/program",
    ],
  });
  await Deno.remove(`${top}/cgi-bin`);
  assertEquals(programFilesOf(map).paths, [
    `${top}/cgi-bin`,
    `${top}/htbin/`,
    `${top}/cgi-bin`,
    "/nonexistent/program",
  ]);
  await Deno.remove(top, { recursive: true });
});
