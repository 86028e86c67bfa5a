// Which file it is, whatever its path: the device and the inode.

/**
 * Tells which file or folder it is.
 *
 * @param facts What the file system says.
 * @returns The device and inode as one text; `""` where there is no inode, as
 * Windows has it for some calls.
 */
export function identityOf(
  { dev, ino }: Pick<Deno.FileInfo, "dev" | "ino">,
): string {
  return ino ? `${dev}:${ino}` : "";
}

/**
 * Compares two identities.
 *
 * @param a One.
 * @param b The other.
 * @returns False where they are known to differ.
 */
export function isSameIdentity(a: string, b: string): boolean {
  return a === b || a === "" || b === "";
}
