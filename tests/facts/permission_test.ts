import { assertEquals, assertThrows } from "@std/assert";
import { isGranted, requireGranted } from "../../lib/facts/permission.ts";

Deno.test({
  name: "requireGranted() names what is not granted, and asks nobody",
  permissions: "none",
  fn() {
    for (
      const [descriptor, message] of [
        [
          { name: "read", path: "/a" },
          'Requires read access to "/a", run again with the --allow-read flag',
        ],
        [
          { path: "/a", name: "write" },
          'Requires write access to "/a", run again with the --allow-write flag',
        ],
        [
          { name: "net" },
          "Requires net access, run again with the --allow-net flag",
        ],
      ] as const
    ) {
      assertEquals(isGranted(descriptor), false);
      const error = assertThrows(
        () => requireGranted(descriptor),
        Deno.errors.NotCapable,
      );
      assertEquals(error.message, message);
    }
  },
});

Deno.test({
  name: "requireGranted() lets pass what is granted",
  permissions: { read: true },
  fn() {
    assertEquals(isGranted({ name: "read", path: "/a" }), true);
    requireGranted({ name: "read", path: "/a" });
  },
});
