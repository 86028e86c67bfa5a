// Names that mean the same everywhere. What is harmless here may lead out of
// its folder where it is unpacked or copied to (`..\x`, `C:x`), name a device
// (`nul.txt`), a stream of another file (`a.txt:x`), or move the cursor of a
// terminal. Pure.

// deno-lint-ignore no-control-regex -- control characters are what it finds
const UNSAFE = /[\x00-\x1f\x7f-\x9f/\\:]|[. ]$/g;
const DEVICE =
  /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3]) *(?:\.|$)/i;

/**
 * Writes a name so that it is one file's name on every system.
 *
 * @param name The name of a file, one segment of a path.
 * @returns The name with what is unsafe percent-encoded; unchanged where there
 * is nothing unsafe.
 */
export function portableName(name: string): string {
  const safe = name.replace(
    UNSAFE,
    (unsafe) => unsafe === "." ? "%2E" : encodeURIComponent(unsafe),
  );
  return DEVICE.test(safe) ? `_${safe}` : safe;
}

/**
 * Tells whether a name is one file's name on every system.
 *
 * @param name The name of a file, one segment of a path.
 */
export function isPortableName(name: string): boolean {
  return portableName(name) === name;
}
