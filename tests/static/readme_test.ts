import { assertEquals } from "@std/assert";
import { renderReadme } from "../../lib/static/readme.ts";

const texts: { name: string; text: string; want: string }[] = [
  { name: "README.md", text: "# Hi", want: "<h1>Hi</h1>\n" },
  {
    name: "README.md",
    text: "<script>alert(1)</script>",
    want: "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n",
  },
  {
    name: "README.md",
    text: "[x](javascript:alert(1))",
    want: "<p>[x](javascript:alert(1))</p>\n",
  },
  {
    name: "README.md",
    text: '![x](a.png "\\" onerror=alert(1)")',
    want: '<p><img src="a.png" alt="x" title="&quot; onerror=alert(1)"></p>\n',
  },
  { name: "README", text: "a <b>", want: "<pre>a &lt;b&gt;</pre>" },
];

Deno.test("renderReadme() lets no markup through", async () => {
  for (const { name, text, want } of texts) {
    const octets = new TextEncoder().encode(text);
    assertEquals(await renderReadme(name, octets), want);
  }
});

Deno.test("renderReadme() leaves what is no text", async () => {
  assertEquals(await renderReadme("README", Uint8Array.of(0xff)), undefined);
  const large = new Uint8Array(256 * 1024 + 1).fill(0x61);
  assertEquals(await renderReadme("README", large), undefined);
});
