import { defaultOptions } from "../../lib/cli/options.ts";
import { requireSecrecy } from "../../lib/cli/secret_file.ts";
import { makeSite } from "./_site.ts";

Deno.test("requireSecrecy() lets a pipe be, which has no place in a folder", async () => {
  await using site = await makeSite();
  // As `--auth-file <(…)`: its real path leads to no file.
  await Deno.symlink("pipe:[4711]", `${site.path}/63`);
  const authFile = `${site.path}/63`;
  await requireSecrecy({ ...defaultOptions(), directory: site.path, authFile });
});
