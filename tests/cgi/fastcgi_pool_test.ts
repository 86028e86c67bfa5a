import { assert, assertEquals, assertRejects } from "@std/assert";
import { FastCgiPool } from "../../lib/cgi/fastcgi_pool.ts";

/** Milliseconds in which a connection must be closed. */
const PATIENCE = 5_000;

Deno.test("FastCgiPool closes what a lease gets that was released meanwhile", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const pool = new FastCgiPool(`127.0.0.1:${listener.addr.port}`, {
    connections: 1,
    queue: 0,
    wait: PATIENCE,
    idle: PATIENCE,
    connect: PATIENCE,
  });
  const [lease, first] = await Promise.all([pool.take(), listener.accept()]);
  assert(lease !== undefined);
  const renewing = lease.renew();
  const refused = assertRejects(() => renewing, DOMException);
  lease.release(false);
  await refused;
  assertEquals(await first.read(new Uint8Array(1)), null);
  first.close();
  // The application has one process, and it is free.
  const [next, second] = await Promise.all([pool.take(), listener.accept()]);
  assert(next !== undefined);
  next.release(false);
  assertEquals(await second.read(new Uint8Array(1)), null);
  second.close();
});
