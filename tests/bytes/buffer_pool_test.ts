import {
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
