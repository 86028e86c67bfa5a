import { assertEquals } from "@std/assert";
import { linkedProgramsIn } from "../../lib/cgi/linked_programs.ts";
import { Site } from "./_serve.ts";

Deno.test("linkedProgramsIn() finds files that links lead to, at any depth", async () => {
  await using site = new Site({
    "cgi-bin/own": "",
    "cgi-bin/sub/own": "",
    "sources/a": "",
    "sources/b": "",
    "sources/c": "",
  });
  const { root } = site;
  const folder = `${root}/cgi-bin`;
  const links = {
    "a": "../sources/a",
    "sub/b": "../../sources/b",
    "sub/chain": "../a",
    "folder": "../sources",
    "broken": "nowhere",
    "loop": "loop",
    "around": ".",
  };
  for (const [name, target] of Object.entries(links)) {
    await Deno.symlink(target, `${folder}/${name}`);
  }
  const found = (now: number) =>
    linkedProgramsIn(folder, now).map((path) => path.slice(root.length)).sort();
  const before = ["/sources/a", "/sources/a", "/sources/b"];
  assertEquals(found(1000), before);
  await Deno.symlink("../sources/c", `${folder}/c`);
  assertEquals(found(1999), before);
  assertEquals(found(2000), [...before, "/sources/c"]);
  // A clock that was set back.
  await Deno.remove(`${folder}/c`);
  assertEquals(found(1500), before);
  assertEquals(linkedProgramsIn(`${root}/none`), []);
});
