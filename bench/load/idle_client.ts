/**
 * The client of idle connections, a process of its own because the limit on
 * descriptors is per process: `idle_client.ts PORT COUNT` opens as many
 * connections, has one answer on each, prints a line and holds them until its
 * input ends.
 *
 * @module
 */

const HOSTNAME = "127.0.0.1";
const BATCH = 100;
const REQUEST = new TextEncoder().encode(
  `GET / HTTP/1.1\r\nHost: ${HOSTNAME}\r\n\r\n`,
);

async function open(port: number): Promise<Deno.Conn> {
  const conn = await Deno.connect({ hostname: HOSTNAME, port });
  await conn.write(REQUEST);
  await conn.read(new Uint8Array(1024));
  return conn;
}

async function hold(port: number, wanted: number): Promise<void> {
  const conns: Deno.Conn[] = [];
  while (conns.length < wanted) {
    const batch = Math.min(BATCH, wanted - conns.length);
    conns.push(
      ...await Promise.all(Array.from({ length: batch }, () => open(port))),
    );
  }
  await Deno.stdout.write(new TextEncoder().encode("held\n"));
  await Deno.stdin.read(new Uint8Array(1));
  for (const conn of conns) conn.close();
}

if (import.meta.main) await hold(Number(Deno.args[0]), Number(Deno.args[1]));
