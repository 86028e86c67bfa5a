import { assertEquals } from "@std/assert";
import { encodePathname } from "../../lib/protocol/target.ts";

const encodings = [
  { pathname: "/a/b.txt", want: "/a/b.txt" },
  { pathname: "/a b", want: "/a%20b" },
  { pathname: "/100%", want: "/100%25" },
  { pathname: "/a?b#c", want: "/a%3Fb%23c" },
  { pathname: "/\\evil.example", want: "/%5Cevil.example" },
  { pathname: "/a\r\nb", want: "/a%0D%0Ab" },
  { pathname: "/\u00e9", want: "/%C3%A9" },
  { pathname: "/a+b=c,d;e@f:g!h$&i", want: "/a+b=c,d;e@f:g!h$&i" },
  { pathname: '/"<>', want: "/%22%3C%3E" },
];

Deno.test("encodePathname() escapes what a path may not hold", () => {
  for (const { pathname, want } of encodings) {
    assertEquals(encodePathname(pathname), want);
  }
});
