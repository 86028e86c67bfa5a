// The listing in a real browser: Debian's chromium, driven by playwright-core.
// Run by listing_browser_test.ts in a process of its own, because the driver
// wants every permission.

import { assert, assertEquals } from "@std/assert";
import { anHourLater } from "./_clock.ts";
import { browserTest, inBrowser, namesOn } from "./_in_browser.ts";
import { siteOf } from "./_site.ts";

/** The picture in docs/static.md: remove it, and the next run makes it anew. */
const SCREENSHOT = new URL("../../docs/listing.png", import.meta.url);

const HOSTILE = '"><img src=x onerror=document.title=1><script>.txt';

const layout = {
  "docs/guide/a.txt": "a",
  "photos/": "",
  "2.txt": "22",
  "10.txt": "1",
  "notes.md": "# Notes\n",
  "app.ts": "x".repeat(4321),
  "song.mp3": "x".repeat(3_210_000),
  "holiday.jpg": "x".repeat(843_000),
  "site.zip": "x".repeat(120_500),
  [HOSTILE]: "x",
};

const byName = [
  "docs/",
  "photos/",
  HOSTILE,
  "2.txt",
  "10.txt",
  "app.ts",
  "holiday.jpg",
  "notes.md",
  "site.zip",
  "song.mp3",
];

browserTest(
  "the listing sorts by links, filters and disarms names",
  async () => {
    await using site = await siteOf(layout);
    await inBrowser(site, async (page) => {
      await page.goto(site.origin);
      assertEquals(await namesOn(page), byName);

      await page.getByRole("link", { name: "Size" }).click();
      assertEquals(page.url(), `${site.origin}/?sort=size&order=desc`);
      assertEquals((await namesOn(page)).slice(2, 4), [
        "song.mp3",
        "holiday.jpg",
      ]);
      const column = page.getByRole("columnheader", { name: "Size" });
      assertEquals(await column.getAttribute("aria-sort"), "descending");
      await page.getByRole("link", { name: "Size" }).click();
      assertEquals(page.url(), `${site.origin}/?sort=size&order=asc`);

      await page.waitForLoadState();
      await page.keyboard.press("/");
      await page.keyboard.type("TXT");
      assertEquals((await namesOn(page)).sort(), [HOSTILE, "10.txt", "2.txt"]);
      assertEquals(await page.locator("output").textContent(), "3 of 10 shown");
      await page.keyboard.press("Escape");
      assertEquals((await namesOn(page)).length, 10);

      // Had the name become markup, the title would be another one.
      assertEquals(await page.title(), "Directory listing for /");
      await page.getByRole("link", { name: "onerror" }).click();
      assertEquals(await page.locator("body").textContent(), "x");
    });
  },
);

browserTest("the listing leads down, and the breadcrumb up", async () => {
  await using site = await siteOf(layout);
  await inBrowser(site, async (page) => {
    await page.goto(site.origin);
    await page.getByRole("link", { name: "docs/" }).click();
    await page.getByRole("link", { name: "guide/" }).click();
    assertEquals(page.url(), `${site.origin}/docs/guide/`);
    const crumbs = page.getByRole("navigation", { name: "Breadcrumb" });
    assertEquals(await crumbs.getByRole("link").allTextContents(), [
      "Home",
      "docs",
      "guide",
    ]);
    await crumbs.getByRole("link", { name: "docs" }).click();
    assertEquals(page.url(), `${site.origin}/docs/`);
    await page.getByRole("link", { name: "../" }).click();
    assertEquals(page.url(), `${site.origin}/`);
  });
});

browserTest("the listing filters above a README, with pictures", async () => {
  await using site = await siteOf({
    "README.md": "# Garden\n\n| month | what |\n|-|-|\n| May | beans |\n",
    "a.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>',
    "b.txt": "b",
  }, { readme: true, thumbnails: true });
  await inBrowser(site, async (page) => {
    await page.goto(site.origin);
    assertEquals(await page.locator("article td").allTextContents(), [
      "May",
      "beans",
    ]);
    await page.getByRole("searchbox").fill("svg");
    assertEquals(await namesOn(page), ["a.svg"]);
    const width = await page.locator("main img").evaluate((picture) =>
      picture.getBoundingClientRect().width
    );
    assertEquals(width, 96);
  });
});

browserTest("the listing works without script", async () => {
  await using site = await siteOf(layout);
  await inBrowser(site, async (page) => {
    await page.goto(site.origin);
    assertEquals(await page.getByRole("searchbox").count(), 0);
    await page.getByRole("link", { name: "Name" }).click();
    assertEquals(page.url(), `${site.origin}/?sort=name&order=desc`);
    assertEquals((await namesOn(page))[0], "photos/");
  }, { javaScriptEnabled: false });
});

const garden = {
  "projects/garden/beds/": "",
  "projects/garden/photos/": "",
  "projects/garden/calendar.ics": "x".repeat(7_310),
  "projects/garden/harvest.csv": "x".repeat(48_200),
  "projects/garden/irrigation.ts": "x".repeat(4_321),
  "projects/garden/Plan für Mai.pdf": "x".repeat(843_000),
  "projects/garden/rain on the roof.mp3": "x".repeat(3_210_000),
  "projects/garden/seeds 2.txt": "x".repeat(212),
  "projects/garden/seeds 10.txt": "x".repeat(199),
  "projects/garden/tomatoes.jpg": "x".repeat(1_204_000),
};

const looks = [
  { width: 1100, colorScheme: "light" as const },
  { width: 1100, colorScheme: "dark" as const },
  { width: 390, colorScheme: "light" as const },
  { width: 390, colorScheme: "dark" as const },
];

browserTest("the listing fits a desk and a phone, light and dark", async () => {
  await using site = await siteOf(garden);
  for (const { width, colorScheme } of looks) {
    await inBrowser(site, async (page) => {
      await page.goto(`${site.origin}/projects/garden/`);
      const [needed, background] = await page.evaluate(`[
        document.documentElement.scrollWidth,
        getComputedStyle(document.body).backgroundColor,
      ]`) as [number, string];
      assert(needed <= width, `${needed} pixels on ${width}`);
      assertEquals(
        background,
        colorScheme === "dark" ? "rgb(22, 24, 28)" : "rgb(255, 255, 255)",
      );
      const picture = await page.screenshot();
      if (width === 1100 && colorScheme === "light") {
        await Deno.writeFile(SCREENSHOT, picture, { createNew: true })
          .catch(unlessThere);
      }
    }, {
      viewport: { width, height: 640 },
      colorScheme,
      locale: "en-GB",
      timezoneId: "UTC",
    });
  }
});

/** A sound file of one minute and more than a browser reads ahead. */
function longSound(): Uint8Array {
  const rate = 192_000;
  const size = rate * 4 * 60;
  const octets = new Uint8Array(44 + size);
  const view = new DataView(octets.buffer);
  const text = (at: number, chars: string) =>
    octets.set(new TextEncoder().encode(chars), at);
  text(0, "RIFF");
  view.setUint32(4, 36 + size, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 2, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * 4, true);
  view.setUint16(32, 4, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, size, true);
  return octets;
}

browserTest("a video element seeks by ranges", async () => {
  using _clock = anHourLater();
  await using site = await siteOf({
    "a.wav": longSound(),
    "page.html": "<!doctype html><link rel=icon href=data:,>" +
      "<video preload=metadata src=a.wav></video>",
  });
  await inBrowser(site, async (page) => {
    const ranges: string[] = [];
    page.on("response", (response) => {
      if (response.status() === 206) {
        ranges.push(response.headers()["content-range"] ?? "");
      }
    });
    await page.goto(`${site.origin}/page.html`);
    const time = await page.evaluate(`new Promise((resolve, reject) => {
      const video = document.querySelector("video");
      video.onerror = () => reject(new Error(video.error.message));
      video.onseeked = () => resolve(video.currentTime);
      const seek = () => { video.currentTime = 55; };
      if (video.readyState > 0) seek(); else video.onloadedmetadata = seek;
    })`);
    assertEquals(time, 55);
    const starts = ranges.map((range) => Number(/\d+/.exec(range)?.[0]));
    assert(starts.some((start) => start > 40_000_000), ranges.join());
  });
});

function unlessThere(error: unknown): void {
  if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
}
