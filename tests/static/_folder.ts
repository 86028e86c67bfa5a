// A temporary folder for one test, laid out from a table, gone afterwards.

/** Content by path; a path that ends in a slash is a folder, `-> x` a link to x. */
export type Layout = Readonly<Record<string, string | Uint8Array>>;

/** The time all files of a layout bear. */
export const MODIFIED: Date = new Date("2024-01-02T03:04:05Z");

/** A folder that removes itself. */
export interface Folder extends AsyncDisposable {
  readonly path: string;
}

/** Writes a layout into a new temporary folder. */
export async function folderOf(layout: Layout): Promise<Folder> {
  const path = await Deno.makeTempDir({ prefix: "verb-static-" });
  const folders = new Set<string>();
  for (const [name, content] of Object.entries(layout)) {
    const full = `${path}/${name}`;
    const parent = full.slice(0, full.lastIndexOf("/"));
    await Deno.mkdir(parent, { recursive: true });
    for (
      let up = parent;
      up.length >= path.length;
      up = up.slice(0, up.lastIndexOf("/"))
    ) folders.add(up);
    if (name.endsWith("/")) continue;
    if (typeof content === "string" && content.startsWith("-> ")) {
      await Deno.symlink(content.slice(3), full);
    } else if (typeof content === "string") {
      await Deno.writeTextFile(full, content);
      await Deno.utime(full, MODIFIED, MODIFIED);
    } else {
      await Deno.writeFile(full, content);
      await Deno.utime(full, MODIFIED, MODIFIED);
    }
  }
  for (const folder of folders) {
    await Deno.utime(folder, MODIFIED, MODIFIED);
  }
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}
