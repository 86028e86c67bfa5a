// Somebody who can write in the served folder, and swaps a folder in it for a
// symbolic link to one outside, at a given step of the server: before or after
// the n-th call of the file system. All that is served has the word INSIDE in
// it, all that is outside has OUTSIDE.

import { type Folder, folderOf } from "./_folder.ts";

/** Files of the folder that is swapped; `$` stands for where they are. */
const SWAPPED = {
  "page.txt": "$ page",
  "page.txt.gz": "$ gzip",
  "page.txt.br": "$ brotli",
  "index.html": "$ index",
  "README.md": "$ readme",
  "clean.html": "$ clean",
  "sub/deep.txt": "$ deep",
  "listed/$.txt": "$ listed",
  "listed/common.txt": "$ common",
  "spare/$.txt": "$ spare",
};

/** Calls of `Deno` that look at the file system, or change it. */
const CALLS = [
  "link",
  "lstat",
  "lstatSync",
  "mkdir",
  "open",
  "openSync",
  "readDir",
  "readDirSync",
  "readLinkSync",
  "realPath",
  "realPathSync",
  "remove",
  "rename",
  "stat",
  "statSync",
] as const;

/** A served folder with an enemy in it. */
export interface Swapper extends AsyncDisposable {
  /** The folder to serve. */
  readonly root: string;
  /** All that is outside of it: paths from the folder around it, and content. */
  outside(): ReadonlyMap<string, string>;
  /** Swaps, or swaps back. */
  swap(): void;
  /** Swaps back, if it is swapped. */
  rest(): void;
  /**
   * Swaps, or swaps back, at these steps of an action. There is one before each
   * call of the file system and one after it.
   *
   * @returns How many steps there were.
   */
  during(
    steps: ReadonlySet<number>,
    action: () => Promise<void>,
  ): Promise<number>;
}

/**
 * Lays out the folders.
 *
 * @param isSettled Whether the folders look as if they had been left alone for
 * long, until they are swapped.
 */
export async function swapperOf(isSettled: boolean): Promise<Swapper> {
  const layout: Record<string, string> = { "root/calm.txt": "INSIDE calm" };
  for (const [name, content] of Object.entries(SWAPPED)) {
    layout[`root/in/${name.replace("$", "INSIDE")}`] = content
      .replace("$", "INSIDE");
    layout[`out/${name.replace("$", "OUTSIDE")}`] = content
      .replace("$", "OUTSIDE");
  }
  const folder = await folderOf(layout);
  await Deno.symlink("../out", `${folder.path}/spare`);
  return new FolderSwapper(folder, isSettled);
}

class FolderSwapper implements Swapper {
  readonly root: string;
  readonly #folder: Folder;
  readonly #isSettled: boolean;
  #isSwapped = false;
  /** Whether anything was swapped during the action. */
  #hasSwapped = false;

  constructor(folder: Folder, isSettled: boolean) {
    this.#folder = folder;
    this.#isSettled = isSettled;
    this.root = `${folder.path}/root`;
  }

  outside(): ReadonlyMap<string, string> {
    this.rest();
    const found = new Map<string, string>();
    const walk = (path: string) => {
      for (const entry of Deno.readDirSync(path)) {
        const at = `${path}/${entry.name}`;
        if (at === this.root) continue;
        const name = at.slice(this.#folder.path.length + 1);
        found.set(name, entry.isFile ? Deno.readTextFileSync(at) : "");
        if (entry.isDirectory) walk(at);
      }
    };
    walk(this.#folder.path);
    return found;
  }

  swap(): void {
    const { path } = this.#folder;
    renameSync(`${this.root}/in`, `${path}/away`);
    renameSync(`${path}/spare`, `${this.root}/in`);
    renameSync(`${path}/away`, `${path}/spare`);
    this.#isSwapped = !this.#isSwapped;
    this.#hasSwapped = true;
  }

  rest(): void {
    if (this.#isSwapped) this.swap();
  }

  async during(
    steps: ReadonlySet<number>,
    action: () => Promise<void>,
  ): Promise<number> {
    let count = 0;
    let isOver = false;
    this.#hasSwapped = false;
    const restore = patchCalls(
      () => {
        // A call that nobody waits for may end later.
        if (!isOver && steps.has(count++)) this.swap();
      },
      (info) => this.#age(info),
    );
    try {
      await action();
    } finally {
      isOver = true;
      restore();
      this.rest();
    }
    return count;
  }

  #age(info: unknown): unknown {
    const isOld = this.#isSettled && !this.#hasSwapped;
    const isFolder = info instanceof Object && "isDirectory" in info &&
      info.isDirectory;
    return isOld && isFolder ? { ...info, ctime: new Date(0) } : info;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#folder[Symbol.asyncDispose]();
  }
}

// Not of the calls that are patched.
const { renameSync } = Deno;

/**
 * Runs something before and after each call.
 *
 * @param step What is run.
 * @param alter What becomes of a result.
 * @returns What undoes it.
 */
function patchCalls(
  step: () => void,
  alter: (result: unknown) => unknown,
): () => void {
  const originals = CALLS.map((name) => {
    const original: (...args: never[]) => unknown = Deno[name];
    return { name, original };
  });
  for (const { name, original } of originals) {
    Reflect.set(Deno, name, (...args: unknown[]) => {
      step();
      const result: unknown = Reflect.apply(original, Deno, args);
      if (!(result instanceof Promise)) return alter(result);
      return result.then(alter).finally(step);
    });
  }
  return () => {
    for (const { name, original } of originals) {
      Reflect.set(Deno, name, original);
    }
  };
}
