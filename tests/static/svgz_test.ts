import { assertEquals } from "@std/assert";
import type { StaticRequestHandler } from "../../lib/static/mod.ts";
import { siteOf } from "./_site.ts";

const SVG = '<svg xmlns="http://www.w3.org/2000/svg"></svg>'.repeat(40);

async function gzip(text: string): Promise<Uint8Array> {
  const stream = new Blob([text]).stream()
    .pipeThrough(new CompressionStream("gzip"));
  return await new Response(stream).bytes();
}

const svgz = await gzip(SVG);

interface Row {
  readonly name: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly settings?: Partial<StaticRequestHandler>;
  readonly status?: number;
  readonly body?: Uint8Array;
  readonly coding?: string | undefined;
  readonly range?: string;
}

// nginx sends no Content-Encoding, so that no browser shows it; Apache sends it to
// everybody where it is told to (`AddEncoding gzip svgz`), and so do we. There is
// nothing to negotiate: the file is the only representation (RFC 9110 §12.4.1).
const rows: readonly Row[] = [
  { name: "to who accepts gzip", fields: { "Accept-Encoding": "gzip" } },
  { name: "to who says nothing" },
  { name: "to who does not", fields: { "Accept-Encoding": "identity" } },
  {
    name: "is not compressed again",
    fields: { "Accept-Encoding": "br, gzip" },
    settings: { compress: true },
  },
  {
    name: "has no sibling",
    fields: { "Accept-Encoding": "br, gzip" },
    settings: { precompressed: true },
  },
  {
    name: "a range is one of the bytes that are there",
    fields: { Range: "bytes=2-5" },
    status: 206,
    body: svgz.subarray(2, 6),
    range: `bytes 2-5/${svgz.length}`,
  },
  {
    name: "of another type",
    settings: { extensionsMap: { ".svgz": "application/gzip" } },
    coding: undefined,
  },
];

Deno.test("an .svgz is an SVG in gzip", async (t) => {
  for (const { name, fields = {}, settings = {}, ...want } of rows) {
    await t.step(name, async () => {
      await using site = await siteOf({
        "a.svgz": svgz,
        "a.svgz.br": "something else",
        "a.svgz.gz": "something else",
      }, settings);
      const { status = 200, body = svgz, range } = want;
      const coding = "coding" in want ? want.coding : "gzip";
      const type = settings.extensionsMap?.[".svgz"] ?? "image/svg+xml";
      // Range means nothing for HEAD (RFC 9110 §14.2).
      for (const method of range === undefined ? ["GET", "HEAD"] : ["GET"]) {
        const answer = await site.ask("/a.svgz", fields, method);
        const got = (field: string) => answer.fields.get(field);
        assertEquals(answer.status, status);
        assertEquals(got("content-type"), type);
        assertEquals(got("content-encoding"), coding);
        assertEquals(got("content-range"), range);
        assertEquals(got("content-length"), `${body.length}`);
        assertEquals(got("vary"), undefined);
        const octets = Uint8Array.from(answer.body, (c) => c.charCodeAt(0));
        assertEquals(octets, method === "HEAD" ? new Uint8Array() : body);
      }
    });
  }
});
