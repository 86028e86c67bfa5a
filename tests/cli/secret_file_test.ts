import { assert, assertEquals } from "@std/assert";
import { hashPassword } from "../../lib/static/mod.ts";
import { defaultOptions } from "../../lib/cli/options.ts";
import { requireSecrecy, secretTest } from "../../lib/cli/secret_file.ts";
import { Serving } from "./_command.ts";
import { makeSite } from "./_site.ts";

Deno.test("requireSecrecy() lets a pipe be, which has no place in a folder", async () => {
  await using site = await makeSite();
  // As `--auth-file <(…)`: its real path leads to no file.
  await Deno.symlink("pipe:[4711]", `${site.path}/63`);
  const authFile = `${site.path}/63`;
  await requireSecrecy({ ...defaultOptions(), directory: site.path, authFile });
});

Deno.test("secretTest() knows a file by its links, also once it was edited", async () => {
  await using site = await makeSite();
  const authFile = `${site.path}/users`;
  await Deno.writeTextFile(authFile, "old");
  await Deno.link(authFile, `${site.path}/hard`);
  const isSecret = secretTest({ ...defaultOptions(), authFile });
  assert(isSecret !== undefined);
  const test = async (name: string) =>
    isSecret(await Deno.stat(`${site.path}/${name}`));
  assertEquals(await test("hard"), true);
  assertEquals(await test("s.css"), false);

  // As many editors do.
  await Deno.writeTextFile(`${site.path}/new`, "new");
  await Deno.rename(`${site.path}/new`, authFile);
  await Deno.link(authFile, `${site.path}/hard-new`);
  assertEquals(await test("hard"), true);
  assertEquals(await test("hard-new"), true);
});

Deno.test("the command shows no secret file by a link", async (t) => {
  await using site = await makeSite();
  await using elsewhere = await makeSite();
  const users = `${elsewhere.path}/users`;
  await Deno.writeTextFile(users, `ada:${await hashPassword("sesame")}\n`);
  await Deno.symlink(users, `${site.path}/soft.txt`);
  await Deno.symlink(elsewhere.path, `${site.path}/linked`);
  await Deno.link(users, `${site.path}/hard.txt`);
  await using serving = await Serving.start([
    ...["-d", site.path, "--auth-file", users, "--follow-symlinks"],
    ...["--upload", "--archive", "0"],
  ], { permissions: ["-NRW"] });
  const ask = async (path: string, method = "GET") => {
    const response = await fetch(`${serving.url}/${path}`, {
      method,
      headers: {
        Authorization: `Basic ${btoa("ada:sesame")}`,
        Accept: "application/json",
      },
      ...(method === "PUT" ? { body: "eve:…" } : {}),
    });
    return { status: response.status, text: await response.text() };
  };

  for (const path of ["hard.txt", "soft.txt", "linked/users"]) {
    await t.step(path, async () => {
      assertEquals((await ask(path)).status, 404);
    });
  }
  await t.step("in listings", async () => {
    assertEquals((await ask("s.css")).status, 200);
    for (const path of ["", "linked/"]) {
      const { text } = await ask(path);
      assert(text.includes("s.css"), text);
      assertEquals(/hard|soft|users/.test(text), false, text);
    }
  });
  await t.step("in archives", async () => {
    for (const path of ["", "linked/"]) {
      const { text } = await ask(`${path}?archive=tar`);
      assert(text.includes("s.css"));
      assertEquals(/hard|soft|users|ada:/.test(text), false);
    }
  });
  await t.step("to be replaced", async () => {
    assertEquals((await ask("linked/users", "PUT")).status, 403);
    assertEquals((await Deno.readTextFile(users)).slice(0, 4), "ada:");
  });
});
