// Files and listings: rows 54 to 73.

import type { HttpHandlerClass } from "../../mod.ts";
import { StaticRequestHandler } from "../../lib/static/mod.ts";
import { filePathOf } from "../../lib/static/path.ts";
import { folderOf, MODIFIED } from "../static/_folder.ts";
import { ask, bodyOf, fieldOf, type Row, statusOf } from "./_row.ts";

const LAYOUT = {
  "test": "These are the bytes of a file\n",
  "test.txt": "text",
  "folder/": "",
  "indexed/index.html": "<p>index",
  "odd/index.html/": "",
  "hidden/x": "x",
  "weird & <i>'\"/a b#?&<i>.txt": "weird",
};

/** Does something with a handler of a folder. */
async function withFolder(
  use: (site: HttpHandlerClass, root: string) => Promise<string>,
): Promise<string> {
  await using folder = await folderOf(LAYOUT);
  const { path: root } = folder;
  return await use(StaticRequestHandler.with({ root }), root);
}

/** Requests one target, with perhaps another verb and fields. */
function request(target: string, verb = "GET", fields = ""): string {
  return `${verb} ${target} HTTP/1.1\r\nHost: a\r\n${fields}\r\n`;
}

/** Rows that show a few things of the answers to several targets. */
function targetRow(
  row: number,
  targets: readonly string[],
  show: (answer: string) => string,
  python: string,
  differs?: Row["differs"],
): Row {
  return {
    row,
    name: targets.join(" "),
    see: () =>
      withFolder(async (site) => {
        const shown = new Set<string>();
        for (const target of targets) {
          shown.add(show(await ask(site, request(target))));
        }
        return [...shown].join("; ");
      }),
    python,
    ...(differs === undefined ? {} : { differs }),
  };
}

const redirect = (answer: string) =>
  `${statusOf(answer)} ${fieldOf(answer, "Location")} ` +
  fieldOf(answer, "Content-Length");

const listed = (answer: string) =>
  `${statusOf(answer)}, listing: ${bodyOf(answer).includes("<title>")}`;

/** The status of a conditional request for a file of a known time. */
function conditional(fields: string): Promise<string> {
  return withFolder(async (site) =>
    statusOf(await ask(site, request("/test", "GET", fields)))
  );
}

function since(time: number): string {
  return `If-Modified-Since: ${new Date(time).toUTCString()}\r\n`;
}

const TIME = MODIFIED.getTime();
const HOUR = 3_600_000;
const YEAR = 365 * 24 * HOUR;

/** An unreadable folder is readable for the super-user. */
const IS_ROOT = Deno.uid() === 0;

/** Rows 54 to 73. */
export const STATIC_ROWS: readonly Row[] = [
  targetRow(
    54,
    ["/test"],
    (answer) => `${statusOf(answer)} ${bodyOf(answer)}`,
    "200 These are the bytes of a file\n",
  ),
  {
    row: 54,
    name: "HEAD of a file without an extension",
    see: () =>
      withFolder(async (site) =>
        fieldOf(await ask(site, request("/test", "HEAD")), "Content-Type")
      ),
    python: "application/octet-stream",
  },
  targetRow(
    54,
    ["/test.txt"],
    (answer) => fieldOf(answer, "Content-Type"),
    "text/plain",
    {
      here: "text/plain; charset=UTF-8",
      why: "without a charset a browser guesses, and shows UTF-8 text wrong",
    },
  ),
  targetRow(55, ["/test/", "/test%2f", "/test%2F"], statusOf, "404"),
  targetRow(
    56,
    ["/folder/", "/folder%2f", "/folder%2F", "/"],
    listed,
    "200, listing: true",
  ),
  targetRow(57, ["/folder"], redirect, "301 /folder/ 0"),
  targetRow(58, ["/folder?hi=1"], redirect, "301 /folder/?hi=1 0"),
  targetRow(58, ["/folder/?hi=1"], statusOf, "200"),
  targetRow(59, ["/none", "/none/", "/%zz/none/"], statusOf, "404", {
    here: "404; 400",
    why: "an escape that is none is no path (RFC 3986 2.1)",
  }),
  targetRow(60, ["/odd/"], listed, "200, listing: true"),
  targetRow(
    61,
    ["/indexed/"],
    (answer) => `${statusOf(answer)} ${bodyOf(answer)}`,
    "200 <p>index",
  ),
  {
    row: 62,
    name: "a folder that may not be read",
    see: () =>
      withFolder(async (site, root) => {
        await Deno.chmod(`${root}/hidden`, 0);
        try {
          return statusOf(await ask(site, request("/hidden/")));
        } finally {
          await Deno.chmod(`${root}/hidden`, 0o755);
        }
      }),
    python: IS_ROOT ? "200" : "404",
  },
  {
    row: 63,
    name: "HEAD of a file",
    see: () =>
      withFolder(async (site) => {
        const answer = await ask(site, request("/test", "HEAD"));
        return `${fieldOf(answer, "Content-Length")} ` +
          `${fieldOf(answer, "Content-Type")} "${bodyOf(answer)}"`;
      }),
    python: '30 application/octet-stream ""',
  },
  {
    row: 64,
    name: "If-Modified-Since: the file's time",
    see: () => conditional(since(TIME)),
    python: "304",
  },
  {
    row: 64,
    name: "If-Modified-Since: an hour later",
    see: () => conditional(since(TIME + HOUR)),
    python: "304",
  },
  {
    row: 64,
    name: "If-Modified-Since: a year earlier",
    see: () => conditional(since(TIME - YEAR)),
    python: "200",
  },
  {
    row: 65,
    name: "If-None-Match: * beside If-Modified-Since",
    see: () => conditional(since(TIME - YEAR) + "If-None-Match: *\r\n"),
    python: "200",
    differs: {
      here: "304",
      why:
        "If-None-Match is evaluated: * matches what exists (RFC 9110 13.1.2)",
    },
  },
  {
    row: 65,
    name: "If-None-Match wins over If-Modified-Since",
    see: () => conditional(since(TIME) + 'If-None-Match: "other"\r\n'),
    python: "200",
  },
  targetRow(
    66,
    ["/test"],
    (answer) => fieldOf(answer, "Last-Modified"),
    MODIFIED.toUTCString(),
  ),
  targetRow(
    67,
    ["test", "test/", "folder/", "folder", "folder?hi=1"],
    (answer) => `${statusOf(answer)} ${fieldOf(answer, "Location")}`,
    "200 none; 404 none; 301 folder/; 301 folder/?hi=1",
    {
      here: "400 none",
      why: "a path begins with a slash (RFC 9112 3.2.1)",
    },
  ),
  targetRow(
    68,
    [
      "//python.org/..%2f..%2f..%2f..%2f..%2f../%0a%0d/../folder",
      "///python.org/..%2f..%2f..%2f..%2f..%2f../%0a%0d/../folder",
    ],
    (answer) => `${statusOf(answer)} ${fieldOf(answer, "Location")}`,
    "301 /python.org/..%2f..%2f..%2f..%2f..%2f../%0a%0d/../folder/",
    {
      here: "400 none",
      why: "dots beside an escaped slash are read in two ways: refused",
    },
  ),
  targetRow(
    69,
    ["https://pypi.org//python.org/../folder"],
    redirect,
    "301 https://pypi.org//python.org/../folder/ 0",
    {
      here: "301 /folder/ 0",
      why: "a relative Location is the same address, and holds no octet of " +
        "the request's authority",
    },
  ),
  {
    row: 70,
    name: "translatePath()",
    see: () =>
      withFolder(async (site, root) => {
        const paths: string[] = [];
        class Translating extends StaticRequestHandler {
          override root = root;

          override translatePath(pathname: string): string | undefined {
            const path = super.translatePath(pathname);
            paths.push(path?.slice(root.length) ?? "none");
            return path;
          }
        }
        void site;
        for (
          const target of ["/filename?foo=bar", "//filename", "/a/%62?c/d"]
        ) await ask(Translating, request(target));
        return paths.join(" ");
      }),
    python: "/filename /filename /a/b",
  },
  targetRow(70, ["/filename#anchor"], statusOf, "404", {
    here: "400",
    why: "a fragment is no part of a request target (RFC 9112 3.2)",
  }),
  ...["/c:c:c:foo/filename", "/\\c:../filename", "/c:\\c:../filename"].map((
    pathname,
  ): Row => ({
    row: 71,
    name: `translatePath() on Windows: ${pathname}`,
    see: () => {
      const rules = { dotfiles: true, windows: true };
      return filePathOf("/root", pathname, rules) ?? "none";
    },
    python: "/root/filename",
    differs: {
      here: "none",
      why: "a path that holds a drive or a backslash is 404, not the path of " +
        "another file",
    },
  })),
  targetRow(
    72,
    ["/weird%20&%20%3Ci%3E'%22/?x=%3Cb%3E"],
    (answer) => {
      const body = bodyOf(answer);
      const title = /<title>(.*)<\/title>/.exec(body)?.[1] ?? "";
      const heading = /<h1>(.*)<\/h1>/.exec(body)?.[1] ?? "";
      return `${title}|${heading === title}|${body.includes("<b>")}`;
    },
    "Directory listing for /weird &amp; &lt;i&gt;'\"/|true|false",
    {
      here:
        "Directory listing for /weird &amp; &lt;i&gt;&#39;&quot;/|true|false",
      why: "quotation marks are escaped, too: one function for text and " +
        "attributes cannot be used in the wrong place",
    },
  ),
  {
    row: 73,
    name: "an entry of a listing, and the file that it leads to",
    see: () =>
      withFolder(async (site) => {
        const folder = "/weird%20&%20%3Ci%3E'%22/";
        const page = bodyOf(await ask(site, request(folder)));
        const href = /href="?([^">]*txt)/.exec(page)?.[1] ?? "";
        const file = await ask(site, request(folder + href.replace("./", "")));
        return `${href} ${bodyOf(file)}`;
      }),
    python: "a%20b%23%3F%26%3Ci%3E.txt weird",
  },
  {
    row: 73,
    name: "a name that is not UTF-8",
    see: () =>
      withFolder(async (site, root) => {
        const command = `printf x > "$1/folder/$(printf 'a\\377.txt')"`;
        const { success } = await new Deno.Command("sh", {
          args: ["-c", command, "sh", root],
        }).output();
        const page = bodyOf(await ask(site, request("/folder/")));
        const href = /href="?([^">]*txt)/.exec(page)?.[1] ?? "none";
        const target = "/folder/" + href.replace("./", "");
        const status = statusOf(await ask(site, request(target)));
        return `${success} ${href} ${status}`;
      }),
    python: "true a%FF.txt 200",
    differs: {
      here: "true none 404",
      why: "Deno has no name for such a file: it is not listed",
    },
  },
];
