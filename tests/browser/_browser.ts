// Debian's Chromium, driven by playwright-core, with nothing to say to the
// world outside.

import type { Page } from "playwright-core";

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser"];

const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const executablePath = await findChromium();

/** Whether tests with a browser cannot run; says so. */
export const isBrowserMissing = executablePath === undefined;

if (isBrowserMissing) {
  // deno-lint-ignore no-console -- the reason why tests are ignored
  console.log(`Ignoring tests with a browser: there is no ${CHROMIUM[0]}`);
}

/** Gives a page of a new browser to `use`, and closes both. */
export async function inBrowser(
  use: (page: Page) => Promise<void>,
): Promise<void> {
  // Loaded here, for it starts timers. It would look into /proc for traces of
  // Windows, which takes all permissions; with this variable it does not.
  Deno.env.set("__IS_WSL_TEST__", "1");
  const { chromium } = await import("playwright-core");
  const browser = await chromium.launch({
    executablePath: executablePath ?? "",
    args: QUIET,
  });
  try {
    await use(await browser.newPage());
  } finally {
    await browser.close();
  }
}

async function findChromium(): Promise<string | undefined> {
  for (const path of CHROMIUM) {
    if (await Deno.stat(path).then(() => true, () => false)) return path;
  }
  return undefined;
}
