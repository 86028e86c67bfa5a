// From the octets of a head to its fields and framing.

import { DEFAULT_LIMITS } from "../../lib/facts/limits.ts";
import { HeadScanner } from "../../lib/protocol/request_head.ts";

const START = "GET /hello/world HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n";

const HEADS = {
  "1 field": START + "\r\n",
  "9 fields": START +
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101\r\n" +
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*\r\n" +
    "Accept-Language: en-GB,en;q=0.5\r\n" +
    "Accept-Encoding: gzip, deflate, br, zstd\r\n" +
    "Cookie: session=0123456789abcdef0123456789abcdef; theme=dark\r\n" +
    "Upgrade-Insecure-Requests: 1\r\n" +
    "Sec-Fetch-Dest: document\r\n" +
    "Sec-Fetch-Mode: navigate\r\n\r\n",
  "64 fields": START +
    Array.from({ length: 63 }, (_, nth) => `X-Field-${nth}: value\r\n`)
      .join("") +
    "\r\n",
};

/** How many heads differ before one comes again. */
const HEAD_COUNT = 64;

for (const [name, text] of Object.entries(HEADS)) {
  const heads = Array.from(
    { length: HEAD_COUNT },
    (_, nth) => new TextEncoder().encode(text.replace("world", `world${nth}`)),
  );
  const scanner = new HeadScanner(DEFAULT_LIMITS);
  let turn = 0;

  const scan = (): [bytes: Uint8Array, size: number] => {
    const bytes = heads[turn++ % HEAD_COUNT]!;
    scanner.begin();
    return [bytes, scanner.scan(bytes, 0, bytes.length)];
  };
  Deno.bench(`scan(), ${name}`, { group: `head, ${name}` }, () => {
    scan();
  });

  Deno.bench(`scan() and parse(), ${name}`, { group: `head, ${name}` }, () => {
    const [bytes, size] = scan();
    scanner.parse(bytes.subarray(0, size - 2));
  });
}
