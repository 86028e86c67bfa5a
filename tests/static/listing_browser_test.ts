import { assert } from "@std/assert";

const CHROMIUM = "/usr/bin/chromium";

const isInstalled = await Deno.stat(CHROMIUM).then(() => true, () => false);
if (!isInstalled) {
  // deno-lint-ignore no-console -- says why tests are skipped
  console.log(`Skipping the browser tests: there is no ${CHROMIUM}`);
}

Deno.test({
  name: "the listing in a browser",
  ignore: !isInstalled,
  async fn() {
    const script = new URL("_listing_in_browser.ts", import.meta.url);
    const { success, stdout, stderr } = await new Deno.Command(
      Deno.execPath(),
      { args: ["test", "--allow-all", "--quiet", script.pathname] },
    ).output();
    const decoder = new TextDecoder();
    assert(success, decoder.decode(stdout) + decoder.decode(stderr));
  },
});
