import { assertEquals, assertThrows } from "@std/assert";
import { HttpError } from "../../lib/facts/errors.ts";
import {
  parseBoundary,
  parsePartHead,
} from "../../lib/protocol/multipart_head.ts";

const SPACES = " ".repeat(60_000);

const BOUNDARIES: {
  name: string;
  type: string | undefined;
  want: string | number;
}[] = [
  { name: "a token", type: "multipart/form-data; boundary=B", want: "B" },
  {
    name: "quoted, behind another parameter, in any case",
    type: 'Multipart/Form-Data; charset=UTF-8; BOUNDARY="a b:c"',
    want: "a b:c",
  },
  {
    name: "characters that no token has",
    type: "multipart/form-data; boundary=----=_Part/1:2",
    want: "----=_Part/1:2",
  },
  {
    name: "spaces without end, which cost the platform seconds",
    type: `multipart/form-data ${SPACES}; x="${SPACES}"; boundary=B${SPACES}`,
    want: "B",
  },
  {
    name: "semicolons without end",
    type: `multipart/form-data${";".repeat(60_000)}boundary=B`,
    want: "B",
  },
  {
    name: "70 characters",
    type: `multipart/form-data; boundary=${"x".repeat(70)}`,
    want: "x".repeat(70),
  },
  {
    name: "71 characters",
    type: `multipart/form-data; boundary=${"x".repeat(71)}`,
    want: 400,
  },
  { name: "none", type: "multipart/form-data", want: 400 },
  { name: "an empty one", type: 'multipart/form-data; boundary=""', want: 400 },
  {
    name: "two",
    type: "multipart/form-data; boundary=B; boundary=C",
    want: 400,
  },
  {
    name: "a space at its end",
    type: 'multipart/form-data; boundary="B "',
    want: 400,
  },
  {
    name: "a quotation mark in it",
    type: 'multipart/form-data; boundary="B\\""',
    want: 400,
  },
  {
    name: "a control in it",
    type: 'multipart/form-data; boundary="B\t"',
    want: 400,
  },
  {
    name: "text beyond ASCII",
    type: 'multipart/form-data; boundary="\xe9"',
    want: 400,
  },
  { name: "no type", type: undefined, want: 415 },
  { name: "an empty type", type: "", want: 415 },
  { name: "another type", type: "multipart/mixed; boundary=B", want: 415 },
  {
    name: "two types",
    type: "text/plain, multipart/form-data; boundary=B",
    want: 415,
  },
];

Deno.test("parseBoundary() finds the boundary, or refuses the type", async (t) => {
  for (const { name, type, want } of BOUNDARIES) {
    await t.step(name, () => {
      if (typeof want === "string") assertEquals(parseBoundary(type), want);
      else {
        const error = assertThrows(() => parseBoundary(type), HttpError);
        assertEquals(error.status, want);
        assertEquals(
          error.message,
          want === 415
            ? "The body is not a form"
            : "The form has no valid boundary",
        );
      }
    });
  }
});

const CD = "Content-Disposition: form-data; ";

interface Want {
  readonly name: string;
  readonly filename?: string;
  readonly contentType?: string;
}

const HEADS: { name: string; head: string; want: Want | number }[] = [
  { name: "a text", head: `${CD}name="a"`, want: { name: "a" } },
  {
    name: "a file",
    head: `${CD}name="a"; filename="b.txt"\r\nContent-Type: Text/X; q=1 `,
    want: { name: "a", filename: "b.txt", contentType: "Text/X; q=1" },
  },
  {
    name: "names in any case, no space, fields of no meaning",
    head: 'X-A: 1\r\ncontent-DISPOSITION:FORM-DATA;NAME="a"\r\nX-B:\t2',
    want: { name: "a" },
  },
  {
    name: "an empty name and an empty file name",
    head: `${CD}name=""; filename=""`,
    want: { name: "", filename: "" },
  },
  {
    name: "tokens",
    head: `${CD}name=a; filename=b`,
    want: { name: "a", filename: "b" },
  },
  {
    name: "what browsers escape",
    head: `${CD}name="a%22%0D%0a%41"; filename="%22.txt"`,
    want: { name: 'a"\r\n%41', filename: '".txt' },
  },
  {
    name: "what curl escapes",
    head: `${CD}name="a"; filename="\\"b\\\\c"`,
    want: { name: "a", filename: '"b\\c' },
  },
  {
    name: "text beyond ASCII",
    head: `${CD}name="\u00fc"; filename="\u{1f600}"`,
    want: { name: "\u00fc", filename: "\u{1f600}" },
  },
  {
    name: "filename* before filename, whichever comes first",
    head: `${CD}name=a; filename*=utf-8'en'%E2%82%AC%20x; filename="b"`,
    want: { name: "a", filename: "\u20ac x" },
  },
  {
    name: "filename* is not unescaped twice",
    head: `${CD}name=a; filename*=UTF-8''%2522`,
    want: { name: "a", filename: "%22" },
  },
  ...["7bit", "8BIT", "binary"].map((coding) => ({
    name: `a coding that changes nothing: ${coding}`,
    head: `${CD}name=a\r\nContent-Transfer-Encoding: ${coding}`,
    want: { name: "a" },
  })),
  {
    name: "an empty coding",
    head: `${CD}name=a\r\nContent-Transfer-Encoding:`,
    want: 415,
  },
  {
    name: "a parameter whose name ends like that of a piece",
    head: `${CD}name=a; xfilename*0="b"`,
    want: { name: "a" },
  },
  {
    name: "a coding",
    head: `${CD}name=a\r\nContent-Transfer-Encoding: base64`,
    want: 415,
  },
  { name: "nothing", head: "", want: 400 },
  { name: "no disposition", head: "Content-Type: text/plain", want: 400 },
  {
    name: "another disposition",
    head: "Content-Disposition: attachment; name=a",
    want: 400,
  },
  { name: "no name", head: `${CD}filename="b"`, want: 400 },
  { name: "a name twice", head: `${CD}name=a; name=b`, want: 400 },
  {
    name: "a file name twice",
    head: `${CD}name=a; filename="b"; FILENAME="c"`,
    want: 400,
  },
  {
    name: "a file name in pieces",
    head: `${CD}name=a; filename*0="b"; filename*1="c"`,
    want: 400,
  },
  {
    name: "a disposition twice",
    head: `${CD}name=a\r\n${CD}name=b`,
    want: 400,
  },
  {
    name: "a type twice",
    head: `${CD}name=a\r\nContent-Type: a/b\r\ncontent-type: c/d`,
    want: 400,
  },
  { name: "a folded line", head: `${CD}name=a;\r\n filename=b`, want: 400 },
  { name: "a space before the colon", head: "Content-Type : a/b", want: 400 },
  { name: "no colon", head: `${CD}name=a\r\nrubbish`, want: 400 },
  { name: "a line without a name", head: `${CD}name=a\r\n: x`, want: 400 },
  { name: "a bare LF", head: `${CD}name=a\nX: 1`, want: 400 },
  { name: "a bare CR", head: `${CD}name=a\rX: 1`, want: 400 },
  { name: "a NUL", head: `${CD}name="a\0"`, want: 400 },
  { name: "an empty line in front", head: `\r\n${CD}name=a`, want: 400 },
  { name: "an open quotation", head: `${CD}name="a`, want: 400 },
  ...[
    "UTF-8''%",
    "UTF-8''%zz",
    "UTF-8''%ff",
    "UTF-8''%C0%AF",
    "UTF-8''%ED%A0%80",
    "ISO-8859-1''a",
    "UTF-8'a",
    "''a",
    "xUTF-8''a",
    "a",
    "\"UTF-8''a b\"",
    '""',
  ].map((value) => ({
    name: `filename*=${value}`,
    head: `${CD}name=a; filename="b"; filename*=${value}`,
    want: 400,
  })),
];

Deno.test("parsePartHead() reads the head of a part, or refuses it", async (t) => {
  for (const { name, head, want } of HEADS) {
    await t.step(name, () => {
      if (typeof want === "number") {
        const error = assertThrows(() => parsePartHead(head), HttpError);
        assertEquals(error.status, want);
        assertEquals(
          error.message,
          want === 415
            ? "A part of the form is encoded"
            : "The head of a part is malformed",
        );
      } else {
        assertEquals(parsePartHead(head), {
          filename: undefined,
          contentType: "text/plain",
          ...want,
        });
      }
    });
  }
});
