// Which files the classes of a server run. Such a file must not leave as a file,
// which would show its source, nor be uploaded, which would run what a stranger
// wrote. The classes that run files declare them; those that send or take files
// ask here, about the file itself and not about the URL that leads to it.

/** What a handler class runs. */
export interface ProgramFiles {
  /**
   * The absolute path of the folder below which files with one of the suffixes
   * are run, with links resolved.
   */
  readonly root: string;
  /** Suffixes of the names of programs, as `".php"`. */
  readonly suffixes: readonly string[];
  /**
   * Absolute paths of programs, and of folders in which all files are programs,
   * with links resolved.
   */
  readonly paths: readonly string[];
}

/** A handler class that runs files. */
export interface RunningClass {
  /** What it runs, with links resolved as they are now. */
  programFiles(): ProgramFiles;
}

/** Whether a handler class runs files. */
export function runsFiles<Class extends Partial<RunningClass>>(
  handlerClass: Class,
): handlerClass is Class & RunningClass {
  return handlerClass.programFiles !== undefined;
}

/** What servers send for `a.php` to those who accept it compressed. */
const PACKED = [".gz", ".br", ".zst"];

/**
 * Names that an interpreter or a server looks for beside a program, to be told
 * what to run: a `php.ini` has php-cgi run any file ahead of each page.
 */
const CONFIGURING =
  /^(?:\..*|php\.ini|php-.*\.ini|web\.config|deno\.jsonc?|package\.json)$/s;

/** Knows the programs of all classes of a server. */
export class ProgramGuard {
  readonly #suffixes: readonly string[];
  /** Those that run files because of where they lie. */
  readonly #placing: readonly RunningClass[];

  /**
   * Makes a guard.
   *
   * @param classes The classes that run files. Each is asked anew about a path,
   * since links may lead elsewhere by then.
   */
  constructor(classes: readonly RunningClass[]) {
    this.#suffixes = classes.flatMap((one) => one.programFiles().suffixes)
      .map(fold).filter((suffix) => suffix !== "");
    this.#placing = classes.filter((one) =>
      one.programFiles().paths.length > 0
    );
  }

  /** Whether nothing is run here. */
  get isEmpty(): boolean {
    return this.#suffixes.length === 0 && this.#placing.length === 0;
  }

  /**
   * Tells whether files of a name are run, wherever they lie: by their suffix,
   * also in a spelling that only some file system takes for it, and compressed.
   *
   * @param name A file name or path.
   * @returns Whether they are.
   */
  hasName(name: string): boolean {
    if (this.#suffixes.length === 0) return false;
    const plain = unpackedName(fold(name));
    return this.#suffixes.some((suffix) => plain.endsWith(suffix));
  }

  /**
   * Tells whether a file of a name may configure what is run beside it. All
   * hidden files may, as `.user.ini` and `.htaccess`.
   *
   * @param name A file name.
   * @returns Whether it may, where anything is run at all.
   */
  configures(name: string): boolean {
    return !this.isEmpty && CONFIGURING.test(unpackedName(fold(name)));
  }

  /**
   * Tells whether a file is run because of where it lies; of a folder, whether
   * all files in it are.
   *
   * @param path Its path, with links resolved.
   * @returns Whether it is.
   */
  hasPath(path: string): boolean {
    return this.#placing.some((one) =>
      one.programFiles().paths.some((program) => isWithin(path, program))
    );
  }
}

/** The guard where nothing is run. */
export const NO_PROGRAMS: ProgramGuard = new ProgramGuard([]);

/**
 * Tells whether something in or around a folder is run.
 *
 * @param folder Its absolute path, with links resolved.
 * @param files What is run.
 * @returns Whether one of the two trees is part of the other.
 */
export function sharesTree(
  folder: string,
  { root, suffixes, paths }: ProgramFiles,
): boolean {
  const trees = suffixes.length === 0 ? paths : [root, ...paths];
  return trees.some((tree) => isWithin(folder, tree) || isWithin(tree, folder));
}

/**
 * One spelling of all that some file system opens as the same name: APFS, NTFS
 * and ext4 may fold case and forms of Unicode, HFS+ and ext4 skip characters
 * that nobody sees (as in CVE-2014-9390).
 */
function fold(text: string): string {
  return text.normalize("NFKD")
    .replace(/\p{Default_Ignorable_Code_Point}/gu, "")
    .toUpperCase().toLowerCase();
}

/** Without the ends that Windows drops, and those of compressed siblings. */
function unpackedName(name: string): string {
  for (let end = name.length;;) {
    const last = name[end - 1];
    const packed = PACKED.find((extension) => name.endsWith(extension, end));
    if (last === "." || last === " ") end--;
    else if (packed !== undefined) end -= packed.length;
    else return name.slice(0, end);
  }
}

/** Folded: where case matters, this takes a little too much for a program. */
function isWithin(path: string, folder: string): boolean {
  const [inner, outer] = [path, folder].map((text) =>
    fold(text).replaceAll("\\", "/")
  );
  if (inner === undefined || outer === undefined) return true;
  return inner === outer ||
    inner.startsWith(outer.endsWith("/") ? outer : `${outer}/`);
}
