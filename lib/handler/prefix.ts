// Where a handler class is mounted. A prefix ends where a segment ends:
// `/api` is above `/api/x`, and has nothing to do with `/apix`.

/**
 * Checks the prefix of a handler class.
 *
 * @param prefix `""`, or a path as `"/api"`, decoded.
 * @param name The class's name, for the message.
 * @throws {TypeError} If it is neither.
 */
export function checkPrefix(prefix: unknown, name: string): void {
  if (typeof prefix !== "string") {
    throw new TypeError(`Cannot mount ${name}: its prefix is no string`);
  }
  if (prefix === "" || /^(?:\/(?!\.{1,2}(?:\/|$))[^/]+)+$/.test(prefix)) return;
  throw new TypeError(
    `Cannot mount ${name} at "${prefix}": a prefix starts with "/", does not ` +
      "end with it, and has no empty or dot segment",
  );
}

/**
 * The path below a prefix.
 *
 * @param pathname The canonical path.
 * @param prefix The prefix.
 * @returns The rest with a `/` in front, or `undefined` if the path is not
 * below the prefix.
 */
export function belowPrefix(
  pathname: string,
  prefix: string,
): string | undefined {
  if (prefix === "") return pathname;
  if (!pathname.startsWith(prefix)) return undefined;
  if (pathname.length === prefix.length) return "/";
  return pathname[prefix.length] === "/"
    ? pathname.slice(prefix.length)
    : undefined;
}
