// From a request's pathname to a file path (RFC 9110 §17.3). The pathname is
// canonical already: percent-decoded once, dot segments resolved, no NUL. This
// file refuses the names that must not reach the file system, whatever the
// pathname looked like before. Pure; called by `translatePath()`.

/** What may be mapped. */
export interface PathRules {
  /** Whether names that begin with a dot may be named. */
  readonly dotfiles: boolean;
  /** Whether the file system is a Windows one. */
  readonly windows: boolean;
}

/**
 * Maps a canonical pathname to a path below a folder, by text alone.
 *
 * @param root The folder, without a slash at its end unless it is the top.
 * @param pathname Begins with a slash; a slash at the end is kept.
 * @param rules Which names are refused.
 * @returns The path, always with forward slashes; undefined when a segment is
 * refused.
 */
export function filePathOf(
  root: string,
  pathname: string,
  rules: PathRules,
): string | undefined {
  // The common path: no dot begins a segment, so neither "..", "." nor a
  // dotfile is there, and nothing is split.
  if (rules.windows || pathname.includes("/.") || pathname.includes("//")) {
    const segments = pathname.slice(1).split("/");
    const last = segments.length - 1;
    for (const [index, segment] of segments.entries()) {
      if (segment === "" && index === last) continue;
      if (!isServableName(segment, rules)) return undefined;
    }
  }
  if (!pathname.startsWith("/") || pathname.includes("\0")) return undefined;
  return root.endsWith("/") ? root + pathname.slice(1) : root + pathname;
}

/** What `secretEntry()` of a change gives: nobody reads or writes it. */
const HALF_FILE = /^\.upload-[0-9a-f-]{36}\.part$/;

/**
 * Tells whether a file of this name may be served and listed.
 *
 * @param name One segment of a path.
 * @param rules Which names are refused.
 * @returns False for names that are hidden, unsafe, or lead elsewhere.
 */
export function isServableName(name: string, rules: PathRules): boolean {
  if (name === "" || name === "." || name === "..") return false;
  if (name.startsWith(".") && (!rules.dotfiles || HALF_FILE.test(name))) {
    return false;
  }
  return !rules.windows || isPlainWindowsName(name);
}

// On Windows a name may lead out of its folder ("\", "C:"), to a stream of a
// file ("a.txt::$DATA"), to a device ("NUL", "com1.txt"), or be another
// spelling of a name that rules refuse ("GIT~1" for ".git", "secret. ").
// deno-lint-ignore no-control-regex -- a Windows name may not hold these
const WINDOWS_SPECIAL = /[\0-\x1f<>:"/\\|?*]|[. ]$|~[0-9]/;
const WINDOWS_DEVICE =
  /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3])[ ]*(?:\.|$)/i;

function isPlainWindowsName(name: string): boolean {
  return !WINDOWS_SPECIAL.test(name) && !WINDOWS_DEVICE.test(name);
}

/**
 * Tells whether a real path lies in a real folder, on a segment boundary:
 * `/srv/www-private` is not in `/srv/www`.
 *
 * @param path A path with links resolved.
 * @param folder A folder with links resolved.
 * @param separator What stands between segments.
 * @returns Whether the path is the folder or below it.
 */
export function isWithin(
  path: string,
  folder: string,
  separator: string,
): boolean {
  return path === folder ||
    path.startsWith(folder.endsWith(separator) ? folder : folder + separator);
}
