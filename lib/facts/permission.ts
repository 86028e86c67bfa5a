// Permissions as they are. For one that is missing the runtime asks at the
// terminal, and nobody is served until somebody answers. A request must not lead
// to that, so what it may need is looked up first.

/**
 * Tells whether a permission is granted. Nobody is asked.
 *
 * @param descriptor The permission.
 */
export function isGranted(descriptor: Deno.PermissionDescriptor): boolean {
  return Deno.permissions.querySync(descriptor).state === "granted";
}

/**
 * Makes sure of a permission. Nobody is asked.
 *
 * @param descriptor The permission.
 * @throws {Deno.errors.NotCapable} If it is not granted.
 */
export function requireGranted(descriptor: Deno.PermissionDescriptor): void {
  if (isGranted(descriptor)) return;
  const { name } = descriptor;
  const object = Object.entries(descriptor).find(([key]) => key !== "name");
  const what = object === undefined ? "" : ` to "${object[1]}"`;
  throw new Deno.errors.NotCapable(
    `Requires ${name} access${what}, run again with the --allow-${name} flag`,
  );
}
