// CGI programs: rows 80 to 90.

import { HttpRequestHandler, verb } from "../../mod.ts";
import { CgiRequestHandler } from "../../lib/cgi/mod.ts";
import { folderOf } from "../static/_folder.ts";
import { ask, bodyOf, fieldOf, lineOf, type Row, statusOf } from "./_row.ts";

/** A program that prints this after a head of `text/html`. */
function printing(shell: string): string {
  return `#!/bin/sh\nprintf 'Content-type: text/html\\n\\n'\n${shell}\n`;
}

const HELLO = printing("echo 'Hello World'");
const LAYOUT = {
  "cgi-bin/file1.py": HELLO,
  "cgi-bin/child-dir/file3.py": HELLO,
  "sub/dir/cgi-bin/file5.py": HELLO,
  "cgi-bin/plain.py": "no program",
  "cgi-bin/body.py": printing(
    `printf '%s, ' "$CONTENT_LENGTH" "$CONTENT_TYPE"; cat`,
  ),
  "cgi-bin/fields.py": printing(
    `printf '%s, ' "$QUERY_STRING" "$HTTP_ACCEPT" "$AUTH_TYPE" "$REMOTE_USER"`,
  ),
  "cgi-bin/exit.py": printing("echo Hello; exit 3"),
};

/** What comes of a request to the programs, and what was logged of it. */
async function program(
  request: string,
  show: (response: string, log: readonly string[]) => string = bodyOf,
  directories?: string[],
): Promise<string> {
  await using folder = await folderOf(LAYOUT);
  const { path: root } = folder;
  for (const name of Object.keys(LAYOUT)) {
    if (!name.endsWith("plain.py")) await Deno.chmod(`${root}/${name}`, 0o755);
  }
  const settings = directories === undefined
    ? { root }
    : { root, cgiDirectories: directories };
  const log: string[] = [];
  const response = await ask(CgiRequestHandler.with(settings), request, {
    accessLog: (line) => log.push(line),
  });
  return show(response, log);
}

function get(target: string, fields = ""): string {
  return `GET ${target} HTTP/1.1\r\nHost: a\r\n${fields}\r\n`;
}

/** The statuses of several targets. */
async function statuses(...targets: string[]): Promise<string> {
  const seen: string[] = [];
  for (const target of targets) {
    seen.push(await program(get(target), statusOf));
  }
  return seen.join(" ");
}

function environment(): string {
  return Object.entries(Deno.env.toObject()).sort().join("\n");
}

/** Shows the path that a handler goes by. */
class Pathname extends HttpRequestHandler {
  @verb("GET")
  show(): void {
    this.sendResponse(200);
    this.endHeaders();
    this.wfile.write(this.pathname);
  }
}

async function pathnames(...targets: string[]): Promise<string> {
  const seen: string[] = [];
  for (const target of targets) {
    const response = await ask(Pathname, get(target));
    const isServed = statusOf(response) === "200";
    seen.push(isServed ? bodyOf(response) : statusOf(response));
  }
  return seen.join(" ");
}

/** Rows 80 to 90. */
export const PROGRAM_ROWS: readonly Row[] = [
  {
    row: 80,
    name: "dots are taken out of a path",
    see: () => pathnames("/", "/a/b/c/../d", "/a/b/.", "/a/../../../../f"),
    python: "// /a/b/d /a/b/ //f",
    differs: {
      here: "/ /a/b/d /a/b/ /f",
      why: "Python has the path as a pair of folder and name, with two " +
        "slashes at the root",
    },
  },
  {
    row: 80,
    name: "paths that lead out of the root, and those that are none",
    see: () => pathnames("/.//..", "/../a", "..", "a", "./C:/"),
    python: "IndexError IndexError IndexError //a /C:/",
    differs: {
      here: "/ /a 400 400 400",
      why:
        "RFC 3986 5.2.4 removes the dots that lead out; RFC 9112 3.2.1 has " +
        "no target without a slash",
    },
  },
  {
    row: 81,
    name: "a program",
    see: () =>
      program(
        get("/cgi-bin/file1.py"),
        (response) =>
          `${statusOf(response)} ${fieldOf(response, "Content-type")} ` +
          bodyOf(response),
      ),
    python: "200 text/html Hello World\n",
  },
  {
    row: 82,
    name: "a program that is not there, by a way round",
    see: () => statuses("///////////nocgi.py/../cgi-bin/nothere.sh"),
    python: "404",
  },
  {
    row: 83,
    name: "POST of a form reaches the program",
    see: () =>
      program(
        "POST /cgi-bin/body.py HTTP/1.1\r\nHost: a\r\n" +
          "Content-Type: application/x-www-form-urlencoded\r\n" +
          "Content-Length: 28\r\n\r\nspam=1&eggs=python&bacon=123",
      ),
    python: "28, application/x-www-form-urlencoded, " +
      "spam=1&eggs=python&bacon=123",
  },
  {
    row: 84,
    name: "no such program, not executable, a folder, the folder itself",
    see: () =>
      statuses(
        "/cgi-bin/invalid",
        "/cgi-bin/plain.py",
        "/cgi-bin/child-dir",
        "/cgi-bin",
      ),
    python: "404 403 403 301",
  },
  {
    row: 85,
    name: "a Basic Authorization that nobody asked for",
    see: () =>
      program(
        get("/cgi-bin/fields.py", "Authorization: Basic dTpw\r\n"),
      ),
    python: ", , Basic, u, ",
    differs: {
      here: ", , , , ",
      why: "RFC 3875 4.1.1 and 4.1.11: a user whose password nobody has " +
        "checked is no authenticated user",
    },
  },
  {
    row: 86,
    name: "programs in folders, escaped slashes, other program folders",
    see: async () => {
      const inside = await statuses(
        "cgi-bin/file1.py",
        "/cgi-bin%2ffile1.py",
        "/cgi-bin/child-dir/file3.py",
      );
      const outside = await program(
        get("/sub/dir/cgi-bin/file5.py"),
        statusOf,
        ["/sub/dir/cgi-bin"],
      );
      return `${inside} ${outside}`;
    },
    python: "200 200 200 200",
    differs: {
      here: "400 200 200 200",
      why: "RFC 9112 3.2.1: a target begins with a slash",
    },
  },
  {
    row: 87,
    name: "the environment of the server stays as it was",
    see: async () => {
      const before = environment();
      await program(get("/cgi-bin/file1.py"));
      return String(environment() === before);
    },
    python: "true",
  },
  {
    row: 88,
    name: "a query with a question mark, and one with slashes",
    see: async () =>
      [
        await program(get("/cgi-bin/fields.py?a=b?c=d")),
        await program(get("/cgi-bin/fields.py?k=aa%2F%2Fbb&//q//p//=//a//b//")),
      ].join(" "),
    python: "a=b?c=d, , , ,  k=aa%2F%2Fbb&//q//p//=//a//b//, , , , ",
  },
  {
    row: 89,
    name: "HTTP_ACCEPT of one field, none, two",
    see: async () =>
      [
        await program(get("/cgi-bin/fields.py", "Accept: text/html\r\n")),
        await program(get("/cgi-bin/fields.py")),
        await program(
          get(
            "/cgi-bin/fields.py",
            "Accept: text/html\r\nAccept: text/plain\r\n",
          ),
        ),
      ].join("; "),
    python: ", text/html, , , ; , , , , ; , text/html,text/plain, , , ",
    differs: {
      here: ", text/html, , , ; , , , , ; , text/html, text/plain, , , ",
      why: "RFC 9110 5.3 joins by a comma and a space, as all other fields are",
    },
  },
  {
    row: 90,
    name: "an exit status is logged",
    see: () =>
      program(get("/cgi-bin/exit.py"), (response, log) =>
        [
          lineOf(response),
          ...log.map((line) => line.replace(/^.*?\] /, "")),
        ].join("; ")),
    python: "HTTP/1.1 200 Script output follows; " +
      '"GET /cgi-bin/exit.py HTTP/1.1" 200 -; CGI script exit code 3',
    differs: {
      here: "HTTP/1.1 200 OK; " +
        '"GET /cgi-bin/exit.py HTTP/1.1" 200 -; /cgi-bin/exit.py: exit status 3',
      why: "200 is OK, and the log says which program it was",
    },
  },
];
