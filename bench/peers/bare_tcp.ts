/**
 * The limit: a `Deno.listen` loop that answers every read with fixed octets.
 * It parses nothing, so it can't answer pipelined requests.
 *
 * @module
 */

const ANSWER = new TextEncoder().encode(
  "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n" +
    "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\nContent-Length: 14\r\n\r\n" +
    "Hello, World!\n",
);

const port = Number(Deno.args[0]);
for await (const conn of Deno.listen({ hostname: "127.0.0.1", port })) {
  void answer(conn);
}

async function answer(conn: Deno.Conn): Promise<void> {
  const buffer = new Uint8Array(4096);
  try {
    while (await conn.read(buffer) !== null) await conn.write(ANSWER);
  } catch {
    // The load generator resets its connections when the round ends.
  } finally {
    conn.close();
  }
}
