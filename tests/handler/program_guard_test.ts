import { assertEquals } from "@std/assert";
import {
  type ProgramFiles,
  ProgramGuard,
  sharesTree,
} from "../../lib/handler/program_guard.ts";

const FILES: ProgramFiles = {
  root: "/srv/site",
  suffixes: [".php", ".Cgi"],
  paths: ["/srv/site/cgi-bin", "/opt/program"],
};

function guardOf(files: ProgramFiles): ProgramGuard {
  return new ProgramGuard([{ programFiles: () => files }]);
}

const names: Record<string, boolean> = {
  "a.php": true,
  "/srv/else/a.php": true,
  ".php": true,
  "a.jpg.php": true,
  "a.PHP": true,
  "a.cgi": true,
  "a.php.": true,
  "a.php . .": true,
  "a.php.gz": true,
  "a.php.BR": true,
  "a.php.zst.gz": true,
  "a.php.gz.": true,
  "a.ph\u200cp": true,
  "\ufeffa.php": true,
  "a.p\u00adhp": true,
  "a.\uff50hp": true,
  "a.php\ufe0f": true,
  "a.php.txt": false,
  "a.phps": false,
  "aphp": false,
  "php": false,
  "a.php/b": false,
  "a.gz": false,
  "": false,
};

Deno.test("ProgramGuard knows programs by their names", async (t) => {
  const guard = guardOf(FILES);
  for (const [name, want] of Object.entries(names)) {
    await t.step(JSON.stringify(name), () => {
      assertEquals(guard.hasName(name), want);
    });
  }
});

const paths: Record<string, boolean> = {
  "/srv/site/cgi-bin": true,
  "/srv/site/cgi-bin/a": true,
  "/srv/site/CGI-bin/a/b.txt": true,
  "/srv/site/cgi-bins/a": false,
  "/srv/site/a": false,
  "/srv/site": false,
  "/opt/program": true,
  "/opt/programs": false,
  "/": false,
};

Deno.test("ProgramGuard knows programs by their places", async (t) => {
  const guard = guardOf(FILES);
  for (const [path, want] of Object.entries(paths)) {
    await t.step(path, () => {
      assertEquals(guard.hasPath(path), want);
    });
  }
});

Deno.test("ProgramGuard asks anew about each path", () => {
  let paths = ["/srv/cgi-bin"];
  const guard = guardOf({
    ...FILES,
    get paths() {
      return paths;
    },
  });
  assertEquals(guard.hasPath("/srv/cgi-bin/a"), true);
  paths = ["/srv/other"];
  assertEquals(guard.hasPath("/srv/cgi-bin/a"), false);
  assertEquals(guard.hasPath("/srv/other/a"), true);
});

Deno.test("ProgramGuard of nothing is empty", () => {
  const nothing = { root: "/", suffixes: [""], paths: [] };
  assertEquals(new ProgramGuard([]).isEmpty, true);
  assertEquals(guardOf(nothing).isEmpty, true);
  assertEquals(guardOf(FILES).isEmpty, false);
  assertEquals(guardOf(nothing).hasName("a"), false);
  assertEquals(guardOf(nothing).hasPath("/a"), false);
});

const trees: {
  folder: string;
  files?: Partial<ProgramFiles>;
  want: boolean;
}[] = [
  { folder: "/srv/site", want: true },
  { folder: "/srv/site/uploads", want: true },
  { folder: "/srv", want: true },
  { folder: "/opt", want: true },
  { folder: "/var/uploads", want: false },
  { folder: "/srv/site/uploads", files: { suffixes: [] }, want: false },
  { folder: "/srv/site/cgi-bin/x", files: { suffixes: [] }, want: true },
  { folder: "/srv/site", files: { suffixes: [] }, want: true },
  { folder: "/srv/site", files: { suffixes: [], paths: [] }, want: false },
];

Deno.test("sharesTree() tells whether something there is run", async (t) => {
  for (const { folder, files, want } of trees) {
    await t.step(`${folder} ${JSON.stringify(files ?? {})}`, () => {
      assertEquals(sharesTree(folder, { ...FILES, ...files }), want);
    });
  }
});
