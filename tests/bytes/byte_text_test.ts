import { assertEquals } from "@std/assert";
import {
  decodeByteText,
  encodeByteText,
  recodedByteText,
} from "../../lib/bytes/byte_text.ts";

const ROWS: readonly { name: string; bytes: number[]; want: string }[] = [
  { name: "nothing", bytes: [], want: "" },
  { name: "ASCII", bytes: [0x61, 0x00, 0x7f], want: "a\0\x7f" },
  { name: "UTF-8", bytes: [0xc3, 0xa9, 0xe2, 0x82, 0xac], want: "é€" },
  { name: "four bytes", bytes: [0xf0, 0x9f, 0x90, 0x9a], want: "🐚" },
  { name: "a byte order mark", bytes: [0xef, 0xbb, 0xbf], want: "\ufeff" },
  { name: "Latin-1", bytes: [0x63, 0xe9, 0x20], want: "c\udce9 " },
  { name: "both", bytes: [0xe9, 0xc3, 0xa9, 0xff], want: "\udce9é\udcff" },
  { name: "a character cut short", bytes: [0xc3], want: "\udcc3" },
  { name: "one of three, cut", bytes: [0xe2, 0x82], want: "\udce2\udc82" },
  {
    name: "one of four, cut",
    bytes: [0xf0, 0x9f, 0x90, 0x41],
    want: "\udcf0\udc9f\udc90A",
  },
  { name: "no beginning", bytes: [0x80, 0xbf], want: "\udc80\udcbf" },
  { name: "an overlong dot", bytes: [0xc0, 0xae], want: "\udcc0\udcae" },
  {
    name: "an overlong slash",
    bytes: [0xe0, 0x80, 0xaf],
    want: "\udce0\udc80\udcaf",
  },
  {
    name: "overlong, of four",
    bytes: [0xf0, 0x80, 0x80, 0xaf],
    want: "\udcf0\udc80\udc80\udcaf",
  },
  {
    name: "an encoded surrogate",
    bytes: [0xed, 0xb3, 0xa9],
    want: "\udced\udcb3\udca9",
  },
  {
    name: "above U+10FFFF",
    bytes: [0xf4, 0x90, 0x80, 0x80],
    want: "\udcf4\udc90\udc80\udc80",
  },
  { name: "U+10FFFF", bytes: [0xf4, 0x8f, 0xbf, 0xbf], want: "\u{10ffff}" },
  { name: "U+D7FF", bytes: [0xed, 0x9f, 0xbf], want: "\ud7ff" },
  { name: "U+0800", bytes: [0xe0, 0xa0, 0x80], want: "\u0800" },
];

Deno.test("decodeByteText() loses no byte, and encodeByteText() gives them back", async (t) => {
  for (const { name, bytes, want } of ROWS) {
    await t.step(name, () => {
      const given = Uint8Array.from(bytes);
      assertEquals(decodeByteText(given), want);
      assertEquals(encodeByteText(want), given);
    });
  }
  await t.step("every pair of bytes, with one behind it", () => {
    for (let pair = 0; pair < 65_536; pair++) {
      const bytes = Uint8Array.of(pair >> 8, pair & 0xff, 0x80);
      const text = decodeByteText(bytes);
      const back = encodeByteText(text);
      if (back.every((byte, at) => byte === bytes[at])) continue;
      assertEquals(back, bytes);
    }
  });
});

Deno.test("encodeByteText() has no byte for other lone surrogates", () => {
  const unknown = Uint8Array.of(0xef, 0xbf, 0xbd);
  for (const text of ["\ud800", "\udc00", "\udc7f", "\udd00"]) {
    assertEquals(encodeByteText(text), unknown);
  }
});

Deno.test("recodedByteText() takes bytes that are not UTF-8 for Latin-1", () => {
  assertEquals(recodedByteText("é\udce9 🐚\udcff"), "éé 🐚ÿ");
});

/** The first and the last of each kind of character (RFC 3629 section 4). */
const WHOLE = [
  [0xc2, 0x80],
  [0xdf, 0xbf],
  [0xe0, 0xa0, 0x80],
  [0xe0, 0xbf, 0xbf],
  [0xe1, 0x80, 0x80],
  [0xec, 0xbf, 0xbf],
  [0xed, 0x80, 0x80],
  [0xed, 0x9f, 0xbf],
  [0xee, 0x80, 0x80],
  [0xef, 0xbf, 0xbf],
  [0xf0, 0x90, 0x80, 0x80],
  [0xf0, 0xbf, 0xbf, 0xbf],
  [0xf1, 0x80, 0x80, 0x80],
  [0xf3, 0xbf, 0xbf, 0xbf],
  [0xf4, 0x80, 0x80, 0x80],
  [0xf4, 0x8f, 0xbf, 0xbf],
];

/** What is one bit beyond them. */
const BROKEN = [
  [0xc1, 0xbf],
  [0xc2, 0x7f],
  [0xdf, 0xc0],
  [0xe0, 0x9f, 0xbf],
  [0xe1, 0x7f, 0x80],
  [0xe1, 0x80, 0x7f],
  [0xec, 0xc0, 0x80],
  [0xec, 0xbf, 0xc0],
  [0xed, 0xa0, 0x80],
  [0xf0, 0x8f, 0xbf, 0xbf],
  [0xf1, 0x7f, 0x80, 0x80],
  [0xf1, 0x80, 0x7f, 0x80],
  [0xf1, 0x80, 0x80, 0x7f],
  [0xf3, 0xbf, 0xbf, 0xc0],
  [0xf4, 0x90, 0x80, 0x80],
  [0xf5, 0x80, 0x80, 0x80],
];

Deno.test("decodeByteText() tells characters from bytes of none beside them", () => {
  for (const bytes of WHOLE) {
    const character = new TextDecoder("utf-8", { fatal: true })
      .decode(Uint8Array.from(bytes));
    assertEquals(
      decodeByteText(Uint8Array.of(0xff, ...bytes, 0x61, 0xff)),
      `\udcff${character}a\udcff`,
    );
  }
  for (const bytes of BROKEN) {
    const escapes = bytes.map((byte) =>
      String.fromCharCode(byte < 0x80 ? byte : 0xdc00 + byte)
    );
    assertEquals(decodeByteText(Uint8Array.from(bytes)), escapes.join(""));
  }
});
