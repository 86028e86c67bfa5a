import { assertEquals } from "@std/assert";
import { hostNameOf, isKnownHost } from "../../lib/facts/host_name.ts";

const NAMES = ["nas.example"];

const ROWS: readonly [
  host: string,
  name: string | undefined,
  known: boolean,
][] = [
  ["localhost", "localhost", true],
  ["LocalHost:8000", "localhost", true],
  ["localhost.", "localhost", true],
  ["app.localhost", "app.localhost", true],
  ["127.0.0.1", "127.0.0.1", true],
  ["127.0.0.1:8000", "127.0.0.1", true],
  ["127.1", "127.0.0.1", true],
  ["192.168.178.20", "192.168.178.20", true],
  ["0x7f000001", "127.0.0.1", true],
  ["10.0.0.1:", "10.0.0.1", true],
  ["[::1]", "[::1]", true],
  ["[0:0::1]:8000", "[::1]", true],
  ["nas.example", "nas.example", true],
  ["NAS.example.:8000", "nas.example", true],
  ["www.nas.example", "www.nas.example", false],
  ["nas.example.evil.example", "nas.example.evil.example", false],
  ["evil.example", "evil.example", false],
  ["localhost.evil.example", "localhost.evil.example", false],
  ["xlocalhost", "xlocalhost", false],
  ["127.0.0.1.evil.example", "127.0.0.1.evil.example", false],
  ["1.2.3.4.5", undefined, false],
  ["evil.example%2f.localhost", undefined, false],
  ["127.0.0.1:99999", undefined, false],
  ["", undefined, false],
];

Deno.test("isKnownHost() knows addresses, localhost and the server's names", async (t) => {
  for (const [host, name, known] of ROWS) {
    await t.step(JSON.stringify(host), () => {
      assertEquals(hostNameOf(host), name);
      // Twice: what is known is remembered.
      assertEquals(isKnownHost(host, NAMES), known);
      assertEquals(isKnownHost(host, NAMES), known);
    });
  }
  await t.step("no Host", () => {
    assertEquals(isKnownHost(undefined, []), true);
  });
  await t.step("names of one server are not those of another", () => {
    assertEquals(isKnownHost("nas.example", NAMES), true);
    assertEquals(isKnownHost("nas.example", []), false);
  });
});
