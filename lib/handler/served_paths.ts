// A server whose folder is not there would answer each request with 404, and
// nobody would know why.

/** The settings that name what is served. */
export interface ServedPaths {
  /** The folder. */
  readonly root: string;
  /** The only file; `""` for all of the folder. */
  readonly singleFile: string;
}

/**
 * Makes sure that what is to be served is there. It asks for no permission:
 * where Deno may not read, the first request says so.
 *
 * @param name The name of the handler class.
 * @param paths What is to be served.
 * @throws {TypeError} If there is no such folder or file.
 */
export function requireThere(
  name: string,
  { root, singleFile }: ServedPaths,
): void {
  if (singleFile !== "") {
    if (isThere(singleFile, "isFile")) return;
    throw missing(name, `singleFile "${singleFile}" is no file`);
  }
  if (isThere(root, "isDirectory")) return;
  throw missing(name, `root "${root}" is no folder`);
}

function isThere(path: string, kind: "isFile" | "isDirectory"): boolean {
  const { state } = Deno.permissions.querySync({ name: "read", path });
  if (state !== "granted") return true;
  try {
    return Deno.statSync(path)[kind];
  } catch (error) {
    // A link may lead to where Deno may not read.
    return error instanceof Deno.errors.NotCapable;
  }
}

function missing(name: string, reason: string): TypeError {
  return new TypeError(`Cannot serve with ${name}: the ${reason}`);
}
