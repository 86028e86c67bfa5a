import { assertEquals, assertThrows } from "@std/assert";
import { CgiRequestHandler, FastCgiRequestHandler } from "../../lib/cgi/mod.ts";
import { toFetch } from "../../lib/fetch/mod.ts";

const ROWS: readonly {
  name: string;
  make: () => Parameters<typeof toFetch>[0];
  message: string;
}[] = [
  {
    name: "a root that is not there",
    make: () => CgiRequestHandler.with({ root: "none" }),
    message: 'none" is no folder',
  },
  {
    name: "a folder of programs without a leading slash",
    make: () => CgiRequestHandler.with({ cgiDirectories: ["cgi-bin"] }),
    message: 'Cannot serve with CgiRequestHandler: the path "cgi-bin" of ' +
      'programs has no leading "/"',
  },
  {
    name: "a program without a leading slash",
    make: () => CgiRequestHandler.with({ programs: { git: "/bin/true" } }),
    message: 'Cannot serve with CgiRequestHandler: the path "git" of ' +
      'programs has no leading "/"',
  },
  {
    name: "a program of an application without a leading slash",
    make: () => FastCgiRequestHandler.with({ programs: { status: "/" } }),
    message: 'Cannot serve with FastCgiRequestHandler: the path "status" ' +
      'of programs has no leading "/"',
  },
  {
    name: "an address without a host",
    make: () => FastCgiRequestHandler.with({ address: "9000" }),
    message: 'Cannot connect to "9000": want host:port or unix:/path',
  },
];

for (const { name, make, message } of ROWS) {
  Deno.test(`no server is made of ${name}`, () => {
    assertThrows(() => toFetch(make()), TypeError, message);
  });
}

Deno.test("a root on another host is not looked for", () => {
  const away = FastCgiRequestHandler.with({ root: "none", checkFiles: false });
  assertEquals(typeof toFetch(away), "function");
});
