import { assertEquals } from "@std/assert";
import { filePathOf, isWithin, type PathRules } from "../../lib/static/path.ts";

const posix: PathRules = { dotfiles: false, windows: false };
const dotted: PathRules = { dotfiles: true, windows: false };
const windows: PathRules = { dotfiles: false, windows: true };

const cases: {
  pathname: string;
  rules?: PathRules;
  want: string | undefined;
}[] = [
  { pathname: "/", want: "/srv/" },
  { pathname: "/a.txt", want: "/srv/a.txt" },
  { pathname: "/a/b/", want: "/srv/a/b/" },
  { pathname: "/a b%.txt", want: "/srv/a b%.txt" },
  { pathname: "/a..b/c.", want: "/srv/a..b/c." },
  { pathname: "/..", want: undefined },
  { pathname: "/../secret", want: undefined },
  { pathname: "/a/../secret", want: undefined },
  { pathname: "/a/..", want: undefined },
  { pathname: "/a/./b", want: undefined },
  { pathname: "/..", rules: dotted, want: undefined },
  { pathname: "/a/../b", rules: dotted, want: undefined },
  { pathname: "//a", want: undefined },
  { pathname: "/a//b", want: undefined },
  { pathname: "/a\0", want: undefined },
  { pathname: "a", want: undefined },
  { pathname: "", want: undefined },
  { pathname: "/.env", want: undefined },
  { pathname: "/a/.git/config", want: undefined },
  { pathname: "/.well-known/x", want: undefined },
  { pathname: "/.env", rules: dotted, want: "/srv/.env" },
  { pathname: "/a/.git/config", rules: dotted, want: "/srv/a/.git/config" },
  // Legal names where the file system is not a Windows one.
  { pathname: "/..\\secret", rules: dotted, want: "/srv/..\\secret" },
  { pathname: "/a\\b", want: "/srv/a\\b" },
  { pathname: "/12:30.txt", want: "/srv/12:30.txt" },
  { pathname: "/nul", want: "/srv/nul" },
  { pathname: "/a.txt", rules: windows, want: "/srv/a.txt" },
  { pathname: "/a/b/", rules: windows, want: "/srv/a/b/" },
  { pathname: "/console.txt", rules: windows, want: "/srv/console.txt" },
  { pathname: "/a\\b", rules: windows, want: undefined },
  { pathname: "/..\\secret", rules: windows, want: undefined },
  { pathname: "/C:/secret", rules: windows, want: undefined },
  { pathname: "/C:", rules: windows, want: undefined },
  { pathname: "/a.txt::$DATA", rules: windows, want: undefined },
  { pathname: "/a.txt:stream", rules: windows, want: undefined },
  { pathname: "/nul", rules: windows, want: undefined },
  { pathname: "/NUL.txt", rules: windows, want: undefined },
  { pathname: "/a/com1.tar.gz", rules: windows, want: undefined },
  { pathname: "/com\u00b9", rules: windows, want: undefined },
  { pathname: "/con /x", rules: windows, want: undefined },
  { pathname: "/conin$", rules: windows, want: undefined },
  { pathname: "/a./b", rules: windows, want: undefined },
  { pathname: "/secret ", rules: windows, want: undefined },
  { pathname: "/GIT~1/config", rules: windows, want: undefined },
  { pathname: "/a*", rules: windows, want: undefined },
  { pathname: "/a\nb", rules: windows, want: undefined },
];

Deno.test("filePathOf() stays below the root", async (t) => {
  for (const { pathname, rules = posix, want } of cases) {
    await t.step(`${JSON.stringify(pathname)} ${JSON.stringify(rules)}`, () => {
      assertEquals(filePathOf("/srv", pathname, rules), want);
    });
  }
});

Deno.test("filePathOf() joins below the top of the file system", () => {
  assertEquals(filePathOf("/", "/a", posix), "/a");
});

const within = [
  { path: "/srv/www", want: true },
  { path: "/srv/www/a", want: true },
  { path: "/srv/www-private", want: false },
  { path: "/srv/www-private/a", want: false },
  { path: "/srv/www\\a", want: false },
  { path: "/srv", want: false },
  { path: "/", want: false },
];

Deno.test("isWithin() compares whole segments", () => {
  for (const { path, want } of within) {
    assertEquals(isWithin(path, "/srv/www", "/"), want, path);
  }
  assertEquals(isWithin("/a", "/", "/"), true);
  assertEquals(isWithin("C:\\www\\a", "C:\\www", "\\"), true);
  assertEquals(isWithin("C:\\www2\\a", "C:\\www", "\\"), false);
});
