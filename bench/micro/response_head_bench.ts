// From a handler's calls to the octets of an answer in the writer's buffer.

import { ByteWriter } from "../../lib/bytes/byte_writer.ts";
import { WireResponse } from "../../lib/protocol/response_writer.ts";

const writer = new ByteWriter({
  read: () => Promise.resolve(null),
  write: (p) => Promise.resolve(p.length),
  close() {},
});

const response = new WireResponse(writer, {
  isHead: false,
  version: "HTTP/1.1",
  isHttp11: true,
  takesTrailers: false,
  closes: false,
  isClientDone: false,
});

const BODIES: Record<string, string | Uint8Array> = {
  "text": "Hello, World!\n",
  "text beyond ASCII": "Hej, världen!\n",
  "octets": new TextEncoder().encode("Hello, World!\n"),
};

for (const [name, body] of Object.entries(BODIES)) {
  Deno.bench(`WireResponse, ${name}`, { group: "answer" }, async () => {
    response.begin();
    response.start(200, "OK");
    response.field("Server", "verb");
    response.field("Date", "Thu, 01 Jan 1970 00:00:00 GMT");
    response.field("Content-Type", "text/plain; charset=utf-8");
    response.endHead();
    response.write(body);
    response.end();
    await writer.flush();
  });
}
