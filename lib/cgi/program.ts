// Program selection (RFC 3875 §3.3 and §4.1.5): the canonical pathname of a
// request in, the program to run out, with SCRIPT_NAME and PATH_INFO split at
// the first file. The same pathname decides who answers (`ownsPathname`) and
// what runs (`selectProgram`), so a spelling that one accepts and the other
// does not cannot show a program's source. Pure but for the `stat` it is given.

import { basename, join } from "@std/path";

/** Where programs live: the settings that map a pathname to a program. */
export interface ProgramMap {
  /** The absolute directory that the pathname `/` stands for. */
  readonly root: string;
  /** Directories, as pathnames, whose files are programs. */
  readonly cgiDirectories: readonly string[];
  /** Single programs: the pathname each is mounted at, and its file. */
  readonly programs: Readonly<Record<string, string>>;
  /** The command that runs files of a suffix, wherever they are. */
  readonly interpreters: Readonly<Record<string, string>>;
}

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
  | { readonly kind: "directory" }
  | { readonly kind: "missing" }
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
  /** Resolves to the facts about a file, `undefined` when there is none. */
  stat(file: string): Promise<FileFacts | undefined>;
  /** Whether the file may be run by itself. */
  isExecutable(file: string, facts: FileFacts): boolean;
}

/** Windows and macOS open `/CGI-BIN/x` as `/cgi-bin/x`: so must the test. */
const FOLDS_CASE = Deno.build.os === "windows" || Deno.build.os === "darwin";

/**
 * Whether a canonical pathname belongs to the programs, so that no other
 * handler may answer it with a file.
 */
export function ownsPathname(
  pathname: string,
  map: Omit<ProgramMap, "root">,
  foldsCase: boolean = FOLDS_CASE,
): boolean {
  return findMount(pathname, map, foldsCase) !== undefined ||
    hasInterpretedSegment(pathname, map.interpreters, foldsCase);
}

/** Chooses the program for a canonical pathname that `ownsPathname` accepts. */
export async function selectProgram(
  pathname: string,
  map: ProgramMap,
  files: FileSystemView,
  foldsCase: boolean = FOLDS_CASE,
): Promise<Selection> {
  const mount = findMount(pathname, map, foldsCase);
  if (mount?.file !== undefined) {
    const at = mount.at === "/" ? "" : pathname.slice(0, mount.at.length);
    return await admit(mount.file, at, pathname.slice(at.length), map, files);
  }
  if (mount !== undefined && pathname.length === mount.at.length) {
    return { kind: "directory" };
  }
  return await walk(pathname, mount === undefined, map, files);
}

/**
 * Whether the permission bits let somebody run the file; where there are none
 * (Windows), whether its suffix is that of a program.
 */
export function hasExecutableBit(file: string, facts: FileFacts): boolean {
  if (facts.mode !== null) return (facts.mode & 0o111) !== 0;
  return /\.(?:exe|com)$/i.test(file);
}

interface Mount {
  readonly at: string;
  /** The single program mounted here; a directory of programs has none. */
  readonly file?: string;
}

/** The longest mount that holds the pathname, a program before a directory. */
function findMount(
  pathname: string,
  map: Omit<ProgramMap, "root">,
  foldsCase: boolean,
): Mount | undefined {
  let found: Mount | undefined;
  for (const directory of map.cgiDirectories) {
    const at = trimSlash(directory);
    if (!isBelow(pathname, at, foldsCase)) continue;
    if (found === undefined || at.length > found.at.length) found = { at };
  }
  for (const [mount, file] of Object.entries(map.programs)) {
    const at = trimSlash(mount);
    if (!isBelow(pathname, at, foldsCase)) continue;
    if (found === undefined || at.length >= found.at.length) {
      found = { at, file };
    }
  }
  return found;
}

function trimSlash(mount: string): string {
  return mount.length > 1 && mount.endsWith("/") ? mount.slice(0, -1) : mount;
}

/** Compares on a segment boundary: `/cgi-binary` is not below `/cgi-bin`. */
function isBelow(pathname: string, at: string, foldsCase: boolean): boolean {
  if (at === "/") return true;
  const start = pathname.slice(0, at.length);
  if (start !== at && !(foldsCase && sameFolded(start, at))) return false;
  return pathname.length === at.length || pathname[at.length] === "/";
}

function sameFolded(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function hasInterpretedSegment(
  pathname: string,
  interpreters: Readonly<Record<string, string>>,
  foldsCase: boolean,
): boolean {
  const suffixes = Object.keys(interpreters);
  if (suffixes.length === 0) return false;
  return pathname.split("/").some((segment) =>
    suffixes.some((suffix) =>
      segment.endsWith(suffix) ||
      (foldsCase && sameFolded(segment.slice(-suffix.length), suffix))
    )
  );
}

/** Follows the pathname from the root to the first thing not a directory. */
async function walk(
  pathname: string,
  interpretedOnly: boolean,
  map: ProgramMap,
  files: FileSystemView,
): Promise<Selection> {
  let file = map.root;
  for (let start = 1; start <= pathname.length;) {
    const slash = pathname.indexOf("/", start);
    const end = slash < 0 ? pathname.length : slash;
    const segment = pathname.slice(start, end);
    if (segment === "") break;
    if (isHiddenOrForeign(segment)) return { kind: "missing" };
    file = join(file, segment);
    const facts = await files.stat(file);
    if (facts === undefined) return { kind: "missing" };
    if (!facts.isDirectory) {
      // A suffix outside the CGI directories names a program only if the
      // first file has it: `/upload/picture.jpg/x.php` runs nothing.
      if (interpretedOnly && interpreterOf(file, map) === undefined) {
        return { kind: "missing" };
      }
      const name = pathname.slice(0, end);
      return await admit(file, name, pathname.slice(end), map, files, facts);
    }
    start = end + 1;
  }
  return { kind: "forbidden", reason: "is not a plain file" };
}

/**
 * Names that begin with a dot are never programs (`.git/hooks/…` holds
 * executables); `\` and, on Windows, `:` would name other files there.
 */
function isHiddenOrForeign(segment: string): boolean {
  return segment.startsWith(".") || segment.includes("\\") ||
    (Deno.build.os === "windows" && /[:<>"|?*]|[. ]$/.test(segment));
}

async function admit(
  file: string,
  scriptName: string,
  pathInfo: string,
  map: ProgramMap,
  files: FileSystemView,
  known?: FileFacts,
): Promise<Selection> {
  const facts = known ?? await files.stat(file);
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

/** Of two suffixes that both fit, the longer one counts. */
function interpreterOf(
  file: string,
  { interpreters }: ProgramMap,
): string | undefined {
  const name = basename(file);
  const [suffix] = Object.keys(interpreters)
    .filter((suffix) => name.endsWith(suffix) && name !== suffix)
    .sort((a, b) => b.length - a.length);
  return suffix === undefined ? undefined : interpreters[suffix];
}
