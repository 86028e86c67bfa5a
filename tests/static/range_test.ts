import { assertEquals } from "@std/assert";
import { layOutByteranges } from "../../lib/static/byteranges.ts";
import {
  contentRange,
  MAX_RANGES,
  parseRange,
} from "../../lib/static/range.ts";

type Want = ReturnType<typeof parseRange>;

const all = { first: 0, last: 25 };

const cases: { text: string; size?: number; want: Want }[] = [
  { text: "bytes=0-3", want: [{ first: 0, last: 3 }] },
  { text: "Bytes=0-3", want: [{ first: 0, last: 3 }] },
  { text: "bytes=000-003", want: [{ first: 0, last: 3 }] },
  { text: "bytes=20-", want: [{ first: 20, last: 25 }] },
  { text: "bytes=25-", want: [{ first: 25, last: 25 }] },
  { text: "bytes=-5", want: [{ first: 21, last: 25 }] },
  { text: "bytes=-26", want: [all] },
  { text: "bytes=-100", want: [all] },
  { text: "bytes=0-99", want: [all] },
  { text: "bytes=0-99999999999999999999999999", want: [all] },
  { text: "bytes=-99999999999999999999999999", want: [all] },
  { text: "bytes=26-", want: "unsatisfiable" },
  { text: "bytes=26-30", want: "unsatisfiable" },
  { text: "bytes=99999999999999999999999999-", want: "unsatisfiable" },
  { text: "bytes=-0", want: "unsatisfiable" },
  { text: "bytes=26-,-0", want: "unsatisfiable" },
  { text: "bytes=0-0,26-", want: [{ first: 0, last: 0 }] },
  { text: "bytes=4-3", want: "whole" },
  { text: "bytes=0-1,4-3", want: "whole" },
  { text: "bytes=a-b", want: "whole" },
  { text: "bytes=--5", want: "whole" },
  { text: "bytes=-1-2", want: "whole" },
  { text: "bytes=0.5-2", want: "whole" },
  { text: "bytes=0-1x", want: "whole" },
  { text: "bytes=+0-1", want: "whole" },
  { text: "bytes=0x0-1", want: "whole" },
  { text: "bytes=0 -3", want: "whole" },
  { text: "bytes= 0-3", want: "whole" },
  { text: "bytes =0-3", want: "whole" },
  { text: "bytes=", want: "whole" },
  { text: "bytes=-", want: "whole" },
  { text: "bytes=,", want: "whole" },
  { text: "bytes=5", want: "whole" },
  { text: "bytes", want: "whole" },
  { text: "", want: "whole" },
  { text: "xbytes=0-3", want: "whole" },
  { text: "items=0-3", want: "whole" },
  { text: "bytes=0-3", size: 0, want: "whole" },
  {
    text: "bytes=0-1,4-5",
    want: [{ first: 0, last: 1 }, { first: 4, last: 5 }],
  },
  {
    text: "bytes=,0-1 ,\t, 4-5,",
    want: [{ first: 0, last: 1 }, { first: 4, last: 5 }],
  },
  {
    text: "bytes=20-21,0-1",
    want: [{ first: 20, last: 21 }, { first: 0, last: 1 }],
  },
  { text: "bytes=0-10,5-15,2-20", want: [{ first: 0, last: 20 }] },
  { text: "bytes=0-1,2-3", want: [{ first: 0, last: 3 }] },
  { text: "bytes=5-9,0-25", want: [all] },
  {
    text: "bytes=20-22,0-1,21-25",
    want: [{ first: 20, last: 25 }, { first: 0, last: 1 }],
  },
  { text: `bytes=0-${",0-".repeat(MAX_RANGES - 1)}`, want: [all] },
  { text: `bytes=0-${",0-".repeat(MAX_RANGES)}`, want: "whole" },
];

Deno.test("parseRange() reads a Range against a size", async (t) => {
  for (const { text, size = 26, want } of cases) {
    await t.step(`${text.slice(0, 40)} of ${size}`, () => {
      assertEquals(parseRange(text, size), want);
    });
  }
});

Deno.test("contentRange() writes both forms", () => {
  assertEquals(contentRange({ first: 0, last: 4 }, 26), "bytes 0-4/26");
  assertEquals(contentRange(undefined, 26), "bytes */26");
});

Deno.test("layOutByteranges() frames the parts", () => {
  const ranges = [{ first: 0, last: 1 }, { first: 4, last: 5 }];
  const octets = "abcdefghijklmnopqrstuvwxyz";
  const layout = layOutByteranges(ranges, 26, "text/plain", "EDGE");
  const body =
    layout.parts.map(({ head, range }) =>
      head + octets.slice(range.first, range.last + 1)
    ).join("") + layout.tail;
  assertEquals(
    body,
    "--EDGE\r\nContent-Type: text/plain\r\n" +
      "Content-Range: bytes 0-1/26\r\n\r\nab" +
      "\r\n--EDGE\r\nContent-Type: text/plain\r\n" +
      "Content-Range: bytes 4-5/26\r\n\r\nef" +
      "\r\n--EDGE--\r\n",
  );
  assertEquals(layout.contentType, "multipart/byteranges; boundary=EDGE");
  assertEquals(layout.contentLength, body.length);
});
