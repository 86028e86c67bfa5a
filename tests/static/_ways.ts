// The two ways in which files are tied to the root: by descriptors, which takes
// Linux and all permissions, and by paths alone. What holds must hold in both.

/** All that tests have where they are not run with `--allow-all`. */
const SINGLE_PERMISSIONS: Deno.PermissionOptionsObject = {
  read: true,
  write: true,
  net: true,
  run: true,
  env: true,
  sys: true,
};

/** Whether this process may use descriptors as places. */
const HAS_DESCRIPTORS = Deno.build.os === "linux" && mayReadProc();

/** Registers a test for each way. */
export function testBothWays(
  name: string,
  fn: (t: Deno.TestContext) => Promise<void>,
): void {
  testByDescriptors(name, fn);
  testByPaths(name, fn);
}

/** Registers a test for the way by paths only. */
export function testByPaths(
  name: string,
  fn: (t: Deno.TestContext) => Promise<void>,
): void {
  Deno.test({ name: `${name}, by paths`, permissions: SINGLE_PERMISSIONS, fn });
}

/** Registers a test for the way by descriptors only. */
export function testByDescriptors(
  name: string,
  fn: (t: Deno.TestContext) => Promise<void>,
): void {
  Deno.test({
    name: `${name}, by descriptors`,
    ignore: !HAS_DESCRIPTORS,
    fn,
  });
}

function mayReadProc(): boolean {
  try {
    return Deno.readLinkSync("/proc/self/cwd") !== "";
  } catch {
    return false;
  }
}
