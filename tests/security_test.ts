// docs/security.md names a test for each promise: they are all there.

import { assert, assertEquals } from "@std/assert";

const ROOT = new URL("../", import.meta.url);
const page = await Deno.readTextFile(new URL("docs/security.md", ROOT));

Deno.test("docs/security.md names tests that there are", async (t) => {
  const named = [
    ...page.matchAll(/`(tests\/[\w/]+(?:_test\.ts|\/))`(?:: "([^"]+)")?/g),
  ];
  assert(named.length > 40, "the tests were found");
  for (const [, path = "", title] of named) {
    await t.step(`${path} ${title ?? ""}`, async () => {
      const url = new URL(path, ROOT);
      if (path.endsWith("/")) assert((await Deno.stat(url)).isDirectory);
      else assertHasTest(await Deno.readTextFile(url), title);
    });
  }
});

function assertHasTest(text: string, title: string | undefined): void {
  assert(/\b(?:Deno\.test|test(?:Attacks|BothWays|ByPaths))\(/.test(text));
  assert(title === undefined || text.includes(title), "the title is there");
}

Deno.test("docs/security.md names a test for each promise", () => {
  // What stands there is measured by one test.
  const [promises = ""] = page.split("## What one client can");
  const bare = promises.split("\n")
    .filter((line) => line.startsWith("|") && !/^\| (Promise|-)/.test(line))
    .filter((line) => !line.includes("tests/"));
  assertEquals(bare, []);
});
