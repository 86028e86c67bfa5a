// How pages look and what they say to assistive technology, in a real browser.
// Run by listing_browser_test.ts in a process of its own, because the driver
// wants every permission.

import { Buffer } from "node:buffer";
import { assert, assertEquals } from "@std/assert";
import axe from "axe-core";
import type { Page } from "playwright-core";
import { UploadRequestHandler } from "../../lib/static/upload_request_handler.ts";
import { StaticRequestHandler } from "../../lib/static/static_request_handler.ts";
import { folderOf } from "./_folder.ts";
import { browserTest, inBrowser, namesOn } from "./_in_browser.ts";
import { serve, siteOf } from "./_site.ts";

const PIXEL = Uint8Array.fromBase64(
  "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAEElEQVR4nGP4z8AAQQ" +
    "xwFgBB0gX7h/C5SAAAAABJRU5ErkJggg==",
);

const LONG = "a-long-name-that-somebody-has-given-without-a-thought.txt";

const layout = {
  "docs/guide/a.txt": "a",
  "empty/": "",
  "README.md": "# Garden\n\n| month | what |\n|-|-|\n| May | [beans](a) |\n",
  "app.ts": "x".repeat(4321),
  "broken.png": "no picture",
  "picture.png": PIXEL,
  "site.zip": "x".repeat(120_500),
  [LONG]: "x",
};

interface View {
  readonly name: string;
  readonly path: string;
  /** Whether no script of the page runs. */
  readonly isPlain?: boolean;
  /** What is done before it is looked at. */
  readonly act?: (page: Page) => Promise<void>;
}

const views: readonly View[] = [
  { name: "a listing", path: "/" },
  { name: "a folder below", path: "/docs/guide/" },
  { name: "an empty folder", path: "/empty/" },
  { name: "an error", path: "/none" },
  {
    name: "a filtered listing",
    path: "/",
    act: (page) => page.getByRole("searchbox").fill("a"),
  },
  {
    name: "files that were not stored",
    path: "/",
    act: async (page) => {
      await page.getByLabel("Upload files").setInputFiles([
        { name: "app.ts", mimeType: "text/plain", buffer: Buffer.from("x") },
      ]);
      await page.getByRole("alert").waitFor();
    },
  },
  { name: "a listing without a script", path: "/", isPlain: true },
  {
    name: "a report",
    path: "/",
    isPlain: true,
    act: async (page) => {
      await page.getByLabel("Upload files").setInputFiles([
        { name: "app.ts", mimeType: "text/plain", buffer: Buffer.from("x") },
        { name: "b:.ts", mimeType: "text/plain", buffer: Buffer.from("x") },
      ]);
      await page.getByRole("button", { name: "Upload", exact: true }).click();
    },
  },
];

const looks = [
  { width: 1280, colorScheme: "light" },
  { width: 1280, colorScheme: "dark" },
  { width: 360, colorScheme: "light" },
  { width: 360, colorScheme: "dark" },
] as const;

/** What axe-core finds wrong, as a rule and where. */
async function violationsOn(page: Page): Promise<string[]> {
  // By the driver, for the policy of the page lets nothing else in.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate("axe.run()") as axe.AxeResults;
  return violations.map(({ id, nodes }) =>
    `${id}: ${nodes.map(({ html }) => html).join(" ")}`
  );
}

for (const { width, colorScheme } of looks) {
  browserTest(
    `pages are accessible at ${width} px, ${colorScheme}`,
    async () => {
      const folder = await folderOf(layout);
      const Site = UploadRequestHandler.with({
        root: folder.path,
        readme: true,
        thumbnails: true,
        archives: ["zip"],
      });
      await using site = serve(folder, folder.path, Site);
      await inBrowser(
        site,
        async (page) => {
          const session = await page.context().newCDPSession(page);
          const runScripts = (value: boolean) =>
            session.send("Emulation.setScriptExecutionDisabled", {
              value: !value,
            });
          for (const { name, path, act, isPlain = false } of views) {
            await runScripts(!isPlain);
            await page.goto(site.origin + path);
            await act?.(page);
            await runScripts(true);
            assertEquals(await violationsOn(page), [], name);
            const needed = await page.evaluate(
              "document.documentElement.scrollWidth",
            ) as number;
            assert(needed <= width, `${name}: ${needed} pixels on ${width}`);
          }
        },
        { viewport: { width, height: 700 }, colorScheme },
        /404|409/,
      );
    },
  );
}

browserTest("the listing is a table to who does not see it", async () => {
  await using site = await siteOf(layout);
  await inBrowser(site, async (page) => {
    await page.goto(site.origin);
    const session = await page.context().newCDPSession(page);
    const { nodes } = await session.send("Accessibility.getFullAXTree");
    const count = (role: string) =>
      nodes.filter((node) => !node.ignored && node.role?.value === role).length;
    assertEquals(
      ["table", "columnheader", "row", "rowheader", "cell"].map(count),
      [1, 3, 9, 8, 16],
    );
  });
});

browserTest("a name has the room on a narrow screen", async () => {
  await using site = await siteOf(layout);
  await inBrowser(site, async (page) => {
    await page.goto(site.origin);
    const row = page.getByRole("row").filter({ hasText: LONG });
    const widthOf = async (locator: typeof row) =>
      (await locator.boundingBox())?.width ?? 0;
    const name = await widthOf(row.getByRole("rowheader"));
    assert(name >= 0.95 * await widthOf(row), `${name} pixels`);
  }, { viewport: { width: 360, height: 700 } });
});

browserTest("the whole row of a listing is the link", async () => {
  await using site = await siteOf(layout);
  await inBrowser(site, async (page) => {
    await page.goto(site.origin);
    const row = page.getByRole("row").filter({ hasText: "docs/" });
    const { x = 0, y = 0, width = 0, height = 0 } = await row.boundingBox() ??
      {};
    await page.mouse.click(x + width - 5, y + height / 2);
    await page.waitForURL(`${site.origin}/docs/`);
    // The way up is a row as well, and no row covers another one's link.
    await page.getByRole("link", { name: "../" }).click();
    await page.waitForURL(`${site.origin}/`);
  });
});

browserTest("a broken picture makes room for an icon", async () => {
  await using site = await siteOf(layout, { thumbnails: true });
  await inBrowser(site, async (page) => {
    await page.goto(site.origin);
    const broken = page.getByRole("rowheader").filter({ hasText: "broken" });
    await broken.locator("img").waitFor({ state: "detached" });
    assertEquals(await broken.getAttribute("class"), "i");
    assertEquals(await page.locator("main img").count(), 1);
  });
});

browserTest("an error leads to the top of its class", async () => {
  const folder = await folderOf({ "a.txt": "a" });
  class Files extends StaticRequestHandler.with({ root: folder.path }) {
    static override prefix = "/my files";
  }
  await using site = serve(folder, folder.path, Files);
  await inBrowser(
    site,
    async (page) => {
      await page.goto(`${site.origin}/my%20files/none`);
      await page.getByRole("link", { name: "Home" }).click();
      assertEquals(page.url(), `${site.origin}/my%20files/`);
      assertEquals(await namesOn(page), ["a.txt"]);
    },
    {},
    /404/,
  );
});

browserTest("a large folder is filtered, and its dates are local", async () => {
  const names = Array.from({ length: 1000 }, (_, index) => `f${index}.txt`);
  await using site = await siteOf(
    Object.fromEntries(names.map((name) => [name, ""])),
  );
  await inBrowser(site, async (page) => {
    await page.goto(site.origin);
    const date = (name: string) =>
      page.getByRole("row").filter({ hasText: name }).getByRole("cell").last();
    assertEquals(await date("f1.txt").textContent(), "1 Jan 2024, 22:04");
    await page.getByRole("searchbox").fill("F99");
    assertEquals(await namesOn(page), [
      "f99.txt",
      ...Array.from({ length: 10 }, (_, index) => `f99${index}.txt`),
    ]);
    assertEquals(
      await page.getByRole("status").textContent(),
      "11 of 1000 shown",
    );
    const last = date("f999.txt");
    await page.waitForFunction(
      "document.querySelector('main tbody:last-of-type td[title]')",
    );
    assertEquals(await last.textContent(), "1 Jan 2024, 22:04");
    // What is hidden takes no room.
    const height = await page.evaluate(
      "document.querySelector('main table').offsetHeight",
    ) as number;
    assert(height < 700, `${height} pixels`);
    await page.getByRole("searchbox").fill("");
    assertEquals((await namesOn(page)).length, 1000);
  }, { locale: "en-GB", timezoneId: "America/New_York" });
});
