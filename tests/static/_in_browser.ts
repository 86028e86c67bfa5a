// Pages of a site in a real browser: Debian's chromium, driven by
// playwright-core.

import { assertEquals } from "@std/assert";
import type { Browser, Page } from "playwright-core";
import type { Site } from "./_site.ts";

const CHROMIUM = "/usr/bin/chromium";

/** Gives a page to `use`; the page may complain of nothing, and ask nobody else. */
export async function inBrowser(
  site: Site,
  use: (page: Page) => Promise<void>,
  options: Parameters<Browser["newPage"]>[0] = {},
  expected?: RegExp,
): Promise<void> {
  const { chromium } = await import("playwright-core");
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ["--no-sandbox"],
  });
  try {
    const page = await browser.newPage(options);
    const complaints: string[] = [];
    page.on("console", (message) => {
      // A text file has no icon, and the browser asks for one all the same.
      const isIcon = message.location().url.endsWith("/favicon.ico");
      const isExpected = expected?.test(message.text()) ?? false;
      if (message.type() === "error" && !isIcon && !isExpected) {
        complaints.push(message.text());
      }
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    const foreign: string[] = [];
    page.on("request", (request) => {
      const url = request.url();
      if (!url.startsWith(site.origin) && !url.startsWith("data:")) {
        foreign.push(url);
      }
    });
    await use(page);
    assertEquals(complaints, []);
    assertEquals(foreign, []);
  } finally {
    await browser.close();
  }
}

/** The names that the listing shows. */
export async function namesOn(page: Page): Promise<string[]> {
  return await page.locator("main tbody tr:not(.up):visible a")
    .allTextContents();
}

/** A test with a browser. */
export function browserTest(name: string, fn: () => Promise<void>): void {
  // The driver keeps its own process and timers beyond a test.
  Deno.test({
    name,
    sanitizeOps: false,
    sanitizeResources: false,
    fn,
  });
}
