import { assertEquals, assertNotStrictEquals } from "@std/assert";
import {
  type FileCache,
  type Root,
  StaticRequestHandler,
} from "../../lib/static/mod.ts";
import { exchange } from "../../lib/testing/mod.ts";
import { anHourLater } from "./_clock.ts";
import { folderOf } from "./_folder.ts";

/** A folder for each name, as an override of `dispatch` may choose it. */
class Sites extends StaticRequestHandler {
  static folders: Record<string, Partial<StaticRequestHandler>> = {};
  static caches: FileCache[] = [];

  override dispatch(): void | Promise<void> {
    Object.assign(this, Sites.folders[this.fields.get("host") ?? ""]);
    Sites.caches.push(this.fileCache);
    return super.dispatch();
  }
}

/** The bodies of the responses to requests of one connection. */
async function bodies(hosts: readonly string[], path: string) {
  Sites.caches = [];
  const requests = hosts.map((host) =>
    `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nAccept: application/json\r\n\r\n`
  );
  const responses = new TextDecoder().decode(
    await exchange(Sites, requests.join("")),
  );
  return responses.split(/HTTP\/1\.1 /).slice(1).map((response) =>
    response.slice(response.indexOf("\r\n\r\n") + 4)
  );
}

Deno.test("a handler goes by the root that it has now", async () => {
  await using a = await folderOf({ "x.txt": "of a" });
  await using b = await folderOf({ "x.txt": "of b" });
  Sites.folders = { a: { root: a.path }, b: { root: b.path } };
  assertEquals(await bodies(["a", "b", "a"], "/x.txt"), [
    "of a",
    "of b",
    "of a",
  ]);
});

Deno.test("a handler keeps as much as its settings say now", async () => {
  using _clock = anHourLater();
  await using folder = await folderOf({ "x.txt": "12345" });
  const root = folder.path;
  Sites.folders = {
    none: { root, cacheBytes: 0, cacheFileBytes: 100 },
    all: { root, cacheBytes: 1000, cacheFileBytes: 100 },
    small: { root, cacheBytes: 1000, cacheFileBytes: 4 },
  };
  await bodies(["none", "all", "small", "all"], "/x.txt");
  assertEquals(Sites.caches.map(({ bytes }) => bytes), [0, 5, 0, 5]);
});

Deno.test("a handler shows the names that its settings show now", async () => {
  await using folder = await folderOf({ ".hidden": "1", "x.txt": "2" });
  const root = folder.path;
  Sites.folders = {
    few: { root, dotfiles: false },
    all: { root, dotfiles: true },
  };
  const [few = "", all = ""] = await bodies(["few", "all"], "/");
  assertEquals([few.includes(".hidden"), all.includes(".hidden")], [
    false,
    true,
  ]);
});

Deno.test("a handler withholds what its class withholds now", async () => {
  await using folder = await folderOf({ "x.txt": "secret" });
  class Two extends StaticRequestHandler {
    override root = folder.path;
    isStrict = false;
    protected override get confinement() {
      const withholds = this.isStrict ? () => true : undefined;
      return { ...super.confinement, withholds };
    }
    override dispatch(): void | Promise<void> {
      this.isStrict = this.fields.get("host") === "strict";
      return super.dispatch();
    }
  }
  const requests = ["lax", "strict"].map((host) =>
    `GET /x.txt HTTP/1.1\r\nHost: ${host}\r\n\r\n`
  );
  const responses = new TextDecoder().decode(
    await exchange(Two, requests.join("")),
  );
  const statuses = responses.matchAll(/HTTP\/1\.1 (\d+)/g);
  assertEquals([...statuses].map(([, code]) => code), ["200", "404"]);
});

Deno.test("a class remembers the files of a bounded number of roots", async () => {
  await using folder = await folderOf({ "x.txt": "of a" });
  const roots: Root[] = [];
  class Many extends StaticRequestHandler {
    override dispatch(): void | Promise<void> {
      this.root = `${folder.path}/${this.fields.get("host")}`;
      roots.push(this.files);
      return super.dispatch();
    }
  }
  const hosts = [...Array(70).keys(), 69, 0].map((number) => `h${number}`);
  const requests = hosts.map((host) =>
    `GET /x.txt HTTP/1.1\r\nHost: ${host}\r\n\r\n`
  );
  await exchange(Many, requests.join(""));
  const [first] = roots;
  const [last, again, anew] = roots.slice(-3);
  assertEquals(again === last, true);
  // The first root was asked for long ago: it is begun anew.
  assertNotStrictEquals(anew, first);
});
