// A folder is swapped for a link to one outside at every step of a request that
// changes something in it. By descriptors nothing changes outside. By paths
// nothing is written outside, and nothing lost there; what may be left is an
// empty file or folder of a secret name, and one that was to go may have got
// such a name.

import { assert, assertEquals } from "@std/assert";
import { type FetchHandler, toFetch } from "../../lib/fetch/mod.ts";
import { verb } from "../../lib/handler/verb.ts";
import { UploadRequestHandler } from "../../lib/static/upload_request_handler.ts";
import { schedules } from "./_schedules.ts";
import { type Swapper, swapperOf } from "./_swap.ts";
import { testByDescriptors, testByPaths } from "./_ways.ts";

/** What somebody who wants WebDAV adds. */
class Shelf extends UploadRequestHandler {
  override overwrite = true;

  @verb("MKCOL")
  async makeCollection(): Promise<Response> {
    await this.files.mkdir(this.#path(this.pathname));
    return new Response(null, { status: 201 });
  }

  @verb("DELETE")
  async delete(): Promise<Response> {
    await this.files.remove(this.#path(this.pathname), { recursive: true });
    this.fileCache.forget(this.#path(this.pathname));
    return new Response(null, { status: 204 });
  }

  @verb("MOVE")
  async move(): Promise<Response> {
    const to = this.#path(this.headers.get("destination") ?? "");
    await this.files.rename(this.#path(this.pathname), to);
    return new Response(null, { status: 201 });
  }

  @verb("PROPFIND")
  async list(): Promise<Response> {
    const names: string[] = [];
    for await (const entry of this.files.list(this.#path(this.pathname))) {
      names.push(entry.name);
    }
    return new Response(names.join("\n"));
  }

  @verb("COPY")
  async copy(): Promise<Response> {
    const to = this.#path(this.headers.get("destination") ?? "");
    using source = await this.files.open(this.#path(this.pathname));
    if (source === undefined) return new Response(null, { status: 404 });
    await this.files.write(to, source.readable, { overwrite: true });
    return new Response(null, { status: 201 });
  }

  #path(pathname: string): string {
    return this.translatePath(pathname) ?? "";
  }
}

interface Row {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly destination?: string;
  readonly body?: () => BodyInit;
  /** The path in the folder that is swapped, and what is there afterwards. */
  readonly leaves: readonly [name: string, content: string | undefined];
}

function form(): FormData {
  const data = new FormData();
  data.append("file", new File(["uploaded"], "form.txt"));
  return data;
}

const ROWS: readonly Row[] = [
  {
    name: "PUT of a new file",
    method: "PUT",
    path: "/in/new.txt",
    body: () => "uploaded",
    leaves: ["new.txt", "uploaded"],
  },
  {
    name: "PUT over a file",
    method: "PUT",
    path: "/in/page.txt",
    body: () => "uploaded",
    leaves: ["page.txt", "uploaded"],
  },
  {
    name: "a form",
    method: "POST",
    path: "/in/sub/",
    body: form,
    leaves: ["sub/form.txt", "uploaded"],
  },
  {
    name: "MKCOL",
    method: "MKCOL",
    path: "/in/made/",
    leaves: ["made", ""],
  },
  {
    name: "DELETE of a file",
    method: "DELETE",
    path: "/in/page.txt",
    leaves: ["page.txt", undefined],
  },
  {
    name: "DELETE of a folder",
    method: "DELETE",
    path: "/in/listed/",
    leaves: ["listed", undefined],
  },
  {
    name: "MOVE",
    method: "MOVE",
    path: "/in/page.txt",
    destination: "/in/sub/moved.txt",
    leaves: ["sub/moved.txt", "INSIDE page"],
  },
  {
    name: "COPY",
    method: "COPY",
    path: "/in/page.txt",
    destination: "/in/sub/copied.txt",
    leaves: ["sub/copied.txt", "INSIDE page"],
  },
  {
    name: "PROPFIND",
    method: "PROPFIND",
    path: "/in/listed/",
    leaves: ["listed/INSIDE.txt", "INSIDE listed"],
  },
];

testByDescriptors("A folder is swapped while it is changed", async (t) => {
  for (const row of ROWS) {
    await t.step(row.name, () => withstand(row, false, assertSame));
  }
});

testByPaths("A folder is swapped while it is changed", async (t) => {
  for (const row of ROWS) {
    await t.step(row.name, () => withstand(row, false, assertUnharmed));
  }
});

testByPaths("A folder left alone is swapped while it is changed", async (t) => {
  for (const row of ROWS) {
    await t.step(row.name, () => withstand(row, true, assertUnharmed));
  }
});

async function withstand(
  row: Row,
  isSettled: boolean,
  compare: typeof assertUnharmed,
): Promise<void> {
  let steps = 0;
  {
    await using swapper = await swapperOf(isSettled);
    const before = swapper.outside();
    steps = await swapper.during(new Set(), async () => {
      const status = await ask(handlerOf(swapper), row);
      assert(status < 400, `${status}`);
    });
    const [name, content] = row.leaves;
    assertEquals(contentOf(`${swapper.root}/in/${name}`), content);
    assertEquals(swapper.outside(), before);
  }
  for (const schedule of schedules(steps)) {
    await using swapper = await swapperOf(isSettled);
    const before = swapper.outside();
    await swapper.during(schedule, async () => {
      await ask(handlerOf(swapper), row);
    });
    const after = swapper.outside();
    compare(after, before, `swapped at ${[...schedule].join(", ")}`);
  }
}

/** Nothing has changed. */
function assertSame(
  after: ReadonlyMap<string, string>,
  before: ReadonlyMap<string, string>,
  at: string,
): void {
  assertEquals(after, before, at);
}

/** Nothing was written, and nothing is lost. */
function assertUnharmed(
  after: ReadonlyMap<string, string>,
  before: ReadonlyMap<string, string>,
  at: string,
): void {
  const contents = (map: ReadonlyMap<string, string>) =>
    [...map.values()].filter((content) => content !== "").sort();
  assertEquals(contents(after), contents(before), at);
  const news = [...after.keys()].filter((name) => !before.has(name));
  const isSecret = (name: string) =>
    /\/\.upload-[-0-9a-f]{36}\.part\b/.test(name);
  assertEquals(news.filter((name) => !isSecret(name)), [], at);
}

function contentOf(path: string): string | undefined {
  try {
    return Deno.statSync(path).isFile ? Deno.readTextFileSync(path) : "";
  } catch {
    return undefined;
  }
}

function handlerOf({ root }: Swapper): FetchHandler {
  return toFetch(Shelf.with({ root }));
}

async function ask(handler: FetchHandler, row: Row): Promise<number> {
  const { method, path, body, destination } = row;
  const response = await handler(
    new Request(`http://localhost${path}`, {
      method,
      ...(body && { body: body() }),
      ...(destination && { headers: { destination } }),
    }),
  );
  const text = await response.text();
  assert(!text.includes("OUTSIDE"), text);
  return response.status;
}
