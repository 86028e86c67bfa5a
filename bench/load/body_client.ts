/**
 * The client of a transfer, a process of its own so that it has a core of its
 * own: `body_client.ts upload PORT COUNT` makes as many transfers, each over a
 * connection of its own, and prints the seconds that took.
 *
 * @module
 */

import { DOWNLOAD_OCTETS, PIECE } from "./download.ts";

const HOSTNAME = "127.0.0.1";

async function upload(port: number): Promise<void> {
  using conn = await Deno.connect({ hostname: HOSTNAME, port });
  await writeAll(conn, head("POST /upload", DOWNLOAD_OCTETS));
  for (let sent = 0; sent < DOWNLOAD_OCTETS; sent += PIECE.length) {
    await writeAll(conn, PIECE);
  }
  const answer = await readToEnd(conn);
  if (!answer.tail.includes(`${DOWNLOAD_OCTETS}\n`)) {
    throw new Error(`The upload was answered with: ${answer.tail}`);
  }
}

async function download(port: number): Promise<void> {
  using conn = await Deno.connect({ hostname: HOSTNAME, port });
  await writeAll(conn, head("GET /download", 0));
  const { octets, tail } = await readToEnd(conn);
  if (octets < DOWNLOAD_OCTETS) {
    throw new Error(`The download ended after ${octets} octets: ${tail}`);
  }
}

function head(start: string, length: number): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(
    `${start} HTTP/1.1\r\nHost: ${HOSTNAME}\r\nConnection: close\r\n` +
      `Content-Length: ${length}\r\n\r\n`,
  );
}

async function writeAll(conn: Deno.Conn, octets: Uint8Array): Promise<void> {
  let sent = 0;
  while (sent < octets.length) sent += await conn.write(octets.subarray(sent));
}

async function readToEnd(
  conn: Deno.Conn,
): Promise<{ octets: number; tail: string }> {
  const buffer = new Uint8Array(262_144);
  let octets = 0;
  let tail = "";
  for (;;) {
    const read = await conn.read(buffer);
    if (read === null) return { octets, tail };
    octets += read;
    if (read < 1024) {
      tail += new TextDecoder().decode(buffer.subarray(0, read));
    }
  }
}

if (import.meta.main) {
  const [direction, port, count] = Deno.args;
  const run = direction === "upload" ? upload : download;
  const start = performance.now();
  for (let done = 0; done < Number(count); done++) await run(Number(port));
  const seconds = (performance.now() - start) / 1000;
  await Deno.stdout.write(new TextEncoder().encode(String(seconds)));
}
