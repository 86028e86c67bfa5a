import { assert } from "@std/assert";

const CHROMIUM = "/usr/bin/chromium";

const isInstalled = await Deno.stat(CHROMIUM).then(() => true, () => false);
if (!isInstalled) {
  // deno-lint-ignore no-console -- says why tests are skipped
  console.log(`Skipping the browser tests: there is no ${CHROMIUM}`);
}

const SCRIPTS = ["_listing", "_look", "_uploads"];

for (const script of SCRIPTS) {
  const path = new URL(`${script}_in_browser.ts`, import.meta.url).pathname;
  Deno.test({
    name: `the listing in a browser: ${script.slice(1)}`,
    ignore: !isInstalled,
    async fn() {
      const { success, stdout, stderr } = await new Deno.Command(
        Deno.execPath(),
        { args: ["test", "--lock=deno.lock", "--allow-all", "--quiet", path] },
      ).output();
      const decoder = new TextDecoder();
      assert(success, decoder.decode(stdout) + decoder.decode(stderr));
    },
  });
}
