// The body of a web `Request`, collected within the limits of the server.

import { assertEquals } from "@std/assert";
import { fromFetch, toFetch } from "../../lib/fetch/mod.ts";
import { exchange } from "../../lib/testing/mod.ts";

type Collector =
  | "arrayBuffer"
  | "blob"
  | "bytes"
  | "formData"
  | "json"
  | "text";

const FORM = "application/x-www-form-urlencoded";
const LIMITS = { bufferedBodyBytes: 64, jsonBytes: 16, formFields: 3 };

interface Row {
  readonly way: Collector;
  readonly body: string;
  readonly type?: string;
  /** The status, and what was collected. */
  readonly want: string;
}

const ROWS: readonly Row[] = [
  { way: "text", body: "tea", want: "200 tea" },
  { way: "text", body: "x".repeat(65), want: "413" },
  { way: "bytes", body: "tea", want: "200 116,101,97" },
  { way: "bytes", body: "x".repeat(65), want: "413" },
  { way: "arrayBuffer", body: "tea", want: "200 3 bytes" },
  { way: "arrayBuffer", body: "x".repeat(65), want: "413" },
  { way: "blob", body: "tea", type: "text/tea", want: "200 3 text/tea" },
  { way: "blob", body: "x".repeat(65), want: "413" },
  { way: "json", body: `{"tea":2}`, want: `200 {"tea":2}` },
  { way: "json", body: `[${"1,".repeat(9)}1]`, want: "413" },
  { way: "formData", body: "a=1&b=2", type: FORM, want: "200 a=1,b=2" },
  { way: "formData", body: "a&a&a&a", type: FORM, want: "413" },
  { way: "formData", body: "a", type: "text/plain", want: "415" },
  {
    way: "formData",
    body: "--B\r\nContent-Disposition: form-data",
    type: "multipart/form-data; boundary=B",
    want: "400",
  },
];

function appOf(way: Collector) {
  return fromFetch(async (request) => new Response(show(await request[way]())));
}

function show(value: unknown): string {
  if (value instanceof FormData) {
    return [...value].map(([name, text]) => `${name}=${text}`).join();
  }
  if (value instanceof Blob) return `${value.size} ${value.type}`;
  if (value instanceof ArrayBuffer) return `${value.byteLength} bytes`;
  if (value instanceof Uint8Array) return value.join();
  return typeof value === "string" ? value : JSON.stringify(value);
}

for (const { way, body, type = "text/plain", want } of ROWS) {
  Deno.test(`request.${way}() of ${body.slice(0, 20)}: ${want}`, async () => {
    const raw = `POST / HTTP/1.1\r\nHost: a\r\nContent-Type: ${type}\r\n` +
      `Content-Length: ${body.length}\r\n\r\n${body}`;
    const response = new TextDecoder().decode(
      await exchange(appOf(way), raw, LIMITS),
    );
    const [head = "", content] = response.split("\r\n\r\n");
    const status = head.slice("HTTP/1.1 ".length).slice(0, 3);
    assertEquals(status === "200" ? `200 ${content}` : status, want);

    const fetched = await toFetch(appOf(way), LIMITS)(
      new Request("http://a/", {
        method: "POST",
        body,
        headers: { "Content-Type": type },
      }),
    );
    const text = await fetched.text();
    assertEquals(fetched.ok ? `200 ${text}` : String(fetched.status), want);
  });
}
