import { assert, assertEquals, assertThrows } from "@std/assert";
import { CStrings } from "../../lib/cgi/c_strings.ts";

/** What C would read at the addresses. */
function readAt(addresses: BigUint64Array): string[] {
  const texts: string[] = [];
  for (const address of addresses) {
    const pointer = Deno.UnsafePointer.create(address);
    if (pointer === null) break;
    texts.push(Deno.UnsafePointerView.getCString(pointer));
  }
  return texts;
}

Deno.test("CStrings ends each string with a NUL, and a list with null", () => {
  const strings = new CStrings();
  strings.add("before");
  const addresses = strings.addList(["one", "", "drei €", "🐚"]);
  strings.add("after");
  assertEquals(readAt(addresses), ["one", "", "drei €", "🐚"]);
  assertEquals(addresses.at(-1), 0n);
});

Deno.test("CStrings keeps what it has returned while it grows", () => {
  const strings = new CStrings();
  const long = "€".repeat(10_000);
  const first = strings.add("first");
  const lists = [["a", "b"], [long], [long, "c", long]];
  const addresses = lists.map((list) => strings.addList(list));
  assertEquals(addresses.map(readAt), lists);
  assertEquals(first.subarray(0, 6), new TextEncoder().encode("first\0"));
});

Deno.test("CStrings passes bytes that are not UTF-8", () => {
  const strings = new CStrings();
  const name = strings.add("A=\udce9é\udcff");
  assertEquals(
    name.subarray(0, 7),
    Uint8Array.of(0x41, 0x3d, 0xe9, 0xc3, 0xa9, 0xff, 0),
  );
  const [address = 0n] = strings.addList(["\udce9".repeat(5000)]);
  const pointer = Deno.UnsafePointer.create(address);
  assert(pointer !== null);
  const bytes = new Uint8Array(5001);
  new Deno.UnsafePointerView(pointer).copyInto(bytes);
  assertEquals(bytes, new Uint8Array(5001).fill(0xe9, 0, 5000));
});

Deno.test("CStrings takes no text that C would cut short", () => {
  assertThrows(() => new CStrings().add("a\0b"), TypeError, "NUL");
});
