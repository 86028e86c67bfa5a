import { assertEquals } from "@std/assert";
import { networkOf } from "../../lib/facts/network.ts";

const networks: { hostname: string; want: string }[] = [
  { hostname: "192.0.2.1", want: "192.0.2.1" },
  { hostname: "::ffff:192.0.2.1", want: "192.0.2.1" },
  { hostname: "::FFFF:192.0.2.1", want: "192.0.2.1" },
  { hostname: "2001:db8:1:2:3:4:5:6", want: "2001:db8:1:2::/64" },
  { hostname: "2001:0DB8:1:2::", want: "2001:db8:1:2::/64" },
  { hostname: "2001:db8:1:2::9", want: "2001:db8:1:2::/64" },
  { hostname: "2001:db8:1:3::9", want: "2001:db8:1:3::/64" },
  { hostname: "2001:db8::9", want: "2001:db8:0:0::/64" },
  { hostname: "2001:db8::5:6:7:8:9", want: "2001:db8:0:5::/64" },
  { hostname: "::", want: "0:0:0:0::/64" },
  { hostname: "::1", want: "0:0:0:0::/64" },
  { hostname: "fe80::1%eth0", want: "fe80:0:0:0::/64" },
  { hostname: "64:ff9b::192.0.2.1", want: "64:ff9b:0:0::/64" },
  { hostname: "1:2:3:4:5:6:192.0.2.1", want: "1:2:3:4::/64" },
  // Neither of these is an IPv4 address in disguise.
  { hostname: "1::ffff:192.0.2.1", want: "1:0:0:0::/64" },
  { hostname: "::ffff:0:192.0.2.1", want: "0:0:0:0::/64" },
  { hostname: "::1:2:3:192.0.2.1", want: "0:0:0:1::/64" },
  { hostname: "", want: "" },
];

Deno.test("networkOf() takes an IPv6 /64 for one client", async (t) => {
  for (const { hostname, want } of networks) {
    await t.step(hostname, () => {
      assertEquals(networkOf({ transport: "tcp", hostname, port: 1 }), want);
    });
  }
});

Deno.test("networkOf() takes all clients of Unix sockets for one", () => {
  for (const path of ["/run/a", "/run/b"]) {
    assertEquals(networkOf({ transport: "unix", path }), "local");
  }
});
