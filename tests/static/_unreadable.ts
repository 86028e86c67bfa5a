// Files that the server's user may not read. Run by unreadable_test.ts in a
// process of its own, which is not allowed to read whatever it likes.

import { assertEquals, assertStringIncludes } from "@std/assert";
import { StaticRequestHandler } from "../../lib/static/mod.ts";
import { exchange } from "../../lib/testing/mod.ts";
import { folderOf, type Layout } from "./_folder.ts";

const PLAIN = "plain ".repeat(300);

interface Row {
  readonly name: string;
  readonly layout: Layout;
  /** Those that lose all permissions. */
  readonly secret: readonly string[];
  readonly settings?: Partial<StaticRequestHandler>;
  readonly path?: string;
  readonly fields?: string;
  readonly status: number;
  /** The body of the response to GET. */
  readonly body?: string;
  /** What the log says of `a.txt`. */
  readonly isLogged: boolean;
}

const rows: readonly Row[] = [
  {
    name: "a file",
    layout: { "a.txt": "x" },
    secret: ["a.txt"],
    status: 403,
    isLogged: true,
  },
  {
    name: "a large file",
    layout: { "a.txt": new Uint8Array(300_000) },
    secret: ["a.txt"],
    status: 403,
    isLogged: true,
  },
  {
    name: "a part of a file",
    layout: { "a.txt": "0123456789" },
    secret: ["a.txt"],
    fields: "Range: bytes=0-1\r\n",
    status: 403,
    isLogged: true,
  },
  {
    name: "a file that would be compressed",
    layout: { "a.txt": PLAIN },
    secret: ["a.txt"],
    settings: { compress: true },
    fields: "Accept-Encoding: gzip\r\n",
    status: 403,
    isLogged: true,
  },
  {
    name: "an index page",
    layout: { "a.txt": "x" },
    secret: ["a.txt"],
    settings: { indexPages: ["a.txt"] },
    path: "/",
    status: 403,
    isLogged: true,
  },
  {
    name: "a compressed sibling",
    layout: { "b.txt": "plain", "b.txt.gz": "compressed" },
    secret: ["b.txt.gz"],
    settings: { precompressed: true },
    path: "/b.txt",
    fields: "Accept-Encoding: gzip\r\n",
    status: 200,
    body: "plain",
    isLogged: false,
  },
  {
    name: "a README",
    layout: { "README.md": "x" },
    secret: ["README.md"],
    settings: { readme: true },
    path: "/",
    status: 200,
    isLogged: false,
  },
  {
    name: "a member of an archive",
    layout: { "a.txt": "x", "b.txt": "y" },
    secret: ["a.txt"],
    settings: { archives: ["tar"] },
    path: "/?archive=tar",
    status: 200,
    isLogged: false,
  },
  {
    name: "a page for what is not there",
    layout: { "a.txt": "x" },
    secret: ["a.txt"],
    settings: { notFoundPage: "a.txt" },
    path: "/none",
    status: 404,
    isLogged: false,
  },
  {
    name: "a file in a folder that may not be entered",
    layout: { "in/b.txt": "x" },
    secret: ["in"],
    path: "/in/b.txt",
    status: 404,
    isLogged: false,
  },
];

for (const { name, layout, secret, settings, ...row } of rows) {
  const { path = "/a.txt", fields = "", status, body, isLogged } = row;
  for (const method of ["GET", "HEAD"]) {
    Deno.test(`${name}: ${method} is ${status}`, async () => {
      await using folder = await folderOf(layout);
      const paths = secret.map((name) => `${folder.path}/${name}`);
      for (const path of paths) await Deno.chmod(path, 0);
      const Site = StaticRequestHandler.with({
        ...settings,
        root: folder.path,
      });
      const lines: string[] = [];
      const request = `${method} ${path} HTTP/1.1\r\nHost: a\r\n${fields}\r\n`;
      const response = new TextDecoder().decode(
        await exchange(Site, request.repeat(2), {
          accessLog: (line) => lines.push(line),
        }),
      );
      for (const path of paths) await Deno.chmod(path, 0o700);
      const statuses = response.matchAll(/HTTP\/1\.1 (\d+)/g);
      assertEquals([...statuses].map(([, code]) => code), [
        `${status}`,
        `${status}`,
      ]);
      if (body !== undefined && method === "GET") {
        assertStringIncludes(response, `\r\n\r\n${body}`);
      }
      const reasons = lines.filter((line) =>
        line.includes("EACCES") && line.includes(`${folder.path}/a.txt`)
      );
      assertEquals(reasons.length, isLogged ? 2 : 0, lines.join("\n"));
      // The client is told nothing of where the files are.
      assertEquals(response.includes(folder.path), false);
    });
  }
}
