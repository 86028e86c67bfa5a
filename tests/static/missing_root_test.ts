import { assertEquals, assertThrows } from "@std/assert";
import { toFetch } from "../../lib/fetch/mod.ts";
import { HttpServer } from "../../lib/server/http_server.ts";
import { StaticRequestHandler } from "../../lib/static/mod.ts";
import { folderOf } from "./_folder.ts";

type Row = readonly [
  name: string,
  settings: Partial<StaticRequestHandler>,
  message: string,
];

Deno.test("a server of what is not there does not start", async (t) => {
  await using folder = await folderOf({ "a.txt": "a" });
  const { path } = folder;
  const rows: readonly Row[] = [
    [
      "no folder",
      { root: `${path}/none` },
      `Cannot serve with StaticRequestHandler: the root "${path}/none" is no ` +
      "folder",
    ],
    [
      "a relative path",
      { root: "none" },
      'Cannot serve with StaticRequestHandler: the root "none" is no folder',
    ],
    [
      "a file for a folder",
      { root: `${path}/a.txt` },
      `Cannot serve with StaticRequestHandler: the root "${path}/a.txt" is no ` +
      "folder",
    ],
    [
      "no file",
      { singleFile: `${path}/none` },
      "Cannot serve with StaticRequestHandler: the singleFile " +
      `"${path}/none" is no file`,
    ],
    [
      "a folder for a file",
      { singleFile: path },
      "Cannot serve with StaticRequestHandler: the singleFile " +
      `"${path}" is no file`,
    ],
  ];
  for (const [name, settings, message] of rows) {
    await t.step(name, () => {
      const Site = StaticRequestHandler.with(settings);
      assertThrows(() => new HttpServer({ port: 0 }, Site), TypeError, message);
      assertThrows(() => toFetch(Site), TypeError, message);
      assertThrows(() => toFetch([StaticRequestHandler, Site]), TypeError);
    });
  }
});

Deno.test("a single file needs no root", async () => {
  await using folder = await folderOf({ "a.txt": "a" });
  const singleFile = `${folder.path}/a.txt`;
  const settings = { root: "none", singleFile };
  const answer = toFetch(StaticRequestHandler.with(settings));
  const response = await answer(new Request("http://a/"));
  assertEquals(await response.text(), "a");
});

Deno.test({
  name: "a root that Deno may not read is looked at when it is asked for",
  permissions: { read: false },
  fn() {
    toFetch(StaticRequestHandler.with({ root: "/none" }));
    toFetch(StaticRequestHandler.with({ root: "none" }));
  },
});
