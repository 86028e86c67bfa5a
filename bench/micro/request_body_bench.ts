// From the octets of a chunked body to its content: the chunk lines alone, and
// a whole body of small, middling and large chunks.

import { ByteReader } from "../../lib/bytes/byte_reader.ts";
import { DEFAULT_LIMITS } from "../../lib/facts/limits.ts";
import { parseChunkLine } from "../../lib/protocol/chunk_line.ts";
import { RequestBody } from "../../lib/protocol/request_body.ts";

Deno.bench("parseChunkLine()", () => {
  parseChunkLine("1f40");
});

Deno.bench("parseChunkLine(), with an extension", () => {
  parseChunkLine('1f40;name="value"');
});

for (const size of [16, 1_024, 65_536]) {
  const chunks = 1_048_576 / size;
  const wire = new TextEncoder().encode(
    `${size.toString(16)}\r\n${"a".repeat(size)}\r\n`.repeat(chunks) +
      "0\r\n\r\n",
  );

  Deno.bench(`RequestBody, 1 MiB in chunks of ${size}`, async () => {
    const body = new RequestBody(
      new ByteReader(streamOf(wire)),
      DEFAULT_LIMITS,
    );
    body.begin({ kind: "chunked" });
    let piece: Uint8Array | null;
    do piece = await body.read(); while (piece !== null);
  });
}

/** A connection on which `octets` arrive as fast as they are read. */
function streamOf(octets: Uint8Array): {
  read(p: Uint8Array): Promise<number | null>;
  write(p: Uint8Array): Promise<number>;
  close(): void;
} {
  let at = 0;
  return {
    read(p) {
      if (at === octets.length) return Promise.resolve(null);
      const piece = octets.subarray(at, at + p.length);
      p.set(piece);
      at += piece.length;
      return Promise.resolve(piece.length);
    },
    write: (p) => Promise.resolve(p.length),
    close() {},
  };
}
