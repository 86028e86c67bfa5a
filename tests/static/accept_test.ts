import { assertEquals } from "@std/assert";
import {
  acceptsPage,
  chooseCoding,
  prefersJson,
} from "../../lib/static/accept.ts";

const codings: { text: string | undefined; want: string | undefined }[] = [
  { text: undefined, want: undefined },
  { text: "", want: undefined },
  { text: "gzip", want: "gzip" },
  { text: "GZIP", want: "gzip" },
  { text: "gzip, deflate, br", want: "br" },
  { text: "gzip, deflate, br, zstd", want: "br" },
  { text: "zstd, gzip", want: "zstd" },
  { text: "br;q=0.5, gzip", want: "gzip" },
  { text: "br;q=0, gzip;q=0", want: undefined },
  { text: "br;q=0.000, gzip;q=0.001", want: "gzip" },
  { text: "*", want: "br" },
  { text: "*;q=0", want: undefined },
  { text: "br;q=0, *", want: "zstd" },
  { text: "identity", want: undefined },
  { text: "identity, gzip;q=0.5", want: undefined },
  { text: "identity;q=0.5, gzip", want: "gzip" },
  { text: "identity, gzip", want: "gzip" },
  { text: "identity;q=0", want: undefined },
  { text: "identity;q=0, br;q=0.1", want: "br" },
  { text: "gzip ; Q=0", want: undefined },
  { text: "gzip;q=2", want: undefined },
  { text: "gzip;q=x", want: undefined },
  { text: "gzip;q=", want: undefined },
  { text: "x-gzip", want: undefined },
  { text: ",,gzip,", want: "gzip" },
  { text: "compress, exi", want: undefined },
];

Deno.test("chooseCoding() follows the weights", async (t) => {
  for (const { text, want } of codings) {
    await t.step(String(text), () => {
      assertEquals(chooseCoding(text, ["br", "zstd", "gzip"]), want);
    });
  }
});

const json: { text: string | undefined; want: boolean }[] = [
  { text: undefined, want: false },
  { text: "*/*", want: false },
  { text: "application/json", want: true },
  { text: "application/json, */*;q=0.1", want: true },
  { text: "application/json, text/html", want: false },
  { text: "application/json, text/html;q=0.5", want: true },
  { text: "text/html, application/json;q=0.9", want: false },
  { text: "application/json;q=0", want: false },
  { text: "application/json;q=0.5, */*", want: false },
  { text: "application/ld+json", want: false },
];

Deno.test("prefersJson() compares with text/html", async (t) => {
  for (const { text, want } of json) {
    await t.step(String(text), () => assertEquals(prefersJson(text), want));
  }
});

Deno.test("acceptsPage() wants text/html by name", () => {
  assertEquals(acceptsPage("text/html,application/xhtml+xml,*/*;q=0.8"), true);
  assertEquals(acceptsPage("*/*"), false);
  assertEquals(acceptsPage("text/html;q=0"), false);
  assertEquals(acceptsPage("image/avif,image/webp,*/*"), false);
  assertEquals(acceptsPage(undefined), false);
});
