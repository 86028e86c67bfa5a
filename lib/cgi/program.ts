// Program selection (RFC 3875 §3.3 and §4.1.5): the canonical pathname of a
// request in, the program to run out, with SCRIPT_NAME and PATH_INFO split at
// the first file. A folder is answered for by its index page, if that is a
// program. Pure but for the `stat` it is given.

import { basename, join } from "@std/path";
import {
  findMount,
  FOLDS_CASE,
  interpreterOf,
  isHiddenOrForeign,
  type ProgramMap,
} from "./program_map.ts";

/** A program chosen for one request. */
export interface Program {
  /** The command to spawn: the file itself or its interpreter. */
  readonly command: string;
  /** The words after the command: the file, when an interpreter runs it. */
  readonly args: readonly string[];
  /** The program's absolute file name, SCRIPT_FILENAME. */
  readonly file: string;
  /** The part of the pathname that chose the program, decoded (§4.1.13). */
  readonly scriptName: string;
  /** The rest of the pathname: empty, or begins with `/` (§4.1.5). */
  readonly pathInfo: string;
  /** Whether the output goes out unmodified (§5): named `nph-…`. */
  readonly nph: boolean;
}

/** What a pathname leads to; `reason` completes a 404 or 403 message. */
export type Selection =
  | { readonly kind: "program"; readonly program: Program }
  /** A folder, and the program that answers for it. */
  | { readonly kind: "index"; readonly program: Program }
  /** A folder of programs without the slash at its end. */
  | { readonly kind: "directory" }
  | { readonly kind: "missing" }
  /** A link leads out of the root, which is not permitted. */
  | { readonly kind: "outside"; readonly file: string }
  | { readonly kind: "forbidden"; readonly reason: string };

/** The facts about a file that selection needs, as `Deno.stat` gives them. */
export interface FileFacts {
  /** Whether it is a plain file. */
  readonly isFile: boolean;
  /** Whether it is a directory. */
  readonly isDirectory: boolean;
  /** The permission bits, `null` where the platform has none. */
  readonly mode: number | null;
}

/** How selection looks at the file system. */
export interface FileSystemView {
  /** The facts about a file, `undefined` when there is none. */
  stat(file: string): FileFacts | undefined;
  /** Whether the file is not to be run because links lead out of the root. */
  isOutside(file: string): boolean;
  /** Whether the file may be run by itself. */
  isExecutable(file: string, facts: FileFacts): boolean;
}

/**
 * Chooses the program for a canonical pathname that `ownsPathname` or
 * `ownsFolder` accepts.
 */
export function selectProgram(
  pathname: string,
  map: ProgramMap,
  files: FileSystemView,
  foldsCase: boolean = FOLDS_CASE,
): Selection {
  const mount = findMount(pathname, map, foldsCase);
  if (mount?.file !== undefined) {
    const at = mount.at === "/" ? "" : pathname.slice(0, mount.at.length);
    return admit(mount.file, at, pathname.slice(at.length), map, files);
  }
  if (mount?.at === pathname && pathname !== "/") return { kind: "directory" };
  return walk(pathname, mount === undefined, map, files);
}

/**
 * Whether a canonical pathname is that of a folder outside the CGI directories
 * for which a program answers.
 */
export function ownsFolder(
  pathname: string,
  map: ProgramMap,
  files: FileSystemView,
): boolean {
  const mayBe = map.indexPages.some((name) =>
    interpreterOf(name, map) !== undefined
  );
  if (!mayBe || pathname.split("/").some(isHiddenOrForeign)) return false;
  const folder = join(map.root, pathname);
  const isFolder = pathname.endsWith("/") ||
    files.stat(folder)?.isDirectory === true;
  if (!isFolder) return false;
  const index = selectIndex(folder, pathname, true, map, files);
  return index?.kind === "index" || index?.kind === "outside";
}

/**
 * Whether the permission bits let somebody run the file; where there are none
 * (Windows), whether its suffix is that of a program.
 */
export function hasExecutableBit(file: string, facts: FileFacts): boolean {
  if (facts.mode !== null) return (facts.mode & 0o111) !== 0;
  return /\.(?:exe|com)$/i.test(file);
}

/** Follows the pathname from the root to the first thing not a directory. */
function walk(
  pathname: string,
  interpretedOnly: boolean,
  map: ProgramMap,
  files: FileSystemView,
): Selection {
  let file = map.root;
  for (let start = 1; start <= pathname.length;) {
    const slash = pathname.indexOf("/", start);
    const end = slash < 0 ? pathname.length : slash;
    const segment = pathname.slice(start, end);
    if (segment === "") break;
    if (isHiddenOrForeign(segment)) return { kind: "missing" };
    file = join(file, segment);
    const facts = files.stat(file);
    if (facts === undefined) return { kind: "missing" };
    if (!facts.isDirectory) {
      // A suffix outside the CGI directories names a program only if the
      // first file has it: `/upload/picture.jpg/x.php` runs nothing.
      if (interpretedOnly && interpreterOf(file, map) === undefined) {
        return { kind: "missing" };
      }
      const name = pathname.slice(0, end);
      if (files.isOutside(file)) return { kind: "outside", file };
      return admit(file, name, pathname.slice(end), map, files, facts);
    }
    start = end + 1;
  }
  return selectIndex(file, pathname, interpretedOnly, map, files) ??
    { kind: "forbidden", reason: "is not a plain file" };
}

/** Looks for the index page of a folder; one that is no program is none. */
function selectIndex(
  folder: string,
  pathname: string,
  interpretedOnly: boolean,
  map: ProgramMap,
  files: FileSystemView,
): Selection | undefined {
  for (const name of map.indexPages) {
    const file = join(folder, name);
    const facts = files.stat(file);
    if (facts?.isFile !== true) continue;
    if (interpretedOnly && interpreterOf(file, map) === undefined) return;
    if (files.isOutside(file)) return { kind: "outside", file };
    const scriptName = pathname.replace(/\/?$/, "/") + name;
    const selection = admit(file, scriptName, "", map, files, facts);
    return selection.kind === "program"
      ? { ...selection, kind: "index" }
      : selection;
  }
  return undefined;
}

function admit(
  file: string,
  scriptName: string,
  pathInfo: string,
  map: ProgramMap,
  files: FileSystemView,
  known?: FileFacts,
): Selection {
  const facts = known ?? files.stat(file);
  if (facts === undefined) return { kind: "missing" };
  if (!facts.isFile) {
    return { kind: "forbidden", reason: "is not a plain file" };
  }
  const interpreter = interpreterOf(file, map);
  if (interpreter === undefined && !files.isExecutable(file, facts)) {
    return { kind: "forbidden", reason: "is not executable" };
  }
  const program: Program = {
    command: interpreter ?? file,
    args: interpreter === undefined ? [] : [file],
    file,
    scriptName,
    pathInfo,
    nph: basename(file).startsWith("nph-"),
  };
  return { kind: "program", program };
}
