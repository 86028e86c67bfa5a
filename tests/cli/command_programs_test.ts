// What the command runs, by the permissions that it was given.

import { assertEquals } from "@std/assert";
import { Serving } from "./_command.ts";
import { makeSite, output } from "./_site.ts";

Deno.test("the command runs what a list of programs permits", async (t) => {
  await using site = await makeSite();
  const { path } = site;
  const hello = `${path}/cgi-bin/hello`;
  const script = "#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\n%s' hello\n";
  await Deno.mkdir(`${path}/cgi-bin`);
  await Deno.writeTextFile(hello, script, { mode: 0o755 });
  await Deno.writeTextFile(`${path}/cgi-bin/denied`, script, { mode: 0o755 });
  await Deno.writeTextFile(`${path}/page.say`, script);
  await Deno.mkdir(`${path}/said`);
  await Deno.writeTextFile(`${path}/said/index.say`, script);
  const interpreter = ["--cgi-interpreter", ".say=sh"];
  const rows: {
    name: string;
    args: string[];
    list: string;
    want: Record<string, string>;
  }[] = [
    {
      name: "an interpreter, and no folder with it",
      args: interpreter,
      list: "sh,kill",
      want: {
        "page.say": "hello 200",
        "said/": "hello 200",
        "cgi-bin/hello": `${script} 200`,
      },
    },
    {
      name: "a program, and no other",
      args: ["--cgi"],
      list: hello,
      want: {
        "cgi-bin/hello": "hello 200",
        "page.say": `${script} 200`,
      },
    },
    {
      name: "a program, and kill",
      args: ["--cgi"],
      list: `${hello},kill`,
      want: { "cgi-bin/hello": "hello 200" },
    },
    {
      name: "both",
      args: ["--cgi", ...interpreter],
      list: `${hello},sh,kill`,
      want: { "cgi-bin/hello": "hello 200", "page.say": "hello 200" },
    },
  ];
  for (const { name, args, list, want } of rows) {
    await t.step(name, async () => {
      await using serving = await Serving.start(["-d", path, ...args, "0"], {
        permissions: ["-NR", `--allow-run=${list}`],
      });
      for (const [page, answer] of Object.entries(want)) {
        const url = `${serving.url}/${page}`;
        assertEquals(
          await output("curl", "-sSw", " %{http_code}", url),
          answer,
        );
      }
    });
  }
  await t.step("a program that is not in the list is 500", async () => {
    await using serving = await Serving.start(["-d", path, "--cgi", "0"], {
      permissions: ["-NR", `--allow-run=${hello}`],
    });
    const url = `${serving.url}/cgi-bin/denied`;
    const status = ["-so/dev/null", "-w%{http_code}"];
    assertEquals(await output("curl", ...status, url), "500");
    const { stderr } = await serving.stop();
    assertEquals(stderr.includes("--allow-run="), true);
  });
});
