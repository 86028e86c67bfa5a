import { assertEquals } from "@std/assert";
import { HeldBody } from "../../lib/protocol/held_body.ts";

const encoder = new TextEncoder();

Deno.test("HeldBody is text as long as nothing else was added", () => {
  const held = new HeldBody();
  assertEquals(held.onlyText, "");
  held.add("a");
  held.add("\xe9");
  assertEquals(held.onlyText, "a\xe9");
  held.add(Uint8Array.of(0xff));
  assertEquals(held.onlyText, undefined);
  held.add("b");
  assertEquals(
    held.release(),
    Uint8Array.of(0x61, 0xc3, 0xa9, 0xff, 0x62),
  );
});

Deno.test("HeldBody is empty again once it was released or cleared", () => {
  const full = "x".repeat(16_384);
  for (const empty of ["release", "clear"] as const) {
    const held = new HeldBody();
    for (const piece of [full, encoder.encode(full), "a"]) {
      assertEquals(held.add(piece), true, empty);
      held[empty]();
      assertEquals(held.onlyText, "");
      assertEquals(held.release(), new Uint8Array());
    }
  }
});

Deno.test("HeldBody holds 16 KiB and refuses a piece that is too much", () => {
  const held = new HeldBody();
  assertEquals(held.add("x".repeat(16_384)), true);
  assertEquals(held.add("y"), false);
  assertEquals(held.add(Uint8Array.of(1)), false);
  assertEquals(held.add(""), true);
  assertEquals(held.release(), encoder.encode("x".repeat(16_384)));
  assertEquals(held.add("x".repeat(16_385)), false);
  assertEquals(held.onlyText, "");
});

Deno.test("HeldBody copies bytes, which the caller may use again", () => {
  const held = new HeldBody();
  const bytes = Uint8Array.of(1, 2);
  held.add(bytes);
  bytes.fill(9);
  assertEquals(held.release(), Uint8Array.of(1, 2));
});
