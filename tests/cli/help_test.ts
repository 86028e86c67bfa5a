import { assertEquals, assertMatch } from "@std/assert";
import { FLAGS } from "../../lib/cli/flags.ts";
import { formatHelp } from "../../lib/cli/help.ts";

Deno.test("formatHelp() lays groups out under their titles", () => {
  const help = formatHelp("usage: it [flags]\n", [
    {
      title: "One:",
      flags: [
        { name: "bind", short: "b", values: ["ADDR"], help: "x", set() {} },
        {
          name: "cors",
          values: ["ORIGIN"],
          fallback: "*",
          help: "y",
          set() {},
        },
      ],
    },
    { title: "Two:", flags: [{ name: "open", help: "z", set() {} }] },
  ]);
  assertEquals(
    help,
    `usage: it [flags]

One:
  -b, --bind ADDR              x
      --cors[=ORIGIN]          y
Two:
      --open                   z
`,
  );
});

Deno.test("formatHelp() fits the flags on a screen", () => {
  const lines = formatHelp("", FLAGS).split("\n");
  assertEquals(lines.filter((line) => line.length > 80), []);
  assertEquals(lines.length < 48, true, `${lines.length} lines`);
});

Deno.test("FLAGS holds each name and letter once", () => {
  const flags = FLAGS.flatMap((group) => group.flags);
  const names = flags.map(({ name }) => name);
  const letters = flags.flatMap(({ short }) => short ?? []);
  assertEquals(names.length, new Set(names).size);
  assertEquals(letters.length, new Set(letters).size);
  for (const { name } of flags) assertMatch(name, /^[a-z]+(-[a-z]+)*$/);
});
