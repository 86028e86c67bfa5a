import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  type ListingEntry,
  type ListingOrder,
  parseOrder,
  readListing,
} from "../../lib/static/listing.ts";
import { contentSecurityPolicy } from "../../lib/static/listing_policy.ts";
import {
  type ListingPage,
  writeListingJson,
  writeListingPage,
} from "../../lib/static/listing_page.ts";
import { sortedBatches } from "../../lib/static/sorted_batches.ts";
import { HeldEntries } from "../../lib/static/held_entries.ts";
import { Place } from "../../lib/static/place.ts";
import { type Folder, folderOf } from "./_folder.ts";
import { testBothWays } from "./_ways.ts";

/** Reads a folder as the handler does. */
async function* listingOf(
  { path }: Folder,
  order: ListingOrder,
): AsyncGenerator<ListingEntry[]> {
  const confinement = { root: path, followSymlinks: false };
  using folder = await Place.at(path, confinement);
  assert(folder !== undefined);
  const shows = (name: string) => !name.startsWith(".");
  using held = new HeldEntries();
  yield* readListing({ folder, shows, confinement }, order, held);
}

const plain: ListingPage = {
  pathname: "/",
  top: "/",
  needsBase: false,
  order: { by: "name", descending: false },
  thumbnails: false,
  uploads: false,
  archives: [],
};

const TIME = Date.UTC(2024, 0, 2, 3, 4, 5);

async function* batchOf(entries: ListingEntry[]) {
  await Promise.resolve();
  yield entries;
}

async function textOf(pieces: AsyncIterable<string>): Promise<string> {
  let text = "";
  for await (const piece of pieces) text += piece;
  return text;
}

function fileNamed(name: string): ListingEntry {
  return { name, kind: "file", link: false, size: 1, modified: TIME };
}

Deno.test("sortedBatches() gives the order of one sort", async () => {
  for (const length of [0, 1, 2047, 2048, 2049, 10_000]) {
    const items = Array.from({ length }, (_, at) => at * 7919 % 10_007);
    const got: number[] = [];
    for await (const batch of sortedBatches(items, (a, b) => a - b, 100)) {
      got.push(...batch);
    }
    assertEquals(got, items.toSorted((a, b) => a - b));
  }
});

const queries: { query: string; want: ListingOrder }[] = [
  { query: "", want: { by: "name", descending: false } },
  { query: "sort=size&order=desc", want: { by: "size", descending: true } },
  { query: "sort=date&order=asc", want: { by: "date", descending: false } },
  { query: "order=desc", want: { by: "name", descending: true } },
  {
    query: "sort=%3Cscript%3E&order=x",
    want: { by: "name", descending: false },
  },
];

Deno.test("parseOrder() reads a query", () => {
  for (const { query, want } of queries) assertEquals(parseOrder(query), want);
});

const orders: { query: string; want: string[] }[] = [
  { query: "", want: ["b", "Z", "2.txt", "10.txt", "a.txt"] },
  { query: "order=desc", want: ["Z", "b", "a.txt", "10.txt", "2.txt"] },
  { query: "sort=size", want: ["b", "Z", "a.txt", "2.txt", "10.txt"] },
  {
    query: "sort=size&order=desc",
    want: ["b", "Z", "10.txt", "2.txt", "a.txt"],
  },
];

testBothWays("readListing() orders entries, folders first", async (t) => {
  await using folder = await folderOf({
    "10.txt": "333",
    "2.txt": "22",
    "a.txt": "1",
    "Z/": "",
    "b/x": "",
  });
  for (const { query, want } of orders) {
    await t.step(query, async () => {
      const names: string[] = [];
      const order = parseOrder(query);
      for await (const batch of listingOf(folder, order)) {
        names.push(...batch.map(({ name }) => name));
      }
      assertEquals(names, want);
    });
  }
});

testBothWays("readListing() leaves out what may not be served", async () => {
  await using folder = await folderOf({
    ".hidden": "",
    "a": "1",
    "in": "-> a",
    "out": "-> /etc",
    "broken": "-> none",
  });
  const found: ListingEntry[] = [];
  for await (const batch of listingOf(folder, plain.order)) {
    found.push(...batch);
  }
  assertEquals(found, [
    { name: "a", kind: "file", link: false, size: 1, modified: TIME },
    { name: "in", kind: "file", link: true, size: 1, modified: TIME },
  ]);
});

testBothWays("readListing() reads a large folder batch by batch", async () => {
  const names = Array.from({ length: 300 }, (_, index) => `${index}.txt`);
  await using folder = await folderOf(
    Object.fromEntries(names.map((name) => [name, ""])),
  );
  const sizes: number[] = [];
  for await (const batch of listingOf(folder, plain.order)) {
    sizes.push(batch.length);
  }
  assertEquals(sizes, [128, 128, 44]);
});

const rows: { entry: ListingEntry; want: string }[] = [
  {
    entry: { name: "docs", kind: "folder", link: false, modified: TIME },
    want: "<tr><th class=d><a href=docs/>docs/</a><td><td>2024-01-02 03:04",
  },
  {
    entry: { ...fileNamed("a b.txt"), size: 12_345 },
    want: "<tr><th><a href=a%20b.txt>a b.txt</a>" +
      "<td>12.3 kB<td>2024-01-02 03:04",
  },
  {
    entry: { ...fileNamed("no time"), modified: undefined },
    want: "<tr><th><a href=no%20time>no time</a><td>1 B<td>",
  },
];

const hostile = [
  {
    name: "<script>alert(1)</script>",
    link: "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
  },
  {
    name: '"><img src=x onerror=alert(1)>',
    link: "%22%3E%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E",
  },
  { name: "javascript:alert(1)", link: "javascript%3Aalert(1)" },
  { name: "new\nline", link: "new%0Aline" },
  { name: "\u202egpj.exe", link: "%E2%80%AEgpj.exe" },
  { name: "a&amp;b", link: "a%26amp%3Bb" },
  { name: "100%.txt", link: "100%25.txt" },
  { name: "#?;", link: "%23%3F%3B" },
  { name: "\\\\evil", link: "%5C%5Cevil" },
  { name: "\ud800", link: "%EF%BF%BD" },
  { name: "é", link: "%C3%A9" },
  { name: "' onclick='x", link: "%27%20onclick%3D%27x" },
  { name: "`x`", link: "%60x%60" },
  { name: "=x>", link: "%3Dx%3E" },
];

Deno.test("writeListingPage() writes a row for each entry", async () => {
  const text = await textOf(
    writeListingPage(plain, batchOf(rows.map(({ entry }) => entry))),
  );
  const body = text.slice(
    text.indexOf("<tbody>\n") + "<tbody>\n".length,
    text.indexOf("</table>"),
  );
  assertEquals(body, rows.map(({ want }) => want + "\n").join(""));
  assertStringIncludes(text, "1 folder, 2 files, 12.3 kB");
});

Deno.test("writeListingPage() writes times as ISO 8601 has them, in minutes", async () => {
  const times = [
    0,
    -1,
    -86_400_000,
    86_399_999,
    86_400_000,
    TIME,
    TIME + 0.5,
    Date.UTC(2024, 1, 29, 23, 59, 59, 999),
    Date.UTC(12024, 0, 1),
  ];
  for (const modified of times) {
    const text = await textOf(writeListingPage(
      plain,
      batchOf([{ ...fileNamed("a"), modified }]),
    ));
    const [day, time] = new Date(Math.floor(modified)).toISOString().split("T");
    assertStringIncludes(text, `<td>${day} ${time?.slice(0, 5)}\n`);
  }
});

Deno.test("writeListingPage() disarms hostile names", async (t) => {
  for (const { name, link } of hostile) {
    await t.step(JSON.stringify(name), async () => {
      const path = `/${name}/`;
      const text = await textOf(writeListingPage(
        { ...plain, pathname: path },
        batchOf([fileNamed(name)]),
      ));
      assertStringIncludes(text, `<a href=${link}>`);
      const scripts = text.match(/<script/g) ?? [];
      assertEquals(scripts.length, 1);
      assert(!text.includes("<img"));
    });
  }
});

Deno.test("writeListingPage() names the folder as Python does", async () => {
  const text = await textOf(
    writeListingPage({ ...plain, pathname: "/a <i>&/b/" }, batchOf([])),
  );
  const title = "Directory listing for /a &lt;i&gt;&amp;/b/";
  assertStringIncludes(text, `<title>${title}</title>`);
  assertStringIncludes(text, `<h1>${title}</h1>`);
  assertStringIncludes(
    text,
    '<ol><li><a href="/">Home</a>' +
      '<li><a href="/a%20%3Ci%3E&/">a &lt;i&gt;&amp;</a>' +
      '<li><a href="/a%20%3Ci%3E&/b/" aria-current=page>b</a></ol>',
  );
  assertStringIncludes(text, "<a href=../>../</a>");
});

Deno.test("writeListingPage() marks the order and links the others", async () => {
  const order: ListingOrder = { by: "size", descending: true };
  const text = await textOf(
    writeListingPage({ ...plain, order }, batchOf([])),
  );
  assertStringIncludes(
    text,
    "<thead><tr>" +
      '<th scope=col><a href="?sort=name&amp;order=asc">Name</a>' +
      "<th scope=col aria-sort=descending>" +
      '<a href="?sort=size&amp;order=asc">Size</a>' +
      '<th scope=col><a href="?sort=date&amp;order=desc">Modified</a> ' +
      "<small>(UTC)</small></thead>",
  );
});

Deno.test("a listing of 100 entries stays under 20 KB", async () => {
  const entries = Array.from(
    { length: 100 },
    (_, index) => fileNamed(`photo-${index}-of-summer.jpeg`),
  );
  const text = await textOf(writeListingPage(plain, batchOf(entries)));
  const size = new TextEncoder().encode(text).length;
  assert(size < 20_000, `${size} octets`);
});

Deno.test("contentSecurityPolicy() allows the page's own parts only", async () => {
  assertEquals(
    await contentSecurityPolicy(["a"], ["b", "c"]),
    "default-src 'none'; " +
      "style-src 'sha256-ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs='; " +
      "script-src 'sha256-PiPoFgA5WUoziU9lZOGxNIu9egCI1CxKy3PurtWcAJ0=' " +
      "'sha256-Ln0sA6lQeuJl7PW1NWiFpTOTogKdJBOUmXJloaJa78Y='; " +
      "img-src 'self' data:; media-src 'self'; connect-src 'self'; " +
      "form-action 'self'; base-uri 'self'; frame-ancestors 'self'",
  );
});

Deno.test("writeListingJson() writes an array", async () => {
  assertEquals(await textOf(writeListingJson(batchOf([]))), "[]\n");
  const text = await textOf(writeListingJson(batchOf([
    { name: "d", kind: "folder", link: true, modified: TIME },
    fileNamed('"'),
  ])));
  assertEquals(
    text,
    '[\n{"name":"d","type":"folder","link":true,' +
      '"modified":"2024-01-02T03:04:05.000Z"},\n' +
      '{"name":"\\"","type":"file","size":1,' +
      '"modified":"2024-01-02T03:04:05.000Z"}\n]\n',
  );
});
