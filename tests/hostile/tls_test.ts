// Attacks on connections over TLS. The stranger's own are TLS, too; those on the
// handshake are made below it.

import { assertEquals } from "@std/assert";
import { type Attack, sends, testAttacks } from "./_attack.ts";
import { get } from "./_request.ts";
import type { Stranger } from "./_stranger.ts";
import type { Target } from "./_target.ts";

/** How the first message of a client begins. */
const CLIENT_HELLO = [22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3];

/** Connections that send bytes below TLS, and wait until they are closed. */
function staysSilent(bytes: readonly number[], times: number) {
  return async ({ target }: Stranger): Promise<void> => {
    await Promise.all(Array.from({ length: times }, async () => {
      using conn = await Deno.connect({ port: target.port });
      await conn.write(Uint8Array.from(bytes));
      assertEquals(await readToEnd(conn, 10_000), "closed");
    }));
  };
}

async function readToEnd(conn: Deno.Conn, timeout: number): Promise<string> {
  const late = Promise.withResolvers<string>();
  const timer = setTimeout(() => late.resolve("still open"), timeout);
  const reading = (async () => {
    const buffer = new Uint8Array(1024);
    while (await conn.read(buffer).catch(() => null) !== null);
    return "closed";
  })();
  try {
    return await Promise.race([reading, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

async function socketsOf(target: Target): Promise<number> {
  return (await target.holdings()).descriptors.get("socket:") ?? 0;
}

const ATTACKS: readonly Attack[] = [
  ...[0, 1, 6, CLIENT_HELLO.length].map((length): Attack => ({
    name: `50 clients that stay silent after ${length} bytes of a handshake`,
    attack: staysSilent(CLIENT_HELLO.slice(0, length), 50),
  })),
  {
    name: "50 clients that speak something else",
    attack: staysSilent([...new TextEncoder().encode(get("/"))], 50),
  },
  {
    name: "50 resets inside a handshake",
    attack: sends(Uint8Array.from(CLIENT_HELLO), {
      ending: "reset",
      times: 50,
    }),
  },
  {
    name: "20 clients that read nothing of a large response are let go",
    async attack(stranger) {
      const { target } = stranger;
      const before = await socketsOf(target);
      const lines = await Promise.all(
        Array.from({ length: 20 }, () => stranger.connect()),
      );
      for (const line of lines) await line.send(get("/large"));
      // The bystanders' connections come and go.
      const atMost = before + 2;
      const until = performance.now() + 10_000;
      while (await socketsOf(target) > atMost && performance.now() < until);
      const after = await socketsOf(target);
      assertEquals(after <= atMost, true, `${before} sockets, then ${after}`);
    },
  },
];

testAttacks("handler classes over TLS", {
  script: "tests/hostile/tls_app.ts",
  permissions: ["-NR"],
  tls: true,
}, ATTACKS);
