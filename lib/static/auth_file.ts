// The file of users: one `name:hash` a line, as `htpasswd -B` and
// `hashPassword()` write it.

import { parsePasswordHash } from "./password_hash.ts";

/**
 * Reads an auth file. Empty lines and those that begin with `#` are skipped,
 * and so is a byte order mark.
 *
 * @example Read the lines of an auth file
 * ```ts
 * import { hashPassword, parseAuthFile } from "@verb/http/static";
 * import { assertEquals } from "@std/assert";
 *
 * const hash = await hashPassword("correct horse");
 * const users = parseAuthFile(`# staff\nada:${hash}\n`);
 * assertEquals([...users.keys()], ["ada"]);
 * ```
 *
 * @param text The content of the file.
 * @returns Hashes by name; none if the file names nobody.
 * @throws {SyntaxError} If a line is anything else, clear text included, or
 * names a user for the second time.
 */
export function parseAuthFile(text: string): Map<string, string> {
  const users = new Map<string, string>();
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    const [name, hash] = parseLine(line, index + 1);
    if (users.has(name)) {
      throw new SyntaxError(
        `Cannot read line ${index + 1} of the auth file: ` +
          `it names "${name}" again`,
      );
    }
    users.set(name, hash);
  }
  return users;
}

function parseLine(line: string, number: number): [name: string, hash: string] {
  const colon = line.indexOf(":");
  const name = line.slice(0, colon);
  const hash = line.slice(colon + 1).trim();
  if (colon > 0 && parsePasswordHash(hash) !== undefined) return [name, hash];
  throw new SyntaxError(
    `Cannot read line ${number} of the auth file: ` +
      `want name:hash, with a hash of "htpasswd -B" at a cost of 4 to 14 ` +
      "or of hashPassword(), which is PBKDF2",
  );
}
