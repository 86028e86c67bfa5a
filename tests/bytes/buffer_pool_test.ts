import {
  assert,
  assertEquals,
  assertNotStrictEquals,
  assertStrictEquals,
} from "@std/assert";
import { BufferPool } from "../../lib/bytes/buffer_pool.ts";

Deno.test("BufferPool gives what it was given, once", () => {
  const pool = new BufferPool(8, 2);
  const first = pool.take();
  assertEquals(first.length, 8);
  pool.give(first);
  assertStrictEquals(pool.take(), first);
  assertNotStrictEquals(pool.take(), first);
});

Deno.test("BufferPool keeps no more than it may, and none of another size", () => {
  const pool = new BufferPool(8, 2);
  const given: Uint8Array[] = [8, 9, 7, 8, 8].map((n) => new Uint8Array(n));
  for (const buffer of given) pool.give(buffer);
  const taken = [pool.take(), pool.take(), pool.take()];
  assertEquals(taken.map((buffer) => given.indexOf(buffer)), [3, 0, -1]);
});

/** From this size on a buffer has pages of its own. */
const LARGE = 98_304;

Deno.test("BufferPool takes pages of the system for what is large only", () => {
  for (
    const [size, hasPages] of [[LARGE - 1, false], [LARGE, true]] as const
  ) {
    const { buffer, length } = new BufferPool(size, 1).take();
    assert(buffer instanceof ArrayBuffer);
    assertEquals([length, buffer.resizable], [size, hasPages]);
  }
});

Deno.test("BufferPool frees at once what is large and not kept", () => {
  for (
    const [size, isFreed] of [[LARGE - 1, false], [LARGE, true]] as const
  ) {
    const pool = new BufferPool(size, 1);
    const [kept, dropped] = [pool.take(), pool.take()];
    pool.give(kept);
    pool.give(dropped);
    assertEquals([kept.length, dropped.length], [size, isFreed ? 0 : size]);
  }
});

Deno.test("BufferPool leaves alone what threads share", () => {
  const pool = new BufferPool(LARGE, 0);
  const shared = new Uint8Array(new SharedArrayBuffer(LARGE));
  pool.give(shared);
  assertEquals(shared.length, LARGE);
});
