import { assertEquals, assertThrows } from "@std/assert";
import { CommandError } from "../../lib/cli/command_error.ts";
import type { FlagGroup } from "../../lib/cli/flag.ts";
import { parseFlags } from "../../lib/cli/parse.ts";

interface Options {
  given: string[];
}

const GROUPS: FlagGroup<Options>[] = [
  {
    title: "One:",
    flags: [
      {
        name: "bind",
        short: "b",
        values: ["ADDR"],
        help: "",
        set: ({ given }, value) => given.push(`bind ${value}`),
      },
      {
        name: "header",
        short: "H",
        values: ["NAME", "VALUE"],
        help: "",
        set: ({ given }, name, value) => given.push(`header ${name}=${value}`),
      },
    ],
  },
  {
    title: "Two:",
    flags: [
      {
        name: "cors",
        values: ["ORIGIN"],
        fallback: "*",
        help: "",
        set: ({ given }, value) => given.push(`cors ${value}`),
      },
      {
        name: "quiet",
        short: "q",
        help: "",
        set: ({ given }) => given.push("quiet"),
      },
      {
        name: "quick",
        short: "k",
        help: "",
        set: ({ given }) => given.push("quick"),
      },
    ],
  },
];

function parse(...args: string[]): { given: string[]; rest: string[] } {
  const options: Options = { given: [] };
  const rest = parseFlags(args, GROUPS, options);
  return { given: options.given, rest };
}

Deno.test("parseFlags() takes what argparse takes", async (t) => {
  const table: [args: string[], given: string[], rest: string[]][] = [
    [[], [], []],
    [["8000"], [], ["8000"]],
    [["0x50"], [], ["0x50"]],
    [["-b", "::1", "80"], ["bind ::1"], ["80"]],
    [["80", "--bind", "::1"], ["bind ::1"], ["80"]],
    [["--bind=::1"], ["bind ::1"], []],
    [["--bind=a=b"], ["bind a=b"], []],
    [["-blocalhost"], ["bind localhost"], []],
    [["-b127.0.0.1"], ["bind 127.0.0.1"], []],
    [["-b", "1", "-b", "2"], ["bind 1", "bind 2"], []],
    [["--bi", "1"], ["bind 1"], []],
    [["-H", "A", "b c", "80"], ["header A=b c"], ["80"]],
    [["--header", "A", "x=y"], ["header A=x=y"], []],
    [["-H", "A", "1", "-H", "A", "2"], ["header A=1", "header A=2"], []],
    [["--header=A", "b"], ["header A=b"], []],
    [["--cors"], ["cors *"], []],
    [["--cors", "80"], ["cors *"], ["80"]],
    [["--cors=http://a"], ["cors http://a"], []],
    [["-q"], ["quiet"], []],
    [["--quiet"], ["quiet"], []],
    [["-qk"], ["quiet", "quick"], []],
    [["--", "-b"], [], ["-b"]],
  ];
  for (const [args, given, rest] of table) {
    await t.step(args.join(" ") || "nothing", () => {
      assertEquals(parse(...args), { given, rest });
    });
  }
});

Deno.test("parseFlags() refuses what cannot be meant", async (t) => {
  const table: [args: string[], message: string][] = [
    [["--nope"], "unknown flag --nope, see --help"],
    [["-x"], "unknown flag -x, see --help"],
    [["-qx"], "unknown flag -qx, see --help"],
    [["--qui"], "unknown flag --qui, see --help"],
    [["--bind"], "--bind: needs ADDR"],
    [["--bind="], "--bind: needs ADDR"],
    [["-b", "-q"], "--bind: needs ADDR"],
    [["-H", "A"], "--header: needs NAME VALUE"],
    [["--bind", "1", "--bind"], "--bind: needs ADDR"],
    [["--bind", ""], "--bind: needs ADDR"],
    [["-b", ""], "--bind: needs ADDR"],
    [["--cors="], "--cors: needs ORIGIN"],
    [["--quiet=false"], "--quiet: takes no value"],
    [["--quiet="], "--quiet: takes no value"],
    [["--quie=0"], "--quiet: takes no value"],
    [["-q=0"], "--quiet: takes no value"],
    [["-b="], "--bind: needs ADDR"],
  ];
  for (const [args, message] of table) {
    await t.step(args.join(" "), () => {
      assertThrows(() => parse(...args), CommandError, message);
    });
  }
});
