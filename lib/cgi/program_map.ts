// Which paths the settings give to programs, by the text alone (RFC 3875 §3.3).
// The same pathname decides who answers (`ownsPathname`) and what runs
// (`selectProgram`), so a spelling that one accepts and the other does not
// cannot show a program's source.

import { basename } from "@std/path";

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
  /** Names of files that answer for their folder, the first that is there. */
  readonly indexPages: readonly string[];
}

/** What paths are compared with. */
export type PathMap = Pick<
  ProgramMap,
  "cgiDirectories" | "programs" | "interpreters"
>;

/** Windows and macOS open `/CGI-BIN/x` as `/cgi-bin/x`: so must the test. */
export const FOLDS_CASE = Deno.build.os === "windows" ||
  Deno.build.os === "darwin";

/**
 * Whether a canonical pathname belongs to the programs, so that no other
 * handler may answer it with a file.
 */
export function ownsPathname(
  pathname: string,
  map: PathMap,
  foldsCase: boolean = FOLDS_CASE,
): boolean {
  return findMount(pathname, map, foldsCase) !== undefined ||
    hasInterpretedSegment(pathname, map.interpreters, foldsCase);
}

/** Where programs are mounted. */
export interface Mount {
  /** The pathname. */
  readonly at: string;
  /** The single program mounted here; a directory of programs has none. */
  readonly file?: string;
}

/** The longest mount that holds the pathname, a program before a directory. */
export function findMount(
  pathname: string,
  map: PathMap,
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

/** Of two suffixes that both fit, the longer one counts. */
export function interpreterOf(
  file: string,
  { interpreters }: PathMap,
): string | undefined {
  const name = basename(file);
  const [suffix] = Object.keys(interpreters)
    .filter((suffix) => name.endsWith(suffix) && name !== suffix)
    .sort((a, b) => b.length - a.length);
  return suffix === undefined ? undefined : interpreters[suffix];
}

/**
 * Names that begin with a dot are never programs (`.git/hooks/…` holds
 * executables); `\` and, on Windows, `:` would name other files there, and so
 * would a name that is not UTF-8, which Deno cannot ask for.
 */
export function isHiddenOrForeign(segment: string): boolean {
  return segment.startsWith(".") || segment.includes("\\") ||
    !segment.isWellFormed() ||
    (Deno.build.os === "windows" && /[:<>"|?*]|[. ]$/.test(segment));
}
