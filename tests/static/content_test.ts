import { assertEquals } from "@std/assert";
import {
  cacheControlOf,
  isFingerprinted,
} from "../../lib/static/cache_control.ts";
import { isCompressible } from "../../lib/static/content_coding.ts";
import { EXTENSIONS_MAP, mediaTypeOf } from "../../lib/static/media_type.ts";

const types: { name: string; want: string | undefined }[] = [
  { name: "a.html", want: "text/html; charset=UTF-8" },
  { name: "/dir.d/A.HTML", want: "text/html; charset=UTF-8" },
  { name: "a.txt", want: "text/plain; charset=UTF-8" },
  { name: "a.js", want: "text/javascript; charset=UTF-8" },
  { name: "a.mjs", want: "text/javascript; charset=UTF-8" },
  { name: "a.wasm", want: "application/wasm" },
  { name: "a.json", want: "application/json; charset=UTF-8" },
  { name: "a.svg", want: "image/svg+xml" },
  { name: "a.tar.gz", want: "application/gzip" },
  { name: "a.Z", want: "application/octet-stream" },
  { name: "a.bz2", want: "application/x-bzip2" },
  { name: "a.xz", want: "application/x-xz" },
  { name: "a.py", want: "text/x-python; charset=UTF-8" },
  { name: "a.mp4", want: "video/mp4" },
  { name: "a.woff2", want: "font/woff2" },
  { name: "README", want: undefined },
  { name: ".html", want: undefined },
  { name: "dir.html/README", want: undefined },
  { name: "a.", want: undefined },
  { name: "a.constructor", want: undefined },
  { name: "a.no-such-type", want: undefined },
];

Deno.test("mediaTypeOf() goes by the extension", async (t) => {
  for (const { name, want } of types) {
    await t.step(name, () => {
      assertEquals(mediaTypeOf(name, EXTENSIONS_MAP), want);
    });
  }
});

Deno.test("mediaTypeOf() asks the map first", () => {
  assertEquals(mediaTypeOf("a.TXT", { ".txt": "text/x-mine" }), "text/x-mine");
});

const compressible: { type: string; want: boolean }[] = [
  { type: "text/html; charset=UTF-8", want: true },
  { type: "text/javascript; charset=UTF-8", want: true },
  { type: "application/json; charset=UTF-8", want: true },
  { type: "application/manifest+json", want: true },
  { type: "application/wasm", want: true },
  { type: "image/svg+xml", want: true },
  { type: "image/png", want: false },
  { type: "application/gzip", want: false },
  { type: "video/mp4", want: false },
  { type: "font/woff2", want: false },
  { type: "application/octet-stream", want: false },
  { type: "text/event-stream", want: false },
];

Deno.test("isCompressible() goes by the type", () => {
  for (const { type, want } of compressible) {
    assertEquals(isCompressible(type), want, type);
  }
});

const names: { name: string; want: boolean }[] = [
  { name: "/assets/app.3f9a2c1b.js", want: true },
  { name: "/assets/app.3f9a2c1b.js.map", want: true },
  { name: "/assets/index-Bx81hG2_.css", want: true },
  { name: "/assets/chunk-KJH4X2QZ.js", want: true },
  { name: "/app.js", want: false },
  { name: "/report-february.pdf", want: false },
  { name: "/photo-20240102.jpg", want: false },
  { name: "/holiday-Photos2024.jpg", want: false },
  { name: "/3f9a2c1b/app.js", want: false },
  { name: "/jquery-3.7.1.min.js", want: false },
];

Deno.test("isFingerprinted() tells hashes from words and dates", () => {
  for (const { name, want } of names) {
    assertEquals(isFingerprinted(name), want, name);
  }
});

Deno.test("cacheControlOf() takes the first rule that matches", () => {
  const rules = [
    { match: /\.html$/, value: "no-cache" },
    { match: /^\/img\//, value: "max-age=60" },
  ];
  assertEquals(cacheControlOf("/a.html", rules), "no-cache");
  assertEquals(cacheControlOf("/img/a.png", rules), "max-age=60");
  assertEquals(cacheControlOf("/b.txt", rules), undefined);
  assertEquals(cacheControlOf("/a.html", "no-store"), "no-store");
  assertEquals(cacheControlOf("/a.html", ""), undefined);
});
