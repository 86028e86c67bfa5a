import { assert, assertEquals } from "@std/assert";
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
  const large = new Uint8Array(64 * 1024 + 1).fill(0x61);
  assertEquals(await renderReadme("README", large), undefined);
});

Deno.test("renderReadme() renders once what is kept in memory", async () => {
  const kept = new TextEncoder().encode("# Hi");
  assertEquals(await renderReadme("README.md", kept), "<h1>Hi</h1>\n");
  // Were it rendered again, it would be another text.
  kept.fill(0x61);
  assertEquals(await renderReadme("README.md", kept), "<h1>Hi</h1>\n");
});

/** Written in a few bytes each, and rendered as thousands of times as many. */
const GROWING: Record<string, string> = {
  "a table whose rows are filled up": table(1_000),
  "many such tables": table(100).repeat(40),
  "a definition that is used often": `[a]: ${"x".repeat(20_000)}\n\n` +
    "[a]".repeat(4_000),
  "a title that is used often": `[a]: b "${"x".repeat(20_000)}"\n\n` +
    "![a]".repeat(4_000),
};

function table(size: number): string {
  const row = (cell: string) => Array(size).fill(cell).join("|") + "\n";
  return row("a") + row("-") + "|\n".repeat(size) + "\n";
}

for (const [what, text] of Object.entries(GROWING)) {
  Deno.test(`renderReadme() leaves ${what}`, async () => {
    const octets = new TextEncoder().encode(text);
    assert(octets.length <= 64 * 1024);
    assertEquals(await renderReadme("README.md", octets), undefined);
  });
}

Deno.test("renderReadme() finds addresses, but in no word without end", async () => {
  const render = (text: string) =>
    renderReadme("README.md", new TextEncoder().encode(text));
  assertEquals(
    await render("See http://a.b/(c)."),
    '<p>See <a href="http://a.b/(c)">http://a.b/(c)</a>.</p>\n',
  );
  const long = "http://a.b/(".repeat(5_000);
  // Not assertEquals(): showing how two such texts differ takes gigabytes.
  assert(await render(long) === `<p>${long}</p>\n`);
});

/** What a Markdown parser may stumble over, each repeated to the limit. */
const HOSTILE = [
  ..."[]!*_`~>-+<&\\|#\t\0\"'(:/@.=\n",
  "![",
  "[a](",
  "[a](<b",
  "[a][",
  "[a]: u\n",
  "](a)",
  "**a ",
  "*_",
  "> ",
  "- ",
  "1. ",
  "a\n=\n",
  "```\n",
  "|a",
  "<!--",
  "<http://a",
  "http://",
  "http://[::",
  "http://a.b/(",
  "a@a.",
  "a.com ",
  "<script>",
  "[a](javascript:a)",
  "\u{10ffff}\ufffe",
];

Deno.test("renderReadme() survives Markdown of any kind", async () => {
  for (const piece of HOSTILE) {
    const text = piece.repeat(
      64 * 1024 / new TextEncoder().encode(piece).length,
    );
    const octets = new TextEncoder().encode(text);
    const markup = await renderReadme("README.md", octets) ?? "";
    assert(markup.length < 20 * octets.length, JSON.stringify(piece));
    assert(!/<script|<!--|href="javascript/.test(markup), piece);
  }
});

Deno.test("renderReadme() survives bytes of any kind", async () => {
  const octets = new Uint8Array(20_000);
  for (let run = 0; run < 50; run++) {
    crypto.getRandomValues(octets);
    const ascii = octets.map((byte) => byte & 0x7f);
    assert(await renderReadme("README.md", ascii) !== undefined);
    assertEquals(await renderReadme("README.md", octets), undefined);
  }
});
