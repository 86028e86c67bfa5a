import { assertEquals, assertRejects } from "@std/assert";
import { HttpError } from "../../lib/facts/errors.ts";
import { ProgramGuard } from "../../lib/handler/program_guard.ts";
import { Root } from "../../lib/static/root.ts";
import { folderOf } from "./_folder.ts";
import { testBothWays } from "./_ways.ts";

const LAYOUT = {
  "out/secret": "secret",
  "root/a": "a",
  "root/b": "b",
  "root/.hidden": "",
  "root/empty/": "",
  "root/sub/c": "c",
  "root/sub/deep/d": "d",
  "root/in": "-> sub",
  "root/away": "-> ../out",
  "root/leaf": "-> ../out/secret",
};

/** All paths below a folder. */
function treeOf(folder: string): string[] {
  return Array.from(Deno.readDirSync(folder), (entry) => {
    const below = entry.isDirectory ? treeOf(`${folder}/${entry.name}`) : [];
    return [entry.name, ...below.map((name) => `${entry.name}/${name}`)];
  }).flat().sort();
}

const TREE = [
  "out",
  "out/secret",
  "root",
  "root/.hidden",
  "root/a",
  "root/away",
  "root/b",
  "root/empty",
  "root/in",
  "root/leaf",
  "root/sub",
  "root/sub/c",
  "root/sub/deep",
  "root/sub/deep/d",
];

const CHANGES: {
  name: string;
  change: (files: Root, root: string) => Promise<unknown>;
  gone?: string[];
  new?: string[];
  /** The status, where it is refused. */
  status?: number;
}[] = [
  {
    name: "mkdir",
    change: (files, root) => files.mkdir(`${root}/new`),
    new: ["root/new"],
  },
  {
    name: "mkdir with a slash at the end",
    change: (files, root) => files.mkdir(`${root}/sub/new/`),
    new: ["root/sub/new"],
  },
  {
    name: "mkdir through a link that stays inside",
    change: (files, root) => files.mkdir(`${root}/in/new`),
    new: ["root/sub/new"],
  },
  {
    name: "mkdir where a folder is",
    change: (files, root) => files.mkdir(`${root}/empty`),
    status: 409,
  },
  {
    name: "mkdir where a file is",
    change: (files, root) => files.mkdir(`${root}/a`),
    status: 409,
  },
  {
    name: "mkdir through a link that leads out",
    change: (files, root) => files.mkdir(`${root}/away/new`),
    status: 409,
  },
  {
    name: "mkdir outside by text",
    change: (files, root) => files.mkdir(`${root}/../out/new`),
    status: 409,
  },
  {
    name: "mkdir of the root",
    change: (files, root) => files.mkdir(root),
    status: 409,
  },
  {
    name: "mkdir of ..",
    change: (files, root) => files.mkdir(`${root}/sub/..`),
    status: 403,
  },
  {
    name: "mkdir in what is not there",
    change: (files, root) => files.mkdir(`${root}/none/new`),
    status: 409,
  },
  {
    name: "mkdir of a name that is too long",
    change: (files, root) => files.mkdir(`${root}/${"x".repeat(300)}`),
    status: 400,
  },
  {
    name: "remove of a file",
    change: (files, root) => files.remove(`${root}/a`),
    gone: ["root/a"],
  },
  {
    name: "remove of a link",
    change: (files, root) => files.remove(`${root}/leaf`),
    gone: ["root/leaf"],
  },
  {
    name: "remove of a link to a folder, with all within",
    change: (files, root) => files.remove(`${root}/away`, { recursive: true }),
    gone: ["root/away"],
  },
  {
    name: "remove of a folder",
    change: (files, root) => files.remove(`${root}/empty`),
    gone: ["root/empty"],
  },
  {
    name: "remove of a folder that is not empty",
    change: (files, root) => files.remove(`${root}/sub`),
    status: 409,
  },
  {
    name: "remove of a folder with all within",
    change: (files, root) => files.remove(`${root}/sub/`, { recursive: true }),
    gone: ["root/sub", "root/sub/c", "root/sub/deep", "root/sub/deep/d"],
  },
  {
    name: "remove through a link that leads out",
    change: (files, root) => files.remove(`${root}/away/secret`),
    status: 409,
  },
  {
    name: "remove of nothing",
    change: (files, root) => files.remove(`${root}/none`),
    status: 409,
  },
  {
    name: "rename of a file",
    change: (files, root) => files.rename(`${root}/a`, `${root}/sub/z`),
    gone: ["root/a"],
    new: ["root/sub/z"],
  },
  {
    name: "rename over a file",
    change: (files, root) => files.rename(`${root}/a`, `${root}/b`),
    gone: ["root/a"],
  },
  {
    name: "rename of a folder",
    change: (files, root) => files.rename(`${root}/sub/deep`, `${root}/up`),
    gone: ["root/sub/deep", "root/sub/deep/d"],
    new: ["root/up", "root/up/d"],
  },
  {
    name: "rename over a folder that is not empty",
    change: (files, root) => files.rename(`${root}/empty`, `${root}/sub`),
    status: 409,
  },
  {
    name: "rename out of the root",
    change: (files, root) => files.rename(`${root}/a`, `${root}/away/a`),
    status: 409,
  },
  {
    name: "rename into the root",
    change: (files, root) => files.rename(`${root}/away/secret`, `${root}/z`),
    status: 409,
  },
];

testBothWays(
  "Root changes what lies inside the root, and nothing else",
  async (t) => {
    for (
      const { name, change, gone = [], new: added = [], status } of CHANGES
    ) {
      await t.step(name, async () => {
        await using folder = await folderOf(LAYOUT);
        const root = `${folder.path}/root`;
        const files = new Root({ root, followSymlinks: false });
        if (status === undefined) await change(files, root);
        else {
          const error = await assertRejects(
            () => change(files, root),
            HttpError,
          );
          assertEquals(error.status, status);
        }
        const want = new Set(TREE).difference(new Set(gone))
          .union(new Set(added));
        assertEquals(treeOf(folder.path), [...want].sort());
      });
    }
  },
);

testBothWays("Root.list() gives what is shown", async () => {
  await using folder = await folderOf(LAYOUT);
  const root = `${folder.path}/root`;
  const files = new Root({ root, followSymlinks: false });
  const entries = await Array.fromAsync(files.list(root));
  assertEquals(
    entries.map(({ name, kind, link, size }) => [name, kind, link, size]),
    [
      ["empty", "folder", false, undefined],
      ["in", "folder", true, undefined],
      ["sub", "folder", false, undefined],
      ["a", "file", false, 1],
      ["b", "file", false, 1],
    ],
  );
  assertEquals(await Array.fromAsync(files.list(`${root}/away`)), []);
  assertEquals(await Array.fromAsync(files.list(`${root}/a`)), []);
});

testBothWays("Root.open() reads a file", async () => {
  await using folder = await folderOf({ "a": "hello, world" });
  const files = new Root({ root: folder.path, followSymlinks: false });
  using file = await files.open(`${folder.path}/a`);
  assertEquals(file?.facts.size, 12);
  const into = new Uint8Array(5);
  assertEquals(await file?.read(into), 5);
  assertEquals(new TextDecoder().decode(into), "hello");
  await file?.seek(7);
  assertEquals(await new Response(file?.readable).text(), "world");
});

testBothWays("Root changes no program", async () => {
  await using folder = await folderOf({ "run.php": "", "bin/x": "", "a": "" });
  const root = await Deno.realPath(folder.path);
  const programs = new ProgramGuard([{
    programFiles: () => ({ root, suffixes: [".php"], paths: [`${root}/bin`] }),
  }]);
  const files = new Root({ root, followSymlinks: false, programs });
  const changes = [
    () => files.remove(`${root}/run.php`),
    () => files.remove(`${root}/bin/x`),
    () => files.rename(`${root}/a`, `${root}/b.PHP`),
    () => files.rename(`${root}/a`, `${root}/bin/a`),
    () => files.rename(`${root}/run.php`, `${root}/run.txt`),
    () => files.mkdir(`${root}/bin/y`),
    () => files.write(`${root}/.user.ini`, ReadableStream.from([])),
  ];
  for (const change of changes) {
    assertEquals((await assertRejects(change, HttpError)).status, 403);
  }
  assertEquals(treeOf(root), ["a", "bin", "bin/x", "run.php"]);
});
