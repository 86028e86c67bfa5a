// Four times the value, four times the work: whatever stands in a field, a path
// or a query, up to the limits of a head.

import { assertLinear } from "./_work.ts";
import { verb } from "../mod.ts";
import {
  Access,
  hashPassword,
  UploadRequestHandler,
} from "../lib/static/mod.ts";
import { indexedQueryWords } from "../lib/cgi/environment.ts";
import { exchange } from "../lib/testing/mod.ts";
import { folderOf } from "./static/_folder.ts";

/** A quarter of what fits into a head. */
const VALUE_SIZE = 15_000;
/** A quarter of what fits into a request line. */
const TARGET_SIZE = 3_900;

/** What is repeated to fill a value, and may keep a parser busy. */
const SHAPES = [
  " ",
  " \t",
  ",",
  ", ",
  ";",
  "; ",
  "; a=b",
  '; a="b"',
  '; a="\\\\"',
  ", a;q=1",
  "=",
  '"',
  '"a",',
  'W/"a", ',
  "\\",
  "/",
  ":",
  "%",
  "%41",
  "1",
  "0-0, ",
  "A",
  "[",
  "-",
];

/** A field that somebody reads. */
interface Field {
  readonly name: string;
  /** What its value begins with. */
  readonly begin: string;
  /** The request in which it is read. */
  readonly request?: string;
}

const GET = "GET /page.html HTTP/1.1\r\n";
const FORM = "POST /form HTTP/1.1\r\nContent-Length: 0\r\n";
const JSON_DATA = "POST /json HTTP/1.1\r\nContent-Length: 0\r\n";
const PUT = "PUT /page.html HTTP/1.1\r\nContent-Length: 0\r\n";
const LISTING = "GET / HTTP/1.1\r\n";
const GUARDED = "GET /guarded/ HTTP/1.1\r\n";
const PREFLIGHT = "OPTIONS / HTTP/1.1\r\nOrigin: http://a\r\n" +
  "Access-Control-Request-Method: GET\r\n";
const DATE = "Thu, 01 Jan 1970 00:00:00 GMT";

const FIELDS: readonly Field[] = [
  { name: "Accept", begin: "text/html", request: LISTING },
  { name: "Accept-Encoding", begin: "gzip" },
  {
    name: "Access-Control-Request-Headers",
    begin: "a",
    request: PREFLIGHT,
  },
  { name: "Authorization", begin: "Basic ", request: GUARDED },
  { name: "Connection", begin: "close" },
  { name: "Content-Length", begin: "1" },
  {
    name: "Content-Type",
    begin: "multipart/form-data; boundary=B",
    request: FORM,
  },
  { name: "Content-Type", begin: "application/json", request: JSON_DATA },
  { name: "Cookie", begin: "a=b" },
  { name: "Expect", begin: "100-continue", request: PUT },
  { name: "Host", begin: "a" },
  { name: "Host", begin: "[::1" },
  { name: "If-Match", begin: '"a"' },
  { name: "If-Modified-Since", begin: DATE },
  { name: "If-None-Match", begin: '"a"' },
  { name: "If-Range", begin: '"a"', request: GET + "Range: bytes=0-0\r\n" },
  { name: "If-Unmodified-Since", begin: DATE },
  { name: "Origin", begin: "http://a", request: PUT },
  { name: "Range", begin: "bytes=0-0" },
  { name: "Sec-Fetch-Site", begin: "same-origin", request: PUT },
  { name: "TE", begin: "trailers" },
  { name: "Transfer-Encoding", begin: "chunked", request: FORM.slice(0, 21) },
  { name: "User-Agent", begin: "a" },
];

/** A site that reads all that a request may say. */
async function siteBelow(root: string) {
  class Site extends UploadRequestHandler {
    @verb("POST", "/json")
    async readJson(): Promise<Response> {
      await this.json();
      return new Response(null);
    }

    @verb("POST", "/form")
    async readForm(): Promise<Response> {
      await this.formData();
      return new Response(null);
    }
  }
  const users = new Map([["ada", await hashPassword("correct horse")]]);
  const settings = {
    root,
    compress: true,
    precompressed: true,
    cleanUrls: true,
    corsOrigin: "http://a",
    archives: ["tar", "zip"] as const,
  };
  const Open = Site.with(settings);
  class Guarded extends Open {
    static override prefix = "/guarded";
    override access = new Access({ users });
  }
  return [Open, Guarded];
}

/** A value of a size. */
function fill(begin: string, shape: string, size: number): string {
  return begin + shape.repeat(Math.ceil(size / shape.length)) + "x";
}

Deno.test("a field takes work by its size", async (t) => {
  await using folder = await folderOf({ "page.html": "a".repeat(2_000) });
  const classes = await siteBelow(folder.path);
  for (const { name, begin, request = GET } of FIELDS) {
    const host = name === "Host" ? "" : "Host: a\r\n";
    await t.step(`${name}: ${begin}`, () =>
      assertLinear(async (size) => {
        for (const shape of SHAPES) {
          const value = fill(begin, shape, size);
          const raw = `${request}${host}${name}: ${value}\r\n\r\n`;
          await exchange(classes, raw);
        }
      }, VALUE_SIZE));
  }
});

/** What is repeated in a target. */
const SEGMENTS = [
  "/",
  "/a",
  "/.",
  "/..",
  "/%2e%2e",
  "%41",
  "%2F",
  "%C3%BC",
  ":",
  "&a",
  "=",
  "+",
];

Deno.test("a target takes work by its size", async (t) => {
  await using folder = await folderOf({ "page.html": "a".repeat(2_000) });
  const classes = await siteBelow(folder.path);
  for (const begin of ["/a", "/?sort=", "/?", "http://a/", "http://a"]) {
    await t.step(begin, () =>
      assertLinear(async (size) => {
        for (const segment of SEGMENTS) {
          const target = fill(begin, segment, size);
          await exchange(classes, `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`);
          indexedQueryWords("GET", target);
        }
      }, TARGET_SIZE));
  }
});
