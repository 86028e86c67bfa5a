import { assertEquals, assertStrictEquals } from "@std/assert";
import { ByteBuffer, filled } from "../../lib/bytes/byte_buffer.ts";

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

Deno.test("ByteBuffer joins pieces of any size", () => {
  const buffer = new ByteBuffer();
  assertEquals(buffer.bytes, new Uint8Array());
  let want = "";
  for (const text of ["a", "", "bc", "d".repeat(1000), "e"]) {
    buffer.add(bytesOf(text));
    want += text;
    assertEquals(buffer.length, want.length);
    assertEquals(buffer.bytes, bytesOf(want));
  }
  assertEquals(buffer.take(), bytesOf(want));
  assertEquals(buffer.length, 0);
  assertEquals(buffer.take(), new Uint8Array());
});

Deno.test("ByteBuffer copies what it is given and gives away what it has", () => {
  const buffer = new ByteBuffer();
  const piece = bytesOf("abc");
  buffer.add(piece);
  piece.fill(0);
  const taken = buffer.take();
  buffer.add(bytesOf("xyz"));
  assertEquals(taken, bytesOf("abc"));
  assertEquals(taken.buffer.byteLength, 3);
});

Deno.test("ByteBuffer holds at most twice what was added", () => {
  const buffer = new ByteBuffer();
  for (let i = 0; i < 100_000; i++) buffer.add(Uint8Array.of(i));
  assertEquals(buffer.bytes.buffer.byteLength, 131_072);
});

Deno.test("ByteBuffer gives its own memory away where that is full", () => {
  const buffer = new ByteBuffer();
  buffer.add(bytesOf("a".repeat(255)));
  buffer.add(bytesOf("b"));
  const memory = buffer.bytes.buffer;
  assertEquals(memory.byteLength, 256);
  assertStrictEquals(buffer.take().buffer, memory);
});

Deno.test("ByteBuffer makes no room for more than is expected, unless it comes", () => {
  const buffer = new ByteBuffer(1000);
  const sizes = new Set<number>();
  for (let i = 0; i < 1001; i++) {
    buffer.add(Uint8Array.of(i));
    sizes.add(buffer.bytes.buffer.byteLength);
  }
  assertEquals([...sizes], [256, 512, 1000, 1001]);
});

Deno.test("filled() keeps no array that is mostly empty", () => {
  const target = new Uint8Array(8).fill(1);
  assertEquals(filled(target, 3).buffer.byteLength, 3);
  assertEquals(filled(target, 4).buffer, target.buffer);
  assertEquals(filled(target, 4).length, 4);
  assertEquals(filled(target, 8), target);
});
