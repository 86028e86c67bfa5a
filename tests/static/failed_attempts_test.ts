import { assert, assertEquals } from "@std/assert";
import { FailedAttempts } from "../../lib/static/failed_attempts.ts";

function at(hostname: string): Deno.NetAddr {
  return { transport: "tcp", hostname, port: 50_000 };
}

const CLIENT = at("192.0.2.1");

Deno.test("FailedAttempts lets an address wait longer each time, but not long", () => {
  const attempts = new FailedAttempts();
  const waits: number[] = [];
  let now = 1_000_000;
  for (let count = 1; count <= 12; count++) {
    attempts.add(CLIENT, now);
    const wait = attempts.waitFor(CLIENT, now);
    waits.push(wait);
    now += wait;
    assertEquals(attempts.waitFor(CLIENT, now), 0);
  }
  assertEquals(waits, [
    ...[0, 0, 0, 0],
    ...[1_000, 2_000, 4_000, 8_000],
    ...[16_000, 16_000, 16_000, 16_000],
  ]);
});

Deno.test("FailedAttempts counts each address by itself", () => {
  const attempts = new FailedAttempts();
  for (let count = 0; count < 5; count++) attempts.add(CLIENT, 0);
  assertEquals(attempts.waitFor(CLIENT, 0), 1_000);
  assertEquals(attempts.waitFor(at("192.0.2.2"), 0), 0);
});

Deno.test("FailedAttempts counts an IPv6 network as one", () => {
  const attempts = new FailedAttempts();
  for (let host = 1; host <= 5; host++) {
    attempts.add(at(`2001:db8::${host}`), 0);
  }
  assertEquals(attempts.waitFor(at("2001:db8::ffff"), 0), 1_000);
  assertEquals(attempts.waitFor(at("2001:db8:0:1::1"), 0), 0);
});

Deno.test("FailedAttempts forgives after a right attempt, and in time", () => {
  const attempts = new FailedAttempts();
  for (let count = 0; count < 8; count++) attempts.add(CLIENT, 0);
  assertEquals(attempts.waitFor(CLIENT, 0), 8_000);
  attempts.forgive(CLIENT);
  assertEquals(attempts.waitFor(CLIENT, 0), 0);
  for (let count = 0; count < 8; count++) attempts.add(CLIENT, 0);
  attempts.add(CLIENT, 600_000);
  assertEquals(attempts.waitFor(CLIENT, 600_000), 0);
});

Deno.test("FailedAttempts holds no more addresses than it may", () => {
  const attempts = new FailedAttempts({
    free: 1,
    firstWait: 1_000,
    longestWait: 1_000,
    memory: 10_000,
    addresses: 3,
  });
  for (const host of [1, 2, 3, 1, 4]) attempts.add(at(`192.0.2.${host}`), 0);
  assertEquals(attempts.size, 3);
  // The second was the one that had failed least recently.
  const waits = [1, 2, 3, 4].map((host) =>
    attempts.waitFor(at(`192.0.2.${host}`), 0)
  );
  assertEquals(waits, [1_000, 0, 1_000, 1_000]);
});

Deno.test("FailedAttempts holds a bounded number of addresses by default", () => {
  const attempts = new FailedAttempts();
  for (let host = 0; host < 20_000; host++) {
    attempts.add(at(`10.0.${host >> 8}.${host & 0xff}`), 0);
  }
  assert(attempts.size <= 10_000);
});
