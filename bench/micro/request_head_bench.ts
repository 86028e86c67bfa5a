// From the octets of a head to its fields and framing.

import { DEFAULT_LIMITS } from "../../lib/facts/limits.ts";
import { decideFraming } from "../../lib/protocol/framing.ts";
import { PartialHead } from "../../lib/protocol/partial_head.ts";
import {
  decodeHead,
  parseRequestHead,
} from "../../lib/protocol/request_head.ts";

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

for (const [name, text] of Object.entries(HEADS)) {
  const octets = new TextEncoder().encode(text);
  const lines = text.slice(0, -2);

  const partial = new PartialHead(DEFAULT_LIMITS);
  Deno.bench(`PartialHead, ${name}`, { group: `head, ${name}` }, () => {
    partial.start();
    partial.check(octets);
  });

  Deno.bench(`decodeHead(), ${name}`, { group: `head, ${name}` }, () => {
    decodeHead(octets);
  });

  Deno.bench(`parseRequestHead(), ${name}`, { group: `head, ${name}` }, () => {
    parseRequestHead(lines, DEFAULT_LIMITS);
  });

  const head = parseRequestHead(lines, DEFAULT_LIMITS);
  Deno.bench(`decideFraming(), ${name}`, { group: `head, ${name}` }, () => {
    decideFraming(head, DEFAULT_LIMITS);
  });
}
